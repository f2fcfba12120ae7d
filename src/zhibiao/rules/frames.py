"""The words between a quantity's name and its number: verb, bound, comparison, share, rank, and the candidates for BASELINE."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhibiao.rules import lexicon as lx
from zhibiao.rules.model import Frame, Number, Piece
from zhibiao.rules.words import alternation

MAX_LEFT = 120
"""A frame is looked for in so many characters before the number; keeps the search bounded on text without punctuation."""

_TAIL: dict[str, str] = {
    **dict.fromkeys(lx.BE_VERBS, "be"),
    **dict.fromkeys(("同比", "环比"), "yoy"),
    **dict.fromkeys(lx.APPROXIMATE, "approx"),
    **dict.fromkeys(lx.AT_LEAST, "min"),
    **dict.fromkeys(lx.AT_MOST, "max"),
}
_VERBS: dict[str, int] = {**dict.fromkeys(lx.UP_VERBS, 1), **dict.fromkeys(lx.DOWN_VERBS, -1)}
_WEAK_VERBS = frozenset("高 快 多 低 少 慢 超 落 长 优化 改善 领先 提前 超出 高出 低出 多出 落后 滞后 新增 下拉 拉动 上拉 翻 拓展 拉大".split())
_ATTAINING = ("到", "至", "为", "成")
_ATTAINED_VERBS = {"升至": 1, "增至": 1, "涨至": 1, "降至": -1, "减至": -1, "跌至": -1, "缩至": -1, "升到": 1, "降到": -1, "增到": 1, "减到": -1}
_NOT_TAIL = re.compile(r"(?:人均|户均|亩均|日均|月均|车均|地均|单位|国有|所有|现代化|产能|应有|作为|行为|上年|今年|占比|以上)$")
_THAN = re.compile(r"(?:相较于|相比于|相较|较之|(?<![占同环对可之正配百相用])比(?![重例较率价值赛拼如亚上])|比(?=上[年半月一季个周])|(?<!比)较(?![快大高强多少好为低弱重长])|(?<=占比)较)")
_WITH = re.compile(r"(?:与|同|跟|和)([^,;。]{1,20}?)相比")
_COMPARE = re.compile(rf"{alternation((*lx.COMPARE_UP, *lx.COMPARE_DOWN))}")
_SHARE = re.compile(r"占(?![地用领道线有])(?:到|了|据)?")
_RANK = re.compile(
    r"(?:位居|位列|位于|名列|排名|排在|排列|跻身|进入|跃居|跃升至|跃升到|上升至|上升到|稳居|分列|分居|列居|保持|升至|升到|高居|雄踞|重返|挤进|迈入|进位至|居于|居|列|排|在|以|(?<=速)为)(?:在|于|到)?"
)
_RANK_PLACE = re.compile(r"(?:全国|全省|全市|全区|全州|全县|全球|世界|亚洲|全疆|[\u4e00-\u9fff]{2,8}(?:省|市|州|区|县|城市|地区|国家|三角|西部|东部|中部|界))[^,;:。\d]{0,12}$")
_RATIO = re.compile(r"(?:相当于|恢复到|恢复至|达到|达|只有|仅有|仅为|约为|不到|不足|超过|接近|将近|是|为|占)")
_PLAN = re.compile(r"(?:超额完成|提前完成|完成|实现|占|达到|达)(?:了)?")
_DRIVE = re.compile(r"(?:拉动|带动|下拉|拉低|上拉|推动|影响|贡献了?)")
_CONTRIBUTION = re.compile(r"(?:对(?P<whole>[^,;:。]{1,24}?)(?:增长)?的?)?(?P<name>(?:综合)?(?:贡献率|拉动率|贡献度))$")
_LOCAL = re.compile(r"(?:由|从)(?:了)?$")
_POINTS = ("percentage_point", "basis_point", "index")
_RATIO_KINDS = ("percent", "permille", "multiple", "")


def tail_word(text: str, start: int, end: int) -> str:
    """The longest adverb, copula or bound that ends at ``end``, empty if there is none."""
    for length in range(min(6, end - start), 0, -1):
        word = text[end - length : end]
        if word in _TAIL and not (length <= 2 and _NOT_TAIL.search(text, max(start, end - 4), end)):
            return word
    return ""


class Reader:
    """Reads one left context from its right end; ``end`` moves towards the subject."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.frame = Frame(end)
        self.yoy: Piece | None = None
        self.first = ""

    def rest(self) -> str:
        """What is not read yet."""
        return self.text[self.start : self.end]

    def strip(self) -> str:
        """Read tail words; notes bounds and 同比/环比. Returns the leftmost word that was read."""
        last = ""
        while word := tail_word(self.text, self.start, self.end):
            kind = _TAIL[word]
            if kind == "yoy":
                self.yoy = self.yoy or Piece(self.end - len(word), self.end)
            elif kind != "be" and not self.frame.bound:
                self.frame.bound = "min" if kind == "approx" and word == "上" else kind
            if word == "分别" or word in ("依次", "各"):
                self.frame.respectively = self.frame.respectively or word != "各"
            self.end -= len(word)
            last = word
        while self.end > self.start and self.text[self.end - 1] in " ,、(“":
            self.end -= 1
        return last

    def verb(self, after: str) -> None:
        """Read a verb of growth or decline; ``after`` is the word between it and the number."""
        for length in range(min(4, self.end - self.start), 0, -1):
            word = self.text[self.end - length : self.end]
            if word in _VERBS:
                self.frame.verb, self.frame.direction = word, _VERBS[word]
                self.frame.attained = after in _ATTAINING
                self.end -= length
                return

    def unread(self, word: str) -> None:
        """Put back a verb that turned out to belong to the name."""
        self.end += len(word)
        self.frame.verb, self.frame.direction, self.frame.attained = "", 0, False


