"""The JSON Lines form of annotated paragraphs (GUIDELINES section 5): one object a line, offsets in code points."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from zhibiao.core.errors import AnnotationError, InputError
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.spans import RawSpan

ATTRIBUTE_NAMES = ("measure", "trend", "status", "bound")


def encode(annotated: AnnotatedText) -> dict[str, Any]:
    """The JSON object of ``annotated``; ``surface`` and ``score`` only where they are set."""
    entities = []
    for entity in annotated.entities:
        item: dict[str, Any] = {
            "id": entity.id,
            "label": entity.label,
            "start": entity.span.start,
            "end": entity.span.end,
        }
        if entity.surface is not None:
            item["surface"] = entity.surface
        if entity.score is not None:
            item["score"] = round(entity.score, 6)
        entities.append(item)
    return {
        "id": annotated.id,
        "text": annotated.text,
        "meta": dict(annotated.meta),
        "entities": entities,
        "relations": [{"head": r.head, "tail": r.tail, "type": r.type} for r in annotated.relations],
        "attributes": [
            {"entity": a.entity, **{name: getattr(a, name) for name in ATTRIBUTE_NAMES}} for a in annotated.attributes
        ],
    }


def decode(raw: Mapping[str, Any]) -> AnnotatedText:
    """The annotated text of one JSON object.

    Checks types and offsets only; labels, types and attribute values are the checker's business (zhibiao.data.check).
    Raises AnnotationError naming the key that is missing or of the wrong type.
    """
    if not isinstance(raw, Mapping):
        raise AnnotationError(f"an object is expected, got {type(raw).__name__}")
    try:
        identifier, text = raw["id"], raw["text"]
        if not isinstance(identifier, str) or not isinstance(text, str):
            raise AnnotationError(f"id and text are strings, got {identifier!r:.40} and {text!r:.40}")
        return AnnotatedText(
            id=identifier,
            text=text,
            meta={str(k): "" if v is None else str(v) for k, v in (raw.get("meta") or {}).items()},
            entities=tuple(
                RawEntity(
                    _typed(e, "id", str),
                    _typed(e, "label", str),
                    RawSpan(_typed(e, "start", int), _typed(e, "end", int)),
                    None if e.get("surface") is None else _typed(e, "surface", str),
                    None if e.get("score") is None else _typed(e, "score", (int, float)),
                )
                for e in raw.get("entities", ())
            ),
            relations=tuple(
                Relation(_typed(r, "head", str), _typed(r, "tail", str), _typed(r, "type", str), r.get("score", 1.0))
                for r in raw.get("relations", ())
            ),
            attributes=tuple(
                Attributes(
                    _typed(a, "entity", str), *(_typed(a, name, str) if name in a else "" for name in ATTRIBUTE_NAMES)
                )
                for a in raw.get("attributes", ())
            ),
        )
    except KeyError as error:
        raise AnnotationError(f"the key {error.args[0]!r} is missing") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise AnnotationError(f"wrong type or offsets: {error}") from error


def _typed(item: Mapping[str, Any], key: str, kind: type | tuple[type, ...]) -> Any:
    value = item[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{key} cannot be {value!r:.40}")
    return value


def read_annotated(path: Path) -> Iterator[AnnotatedText]:
    """Every annotated text of a JSON Lines file, blank lines left out.

    Raises InputError if the file cannot be opened, and AnnotationError with ``path:line`` at the first line that is no
    annotated text; ``zhibiao check`` lists all.
    """
    try:
        lines = path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; name a JSON Lines file") from error
    with lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield decode(json.loads(line.decode("utf-8-sig")))  # Windows tools write a BOM
                except (ValueError, RecursionError, AnnotationError) as error:
                    raise AnnotationError(
                        f"{path}:{number}: {error}; `zhibiao check {path}` lists every problem"
                    ) from error


def dumps(annotated: AnnotatedText) -> str:
    """One line of JSON, without the line end; a lone surrogate is escaped, so that the line is always valid UTF-8."""
    encoded = encode(annotated)
    line = json.dumps(encoded, ensure_ascii=False)
    return line if _encodable(line) else json.dumps(encoded)


def _encodable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
