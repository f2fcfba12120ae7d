"""The main path: document → normalised text → paragraphs → system → spans and links → records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText, Annotation, Document, RawEntity, Record
from zhibiao.pipeline.parts import join_parts
from zhibiao.resolve.records import Resolver
from zhibiao.text.lines import Line, split_lines
from zhibiao.text.normalize import NormalizedText, normalize


class System(Protocol):
    """What finds spans, relations and attributes; everything before and after it is the same for all systems."""

    @property
    def name(self) -> str:
        """What the system is called in reports."""

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
    """Runs one system over documents; holds no state between them.

    Records whose confidence is below ``min_confidence`` are left out and counted; their spans and links stay.
    """

    def __init__(self, system: System, *, min_confidence: float = 0.0) -> None:
        self._system, self._min_confidence = system, min_confidence

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
        starts = (paragraph.span.start for paragraph in paragraphs)
        annotation = join_parts(list(zip(starts, found, strict=True)))
        records = Resolver.build(document, normalized, lines).resolve(annotation)
        kept = tuple(record for record in records if record.confidence >= self._min_confidence)
        ledger.add("below_min_confidence", document.origin or document.id, len(records) - len(kept))
        return Extraction(document, normalized, lines, annotation, kept)