def read_frame(text: str, start: int, number: Number, *, until: int | None = None) -> Frame:
    """The frame of ``number`` in ``text[start:until]``; ``until`` is the number's start unless a bracket lies between."""
    end = number.start if until is None else until
    reader = Reader(text, max(start, end - MAX_LEFT), end)
    frame = reader.frame
    word = reader.strip()
    _attained_word(reader, word)
    if number.kind == "rank":
        _read_rank(reader)
    elif not _read_direct(reader, number):
        before = reader.end
        reader.verb(_adjacent(text, reader.end))
        if frame.verb:
            _read_comparison(reader, number, before)
    if number.kind != "rank":
        _read_share(reader, number)
    if reader.yoy is not None and not frame.bases:
        frame.bases, frame.relation = (reader.yoy,), frame.relation or "compare"
    frame.subject_end = reader.end
    return frame


def _adjacent(text: str, end: int) -> str:
    return text[end : end + 1]


def _attained_word(reader: Reader, word: str) -> None:
    for surface, direction in _ATTAINED_VERBS.items():
        if reader.text.startswith(surface, reader.end):
            reader.frame.direction, reader.frame.attained, reader.frame.verb = direction, True, word
            return


def _trim(text: str, start: int, end: int) -> Piece:
    """``text[start:end]`` without tail words and particles at its edges."""
    while start < end and text[start] in "于 、,“了到的":
        start += 1
    moving = True
    while moving and start < end:
        moving = False
        word = tail_word(text, start, end)
        if word and len(word) < end - start and text[start:end] not in ("上年", "全年", "预期目标", "目标", "计划", "年度计划", "控制目标", "全部总量", "总量", "总数", "均值") and not text[
            start:end
        ].endswith(("平均", "目标", "计划", "规模", "总量", "总数", "预期", "总额为", "均值", "增量", "数量")):
            end -= len(word)
            moving = True
        elif text[end - 1] in " ,、(“有还净":
            end -= 1
            moving = True
    return Piece(start, end)


def _read_direct(reader: Reader, number: Number) -> bool:
    """高于全省9.2个百分点: the comparing verb, then the base, then the number."""
    rest = reader.rest()
    found = None
    for found in _COMPARE.finditer(rest):
        pass
    if found is None or (found.group() in ("超", "超过", "领先", "超出", "落后") and number.dimension not in _POINTS):
        return False
    base = _trim(reader.text, reader.start + found.end(), reader.end)
    if base.end - base.start < 1 or base.end - base.start > 24 or re.search(r"\d%|元$", reader.text[base.start : base.end]):
        return False
    if number.dimension not in _POINTS and number.dimension not in _RATIO_KINDS and not re.search(r"水平|平均|同期|上年|去年|人员|企业|目标|预期", rest[found.end() :]):
        return False
    frame = reader.frame
    frame.verb, frame.direction = found.group(), 1 if found.group() in lx.COMPARE_UP else -1
    frame.relation = "compare"
    frame.bases = split_list(reader.text, base)
    reader.end = reader.start + found.start()
    frame.bound = frame.bound if frame.bound in ("approx", "max") else frame.bound
    reader.strip()
    return True


def _read_comparison(reader: Reader, number: Number, before: int) -> None:
    """比…, 较…, 同比, 拉动…: what stands before the verb."""
    text, frame = reader.text, reader.frame
    reader.strip()
    rest = reader.rest()
    drive = None
    if number.dimension in _POINTS:
        for drive in _DRIVE.finditer(rest):
            pass
    if frame.verb in ("拉动", "带动", "下拉", "上拉") or (drive is not None and "比" not in rest[drive.end() :] and "较" not in rest[drive.end() :]):
        _drive(reader, drive, before)
        return
    than = None
    for than in _THAN.finditer(rest):
        pass
    if than is not None:
        base = _trim(text, reader.start + than.end(), reader.end)
        base = _cut_unit_price(text, base)
        if 0 < base.end - base.start <= 30:
            frame.bases, frame.relation = split_list(text, base), "compare"
            reader.end = reader.start + than.start()
            reader.strip()
            return
    against = _WITH.search(rest)
    if against is not None:
        frame.bases, frame.relation = (Piece(reader.start + against.start(1), reader.start + against.end(1)),), "compare"
        return
    if frame.verb in _WEAK_VERBS and reader.yoy is None:
        reader.end = before - len(frame.verb)
        reader.unread(frame.verb)


