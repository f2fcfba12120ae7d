"""Links: which indicator, baseline, region and year belong to each value, by clause structure, lists and inheritance."""

from __future__ import annotations

import re
from dataclasses import replace

from zhibiao.rules import periods as period_rules
from zhibiao.rules.clauses import Clauses
from zhibiao.rules.frames import read_frame
from zhibiao.rules.indicators import Phrases
from zhibiao.rules.lexicon import SPLIT_VERBS
from zhibiao.rules.model import Frame, Link, Number, Piece, Row
from zhibiao.rules.regions import Mention

_JOIN = re.compile(r"(?:以上|左右|以内|上下)?(?:、|和|及|与|以及|或|至|到|[-—~～－–]{1,2}|,(?=分别))?")
_VERB_END = re.compile(rf"(?:{'|'.join(sorted(SPLIT_VERBS, key=len, reverse=True))}|增加|下拨|给予|奖励|补助|凭借|投入|推动|有|实施|建设|改造|惠及|支持|服务|培训|推进|打造|开通|遍布|整合|为)(?:了|着|起|出|到|过)?(?:其中的)?$")
_COUNTED = ("count", "person", "person_time", "number", "length", "area", "mass", "volume", "power", "energy", "currency", "rate", "apparent_power", "data")
_POST_PERCENT = re.compile(r"(?:以上|左右)?的(?!(?:年均|同比|较|平均|高)?(?:增速|增幅|增长|速度|涨幅|降幅|目标|水平|比例|比重|高位|占比|区间|贡献|份额|股权|回落|下降))(?=[\u4e00-\u9fff])")
_GROWTH_WORD = re.compile(r"增速|增幅|降幅|涨幅|跌幅")
_CHANGE_VERB = re.compile(r"(减少|压减|削减|化解|下调|降低|缩减|增加|上调)(?:了|的)?$")
_EXPRESSION_AFTER = re.compile(r"(?:以上|左右)?的?(?:年均|同比|较|平均|高)?(?:增速|增幅|增长|速度|涨幅|降幅)")
_MONEY_NOUN = re.compile(r"(?:投资|产值|收入|额|资金|成本|价|支出|规模|总值|利润|税|费|投入|资)$")
_SAY = re.compile(r"(?:以上|左右)?的([\u4e00-\u9fff]{0,6}?(?:企业|家庭|居民|受访者|农户|职工|单位|员工|消费者|人))(?:反映|表示|认为|预计|预期)")


