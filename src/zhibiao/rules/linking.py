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
_VERB_END = re.compile(rf"(?:{'|'.join(sorted(SPLIT_VERBS, key=len, reverse=True))}|推动|有|实施|建设|改造|惠及|支持|服务|培训|推进|打造|开通|遍布|整合|为)(?:了|着|起|出|到|过)?(?:其中的)?$")
_COUNTED = ("count", "person", "person_time", "number", "length", "area", "mass", "volume", "power", "energy", "currency", "rate", "apparent_power", "data")
_POST_PERCENT = re.compile(r"(?:以上|左右)?的(?!(?:年均|同比|较|平均|高)?(?:增速|增幅|增长|速度|涨幅|降幅|目标|水平|比例|比重|高位|占比|区间|贡献|份额|股权|回落|下降))(?=[\u4e00-\u9fff])")
_EXPRESSION_AFTER = re.compile(r"(?:以上|左右)?的?(?:年均|同比|较|平均|高)?(?:增速|增幅|增长|速度|涨幅|降幅)")
_SHARE_SPLIT = re.compile(r"(?:企业|家庭|居民|人|受访者|项目|农户|职工|单位|人口|产品|员工)(?=[\u4e00-\u9fff]{2,})")


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
        return last.dimension == this.dimension or last.unit == this.unit or "number" in (last.dimension, this.dimension)

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
        frame.noun = noun or frame.noun
        links = self._indicators(members[0], frame, own, start, count)
        bases = self._bases(frame, count)
        spread = self._spread(start, frame.subject_end, count, own, links)
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
            items = self.phrases.items(own) if count > 1 else [own]
            if count > 1 and len(items) == count:
                return [Link(item, "item") for item in items]
            return [Link(own, "own")] * count
        if count > 1 or frame.respectively:
            links = self._respective(count)
            if links:
                return links
        last = self.rows[-1].links.get("indicator") if self.rows else None
        return [Link(last.piece, "carried") if last is not None else None] * count

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
        if frame.bases or (frame.direction and frame.verb) or number.kind in ("rank", "ratio", "half"):
            return None
        if number.dimension in ("percent", "permille") or number.kind == "fraction":
            return self._share_after(number, own)
        if number.dimension not in _COUNTED or number.low:
            return None
        left = text[start : number.start]
        verb_end = _VERB_END.search(text[start : frame.subject_end]) or _VERB_END.search(left.rstrip("约近超过逾达 "))
        if own is not None and verb_end is None:
            return None
        if own is not None and own.end > start + (verb_end.start() if verb_end else 0):
            return None
        return self.phrases.after(number)

    def _share_after(self, number: Number, own: Piece | None) -> Piece | None:
        """80%的企业反映成本上升: the part is what they do."""
        found = _POST_PERCENT.match(self.text, number.after)
        if found is None or own is not None:
            return None
        return self.phrases.after(number)

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