def _drive(reader: Reader, drive: re.Match[str] | None, before: int) -> None:
    frame = reader.frame
    if drive is None:
        reader.end = before - len(frame.verb)
        if frame.verb != "拉动":
            reader.unread(frame.verb)
        return
    base = _trim(reader.text, reader.start + drive.end(), reader.end)
    if base.end > base.start:
        frame.bases, frame.relation = (base,), "drive"
    if drive.group() in ("下拉", "拉低"):
        frame.direction = -1
    reader.end = reader.start + drive.start()
    reader.strip()


def _cut_unit_price(text: str, base: Piece) -> Piece:
    found = re.search(r"(?:每[\u4e00-\u9fff]{1,3}|单价|均价)$", text[base.start : base.end])
    return Piece(base.start, base.start + found.start()) if found is not None and found.start() > 0 else base


def _read_share(reader: Reader, number: Number) -> None:
    """占全省的10.2%, 是2012年的6.3倍, 完成年度计划的54.9%, 对…的贡献率."""
    text, frame, rest = reader.text, reader.frame, reader.rest()
    contribution = _CONTRIBUTION.search(rest)
    if contribution is not None:
        if contribution["whole"] and not frame.bases:
            whole = contribution.span("whole")
            frame.bases, frame.relation = (Piece(reader.start + whole[0], reader.start + whole[1]),), "contribution"
        frame.noun = "贡献率"
        frame.local_year = None
        reader.frame.relation = frame.relation or "contribution"
        return
    share = None
    for share in _SHARE.finditer(rest):
        pass
    if share is not None and not rest[share.start() :].startswith("占比"):
        end = reader.end
        tail = re.search(r"(?:的?(?:比重|比例|份额|比率|总量的?比重))?的?$", text[reader.start + share.end() : end])
        end -= len(tail.group()) if tail is not None else 0
        base = _trim(text, reader.start + share.end(), end)
        if not frame.bases and base.end > base.start:
            frame.bases = split_list(text, base)
        frame.relation = frame.relation or "share"
        frame.noun = "占比"
        reader.end = reader.start + share.start()
        reader.strip()
        return
    ratio_like = number.dimension in _RATIO_KINDS and number.kind in ("arabic", "chinese", "fraction", "half", "percent")
    if ratio_like and not frame.bases and not frame.verb and _of_before(text, reader):
        _read_ratio(reader)


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
    reader.end = reader.start + best.start()
    reader.strip()


def _read_rank(reader: Reader) -> None:
    """居全省第2位, 在全国城市中列第9位, 总量全省第一."""
    text, frame, rest = reader.text, reader.frame, reader.rest()
    frame.relation = "rank"
    verb = None
    for verb in _RANK.finditer(rest):
        pass
    if verb is not None:
        base = _trim(text, reader.start + verb.end(), reader.end)
        stop = reader.start + verb.start()
    else:
        place = _RANK_PLACE.search(rest)
        base = Piece(reader.start + place.start(), reader.end) if place is not None else Piece(reader.end, reader.end)
        stop = base.start if place is not None else reader.end
    within = re.search(r"(?:在)([^,;:。]{2,16}?)(?:中|里|内)?$", text[reader.start : stop]) if base.end <= base.start else None
    if within is not None:
        base = Piece(reader.start + within.start(1), reader.start + within.end(1))
        stop = reader.start + within.start()
    while base.end > base.start and text[base.end - 1] in "中的之里内前":
        base = Piece(base.start, base.end - 1)
    if base.end > base.start:
        frame.bases = split_list(text, base)
    reader.end = stop
    reader.strip()


_SEPARATOR = re.compile(r"、|和|及(?!其)|与|以及|,")


def split_list(text: str, piece: Piece) -> tuple[Piece, ...]:
    """The items of a list (全国、全省); the whole piece first if it is no list."""
    items, at = [], piece.start
    depth = 0
    position = piece.start
    while position < piece.end:
        char = text[position]
        depth += char in "(“《"
        depth -= char in ")”》"
        found = _SEPARATOR.match(text, position, piece.end) if depth == 0 else None
        if found is not None:
            items.append(Piece(at, position))
            at = position = found.end()
        else:
            position += 1
    items.append(Piece(at, piece.end))
    return tuple(item for item in items if item.end > item.start) or (piece,)


def noun_of(text: str, end: int, nouns: Mapping[str, str]) -> str:
    """The expression noun (增速, 占比, ...) that ends at ``end``."""
    for length in range(min(6, end), 1, -1):
        if text[end - length : end] in nouns:
            return text[end - length : end]
    return ""
