"""Links of every value of a paragraph to its unit, indicator and baseline, and the sharing out of lists."""

from __future__ import annotations

from itertools import pairwise

from zhibiao.rules.brackets import read_aside, settle_others
from zhibiao.rules.frames import read_frame
from zhibiao.rules.groups import group_size, member_frame, slots_of
from zhibiao.rules.inheritance import add_year_on_year, inherit, inherit_plan, inherit_share, looked_back
from zhibiao.rules.model import Frame, Link, Number, Piece, Row
from zhibiao.rules.naming import name_values
from zhibiao.rules.paragraph import Paragraph, within
from zhibiao.rules.parts import part_of, whole_before
from zhibiao.rules.shares import is_part


def _touch(one: Piece, other: Piece) -> bool:
    return one.start < other.end and other.start < one.end


def number_is_relative(number: Number) -> bool:
    """True for percentages and multiples."""
    return number.dimension in ("percent", "permille", "multiple", "percentage_point")


def link_values(paragraph: Paragraph) -> list[Row]:
    """Rows of all values, in order, without region and year (``places``)."""
    index = 0
    while index < len(paragraph.numbers):
        size = group_size(paragraph, index)
        _group(paragraph, index, size)
        index += size
    return paragraph.rows


def _group(paragraph: Paragraph, index: int, size: int) -> None:
    members = paragraph.numbers[index : index + size]
    aside = read_aside(paragraph, index)
    if aside is not None:
        start, frame = aside.start, aside.frame
    else:
        start = paragraph.left_of(index)
        frame = read_frame(paragraph.text, start, members[0])
    frame = inherit_share(paragraph, index, start, frame)
    slots = slots_of(members)
    count = slots[-1] + 1
    own, noun = paragraph.phrases.before(start, frame.subject_end)
    own = frame.name or own or looked_back(paragraph, index, start)
    own = part_of(paragraph, own, frame, members[0])
    frame.noun = noun or frame.noun
    inherit(paragraph, index, start, frame, own)
    inherit_plan(paragraph, own, members[0], frame)
    links = name_values(paragraph, members[0], frame, own, start, count)
    if not frame.bases and number_is_relative(members[0]):
        add_year_on_year(paragraph, own.end if own is not None else start, members[0].start, frame)
    if is_part(members[0]):
        whole_before(paragraph, paragraph.clauses.clause(members[0].start), frame, members[0])
    bases = _bases(paragraph, frame, count)
    spread = _spread(paragraph, start, frame.subject_end, count, own, links)
    if any(_touch(piece, base) for base in frame.bases for shared in spread for piece in shared.values()):
        spread = []
    for offset, number in enumerate(members):
        slot = slots[offset]
        row = Row(number, member_frame(paragraph, frame, members, offset))
        if number.unit is not None:
            row.links["unit"] = Link(number.unit, "unit")
        if links[slot] is not None:
            row.links["indicator"] = links[slot]  # type: ignore[assignment]
        if bases[slot] is not None:
            row.links["baseline"] = bases[slot]  # type: ignore[assignment]
        if slot < len(spread):
            paragraph.spread[number.start] = spread[slot]
        paragraph.rows.append(row)
    if aside is not None:
        settle_others(paragraph, aside, links[0])


def _bases(paragraph: Paragraph, frame: Frame, count: int) -> list[Link | None]:
    if not frame.bases:
        return [None] * count
    way = "yoy" if paragraph.text[frame.bases[0].start : frame.bases[0].end] in ("同比", "环比") else "frame"
    if count > 1 and len(frame.bases) == count:
        return [Link(base, way) for base in frame.bases]
    whole = Piece(frame.bases[0].start, frame.bases[-1].end)
    return [Link(whole, way)] * count


def _spread(
    paragraph: Paragraph, start: int, end: int, count: int, own: Piece | None, links: list[Link | None]
) -> list[dict[str, Piece]]:
    """Regions or periods that are shared out over a list of values (A、B分别…x、y)."""
    if count < 2:
        return []
    last = paragraph.rows[-1].number.after if paragraph.rows else 0
    start = max(last, paragraph.clauses.sentence(start)) if own is None else start
    limit = end if own is None else own.start
    for mention in reversed(within(paragraph.regions, paragraph.region_starts, start, limit)):
        if mention.piece.end <= limit and len(mention.members) == count:
            return [{"region": member} for member in mention.members]
    inside = [p for p in within(paragraph.periods, paragraph.period_starts, start, end) if p.end <= end]
    if len(inside) == count and all(
        paragraph.text[a.end : b.start] in ("、", "和", "及", "与") for a, b in pairwise(inside)
    ):
        return [{"year": piece} for piece in inside]
    if own is None and links[0] is not None and links[0].way in ("carried", "respective"):
        return _spread_back(paragraph, count)
    return []


def _spread_back(paragraph: Paragraph, count: int) -> list[dict[str, Piece]]:
    """Regions of the last ``count`` values, if they all differ (顺德区x、南海区y,分别占全市…)."""
    first = len(paragraph.rows) - count
    shares = [
        paragraph.spread.get(row.number.start, {}).get("region") or paragraph.region_in(first + offset)
        for offset, row in enumerate(paragraph.rows[first:] if first >= 0 else ())
    ]
    if len(shares) == count and None not in shares and len(set(shares)) == count:
        return [{"region": piece} for piece in shares if piece is not None]
    return []
