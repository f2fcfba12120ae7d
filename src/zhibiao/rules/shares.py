"""Shares, ratios and ranks: 占全省的10.2%, 是2012年的6.3倍, 完成年度计划的54.9%, 居全省第2位, 对…的贡献率."""

from __future__ import annotations

import re

from zhibiao.rules.comparisons import RATIO_KINDS
from zhibiao.rules.lists import split_list
from zhibiao.rules.model import Number, Piece
from zhibiao.rules.tails import Reader, trim
from zhibiao.rules.words import last_match

_SHARE = re.compile(r"占(?!地(?!区|方)|[用领道线有])(?:到|了|据|去)?")
_RANK = re.compile(
    r"(?:位居|位列|位于|名列|排名|排在|排列|跻身|进入|跃居|跃升至|跃升到|上升至|上升到|稳居|分列|分居|列居"
    r"|保持|升至|升到|高居|雄踞|重返|挤进|迈入|进位至|居于|居|列|排|在|以|(?<=速)为)(?:在|于|到)?"
)
_RANK_PLACE = re.compile(
    r"(?:全国|全省|全市|全区|全州|全县|全球|世界|亚洲|全疆|[\u4e00-\u9fff]{2,8}(?:省|市|州|区|县|城市|地区"
    r"|国家|三角|西部|东部|中部|界))[^,;:。\d]{0,12}$"
)
_RATIO = re.compile(
    r"(?:抵得上|只及|仅及|不超过|不过|相当于|恢复到|恢复至|达到|达|只有|仅有|仅为|约为|不到|不足|超过|接近|将近|是|为|占)"
)
_RATIO_BOUNDS = {
    **dict.fromkeys(("不超过", "不过", "不到", "不足"), "max"),
    **dict.fromkeys(("接近", "将近", "约为"), "approx"),
    "超过": "min",
}
_PLAN = re.compile(r"(?:超额完成|提前完成|完成|实现|占|达到|达)(?:了)?")
_CONTRIBUTION = re.compile(r"(?:对(?P<whole>[^,;:。]{1,24}?)(?:增长)?的?)?(?P<name>(?:综合)?(?:贡献率|拉动率|贡献度))$")
_TAKE = re.compile(
    r"(?:又|就|便|只|共|则)*(?:撑起|吃掉|吃下|消化|切走|拿走|分走|承担|承接|占据|覆盖|贡献|拉走|买走|包揽|囊括|用掉|吸纳|集中|消耗|支撑)"
    r"(?:了|着)?(?=其中的?$|[^,;:。了]{2,16}$)"
)
_SINCE = re.compile(
    r"(?:则|却|已)?(?:由|从)(?:[^,;:。由从]{0,4}(?:年|同期|季度|月份?|年末|年底|年初|期末))的?(?P<where>[^,;:。\d的年月]{0,12})$"
)
_RANKED_IN = re.compile(r"(?:^|(?<=[,;:]))(?!其)([\u4e00-\u9fff]{2,10}?)(?:里|中)(?:只|仅|又|已)?$")
_RANKING = re.compile(r"的?(?:位次|座次|名次|排名|排位)$")
_LEAD = re.compile(
    r"[^,;:。、和及]{0,6}?(?:增速|增幅|降幅|总量|规模|位次|守住|重回|重返|保住|冲进|挤进|仍|全年|以来)(?=全[国省市区州县球疆])"
)
_REGION_START = re.compile(r"全[国省市区县州]")
_WITHIN = re.compile(r"在([^,;:。在]{1,16}?)(?:中|里|内)的?(?:所占的?)?(?:占比|比重|份额|比例|分量)$")
_AMONG = re.compile(r"在([^,;:。在]{1,16}?)(?:中|里)(?:又|只|仅)?$")


def is_part(number: Number) -> bool:
    """True for a figure that may be a part of a whole: %, 成, fractions, 一半."""
    return number.dimension == "percent" or number.kind in ("fraction", "half", "percent")