def _touch(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end


def number_is_relative(number: Number) -> bool:
    """True for percentages and multiples."""
    return number.dimension in ("percent", "permille", "multiple", "percentage_point")


class Linker:
    """Builds the rows of one paragraph."""

    def __init__(self, text: str, numbers: list[Number], regions: list[Mention], periods: list[Piece], titles: list[Piece]) -> None:
        self.text, self.numbers, self.regions, self.titles = text, numbers, regions, titles
        self.periods = periods
        self.clauses = Clauses(text)
        stops = [m.piece for m in regions] + periods
        self.phrases = Phrases(text, stops, numbers)
        self.rows: list[Row] = []
        self.posted: Piece | None = None
        self.spread: dict[int, dict[str, Piece]] = {}

    def run(self) -> list[Row]:
        """Rows of all values, in order, without region and year (``places``)."""
        index = 0
        while index < len(self.numbers):
            size = self._group_size(index)
            self._group(index, size)
            index += size
        return self.rows

    def left_of(self, index: int) -> int:
        """Where the words about number ``index`` begin: its clause, or behind the number before it."""
        start = self.clauses.clause(self.numbers[index].start)
        if index:
            start = max(start, self.numbers[index - 1].after)
        if self.posted is not None and self.posted.end <= self.numbers[index].start:
            start = max(start, self.posted.end)
        return start

    def _group_size(self, index: int) -> int:
        """How many numbers from ``index`` on share one frame (5.1%、6.2%)."""
        size = 1
        while index + size < len(self.numbers):
            last, this = self.numbers[index + size - 1], self.numbers[index + size]
            gap = self.text[last.after : this.start]
            joined = _JOIN.match(gap)
            if not gap or joined is None or not joined.group() or len(gap) > 12 or not self._same_kind(last, this):
                break
            start = last.after + joined.end()
            frame = read_frame(self.text, start, this)
            if frame.bases or frame.subject_end > start:
                break
            size += 1
        return size

    @staticmethod
    def _same_kind(last: Number, this: Number) -> bool:
        if (last.kind == "rank") != (this.kind == "rank"):
            return False
        ratios = ("percent", "multiple", "permille")
        return (last.dimension in ratios and this.dimension in ratios) or last.dimension == this.dimension or last.unit == this.unit or "number" in (last.dimension, this.dimension)

    def _group(self, index: int, size: int) -> None:
        members = self.numbers[index : index + size]
        start, until = self.left_of(index), None
        bracket = self._bracket(index)
        if bracket is not None:
            start, until = bracket
        frame = read_frame(self.text, start, members[0], until=until)
        frame = self._inherit_share(index, start, frame)
        slots = self._slots(members)
        count = slots[-1] + 1
        own, noun = self.phrases.before(start, frame.subject_end)
        own = frame.name or own or self._looked_back(index, start, frame, noun)
        own = self._part_of(own, frame)
        frame.noun = noun or frame.noun
        frame.carried = own is None
        self._inherit(index, start, frame, own)
        links = self._indicators(members[0], frame, own, start, count)
        if not frame.bases and number_is_relative(members[0]):
            self._yoy(own.end if own is not None else start, members[0].start, frame)
        bases = self._bases(frame, count)
        spread = self._spread(start, frame.subject_end, count, own, links)
        if any(_touch(piece, base) for base in frame.bases for shared in spread for piece in shared.values()):
            spread = []
        for offset, number in enumerate(members):
            slot = slots[offset]
            row = Row(number, self._member_frame(frame, members, offset))
            if number.unit is not None:
                row.links["unit"] = Link(number.unit, "unit")
            if links[slot] is not None:
                row.links["indicator"] = links[slot]  # type: ignore[assignment]
            if bases[slot] is not None:
                row.links["baseline"] = bases[slot]  # type: ignore[assignment]
            if slot < len(spread):
                self.spread[number.start] = spread[slot]
            self.rows.append(row)
        if bracket is not None and frame.relation == "compare" and frame.bases:
            self._bracketed(index, frame, links[0])

    def _looked_back(self, index: int, start: int, frame: Frame, noun: str) -> Piece | None:
        """The subject of the clauses right before, if they hold no figure and this one names nothing."""
        number = self.numbers[index]
        sentence = self.clauses.sentence(number.start)
        last = self.numbers[index - 1].after if index else 0
        clause = self.clauses.clause(number.start)
        begin = self.clauses.clause(clause - 2) if clause - 2 >= sentence else clause
        if begin >= clause or begin < last or start != clause:
            return None
        return self.phrases.subject_before(max(begin, last), clause - 1)

    def _part_of(self, own: Piece | None, frame: Frame) -> Piece | None:
        """灯具企业中LED灯具占30%: the whole stands in front of its part."""
        if own is None or frame.relation != "share" or frame.bases:
            return own
        found = re.match(r"([^“”、]{2,14}?)(?<!其)中(?!小|型|央|高|国|等|医|介)的?(?=[^占]{2,})", self.text[own.start : own.end])
        if found is None:
            return own
        frame.bases = (Piece(own.start, own.start + found.end(1)),)
        return Piece(own.start + found.end(), own.end)

    def _bracket(self, index: int) -> tuple[int, int] | None:
        """For 高于全国(5.6%)4个百分点 at the 4: where its words begin, and the bracket they end at."""
        if index == 0:
            return None
        last, this = self.numbers[index - 1], self.numbers[index]
        if self.text[last.start - 1 : last.start] != "(" or not re.fullmatch(r"\)(?:约|近|超)?", self.text[last.after : this.start]):
            return None
        start = self.clauses.clause(this.start)
        return (max(start, self.numbers[index - 2].after) if index > 1 else start), last.start - 1

    def _bracketed(self, index: int, frame: Frame, link: Link | None) -> None:
        row = self.rows[-2] if len(self.rows) > 1 else None
        if row is None or row.number is not self.numbers[index - 1]:
            return
        base = frame.bases[-1]
        self.spread[row.number.start] = {"region": base}
        if link is not None:
            row.links["indicator"] = Link(link.piece, "carried")
        row.frame.noun = frame.noun
        if self.rows[-3:-2] and row.number.dimension == "percent":
            row.frame.direction = self.rows[-3].frame.direction
            row.frame.verb = self.rows[-3].frame.verb

    def _inherit_share(self, index: int, start: int, frame: Frame) -> Frame:
        """占全省的八成、[全国的]15%: the second whole has no verb of its own."""
        last = self.rows[-1].frame if self.rows else None
        gap = self.text[start : frame.subject_end]
        number = self.numbers[index]
        if last is None or last.relation != "share" or frame.relation or number.kind == "rank":
            return frame
        of = self.text[frame.subject_end : frame.subject_end + 1] == "的"
        if gap[:1] in ("、", "和", "及") and of and start == self.numbers[index - 1].after and 1 < len(gap) < 14:
            frame.bases, frame.relation = (Piece(start + 1, frame.subject_end),), "share"
            frame.subject_end = start
        return frame

    def _inherit(self, index: int, start: int, frame: Frame, own: Piece | None) -> None:
        """A later figure of the same quantity is measured like the one before: 占…由9.2%升至[20.5%], 增速领跑,分别为[8.1%]."""
        number = self.numbers[index]
        if own is not None or frame.relation or (frame.direction and not frame.attained) or number.kind == "rank":
            self._verb_object(start, own, frame)
            return
        sentence = self.clauses.sentence(number.start)
        zone = self.text[max(sentence, self.numbers[index - 1].after if index else 0) : number.start]
        found = _GROWTH_WORD.search(zone)
        if found is not None and not frame.noun and not frame.attained:
            frame.noun = found.group()
        last = self.rows[-1] if self.rows else None
        if last is None or frame.noun or last.number.start < sentence or last.number.dimension != number.dimension:
            return
        if frame.attained and last.frame.direction and not last.frame.attained:
            return
        frame.noun = last.frame.noun
        if last.frame.relation == "share":
            frame.relation, frame.bases = "share", last.frame.bases
        elif number.dimension == "percent" and last.frame.direction and not frame.attained and not last.frame.bases:
            frame.noun = frame.noun or ("增速" if last.frame.direction > 0 else "降幅")

    def _verb_object(self, start: int, own: Piece | None, frame: Frame) -> None:
        """减少贫困人口143万人: the verb stands in front of the quantity's name."""
        if own is None or frame.direction or frame.relation:
            return
        found = _CHANGE_VERB.search(self.text[start : own.start])
        if found is not None:
            frame.verb = found.group(1)
            frame.direction = 1 if frame.verb in ("增加", "上调", "提高") else -1

    @staticmethod
    def _slots(members: list[Number]) -> list[int]:
        slots, slot = [], -1
        for number in members:
            if not number.high:
                slot += 1
            slots.append(max(slot, 0))
        return slots

    def _member_frame(self, frame: Frame, members: list[Number], offset: int) -> Frame:
        """The frame of a later number in a list: its own verb and bound where it has them."""
        if offset == 0:
            return frame
        own = read_frame(self.text, members[offset - 1].after, members[offset])
        shared = replace(frame, bound=own.bound)
        if own.verb:
            shared.verb, shared.direction, shared.attained = own.verb, own.direction, own.attained
        return shared

    def _indicators(self, number: Number, frame: Frame, own: Piece | None, start: int, count: int) -> list[Link | None]:
        after = self._after(number, frame, own, start)
        if after is not None:
            self.posted = after
            return [Link(after, "after")] * count
        if own is not None:
            items = self._items(own, start, count)
            if items:
                return [Link(item, "item") for item in items]
            return [Link(own, "own")] * count
        if count > 1 or frame.respectively:
            links = self._respective(count)
            if links:
                return links
        last = self.rows[-1].links.get("indicator") if self.rows else None
        return [Link(last.piece, "carried") if last is not None else None] * count

    def _items(self, own: Piece, start: int, count: int) -> list[Piece]:
        """The ``count`` items of a list that is the subject or, with 分别, stands in front of the verb; empty if there is none."""
        if count < 2:
            return []
        apart = self.text.find("分别", start, own.end)
        if apart > start:
            head, _ = self.phrases.before(start, apart)
            towards = self.text.find("对", start, apart)
            if towards >= 0 and "、" in self.text[towards:apart]:
                head = Piece(towards + 1, apart)
            items = self.phrases.items(head, count) if head is not None else []
            if len(items) == count:
                return items
        items = self.phrases.items(own, count)
        return items if len(items) == count else []

    def _respective(self, count: int) -> list[Link | None]:
        """The last ``count`` different quantities, for 分别增长…、… behind a list of values."""
        seen: list[tuple[Piece, int]] = []
        for row in reversed(self.rows):
            link = row.links.get("indicator")
            if link is None:
                break
            if all(link.piece != piece for piece, _ in seen):
                seen.append((link.piece, row.number.start))
            if len(seen) == count:
                return [Link(piece, "respective") for piece, _ in reversed(seen)]
        return []

    def _after(self, number: Number, frame: Frame, own: Piece | None, start: int) -> Piece | None:
        text = self.text
        changed = frame.direction and frame.verb not in ("", "增加", "减少", "新增")
        if frame.bases or changed or number.kind in ("rank", "ratio", "half"):
            return None
        if number.dimension in ("percent", "permille") or number.kind == "fraction":
            return self._share_after(number, own, frame)
        if number.dimension not in _COUNTED or number.low:
            return None
        if own is None or number.dimension != "currency":
            return self.phrases.after(number)
        left = text[start : number.start].rstrip("约近超过逾达 ")
        of = text.startswith("的", number.after) and not _MONEY_NOUN.search(text[own.start : own.end])
        return self.phrases.after(number) if of or left.endswith("的") or _VERB_END.search(left) else None

    def _share_after(self, number: Number, own: Piece | None, frame: Frame) -> Piece | None:
        """80%的企业反映成本上升: the part is what they do, 企业 the whole."""
        said = _SAY.match(self.text, number.after)
        if said is not None:
            frame.bases, frame.relation = (Piece(*said.span(1)),), "share"
            end = self.clauses.clause_end(said.end())
            return Piece(said.end(), end) if end > said.end() else None
        found = _POST_PERCENT.match(self.text, number.after)
        if found is None or own is not None:
            return None
        return self.phrases.after(number)

    def _yoy(self, start: int, end: int, frame: Frame) -> None:
        """同比 in front of an expression noun: 同比增幅达41%."""
        found = re.search(r"同比|环比", self.text[start:end])
        if found is not None and frame.relation in ("", "compare"):
            frame.bases = (Piece(start + found.start(), start + found.end()),)
            frame.relation = "compare"

    def _bases(self, frame: Frame, count: int) -> list[Link | None]:
        if not frame.bases:
            return [None] * count
        way = "yoy" if self.text[frame.bases[0].start : frame.bases[0].end] in ("同比", "环比") else "frame"
        if count > 1 and len(frame.bases) == count:
            return [Link(base, way) for base in frame.bases]
        whole = Piece(frame.bases[0].start, frame.bases[-1].end)
        return [Link(whole, way)] * count

    def _spread(self, start: int, end: int, count: int, own: Piece | None, links: list[Link | None]) -> list[dict[str, Piece]]:
        """Regions or periods that are shared out over a list of values (A、B分别…x、y)."""
        if count < 2:
            return []
        last = self.rows[-1].number.after if self.rows else 0
        start = max(last, self.clauses.sentence(start)) if own is None else start
        for mention in reversed(self.regions):
            if start <= mention.piece.start and mention.piece.end <= end and len(mention.members) == count:
                if own is None or mention.piece.end <= own.start:
                    return [{"region": member} for member in mention.members]
        inside = [p for p in self.periods if start <= p.start and p.end <= end]
        if len(inside) == count and all(
            self.text[a.end : b.start] in ("、", "和", "及", "与") for a, b in zip(inside, inside[1:], strict=False)
        ):
            return [{"year": piece} for piece in inside]
        if own is None and links[0] is not None and links[0].way in ("carried", "respective"):
            return self._spread_back(count)
        return []

    def _spread_back(self, count: int) -> list[dict[str, Piece]]:
        """Regions of the last ``count`` values, if they all differ (顺德区x、南海区y,分别占全市…)."""
        shares = [self.spread.get(row.number.start, {}).get("region") or self._region_in(row) for row in self.rows[-count:]]
        if len(shares) == count and None not in shares and len(set(shares)) == count:
            return [{"region": piece} for piece in shares if piece is not None]
        return []

    def _region_in(self, row: Row) -> Piece | None:
        index = self.numbers.index(row.number)
        left = max(self.clauses.clause(row.number.start), self.numbers[index - 1].after if index else 0)
        for mention in reversed(self.regions):
            if left <= mention.piece.start and mention.piece.end <= row.number.start:
                return mention.piece
        return None

    def governing(self) -> list[Piece]:
        """Periods that may be a YEAR."""
        return [piece for piece in self.periods if period_rules.governs(self.text, piece, self.titles)]
