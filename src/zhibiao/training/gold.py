"""Gold annotations carried into normalised text; what cannot be carried, or never predicted, is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import AlignmentError, AnnotationError, ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText, Attributes
from zhibiao.core.schema import Schema
from zhibiao.core.spans import Span
from zhibiao.data.augment import augment_all
from zhibiao.text.normalize import normalize


@dataclass(frozen=True, slots=True)
class GoldParagraph:
    """One paragraph of normalised text; ``links`` maps a VALUE and a relation type to its argument."""

    id: str
    text: str
    spans: tuple[tuple[Span, str], ...]
    links: Mapping[tuple[Span, str], Span]
    attributes: Mapping[Span, Attributes]


def read_texts(paths: Iterable[str]) -> list[AnnotatedText]:
    """Every annotated text of ``paths``, in order. Raises ConfigError for a missing file."""
    found: list[AnnotatedText] = []
    for path in map(Path, paths):
        if not path.is_file():
            raise ConfigError(f"{path}: no such annotation file; paths are relative to {Path.cwd()}")
        found += read_annotated(path)
    return found


def read_gold(paths: Iterable[str], schema: Schema, ledger: Ledger) -> list[GoldParagraph]:
    """Every paragraph of ``paths``. Raises ConfigError for a missing file, AnnotationError for gold off the schema."""
    return [to_gold(text, schema, ledger) for text in read_texts(paths)]


def products(texts: Iterable[AnnotatedText], schema: Schema, *, seed: int, count: int) -> list[list[GoldParagraph]]:
    """For each text at most ``count`` products of augmentation, as gold; what they lose is not counted."""
    made = []
    for text in texts:
        found = augment_all([text], seed=seed, per_paragraph=count)
        made.append([to_gold(product, schema, Ledger()) for product in found])
    return made


def to_gold(annotated: AnnotatedText, schema: Schema, ledger: Ledger) -> GoldParagraph:
    """``annotated`` in the offsets of its normalised text; losses are counted in ``ledger``.

    Raises AnnotationError for a label, type or attribute value that the schema does not have.
    """
    _check(annotated, schema)
    normalized = normalize(annotated.text, ledger=ledger, where=annotated.id)
    spans: dict[str, Span] = {}
    taken: list[tuple[Span, str]] = []
    for entity in sorted(annotated.entities, key=lambda e: e.span):
        where = f"{annotated.id} {entity.id} {annotated.text[entity.span.start : entity.span.end]!r:.40}"
        try:
            span = normalized.map.to_normalised(entity.span)
        except AlignmentError:
            ledger.add("gold_span_changed_by_normalisation", where)
            continue
        if taken and taken[-1][0].overlaps(span):
            ledger.add("gold_span_overlaps_another", where)
            continue
        if "\n" in normalized.text[span.start : span.end]:
            ledger.add("gold_span_crosses_a_line", where)
            continue
        spans[entity.id] = span
        taken.append((span, entity.label))
    links: dict[tuple[Span, str], Span] = {}
    for relation in annotated.relations:
        where = f"{annotated.id} {relation.head}-{relation.type}-{relation.tail}"
        if relation.head not in spans or relation.tail not in spans:
            ledger.add("gold_relation_lost_its_span", where)
        elif (spans[relation.head], relation.type) in links:
            ledger.add("gold_relation_second_of_its_type", where)
        else:
            links[spans[relation.head], relation.type] = spans[relation.tail]
    attributes = {spans[a.entity]: a for a in annotated.attributes if a.entity in spans}
    return GoldParagraph(annotated.id, normalized.text, tuple(taken), links, attributes)


def _check(annotated: AnnotatedText, schema: Schema) -> None:
    labels = {e.id: e.label for e in annotated.entities}
    for entity in annotated.entities:
        if entity.label not in schema.labels:
            raise AnnotationError(f"{annotated.id} {entity.id}: label {entity.label!r} is not in the schema")
    for relation in annotated.relations:
        if relation.type not in schema.relations:
            raise AnnotationError(f"{annotated.id}: relation type {relation.type!r} is not in the schema")
        if labels.get(relation.head) != schema.head:
            raise AnnotationError(
                f"{annotated.id}: {relation.type} leads from {relation.head}, which is no {schema.head}"
            )
    for item in annotated.attributes:
        for name, kind in schema.attributes.items():
            if getattr(item, name) not in kind.values:
                raise AnnotationError(
                    f"{annotated.id} {item.entity}: {name}={getattr(item, name)!r} is not in the schema"
                )


def missing_labels(paragraphs: Iterable[GoldParagraph], schema: Schema) -> list[str]:
    """Labels and relation types of the schema that the gold never uses: they could not be learned."""
    seen: set[str] = set()
    for paragraph in paragraphs:
        seen.update(label for _, label in paragraph.spans)
        seen.update(kind for _, kind in paragraph.links)
    return [name for name in (*schema.labels, *schema.relations) if name not in seen]


def count_forbidden(paragraphs: Iterable[GoldParagraph], schema: Schema, ledger: Ledger) -> None:
    """Count gold relations whose tail has a label that the decoder never offers for that type."""
    for paragraph in paragraphs:
        labels = dict(paragraph.spans)
        for (value, kind), tail in paragraph.links.items():
            if labels[tail] not in schema.relations[kind].tails:
                ledger.add(
                    "gold_relation_to_a_forbidden_label",
                    f"{paragraph.id} {kind} {paragraph.text[value.start : tail.end]!r:.40}",
                )
