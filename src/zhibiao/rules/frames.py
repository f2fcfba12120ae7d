"""The words between a quantity's name and its number: verb, bound, comparison, share, rank, and the candidates for BASELINE."""

from __future__ import annotations

import re

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
_NAMING_VERBS = frozenset(("增收", "降价", "减收", "短收"))
_ATTAINING = ("到", "至", "为", "成")
_ATTAINED_VERBS: dict[str, int] = {
    **{verb + to: sign for verb, sign in _VERBS.items() for to in _ATTAINING if len(verb) <= 2},
    **{verb + to: 1 for verb in ("扩容", "发展", "做", "扩", "改善", "拓展", "增容") for to in _ATTAINING},
    **{verb + to: 0 for verb in ("扭转", "调整", "整合", "转", "优化", "变", "转变", "转化") for to in ("为", "到", "成", "至")},
}
_TAIL.update(dict.fromkeys(_ATTAINED_VERBS, "be"))
_ADVERBIAL = re.compile(
    r"(?:受[^,;:。]{1,16}(?:影响|拖累|制约|冲击|带动|推动|拉动|提振|支撑)|由[正负升降增减涨跌平]转[正负升降增减涨跌平]|在[^,;:。]{2,14}(?:带动下|拉动下|下|基础上|基数上)|按[^,;:。]{1,12}(?:计算|口径|统计|测算|计)|(?:扣除|剔除)[^,;:。]{1,24}(?:因素|后|影响)+"
    r"|(?:由|从)[^,;:。由从]{2,10}(?:年|期|末|底|初|月|前|季度|原来|原先)的?|连续(?:[\d一二两三四五六七八九十]+|多)个?(?:年|月|季度)|自[^,;:。]{1,8}以来)$"
)
_NOT_TAIL = re.compile(r"(?:小微|细微|显微|战略|策略|大略|(?:年度|行动|培训|投资|三年|年)计划|公共|自由|理由|服从|人均|户均|亩均|日均|月均|车均|地均|单位|国有|所有|现代化|产能|应有|作为|行为|占比|以上|总共同|方向|意向|流向|[国省市区州县业]平均|[高格年均价]上|同类)$")
_CAUSE = re.compile(r"(?:因|由于|得益于|随着)[^,;:。]{2,14}$")
_THAN = re.compile(r"(?:相较于|相比于|相较|较之|(?<![占同环对可之正配百相用])比(?![重例较率价值赛拼如亚上])|比(?=上[年半月一季个周])|(?<!比)较(?![快大高强多少好为低弱重长])|(?<=占比)较)")
_WITH = re.compile(r"(?:与|同|跟|和)([^,;。]{1,20}?)相比")
_COMPARE = re.compile(rf"(?<!不)(?:{alternation((*lx.COMPARE_UP, *lx.COMPARE_DOWN))})")
_SHARE = re.compile(r"占(?!地(?!区|方)|[用领道线有])(?:到|了|据)?")
_RANK = re.compile(
    r"(?:位居|位列|位于|名列|排名|排在|排列|跻身|进入|跃居|跃升至|跃升到|上升至|上升到|稳居|分列|分居|列居|保持|升至|升到|高居|雄踞|重返|挤进|迈入|进位至|居于|居|列|排|在|以|(?<=速)为)(?:在|于|到)?"
)
_RANK_PLACE = re.compile(r"(?:全国|全省|全市|全区|全州|全县|全球|世界|亚洲|全疆|[\u4e00-\u9fff]{2,8}(?:省|市|州|区|县|城市|地区|国家|三角|西部|东部|中部|界))[^,;:。\d]{0,12}$")
_RATIO = re.compile(r"(?:相当于|恢复到|恢复至|达到|达|只有|仅有|仅为|约为|不到|不足|超过|接近|将近|是|为|占)")
_RATIO_BOUNDS = {"不到": "max", "不足": "max", "超过": "min", "接近": "approx", "将近": "approx", "约为": "approx"}
_PLAN = re.compile(r"(?:超额完成|提前完成|完成|实现|占|达到|达)(?:了)?")
_DRIVE = re.compile(r"(?:拉动|带动|下拉|拉低|上拉|推动|影响|贡献了?)")
_CONTRIBUTION = re.compile(r"(?:对(?P<whole>[^,;:。]{1,24}?)(?:增长)?的?)?(?P<name>(?:综合)?(?:贡献率|拉动率|贡献度))$")
_REGION_START = re.compile(r"全[国省市区县州]")
_WITHIN = re.compile(r"在([^,;:。在]{1,16}?)(?:中|里|内)的?(?:占比|比重|份额|比例)$")
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
        self.seen: list[str] = []

    def rest(self) -> str:
        """What is not read yet."""
        return self.text[self.start : self.end]

    def strip(self) -> str:
        """Read tail words; notes bounds and 同比/环比. Returns the leftmost word that was read."""
        last = ""
        while True:
            word = tail_word(self.text, self.start, self.end)
            if not word:
                adverbial = _ADVERBIAL.search(self.text[max(self.start, self.end - 36) : self.end]) if self.end - self.start > 3 else None
                if adverbial is None:
                    break
                self.end -= len(adverbial.group())
                continue
            self.seen.append(word)
            kind = _TAIL[word]
            if kind == "yoy":
                self.yoy = self.yoy or Piece(self.end - len(word), self.end)
            elif kind != "be" and not self.frame.bound and not self.frame.verb:
                self.frame.bound = "min" if word == "上" else kind
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
    reader.strip()
    _attained_word(reader)
    if number.kind == "rank":
        _read_rank(reader)
    elif not _read_direct(reader, number):
        before = reader.end
        if not frame.attained:
            reader.verb(text[reader.end : reader.end + 1])
        if not frame.verb and ("新增" in reader.seen or "净" in reader.seen) and not frame.attained:
            frame.verb, frame.direction = "新增", 1
            _read_comparison(reader, number, before)
        elif frame.verb:
            _read_comparison(reader, number, before)
        elif number.dimension in _POINTS:
            _read_drive(reader)
    if number.kind != "rank":
        _read_share(reader, number)
    if reader.yoy is not None and not frame.bases:
        frame.bases, frame.relation = (reader.yoy,), frame.relation or "compare"
    frame.subject_end = reader.end
    return frame


