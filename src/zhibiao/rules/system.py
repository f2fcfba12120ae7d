"""The rule-based system: paragraphs of normalised text in, annotations out. Stateless and thread-safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zhibiao.core.records import Annotation, Attributes, Entity, Relation
from zhibiao.core.spans import Span
from zhibiao.rules import attributes, periods, places, scores
from zhibiao.rules.clauses import titles
from zhibiao.rules.linking import link_values
from zhibiao.rules.model import Piece, Row
from zhibiao.rules.paragraph import Paragraph
from zhibiao.rules.regions import find_regions
from zhibiao.rules.values import find_values

_TAILS = {"unit": "UNIT", "indicator": "INDICATOR", "region": "CITY", "year": "YEAR", "baseline": "BASELINE"}
_PRECEDENCE = ("unit", "baseline", "indicator", "region", "year")


class RuleSystem:
    """Annotates by the rules of this package; the baseline every model is judged against."""

    name = "rules"

    def annotate(self, paragraphs: Sequence[str]) -> list[Annotation]:
        """One annotation per paragraph of normalised text, with offsets in that paragraph."""
        return [annotate_paragraph(text) for text in paragraphs]


def annotate_paragraph(text: str) -> Annotation:
    """Values of one paragraph with their arguments and attributes."""
    if not any(char.isdigit() or char in "一二两三四五六七八九十百千万亿半首" for char in text):
        return Annotation()
    return _annotation(find_rows(text))


def find_rows(text: str) -> list[Row]:
    """The rows of one paragraph, before spans that overlap are settled."""
    names = titles(text)
    times = periods.mentions(text)
    books = [piece for piece in names if text[piece.start] == "《"]
    numbers = find_values(text, times, names)
    if not numbers:
        return []
    paragraph = Paragraph(text, numbers, find_regions(text, books), times, books)
    rows = link_values(paragraph)
    places.assign(paragraph)
    status, plan = "actual", attributes.first_plan(text)
    for row in rows:
        number, frame = row.number, row.frame
        row.measure, row.trend = attributes.set_measure(text, number, frame, frame.noun)
        if row.measure in ("level", "share", "rank"):
            row.trend = "none"
        row.bound = attributes.set_bound(text, number, frame)
        sentence = paragraph.clauses.sentence(number.start)
        row.status = attributes.set_status(text, sentence, number, status if plan < number.start else "actual")
        if row.status != "actual" and attributes.is_start(text, number):
            row.status = "actual"
            if "year" in row.links and row.links["year"].way != "local":
                del row.links["year"]
            continue
        status = row.status if row.status == "target" else "actual"
    return rows


def _annotation(rows: Sequence[Row]) -> Annotation:
    labels = _settle(rows)
    order = sorted(labels)
    ids = {piece: f"T{index}" for index, piece in enumerate(order, 1)}
    entities = tuple(Entity(ids[p], labels[p], Span(p.start, p.end), scores.ENTITY[labels[p]]) for p in order)
    relations: list[Relation] = []
    attached: list[Attributes] = []
    for row in rows:
        head = ids[Piece(row.number.start, row.number.end)]
        for kind, piece, way in _kept(row, labels):
            relations.append(Relation(head, ids[piece], kind, scores.LINK[f"{kind}.{way}"]))
        attached.append(Attributes(head, row.measure, row.trend, row.status, row.bound))
    return Annotation(entities, tuple(relations), tuple(attached))


def _kept(row: Row, labels: dict[Piece, str]) -> Iterator[tuple[str, Piece, str]]:
    for kind in _TAILS:
        link = row.links.get(kind)
        if (
            link is not None
            and link.piece in labels
            and (labels[link.piece] == _TAILS[kind] or labels[link.piece] == "BASELINE")
        ):
            yield kind, link.piece, link.way


def _settle(rows: Sequence[Row]) -> dict[Piece, str]:
    """Spans without overlap: numbers and units first, then baselines, indicators, regions, years."""
    labels = {Piece(row.number.start, row.number.end): "VALUE" for row in rows}
    taken: list[Piece] = sorted(labels)
    for kind in _PRECEDENCE:
        fresh = sorted({row.links[kind].piece for row in rows if kind in row.links})
        merged: list[Piece] = []
        for piece in fresh:
            if piece in labels or piece.end <= piece.start:
                continue
            if merged and piece.start < merged[-1].end:
                continue
            merged.append(piece)
        for piece in _free(merged, taken):
            labels[piece] = _TAILS[kind]
        taken = sorted(labels)
    return labels


def _free(pieces: Sequence[Piece], taken: Sequence[Piece]) -> Iterator[Piece]:
    index = 0
    for piece in pieces:
        while index < len(taken) and taken[index].end <= piece.start:
            index += 1
        if index == len(taken) or taken[index].start >= piece.end:
            yield piece