def read_share(reader: Reader, number: Number) -> None:
    """占全省的10.2%, 是2012年的6.3倍, 完成年度计划的54.9%, 对…的贡献率."""
    text, frame, rest = reader.text, reader.frame, reader.rest()
    contribution = _CONTRIBUTION.search(rest)
    if contribution is not None:
        frame.name = Piece(reader.start + contribution.start("name"), reader.end)
        if contribution["whole"] and not frame.bases and not _REGION_START.match(contribution["whole"]):
            frame.name = Piece(reader.start + contribution.start(), reader.end)
        elif contribution["whole"] and not frame.bases:
            whole = contribution.span("whole")
            frame.bases, frame.relation = (Piece(reader.start + whole[0], reader.start + whole[1]),), "contribution"
        frame.noun = "贡献率"
        frame.relation = frame.relation or "contribution"
        return
    plain = is_part(number) and not frame.verb and not frame.relation
    inside = _WITHIN.search(rest) or (_AMONG.search(rest) if plain else None)
    if inside is not None and not frame.bases:
        whole = Piece(reader.start + inside.start(1), reader.start + inside.end(1))
        frame.bases, frame.relation = (whole,) if inside.group(1) != "其" else (), "share"
        frame.noun = "占比"
        reader.end = reader.start + inside.start()
        reader.strip()
        return
    share = last_match(_SHARE, rest)
    if share is not None and not rest[share.start() :].startswith("占比"):
        end = reader.end
        tail = re.search(r"(?:的?(?:比重|比例|份额|比率|总量的?比重))?的?$", text[reader.start + share.end() : end])
        end -= len(tail.group()) if tail is not None else 0
        base = trim(text, reader.start + share.end(), end)
        if not frame.bases and base.end > base.start:
            frame.bases = split_list(text, base)
        frame.relation = frame.relation or "share"
        frame.noun = "占比"
        reader.end = reader.start + share.start()
        reader.strip()
        return
    if plain and not frame.bases and _read_taken(reader):
        return
    ratio_like = number.dimension in RATIO_KINDS and number.kind in ("arabic", "chinese", "fraction", "half", "percent")
    if ratio_like and not frame.bases and not frame.verb and _of_before(text, reader):
        _read_ratio(reader)


def _read_taken(reader: Reader) -> bool:
    """吃掉省外销量的四成, 拿走其中四成: a verb that takes its part of a whole."""
    text, frame = reader.text, reader.frame
    taken = last_match(_TAKE, reader.rest())
    if taken is None:
        return False
    base = Piece(reader.start + taken.end(), reader.end)
    among = text[base.start : base.end].rstrip("的") == "其中"
    if not among and not _of_before(text, reader):
        return False
    frame.bases, frame.relation, frame.noun = () if among else (base,), "share", "占比"
    reader.end = reader.start + taken.start()
    reader.strip()
    return True


def _core(text: str, base: Piece) -> Piece:
    """The comparison set without what ranks (全区的位次) and the words in front of it (增速全市, 仍守住全省)."""
    tail = _RANKING.search(text, base.start, base.end)
    if tail is not None and tail.start() > base.start:
        base = Piece(base.start, tail.start())
    lead = _LEAD.match(text, base.start, base.end)
    return Piece(lead.end(), base.end) if lead is not None else base


def _of_before(text: str, reader: Reader) -> bool:
    """True if 的 stood between the base and the number."""
    return text[reader.end : reader.end + 1] == "的" or text[reader.end - 1 : reader.end] == "的"


def _read_ratio(reader: Reader) -> None:
    text, frame, rest = reader.text, reader.frame, reader.rest()
    best: re.Match[str] | None = None
    for pattern in (_PLAN, _RATIO):
        for found in pattern.finditer(rest):
            if found.end() < len(rest) and (best is None or found.start() >= best.start()):
                best = found
    if best is None:
        return
    base = Piece(reader.start + best.end(), reader.end)
    if not 0 < base.end - base.start <= 24:
        return
    frame.bases, frame.relation = split_list(text, base), "ratio"
    frame.bound = frame.bound or _RATIO_BOUNDS.get(best.group(), "")
    reader.end = reader.start + best.start()
    reader.strip()


def read_rank(reader: Reader) -> None:
    """居全省第2位, 在全国城市中列第9位, 总量全省第一."""
    text, frame = reader.text, reader.frame
    frame.relation = "rank"
    since = _SINCE.search(reader.rest())
    if since is not None:
        if since["where"]:
            frame.bases = split_list(text, Piece(reader.start + since.start("where"), reader.end))
        reader.end = reader.start + since.start()
        reader.strip()
        if since["where"]:
            return
    rest = reader.rest()
    verb = last_match(_RANK, rest)
    if verb is not None:
        base = trim(text, reader.start + verb.end(), reader.end)
        stop = reader.start + verb.start()
    else:
        place = _RANK_PLACE.search(rest)
        base = Piece(reader.start + place.start(), reader.end) if place is not None else Piece(reader.end, reader.end)
        stop = base.start if place is not None else reader.end
    within = (
        re.search(r"(?:在)([^,;:。]{2,16}?)(?:中|里|内)?$", text[reader.start : stop])
        if base.end <= base.start
        else None
    )
    if within is not None:
        base = Piece(reader.start + within.start(1), reader.start + within.end(1))
        stop = reader.start + within.start()
    among = _RANKED_IN.search(text[reader.start : stop]) if base.end <= base.start else None
    if among is not None:
        base, stop = Piece(reader.start + among.start(1), reader.start + among.end(1)), reader.start + among.start()
    base = _core(text, base)
    while base.end > base.start and text[base.end - 1] in "中的之里内前只仅":
        base = Piece(base.start, base.end - 1)
    if base.end > base.start:
        frame.bases = split_list(text, base)
    reader.end = stop
    reader.strip()
