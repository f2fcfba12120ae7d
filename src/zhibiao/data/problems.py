"""The problems that an annotation file can have: their codes, and one problem with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

# Every code with its severity and what it stands for; codes are stable, other tools may rely on them.
CODES: dict[str, tuple[Severity, str]] = {
    "not-utf8": ("error", "the line is not valid UTF-8"),
    "bad-json": ("error", "the line is not valid JSON"),
    "wrong-type": ("error", "a value is not of the JSON type that its key needs"),
    "missing-key": ("error", "a required key is missing"),
    "duplicate-id": ("error", "an earlier paragraph has the same id"),
    "empty-id": ("error", "the id of a paragraph or entity is empty"),
    "empty-text": ("error", "the text is empty or blank"),
    "duplicate-entity-id": ("error", "an earlier entity of the paragraph has the same id"),
    "unknown-label": ("error", "the label is not in the schema"),
    "empty-span": ("error", "start is not before end"),
    "out-of-range": ("error", "the span reaches beyond the text"),
    "overlap": ("error", "the span overlaps another one; spans are flat"),
    "surface-differs": ("warning", "the surface is neither the text of the span nor its normalised form"),
    "edge-blank": ("warning", "the span begins or ends with a blank"),
    "edge-punctuation": ("warning", "the span begins or ends with punctuation that belongs to the sentence"),
    "unknown-type": ("error", "the relation type is not in the schema"),
    "unknown-entity": ("error", "a relation or attributes name an entity that is not defined"),
    "head-label": ("error", "the head of a relation does not have the head label of the schema"),
    "tail-label": ("error", "the label of the tail is not allowed for the relation type"),
    "duplicate-relation": ("error", "the head already has a relation of this type"),
    "unit-not-adjacent": ("warning", "the unit does not follow its number, and this is no range or list"),
    "unlinked-argument": ("error", "a span other than a value is no argument of any value"),
    "attributes-missing": ("error", "a value has no attributes"),
    "attributes-misplaced": ("error", "attributes of a span that is no value"),
    "duplicate-attributes": ("error", "the entity already has attributes"),
    "unknown-attribute": ("error", "the attribute is not in the schema"),
    "unknown-value": ("error", "the value of the attribute is not in the schema"),
    "trend-contradicts": (
        "error",
        "the trend does not fit the measure: up or down for growth and change, none otherwise",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem and its place; what is not known about the place is None or empty.

    ``line`` counts from 1. ``start`` and ``end`` are the offsets as they were given, ``text`` is what they cover.
    ``message`` says what was expected and what was got.
    """

    code: str
    line: int
    message: str
    id: str = ""
    entity: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``, by the code."""
        return CODES[self.code][0]

    def __str__(self) -> str:
        """``line: id=a#1 T3 [12, 15) '17%': error code: message``, without the parts that are not known."""
        place = [f"{self.line}:"]
        if self.id:
            place.append(f"id={self.id}")
        if self.entity:
            place.append(self.entity)
        if self.start is not None and self.end is not None:
            place.append(f"[{self.start}, {self.end}) {self.text!r}")
        head = " ".join(place).removesuffix(":")
        return f"{head}: {self.severity} {self.code}: {self.message}"
