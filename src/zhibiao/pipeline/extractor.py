"""The main path: document → normalised text → paragraphs → system → spans and links → records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText, Annotation, Document, RawEntity, Record
from zhibiao.resolve.records import Resolver
from zhibiao.text.lines import Line, split_lines
from zhibiao.text.normalize import NormalizedText, normalize


class System(Protocol):
    """What finds spans, relations and attributes; everything before and after it is the same for all systems."""

    name: str

    def annotate(self, paragraphs: Sequence[str]) -> list[Annotation]:
        """One annotation a paragraph, in its offsets; entity ids are unique within the paragraph."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything known about one document: ``annotation`` is in the offsets of ``normalized.text``."""

    document: Document
    normalized: NormalizedText
    lines: tuple[Line, ...]
    annotation: Annotation
    records: tuple[Record, ...]

    def to_annotated(self) -> AnnotatedText:
        """The annotation in the offsets of the text as it was read, with the clean surface of each span."""
        text, offsets = self.normalized.text, self.normalized.map
        document = self.document
        return AnnotatedText(
            id=document.id,
            text=document.text,
            meta={"city": document.city, "date": document.date, "source": document.source},
            entities=tuple(
                RawEntity(e.id, e.label, offsets.to_raw(e.span), text[e.span.start : e.span.end], e.score)
                for e in self.annotation.entities
            ),
            relations=self.annotation.relations,
            attributes=self.annotation.attributes,
        )


class Extractor:
    """Runs one system over documents; holds no state between them."""

    def __init__(self, system: System) -> None:
        self._system = system

    def extract(self, document: Document, *, ledger: Ledger | None = None) -> Extraction:
        """Annotate and resolve one document; what was lost or left out is counted in ``ledger``."""
        ledger = Ledger() if ledger is None else ledger
        normalized = normalize(document.text, ledger=ledger, where=document.origin or document.id)
        lines = tuple(split_lines(normalized.text))
        paragraphs = [line for line in lines if line.kind == "text"]
        for line in lines:
            if line.kind != "text":
                ledger.add("furniture_line", f"{document.origin or document.id}: {line.reason}")
        found = self._system.annotate([normalized.text[p.span.start : p.span.end] for p in paragraphs])
        annotation = _join(paragraphs, found)
        records = Resolver.build(document, normalized, lines).resolve(annotation)
        return Extraction(document, normalized, lines, annotation, tuple(records))


def _join(paragraphs: Sequence[Line], found: Sequence[Annotation]) -> Annotation:
    """Paragraph annotations as one annotation of the document, with ids T1, T2, ... in order of place."""
    joined: list[Annotation] = []
    count = 0
    for paragraph, annotation in zip(paragraphs, found, strict=True):
        names = {entity.id: f"T{count + i}" for i, entity in enumerate(annotation.entities, 1)}
        count += len(names)
        joined.append(
            Annotation(
                tuple(replace(e, id=names[e.id], span=e.span.shift(paragraph.span.start)) for e in annotation.entities),
                tuple(replace(r, head=names[r.head], tail=names[r.tail]) for r in annotation.relations),
                tuple(replace(a, entity=names[a.entity]) for a in annotation.attributes),
            )
        )
    return Annotation(
        tuple(e for a in joined for e in a.entities),
        tuple(r for a in joined for r in a.relations),
        tuple(x for a in joined for x in a.attributes),
    )
