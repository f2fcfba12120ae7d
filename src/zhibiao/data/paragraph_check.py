"""The checks of one annotated paragraph as it was read from JSON, whatever JSON it is."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from zhibiao.core.schema import Schema
from zhibiao.core.surfaces import fold
from zhibiao.data.problems import Problem
from zhibiao.text.normalize import normalize

_NAMES = {"str": "a string", "list": "a list", "dict": "an object", "int": "an integer", "float": "a number"}
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "list": (list,),
    "dict": (dict,),
    "int": (int,),
    "float": (int, float),
}
_SENTENCE_MARKS = frozenset("，。、；：！？,.;:!?…")
_BRACKETS = {
    "（": "）",
    "(": ")",
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "[": "]",
    "「": "」",
    "『": "』",
}
_OPENING = {closing: opening for opening, closing in _BRACKETS.items()}
# The measures that have a direction; every other measure has the trend none.
_DIRECTED_MEASURES = ("growth", "change")
# What may stand between a number and its unit besides other numbers and units: the marks of a range or list.
_LIST_MARKS_RE = re.compile(r"[\s、,，和与及或至到—–~～\-]*")

_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = _brief.maxlong = 60


@dataclass(frozen=True, slots=True)
class _Mention:
    """An entity as far as it is usable: ``span`` is None where its offsets are not."""

    id: str
    label: str
    start: int | None = None
    end: int | None = None
    span: tuple[int, int] | None = None


def check_paragraph(raw: Any, *, line: int, schema: Schema) -> list[Problem]:
    """Every problem of the JSON value ``raw``, read from line number ``line``, in the order in which it is written."""
    check = _ParagraphCheck(line, schema)
    check.run(raw)
    return check.problems


class _ParagraphCheck:
    def __init__(self, line: int, schema: Schema) -> None:
        self.problems: list[Problem] = []
        self._line = line
        self._schema = schema
        self._id = ""
        self._text: str | None = None
        self._mentions: dict[str, _Mention] = {}

    def run(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            self._add("wrong-type", f"a paragraph is an object, got {_brief.repr(raw)}")
            return
        self._id = raw["id"] if isinstance(raw.get("id"), str) else ""
        if self._get(raw, "id", "str") == "":
            self._add("empty-id", "the id of a paragraph is a string of at least one character")
        self._text = self._get(raw, "text", "str")
        if self._text is not None and not self._text.strip():
            self._add("empty-text", f"some text is expected, got {_brief.repr(self._text)}")
        if raw.get("meta") is not None:
            self._get(raw, "meta", "dict")
        spans = [self._check_entity(item) for item in self._objects(raw, "entities")]
        self._check_overlaps([mention for mention in spans if mention.span])
        self._check_relations(list(self._objects(raw, "relations")))
        self._check_attributes(list(self._objects(raw, "attributes")))

    def _add(self, code: str, message: str, at: _Mention | None = None) -> None:
        place: dict[str, Any] = {}
        if at:
            place = {"entity": at.id, "start": at.start, "end": at.end, "text": self._covered(at)}
        self.problems.append(Problem(code, self._line, message, id=self._id, **place))

    def _covered(self, at: _Mention) -> str:
        return self._text[slice(*at.span)] if self._text is not None and at.span else ""

    def _get(self, item: dict[str, Any], key: str, kind: str, at: _Mention | None = None) -> Any:
        """The value of ``key`` if it is of ``kind``, else a problem and None; a bool is no number."""
        if key not in item:
            self._add("missing-key", f"the key {key!r} is missing; got the keys {_brief.repr(sorted(item))}", at)
        elif not isinstance(item[key], _TYPES[kind]) or isinstance(item[key], bool):
            self._add("wrong-type", f"{key} is {_NAMES[kind]}, got {_brief.repr(item[key])}", at)
        else:
            return item[key]
        return None

    def _objects(self, raw: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
        for number, item in enumerate(self._get(raw, key, "list") or ()):
            if isinstance(item, dict):
                yield item
            else:
                self._add("wrong-type", f"{key}[{number}] is an object, got {_brief.repr(item)}")

    def _check_entity(self, item: dict[str, Any]) -> _Mention:
        at = _Mention(item["id"] if isinstance(item.get("id"), str) else "", "")
        identifier, label = self._get(item, "id", "str", at), self._get(item, "label", "str", at)
        start, end = self._get(item, "start", "int", at), self._get(item, "end", "int", at)
        at = _Mention(at.id, label or "", start, end)
        at = replace(at, span=self._check_span(at))
        if label is not None and label not in self._schema.labels:
            self._add("unknown-label", f"one of {list(self._schema.labels)} is expected, got {label!r:.60}", at)
        if item.get("score") is not None:
            self._get(item, "score", "float", at)
        surface = self._get(item, "surface", "str", at) if item.get("surface") is not None else None
        if self._text is not None and at.span:
            self._check_covered(at, surface)
        if identifier == "":
            self._add("empty-id", "the id of an entity is a string of at least one character", at)
        elif identifier in self._mentions:
            self._add("duplicate-entity-id", f"an earlier entity has the id {identifier!r:.60}", at)
        elif identifier is not None:
            self._mentions[identifier] = at
        return at

    def _check_span(self, at: _Mention) -> tuple[int, int] | None:
        if at.start is None or at.end is None:
            return None
        if at.start >= at.end:
            self._add("empty-span", "start < end is expected (the end is exclusive)", at)
        elif at.start < 0 or (self._text is not None and at.end > len(self._text)):
            limit = "any" if self._text is None else len(self._text)
            self._add("out-of-range", f"offsets from 0 to {limit} code points are expected", at)
        else:
            return at.start, at.end
        return None

    def _check_covered(self, at: _Mention, surface: str | None) -> None:
        covered = self._covered(at)
        bare = covered.strip()
        if surface is not None and fold(surface) not in (fold(covered), fold(normalize(covered).text)):
            self._add("surface-differs", f"the text of the span is expected, got {_brief.repr(surface)}", at)
        if covered != bare:
            self._add("edge-blank", "a span without outer blanks is expected", at)
        if bare and _bad_edges(bare):
            self._add("edge-punctuation", "a span without outer punctuation or half a pair of brackets is expected", at)

    def _check_overlaps(self, placed: list[_Mention]) -> None:
        reach, reached = 0, _Mention("", "")
        for start, end, at in sorted(((*at.span, at) for at in placed if at.span), key=itemgetter(0, 1)):
            if start < reach:
                other = f"{reached.id} [{reached.start}, {reached.end}) {_brief.repr(self._covered(reached))}"
                self._add("overlap", f"flat spans are expected, this one overlaps {other}", at)
            if end > reach:
                reach, reached = end, at

    def _check_relations(self, items: list[dict[str, Any]]) -> None:
        linked: set[str] = set()
        seen: set[tuple[str, str]] = set()
        for item in items:
            named = item.get("head")
            at = self._mentions.get(named, _Mention(named, "")) if isinstance(named, str) else None
            head, tail, kind = (self._get(item, key, "str", at) for key in ("head", "tail", "type"))
            if item.get("score") is not None:
                self._get(item, "score", "float", at)
            for end in (head, tail):
                if end is not None and end not in self._mentions:
                    self._add("unknown-entity", f"the relation names {end!r:.60}, which is no entity", at)
            source, target = self._mentions.get(head), self._mentions.get(tail)
            if source and source.label == self._schema.head:
                linked.add(tail)
            elif source and source.label in self._schema.labels:
                self._add("head-label", f"a relation starts from a {self._schema.head}, got {source.label!r:.60}", at)
            if kind is not None:
                self._check_kind(kind, source, target, at)
                if head is not None and (head, kind) in seen:
                    self._add(
                        "duplicate-relation", f"one {kind!r:.60} relation is expected, got another, to {tail!r:.60}", at
                    )
                seen.add((head, kind))
        for mention in self._mentions.values():
            if mention.label in self._schema.labels and mention.label != self._schema.head and mention.id not in linked:
                message = f"a {mention.label} is marked only where it is an argument of a {self._schema.head}"
                self._add("unlinked-argument", message, mention)

    def _check_kind(self, kind: str, source: _Mention | None, target: _Mention | None, at: _Mention | None) -> None:
        relation = self._schema.relations.get(kind)
        if relation is None:
            self._add("unknown-type", f"one of {list(self._schema.relations)} is expected, got {kind!r:.60}", at)
        elif target and target.label in self._schema.labels and target.label not in relation.tails:
            got = f"{target.label!r:.60} ({target.id}, {_brief.repr(self._covered(target))})"
            self._add("tail-label", f"{kind} ends in one of {list(relation.tails)}, got {got}", at)
        if kind == "unit" and source and target and self._apart(source, target):
            got = f"{target.id} [{target.start}, {target.end}) {_brief.repr(self._covered(target))}"
            self._add("unit-not-adjacent", f"the unit is expected right after the number, got {got}", at)

    def _apart(self, number: _Mention, unit: _Mention) -> bool:
        """True if the unit stands first, or if more stands between them than the rest of a range or list."""
        if not (number.span and unit.span):
            return False
        start, end = number.span[1], unit.span[0]
        if self._text is None or start == end:
            return False
        kept = list(self._text[start:end])
        for mention in self._mentions.values():
            if mention.span and mention.label in (self._schema.head, "UNIT") and start <= mention.span[0] < end:
                kept[mention.span[0] - start : mention.span[1] - start] = [""] * (mention.span[1] - mention.span[0])
        return end < start or _LIST_MARKS_RE.fullmatch("".join(kept)) is None

    def _check_attributes(self, items: list[dict[str, Any]]) -> None:
        seen: set[str] = set()
        for item in items:
            named = item.get("entity")
            at = self._mentions.get(named, _Mention(named, "")) if isinstance(named, str) else None
            entity = self._get(item, "entity", "str", at)
            if entity is not None and entity not in self._mentions:
                self._add("unknown-entity", f"the attributes name {entity!r:.60}, which is no entity", at)
            elif at and at.label in self._schema.labels and at.label != self._schema.head:
                self._add(
                    "attributes-misplaced", f"only a {self._schema.head} has attributes, got a {at.label!r:.60}", at
                )
            if entity in seen:
                self._add("duplicate-attributes", f"{entity!r:.60} already has attributes", at)
            elif entity is not None:
                seen.add(entity)
            self._check_values(item, at)
        for mention in self._mentions.values():
            if mention.label == self._schema.head and mention.id not in seen:
                self._add(
                    "attributes-missing",
                    f"a {self._schema.head} has the attributes {list(self._schema.attributes)}",
                    mention,
                )

    def _check_values(self, item: dict[str, Any], at: _Mention | None) -> None:
        for key in sorted(item.keys() - {"entity", *self._schema.attributes}):
            self._add("unknown-attribute", f"one of {list(self._schema.attributes)} is expected, got {key!r:.60}", at)
        values = {}
        for name, attribute in self._schema.attributes.items():
            value = self._get(item, name, "str", at)
            if value is not None and value not in attribute.values:
                self._add("unknown-value", f"{name} is one of {list(attribute.values)}, got {value!r:.60}", at)
            elif value is not None:
                values[name] = value
        measure, trend = values.get("measure"), values.get("trend")
        if measure and trend and (measure in _DIRECTED_MEASURES) != (trend != "none"):
            wanted = "up or down" if measure in _DIRECTED_MEASURES else "none"
            self._add("trend-contradicts", f"measure {measure} has the trend {wanted}, got {trend}", at)


def _bad_edges(bare: str) -> bool:
    """True if ``bare`` begins or ends with a sentence mark or with a bracket whose partner is not within it."""
    first, last = bare[0], bare[-1]
    return (
        first in _SENTENCE_MARKS
        or last in _SENTENCE_MARKS
        or first in _OPENING
        or last in _BRACKETS
        or (first in _BRACKETS and _BRACKETS[first] not in bare)
        or (last in _OPENING and _OPENING[last] not in bare)
    )
