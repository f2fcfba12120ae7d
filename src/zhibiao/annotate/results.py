"""Annotated texts as Label Studio results: regions with one label, choices per region, relations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from zhibiao.annotate.interface import LABELS, TEXT
from zhibiao.annotate.kept import Kept
from zhibiao.annotate.sent import SentText
from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText, Attributes
from zhibiao.core.schema import Schema, default_schema

_NO_CHARACTER_RE = re.compile("[\0\ud800-\udfff]")


def to_results(
    text: AnnotatedText, *, schema: Schema | None = None, sent: SentText | None = None
) -> list[dict[str, Any]]:
    """The results of ``text`` in the order of its entities, each followed by its choices; relations last.

    ``sent`` is the text as the task has it (None: as ``to_task`` sends it). Offsets are code points of it, which
    is what the page of Label Studio 1.23 reads and writes (tried with emoji; others count in UTF-16). Relations of the
    same two regions are one result with several labels, as a page drops a second one.

    Raises AnnotationError that names everything which Label Studio or the schema has no place for.
    """
    schema, sent = schema or default_schema(), sent or SentText(text.text)
    check_sendable(text, sent, schema)
    region = Kept.of(text, sent, schema).regions(text)
    attributes = {item.entity: item for item in text.attributes}
    results: list[dict[str, Any]] = []
    for entity in text.entities:
        start, end = sent.to_sent(entity.span) or (0, 0)
        value = {"start": start, "end": end, "text": sent.text[start:end]}
        place = {"id": region[entity.id], "to_name": TEXT}
        item = {**place, "from_name": LABELS, "type": "labels", "value": {**value, "labels": [entity.label]}}
        results.append(item if entity.score is None else {**item, "score": entity.score})
        for name, choice in _choices(attributes.get(entity.id), schema).items():
            results.append({**place, "from_name": name, "type": "choices", "value": {**value, "choices": [choice]}})
    return results + _relations(text, region)


def _choices(attributes: Attributes | None, schema: Schema) -> dict[str, str]:
    given = {} if attributes is None else {name: getattr(attributes, name) for name in schema.attributes}
    return {name: choice for name, choice in given.items() if choice}


def _relations(text: AnnotatedText, region: Mapping[str, str]) -> list[dict[str, Any]]:
    types: dict[tuple[str, str], list[str]] = {}
    for relation in text.relations:
        types.setdefault((relation.head, relation.tail), []).append(relation.type)
    return [
        {"type": "relation", "from_id": region[head], "to_id": region[tail], "direction": "right", "labels": labels}
        for (head, tail), labels in types.items()
    ]


def check_sendable(text: AnnotatedText, sent: SentText, schema: Schema) -> None:
    """Raises AnnotationError that names everything in ``text`` which Label Studio or the schema has no place for."""
    problems = [*unstorable(text), *_entity_problems(text, sent, schema), *_link_problems(text, schema)]
    if problems:
        raise AnnotationError(f"id={text.id!r:.80}: cannot be sent to Label Studio: {'; '.join(problems)}")


def unstorable(text: AnnotatedText) -> Iterator[str]:
    """The strings of ``text`` that are no text for a database or a page: lone surrogates and NUL."""
    entities = [(f"entity {e.id!r:.40}", part) for e in text.entities for part in (e.id, e.surface or "")]
    meta = [(f"meta {key!r:.40}", part) for item in text.meta.items() for key, part in ((item[0], p) for p in item)]
    for where, part in [("text", text.text), ("id", text.id), *meta, *entities]:
        found = _NO_CHARACTER_RE.search(part)
        if found:
            near = part[max(0, found.start() - 10) : found.end() + 10]
            got = "NUL" if found.group() == "\0" else "a lone surrogate"
            yield f"{where}: {got} at {found.start()}, {near!r}, is no character; remove or replace it"


def _link_problems(text: AnnotatedText, schema: Schema) -> Iterator[str]:
    label = {entity.id: entity.label for entity in text.entities}
    for relation in text.relations:
        name = f"relation {relation.type} from {relation.head} to {relation.tail}"
        if relation.type not in schema.relations:
            yield f"{name}: one of {list(schema.relations)} is expected"
        if relation.tail not in label or label.get(relation.head) != schema.head:
            yield f"{name}: it leads from a {schema.head} to an entity of the text"
    yield from _repeated("relation", [(r.head, r.tail, r.type) for r in text.relations])
    for item in text.attributes:
        if label.get(item.entity) != schema.head:
            yield f"attributes of {item.entity}: only a {schema.head} of the text has any"
        chosen = _choices(item, schema)
        for name, choice in chosen.items():
            allowed = list(schema.attributes[name].values)
            if choice not in allowed:
                yield f"attributes of {item.entity}: {name} is one of {allowed}, got {choice!r}"
        if not chosen:
            yield f"attributes of {item.entity}: all are empty"
    yield from _repeated("attributes of", [item.entity for item in text.attributes])


def _entity_problems(text: AnnotatedText, sent: SentText, schema: Schema) -> Iterator[str]:
    reach = 0
    for entity in sorted(text.entities, key=lambda entity: entity.span):
        span = entity.span
        name = f"{entity.id} [{span.start}, {span.end}) {text.text[span.start : span.end]!r:.60}"
        if entity.label not in schema.labels:
            yield f"{name}: the label is one of {list(schema.labels)}, got {entity.label!r}"
        if span.end > len(text.text):
            yield f"{name}: it ends beyond the text of {len(text.text)} characters"
        elif sent.to_sent(span) is None:
            yield f"{name}: it cuts the line end \\r\\n in two"
        if span.start < reach:
            yield f"{name}: it overlaps the entity before it; spans are flat"
        if entity.score is not None and not 0 <= entity.score <= 1:
            yield f"{name}: a score from 0 to 1 is expected, got {entity.score}"
        reach = max(reach, span.end)
    yield from _repeated("entity id", [entity.id for entity in text.entities])


def _repeated(what: str, given: list[Any]) -> Iterator[str]:
    for name, count in Counter(given).items():
        if count > 1:
            yield f"{what} {name}: given {count} times"
