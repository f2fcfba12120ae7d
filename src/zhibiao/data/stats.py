"""Counts of a corpus: labels, relations, attributes, patterns, lengths, and how much of it repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema, default_schema
from zhibiao.core.surfaces import fold
from zhibiao.data.grams import SharedGrams, shared_grams
from zhibiao.data.links import Links
from zhibiao.data.patterns import PATTERNS, patterns, value_patterns
from zhibiao.evaluation.pairing import document_id


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in code points; the 95th percentile by nearest rank; all 0 where there are none."""

    least: int
    median: int
    p95: int
    greatest: int
    mean: float


@dataclass(frozen=True, slots=True)
class LabelStats:
    """Spans of one label, and how many different surfaces (folded with NFKC, without white space) they have."""

    spans: int
    types: int
    lengths: Lengths

    @property
    def type_token_ratio(self) -> float:
        """Different surfaces per span; falls with the size of a corpus, so compare like sizes. 0.0 without spans."""
        return self.types / self.spans if self.spans else 0.0


@dataclass(frozen=True, slots=True)
class PatternCount:
    """How many paragraphs and VALUEs show a pattern; a paragraph's own patterns (see PATTERNS) have no VALUEs."""

    paragraphs: int
    values: int


@dataclass(frozen=True, slots=True)
class CorpusStats:
    """Everything that is counted; labels, relations and attribute values in the order of the schema, zeros included."""

    documents: int
    paragraphs: int
    paragraphs_without_value: int
    cities: int
    characters: int
    lengths: Lengths
    labels: Mapping[str, LabelStats]
    relations: Mapping[str, int]
    attributes: Mapping[str, Mapping[str, int]]
    patterns: Mapping[str, PatternCount]
    grams: SharedGrams

    def to_json(self) -> dict[str, Any]:
        """The same as values that ``json.dumps`` takes, with the ratios."""
        out = asdict(self)
        for label, stats in self.labels.items():
            out["labels"][label]["type_token_ratio"] = stats.type_token_ratio
        for name, definition in PATTERNS.items():
            out["patterns"][name]["definition"] = definition
        out["grams"]["share_of_distinct"] = self.grams.share_of_distinct
        out["grams"]["share_of_occurrences"] = self.grams.share_of_occurrences
        return out


def corpus_stats(paragraphs: Sequence[AnnotatedText], *, schema: Schema | None = None) -> CorpusStats:
    """Count ``paragraphs``; labels, types and attribute values that the schema lacks follow its own."""
    schema = schema or default_schema()
    surfaces: dict[str, Counter[str]] = {label: Counter() for label in schema.labels}
    chars: dict[str, list[int]] = {label: [] for label in schema.labels}
    relations = Counter(dict.fromkeys(schema.relations, 0))
    attributes = {name: Counter(dict.fromkeys(schema.attributes[name].values, 0)) for name in ATTRIBUTE_NAMES}
    for paragraph in paragraphs:
        for entity in paragraph.entities:
            surface = entity.surface or paragraph.text[entity.span.start : entity.span.end]
            surfaces.setdefault(entity.label, Counter())[fold(surface)] += 1
            chars.setdefault(entity.label, []).append(entity.span.end - entity.span.start)
        relations.update(relation.type for relation in paragraph.relations)
        for given in paragraph.attributes:
            for name in ATTRIBUTE_NAMES:
                attributes[name][getattr(given, name)] += 1
    return CorpusStats(
        documents=len({document_id(p.id) for p in paragraphs}),
        paragraphs=len(paragraphs),
        paragraphs_without_value=sum(not Links.of(p).values for p in paragraphs),
        cities=len({p.meta["city"] for p in paragraphs if p.meta.get("city")}),
        characters=sum(len(p.text) for p in paragraphs),
        lengths=lengths(len(p.text) for p in paragraphs),
        labels={k: LabelStats(of.total(), len(of), lengths(chars[k])) for k, of in surfaces.items()},
        relations=dict(relations),
        attributes={name: dict(of) for name, of in attributes.items()},
        patterns=count_patterns(paragraphs),
        grams=shared_grams(paragraphs),
    )


def count_patterns(paragraphs: Iterable[AnnotatedText]) -> dict[str, PatternCount]:
    """How often each pattern occurs, zeros included."""
    in_paragraphs: Counter[str] = Counter()
    in_values: Counter[str] = Counter()
    for paragraph in paragraphs:
        in_paragraphs.update(patterns(paragraph))
        for found in value_patterns(paragraph).values():
            in_values.update(found)
    return {name: PatternCount(in_paragraphs[name], in_values[name]) for name in PATTERNS}


def lengths(of: Iterable[int]) -> Lengths:
    """The summary of some lengths."""
    ordered = sorted(of)
    if not ordered:
        return Lengths(0, 0, 0, 0, 0.0)
    rank = max(0, -(-95 * len(ordered) // 100) - 1)
    return Lengths(
        ordered[0], ordered[(len(ordered) - 1) // 2], ordered[rank], ordered[-1], sum(ordered) / len(ordered)
    )
