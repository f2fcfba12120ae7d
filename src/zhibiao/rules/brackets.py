"""Comparisons that hold the other side's figure: 高于全国(5.6%)4个百分点, 比全国的5.8%高1.5个百分点."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhibiao.rules.frames import read_frame
from zhibiao.rules.model import Frame, Link, Number, Piece, Row
from zhibiao.rules.paragraph import Paragraph
from zhibiao.rules.tails import MAX_LEFT

_VERB_AFTER = re.compile(r"(?!和|与|及)[^,;:。!?、()\d]{0,8}")
_MORE = re.compile(r"(?:仍|还|略|再)?(?:高|低|快|慢|多|少)(?:出|了)?(?:约|近|超)?")
_THAN = re.compile(r"(?:比|较)[^,;:。()]{1,16}的$")
_FALL = re.compile(r"(?:降幅|跌幅|减幅)$")


@dataclass(frozen=True, slots=True)
class Aside:
    """What is read past for one comparison.

    ``start`` is where its words begin, ``frame`` what they say; ``others`` are the indices of the figures read past.
    """

    start: int
    frame: Frame
    others: tuple[int, ...]


def read_aside(paragraph: Paragraph, index: int) -> Aside | None:
    """The comparison that ends in number ``index`` with the other side's figures in front of it; None if it is none."""
    gaps = _brackets(paragraph, index) or _embedded(paragraph, index)
    if not gaps:
        return None
    number, first = paragraph.numbers[index], gaps[0][0]
    start = max(paragraph.clauses.clause(paragraph.numbers[first].start), number.start - MAX_LEFT)
    if first:
        start = max(start, paragraph.numbers[first - 1].after)
    if paragraph.posted is not None and paragraph.posted.end <= number.start:
        start = max(start, paragraph.posted.end)
    frame = _read_past(paragraph.text, start, number, [gap for _, gap in gaps])
    opened = {gap.start for _, gap in gaps}
    if not frame.bases or frame.relation not in ("compare", "ratio", "share") or frame.bases[-1].end not in opened:
        return None
    return Aside(start, frame, tuple(other for other, _ in gaps))


def _brackets(paragraph: Paragraph, index: int) -> list[tuple[int, Piece]]:
    """Numbers in brackets right before number ``index``, in order, each with its bracket."""
    text, position, found = paragraph.text, paragraph.numbers[index].start, list[tuple[int, Piece]]()
    if ")" not in text[max(0, position - 9) : position]:
        return []
    for other in range(index - 1, max(index - 5, -1), -1):
        number = paragraph.numbers[other]
        opened = text.rfind("(", max(0, number.start - 6), number.start)
        closed = text.find(")", number.after, number.after + 6)
        gap = text[closed + 1 : position]
        near = _VERB_AFTER.fullmatch(gap) if not found else re.fullmatch(r"[、和与及][^,;:。()\d]{1,12}", gap)
        if opened < 0 or closed < 0 or near is None or re.search(r"[()]", text[opened + 1 : closed]):
            break
        found.append((other, Piece(opened, closed + 1)))
        position = opened
    return found[::-1]


def _embedded(paragraph: Paragraph, index: int) -> list[tuple[int, Piece]]:
    """The figure of 比全国的5.8%高1.5个百分点."""
    if index == 0:
        return []
    text, last, this = paragraph.text, paragraph.numbers[index - 1], paragraph.numbers[index]
    if _MORE.fullmatch(text, last.after, this.start) is None:
        return []
    start = paragraph.clauses.clause(last.start)
    return [(index - 1, Piece(last.start - 1, last.after))] if _THAN.search(text[start : last.start]) else []


def _read_past(text: str, start: int, number: Number, gaps: Sequence[Piece]) -> Frame:
    kept = [i for i in range(start, number.start) if not any(gap.start <= i < gap.end for gap in gaps)]
    frame = read_frame("".join(text[i] for i in kept), 0, number, until=len(kept))

    def back(piece: Piece) -> Piece:
        return Piece(kept[piece.start], kept[piece.end - 1] + 1)

    return replace(
        frame,
        subject_end=kept[frame.subject_end - 1] + 1 if frame.subject_end else start,
        bases=tuple(back(base) for base in frame.bases if base.end > base.start),
        name=back(frame.name) if frame.name is not None else None,
    )


def settle_others(paragraph: Paragraph, aside: Aside, link: Link | None) -> None:
    """Give the figures that were read past their region or period, indicator and direction."""
    count, bases = len(aside.others), aside.frame.bases
    for place, other in enumerate(aside.others):
        row = _row_of(paragraph, paragraph.numbers[other])
        if row is None:
            continue
        base = bases[place] if len(bases) == count else bases[-1]
        named = any(piece.start < base.end and base.start < piece.end for piece in paragraph.periods)
        paragraph.spread[row.number.start] = {"year" if named else "region": base}
        if link is not None:
            row.links["indicator"] = Link(link.piece, "carried")
        row.frame.noun = aside.frame.noun
        if row.number.dimension == "percent" and _compares_growth(paragraph, aside, row):
            row.frame.direction = -1 if _FALL.search(aside.frame.noun) else 1
            row.frame.verb = row.frame.verb or "增长"


def _row_of(paragraph: Paragraph, number: Number) -> Row | None:
    return next((row for row in reversed(paragraph.rows[-8:]) if row.number is number), None)


def _compares_growth(paragraph: Paragraph, aside: Aside, row: Row) -> bool:
    if re.search(r"增速|[增涨降跌减]幅", aside.frame.noun):
        return True
    before = [r for r in paragraph.rows[-8:] if r.number.start < row.number.start and r.number.start < aside.start]
    frame = before[-1].frame if before else None
    return frame is not None and (bool(frame.direction) or bool(re.search(r"增速|[增涨降跌减]幅", frame.noun)))
