"""Rows that hold a whole page as one row for each line, which is what is trained and extracted on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from zhibiao.core.codec import encode
from zhibiao.core.records import AnnotatedText, RawEntity, Relation
from zhibiao.core.spans import RawSpan
from zhibiao.loop.set_aside import SetAside
from zhibiao.text.lines import split_lines
from zhibiao.text.normalize import normalize

# The key of ``meta`` that names the row which a line was cut from.
SOURCE_ROW = "source_row"


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a row as rows of their own, what was left out, and how many lines were empty page furniture."""

    rows: tuple[AnnotatedText, ...]
    set_aside: tuple[SetAside, ...] = ()
    furniture: int = 0


def source_row(row: AnnotatedText) -> str:
    """The id of the row that ``row`` was cut from, its own if it is whole."""
    return row.meta.get(SOURCE_ROW, row.id)


def split_row(row: AnnotatedText, *, origin: str) -> PageLines:
    """Cut ``row`` where the normalised text has its lines; a row of one line stays as it is.

    The lines are ``id#1``, ``id#2`` ... by their place among all lines that are not blank, in the offsets of their own
    text; lines without anything marked are kept, they say that there is nothing. ``origin`` names the source in what is
    set aside.
    """
    normalized = normalize(row.text)
    lines = split_lines(normalized.text)
    if len(lines) < 2:
        return PageLines((row,))
    cut = _Cut(row, [normalized.map.to_raw(line.span) for line in lines], origin)
    furniture = 0
    rows = []
    for number, line in enumerate(lines):
        if line.kind == "text":
            rows += cut.line(number)
        elif not cut.set_aside_furniture(number):
            furniture += 1
    return PageLines(tuple(rows), tuple(cut.set_aside), furniture)


class _Cut:
    def __init__(self, row: AnnotatedText, spans: list[RawSpan], origin: str) -> None:
        self.set_aside: list[SetAside] = []
        self._row, self._spans, self._origin = row, spans, origin
        self._starts = [span.start for span in spans]
        # Which line each entity is in, by their places in the row; and the lines that an entity of two lines touches.
        self._owner = {entity.id: self._line_of(entity.span) for entity in row.entities}
        self._broken = {
            number: entity
            for entity in row.entities
            if self._owner[entity.id] is None
            for number, span in enumerate(spans)
            if span.start < entity.span.end and entity.span.start < span.end
        }
        self._crossing = [relation for relation in row.relations if not self._within(relation)]
        self._freed = {r.tail for r in self._crossing} - {r.tail for r in row.relations if self._within(r)}
        for relation in self._crossing:
            self._add("relation-crosses-lines", _describe(row, [relation.head, relation.tail], relation.type), row.id)
        for entity in row.entities:
            if self._owner[entity.id] is None and entity not in self._broken.values():
                self._add("crosses-lines", _describe(row, [entity.id], entity.label), row.id)

    def line(self, number: int) -> list[AnnotatedText]:
        """The row of a line, none if it has to be left out."""
        row = self._row_of(number)
        if number in self._broken:
            entity = self._broken[number]
            self._add("crosses-lines", _describe(self._row, [entity.id], entity.label), row.id, row)
            return []
        return [row]

    def set_aside_furniture(self, number: int) -> bool:
        """Report a line of page furniture in which something is marked; False if nothing is."""
        row = self._row_of(number)
        if row.entities or number in self._broken:
            self._add("furniture-line", f"{row.text[:60]!r} has {len(row.entities)} spans", row.id, row)
            return True
        return False

    def _row_of(self, number: int) -> AnnotatedText:
        span = self._spans[number]
        own = [e for e in self._row.entities if self._owner[e.id] == number and e.id not in self._freed]
        names = {entity.id for entity in own}
        return AnnotatedText(
            id=f"{self._row.id}#{number + 1}",
            text=self._row.text[span.start : span.end],
            meta={**self._row.meta, SOURCE_ROW: self._row.id},
            entities=tuple(_moved(own, span.start)),
            relations=tuple(r for r in self._row.relations if r.head in names and r.tail in names),
            attributes=tuple(a for a in self._row.attributes if a.entity in names),
        )

    def _line_of(self, span: RawSpan) -> int | None:
        number = bisect_right(self._starts, span.start) - 1
        return number if number >= 0 and span.end <= self._spans[number].end else None

    def _within(self, relation: Relation) -> bool:
        owner = self._owner[relation.head]
        return owner is not None and owner == self._owner[relation.tail]

    def _add(self, reason: str, message: str, name: str, row: AnnotatedText | None = None) -> None:
        kept = None if row is None else encode(row)
        self.set_aside.append(SetAside(reason, message, self._origin, id=name, row=kept))


def _moved(entities: Iterable[RawEntity], start: int) -> Iterable[RawEntity]:
    for entity in entities:
        yield replace(entity, span=RawSpan(entity.span.start - start, entity.span.end - start))


def _describe(row: AnnotatedText, names: list[str], kind: str) -> str:
    entities = {entity.id: entity for entity in row.entities}
    spans = (entities[name].span for name in names)
    return f"{kind}: " + " to ".join(f"[{s.start}, {s.end}) {row.text[s.start : s.end]!r:.40}" for s in spans)