def _attained_word(reader: Reader) -> None:
    """提高到, 降至: the words that were read last lead to a new level."""
    for length in (4, 3, 2):
        surface = reader.text[reader.end : reader.end + length]
        if surface in _ATTAINED_VERBS:
            reader.frame.direction, reader.frame.attained, reader.frame.verb = _ATTAINED_VERBS[surface], True, surface
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
    if re.search(r"(?:下降|增长|提高|目标)$", reader.text[base.start : base.end]) and number.dimension not in _POINTS:
        return False
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
    cause = _CAUSE.search(rest)
    if cause is not None:
        reader.end -= len(cause.group())
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
    if frame.verb == "新增":
        frame.verb, frame.direction = ("新增", 1) if reader.yoy is not None else ("", 0)
        return
    if frame.verb in _NAMING_VERBS and reader.yoy is None:
        reader.end = before
        return
    if frame.verb in _WEAK_VERBS and reader.yoy is None:
        reader.end = before - len(frame.verb)
        reader.unread(frame.verb)


def _read_drive(reader: Reader) -> None:
    """下拉全市工业增速0.4个百分点: driven without another verb."""
    drive = None
    for drive in _DRIVE.finditer(reader.rest()):
        pass
    if drive is not None and drive.end() < len(reader.rest()):
        reader.frame.direction, reader.frame.verb = 1, drive.group()
        _drive(reader, drive, reader.end)


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
        frame.name = Piece(reader.start + contribution.start("name"), reader.end)
        if contribution["whole"] and not frame.bases and not _REGION_START.match(contribution["whole"]):
            frame.name = Piece(reader.start + contribution.start(), reader.end)
        elif contribution["whole"] and not frame.bases:
            whole = contribution.span("whole")
            frame.bases, frame.relation = (Piece(reader.start + whole[0], reader.start + whole[1]),), "contribution"
        frame.noun = "贡献率"
        frame.relation = frame.relation or "contribution"
        return
    inside = _WITHIN.search(rest)
    if inside is not None and not frame.bases:
        frame.bases, frame.relation = (Piece(reader.start + inside.start(1), reader.start + inside.end(1)),), "share"
        frame.noun = "占比"
        reader.end = reader.start + inside.start()
        reader.strip()
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
    frame.bound = frame.bound or _RATIO_BOUNDS.get(best.group(), "")
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
_STOPS = re.compile(r"、|,")


def split_list(text: str, piece: Piece, count: int = 0) -> tuple[Piece, ...]:
    """The items of a list (全国、全省). With ``count``, the split that gives so many, by 、 before 和 (电子和通信、家具)."""
    fine = _split(text, piece, _SEPARATOR)
    if count and len(fine) > count:
        coarse = _split(text, piece, _STOPS)
        if len(coarse) == count:
            return coarse
        if coarse:
            last = _split(text, coarse[-1], _SEPARATOR)
            if len(coarse) - 1 + 2 == count and len(last) > 1:
                return (*coarse[:-1], last[0], Piece(last[1].start, last[-1].end))
    return fine or (piece,)


def _split(text: str, piece: Piece, separator: re.Pattern[str]) -> tuple[Piece, ...]:
    items, at = [], piece.start
    depth, position = 0, piece.start
    while position < piece.end:
        char = text[position]
        depth += char in "(“《"
        depth -= char in ")”》"
        found = separator.match(text, position, piece.end) if depth == 0 else None
        if found is not None:
            items.append(Piece(at, position))
            at = position = found.end()
        else:
            position += 1
    items.append(Piece(at, piece.end))
    return tuple(item for item in items if item.end > item.start)
