"""From one document's linked spans to its records: quantities, periods, regions and baselines, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhibiao.core.records import (
    Annotation,
    Attributes,
    Baseline,
    Document,
    Entity,
    Mention,
    Period,
    Quantity,
    Record,
    Region,
)
from zhibiao.core.spans import Span
from zhibiao.lexicon.periods import resolve_period
from zhibiao.resolve.baseline import resolve_baseline
from zhibiao.resolve.dates import DocumentDate, document_date
from zhibiao.resolve.quantity import resolve_quantity
from zhibiao.resolve.regions import RegionResolver
from zhibiao.text.lines import Line
from zhibiao.text.normalize import NormalizedText
from zhibiao.text.sentences import sentences

UNKNOWN_ATTRIBUTES = ("level", "none", "actual", "exact")
# What these words mean is said by a period before them, even where the document's date is known.
_LEANS_ON_CONTEXT = re.compile("同期|当[年月季日]|同[年月]|[次翌]年|上年")
ABSENT = "the text names none for this value"


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the annotation of one document; built once a document, since its date and home region are its own."""

    document: Document
    normalized: NormalizedText
    lines: Sequence[Line]
    date: DocumentDate
    regions: RegionResolver

    @classmethod
    def build(cls, document: Document, normalized: NormalizedText, lines: Sequence[Line]) -> Resolver:
        """Find the document's date and the regions it is about."""
        return cls(
            document,
            normalized,
            lines,
            document_date(document, normalized.text, lines),
            RegionResolver(document, normalized.text),
        )

    def resolve(self, annotation: Annotation) -> list[Record]:
        """One record for each VALUE, in order of place; ``annotation`` is in the offsets of the normalised document."""
        entities = {entity.id: entity for entity in annotation.entities}
        attributes = {a.entity: a for a in annotation.attributes}
        arguments: dict[str, dict[str, Entity]] = {}
        scores: dict[str, float] = {}
        for relation in annotation.relations:
            arguments.setdefault(relation.head, {})[relation.type] = entities[relation.tail]
            scores[relation.head] = scores.get(relation.head, 1.0) * relation.score
        places = self._sentences(annotation)
        governing = self._governing_periods(annotation)
        records = []
        for entity in annotation.entities:
            if entity.label != "VALUE":
                continue
            tails = arguments.get(entity.id, {})
            given = attributes.get(entity.id) or Attributes(entity.id, *UNKNOWN_ATTRIBUTES)
            product = entity.score * scores.get(entity.id, 1.0) * given.score
            confidence = product if given.record_score is None else given.record_score
            period = self._period(tails.get("year"), given.status, governing)
            records.append(self._record(entity, tails, given, confidence, places[entity.id], period))
        return records

    def _record(
        self,
        value: Entity,
        tails: Mapping[str, Entity],
        attributes: Attributes,
        confidence: float,
        sentence: Span,
        dated: Period | str,
    ) -> Record:
        roles = {"value": value, **tails}
        mentions = {role: self._mention(entity) for role, entity in roles.items()}
        unresolved: dict[str, str] = {}

        def kept(name: str, outcome: object) -> object | None:
            if isinstance(outcome, str):
                unresolved[name] = outcome
                return None
            return outcome

        unit = mentions["unit"].surface if "unit" in mentions else None
        quantity = kept("quantity", resolve_quantity(mentions["value"].surface, unit, attributes))
        period = kept("period", dated)
        region = kept("region", self._region(tails.get("region")))
        baseline = kept("baseline", self._baseline(tails.get("baseline"), attributes.measure, period))
        if "indicator" not in mentions:
            unresolved["indicator"] = ABSENT
        if "baseline" not in tails:
            del unresolved["baseline"]
        raw = mentions["value"].raw
        return Record(
            id=f"{self.document.id}@{raw.start}-{raw.end}",
            document_id=self.document.id,
            mentions=mentions,
            indicator=mentions["indicator"].surface if "indicator" in mentions else None,
            quantity=quantity if isinstance(quantity, Quantity) else None,
            region=region if isinstance(region, Region) else None,
            period=period if isinstance(period, Period) else None,
            baseline=baseline if isinstance(baseline, Baseline) else None,
            measure=attributes.measure,
            trend=attributes.trend,
            status=attributes.status,
            bound=attributes.bound,
            confidence=confidence,
            sentence=self._surface(sentence),
            sentence_raw=self.normalized.map.to_raw(sentence),
            unresolved=unresolved,
        )

    def _surface(self, span: Span) -> str:
        return self.normalized.text[span.start : span.end]

    def _mention(self, entity: Entity) -> Mention:
        return Mention(self._surface(entity.span), self.normalized.map.to_raw(entity.span), entity.span, entity.score)

    def _period(self, entity: Entity | None, status: str, governing: Mapping[str, Period]) -> Period | str:
        if entity is None:
            return ABSENT
        surface = self._surface(entity.span)
        leans = self.date.day is None or _LEANS_ON_CONTEXT.search(surface)
        outcome = resolve_period(
            surface,
            anchor=self.date.day,
            context=governing.get(entity.id) if leans else None,
            future=status != "actual",
        )
        if isinstance(outcome, str) and self.date.day is None:
            return f"{outcome}; {self.date.evidence}"
        return outcome

    def _region(self, entity: Entity | None) -> Region | str:
        if entity is None:
            return ABSENT
        return self.regions.resolve(self._surface(entity.span), entity.span)

    def _baseline(self, entity: Entity | None, measure: str, period: object) -> Baseline | str:
        if entity is None:
            return ABSENT

        def lookup(surface: str) -> Region | None:
            found = self.regions.resolve(surface, entity.span)
            return found if isinstance(found, Region) else None

        return resolve_baseline(
            self._surface(entity.span),
            measure=measure,
            period=period if isinstance(period, Period) else None,
            anchor=self.date.day,
            region_lookup=lookup,
        )

    def _governing_periods(self, annotation: Annotation) -> dict[str, Period]:
        """For each YEAR the nearest dated one before it in its line, by entity id."""
        starts = [line.span.start for line in self.lines]
        governing: dict[str, Period] = {}
        before: Period | None = None
        line = -1
        for entity in annotation.entities:
            if entity.label != "YEAR":
                continue
            here = bisect_right(starts, entity.span.start)
            if here != line:
                line, before = here, None
            if before:
                governing[entity.id] = before
            own = resolve_period(self._surface(entity.span), anchor=self.date.day, context=before)
            before = own if isinstance(own, Period) else before
        return governing

    def _sentences(self, annotation: Annotation) -> dict[str, Span]:
        """The sentence of every VALUE, by entity id."""
        spans = [
            sentence.shift(line.span.start)
            for line in self.lines
            if line.kind == "text"
            for sentence in sentences(self.normalized.text[line.span.start : line.span.end])
        ]
        starts = [span.start for span in spans]
        return {
            entity.id: spans[bisect_right(starts, entity.span.start) - 1]
            for entity in annotation.entities
            if entity.label == "VALUE"
        }
