"""What is compared in a paragraph (spans, relations, records, attributes, facts), and exact matches of it.

Definitions are those of the reference scorer that comes with the guideline; the figures equal its figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import default_schema
from zhibiao.core.surfaces import fold
from zhibiao.evaluation.metrics import Counts, Key

Offsets = tuple[int, int]
SpanItem = tuple[int, int, str]
RelationItem = tuple[int, int, int, int, str]
AttributeValues = tuple[str, ...]
RecordItem = tuple[Offsets, tuple[Offsets | None, ...], AttributeValues | None]
Fact = tuple[str, ...]

# How many of the slots of a fact each of its figures compares.
FACT_CUTS = {"facts": 6, "value": 1, "value+unit+indicator": 3, "value+unit+indicator+region": 4}


def fact_slots() -> tuple[str, ...]:
    """The names of the slots of a fact: the value, then the relation types in the order of the schema."""
    schema = default_schema()
    return (schema.head.lower(), *schema.relations)


@dataclass(frozen=True, slots=True)
class LocatedFact:
    """The folded surfaces of a VALUE and its arguments in the order of ``fact_slots``, and where the VALUE stands."""

    fact: Fact
    id: str
    span: Offsets


@dataclass(frozen=True, slots=True)
class View:
    """A paragraph as the metrics see it; repeated items count as often as they are given.

    ``attributes`` holds the attributes of each VALUE by its offsets, None where it has none.
    """

    spans: Counter[SpanItem]
    relations: Counter[RelationItem]
    records: Counter[RecordItem]
    attributes: Mapping[Offsets, AttributeValues | None]
    facts: tuple[LocatedFact, ...]


EMPTY = View(Counter(), Counter(), Counter(), {}, ())


def view(doc: AnnotatedText) -> View:
    """The view of ``doc``.

    Of entities of one id, attributes of one entity and relations of one type from one head (in facts and records) the
    last counts, as in the reference. Raises AnnotationError if a relation names an entity that is not defined.
    """
    schema = default_schema()
    entities = {entity.id: entity for entity in doc.entities}
    span = {key: (entity.span.start, entity.span.end) for key, entity in entities.items()}
    tails: dict[str, dict[str, str]] = {key: {} for key in entities}
    relations: Counter[RelationItem] = Counter()
    for relation in doc.relations:
        for end in (relation.head, relation.tail):
            if end not in entities:
                raise AnnotationError(
                    f"{doc.id}: the relation {relation.head} -{relation.type}-> {relation.tail} names the entity "
                    f"{end!r}, which is not among its {len(entities)} entities; `zhibiao check FILE` lists all problems"
                )
        tails[relation.head][relation.type] = relation.tail
        relations[(*span[relation.head], *span[relation.tail], relation.type)] += 1
    attributes: dict[str, AttributeValues] = {
        item.entity: tuple(getattr(item, name) for name in ATTRIBUTE_NAMES) for item in doc.attributes
    }
    surface = {k: fold(e.surface or doc.text[e.span.start : e.span.end]) for k, e in entities.items()}
    values = [key for key, entity in entities.items() if entity.label == schema.head]
    arguments = {key: [tails[key].get(name) for name in schema.relations] for key in values}
    return View(
        spans=Counter((*span[key], entity.label) for key, entity in entities.items()),
        relations=relations,
        records=Counter(
            (span[key], tuple(None if a is None else span[a] for a in arguments[key]), attributes.get(key))
            for key in values
        ),
        attributes={span[key]: attributes.get(key) for key in values},
        facts=tuple(
            LocatedFact((surface[key], *("" if a is None else surface[a] for a in arguments[key])), doc.id, span[key])
            for key in values
        ),
    )


def exact_counts(gold: View, predicted: View) -> dict[Key, Counts]:
    """Counts of spans (by label too), relations (by type too), records and attributes of one paragraph, exact matches.

    A relation is right if the offsets of both ends and its type are; the label of its tail does not count.
    """
    return {
        **_by_kind("spans", gold.spans, predicted.spans),
        **_by_kind("relations", gold.relations, predicted.relations),
        ("records", ""): multiset_counts(gold.records, predicted.records),
        **_attribute_counts(gold, predicted),
    }


def multiset_counts(gold: Counter[Any], predicted: Counter[Any]) -> Counts:
    """True positives (each item matched as often as both sides have it), gold items and predicted items."""
    return (gold & predicted).total(), gold.total(), predicted.total()


def _by_kind(level: str, gold: Counter[Any], predicted: Counter[Any]) -> dict[Key, Counts]:
    found, gold_kinds, predicted_kinds = (_kinds(items) for items in (gold & predicted, gold, predicted))
    kinds = sorted(gold_kinds.keys() | predicted_kinds.keys())
    return {
        (level, ""): (found.total(), gold_kinds.total(), predicted_kinds.total()),
        **{(level, kind): (found[kind], gold_kinds[kind], predicted_kinds[kind]) for kind in kinds},
    }


def _kinds(items: Counter[Any]) -> Counter[str]:
    kinds: Counter[str] = Counter()
    for item, count in items.items():
        kinds[item[-1]] += count
    return kinds


def _attribute_counts(gold: View, predicted: View) -> dict[Key, Counts]:
    """Hits over the VALUEs found exactly with attributes on both sides, and over all gold VALUEs with attributes."""
    hits: Counter[str] = Counter()
    seen = annotated = 0
    for span, values in gold.attributes.items():
        if values is None:
            continue
        annotated += 1
        others = predicted.attributes.get(span)
        if others is not None:
            seen += 1
            hits.update(name for name, a, b in zip(ATTRIBUTE_NAMES, values, others, strict=True) if a == b)
    counts: dict[Key, Counts] = {}
    for name in ATTRIBUTE_NAMES:
        counts["attributes", name] = (hits[name], seen, seen)
        counts["attributes_of_gold", name] = (hits[name], annotated, annotated)
    return counts


def confusion(gold: View, predicted: View) -> Counter[tuple[str, str, str | None]]:
    """(attribute, gold value, predicted value) of each gold VALUE with attributes; None where none was found for it."""
    cells: Counter[tuple[str, str, str | None]] = Counter()
    for span, values in gold.attributes.items():
        if values is not None:
            others: tuple[str | None, ...] = predicted.attributes.get(span) or (None,) * len(values)
            cells.update(zip(ATTRIBUTE_NAMES, values, others, strict=True))
    return cells


def fact_counts(gold: Iterable[Fact], predicted: Iterable[Fact]) -> dict[Key, Counts]:
    """Counts of the facts of one document, whole and cut to their first slots, each fact paired at most once."""
    gold, predicted = tuple(gold), tuple(predicted)
    return {
        ("facts", name): multiset_counts(Counter(f[:slots] for f in gold), Counter(f[:slots] for f in predicted))
        for name, slots in FACT_CUTS.items()
    }
