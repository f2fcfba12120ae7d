"""Merging several annotators' files: a vote per span, relation and attribute, and a list of every conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.ballot import Conflict, Paragraph, merge_paragraph


class Policy(StrEnum):
    """What is taken over where annotators differ.

    ``first``: what the first annotator of the paragraph has. ``majority``: what more than half have. ``union``: what
    anyone has; of overlapping spans the one with the most votes, then the earliest annotator's. ``intersection``: what
    all have.
    """

    FIRST = "first"
    MAJORITY = "majority"
    UNION = "union"
    INTERSECTION = "intersection"


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged paragraphs in the order in which their ids first occur, and every conflict that was decided."""

    paragraphs: tuple[AnnotatedText, ...]
    conflicts: tuple[Conflict, ...]


def merge_annotations(
    annotators: Mapping[str, Sequence[AnnotatedText]],
    *,
    policy: Policy = Policy.MAJORITY,
    adjudicated: Sequence[AnnotatedText] = (),
) -> Merge:
    """Merge the annotations of each paragraph id; a paragraph that only some annotated is decided among those.

    Spans are compared by offsets and label; a relation is voted on by those who marked both of its ends, an attribute
    by those who gave the VALUE attributes (most votes, then the earliest annotator; the trend only among those whose
    measure won). Arguments that no relation needs any more are dropped, so that the result passes the checker if the
    files do. A paragraph in ``adjudicated`` is taken from there as it is.

    Raises ConfigError without annotators, AnnotationError if two texts of an id differ or a file has an id twice.
    """
    if not annotators:
        raise ConfigError("name at least one annotation file to merge")
    by_id: dict[str, dict[str, AnnotatedText]] = {}
    final = _index("adjudicated", adjudicated)
    for name, paragraphs in annotators.items():
        for key, paragraph in _index(name, paragraphs).items():
            by_id.setdefault(key, {})[name] = paragraph
    merged: list[AnnotatedText] = []
    conflicts: list[Conflict] = []
    for key, given in by_id.items():
        _check_texts(key, {**given, **({"adjudicated": final[key]} if key in final else {})})
        result = merge_paragraph(Paragraph(key, given), needed=_needed(policy), first_only=policy is Policy.FIRST)
        chosen = final.get(key, result.annotated)
        merged.append(chosen)
        conflicts += result.decided_by(chosen) if key in final else result.conflicts
    return Merge(tuple(merged), tuple(conflicts))


def _needed(policy: Policy) -> Mapping[str, float]:
    """The share of votes that is needed: more than ``above``, or at least ``least``."""
    shares = {Policy.MAJORITY: (0.5, 0.0), Policy.INTERSECTION: (0.0, 1.0)}
    above, least = shares.get(policy, (0.0, 0.0))
    return {"above": above, "least": least}


def _index(name: str, paragraphs: Sequence[AnnotatedText]) -> dict[str, AnnotatedText]:
    found: dict[str, AnnotatedText] = {}
    for paragraph in paragraphs:
        if paragraph.id in found:
            raise AnnotationError(f"{name}: id={paragraph.id} occurs twice; `zhibiao check` lists every problem")
        found[paragraph.id] = paragraph
    return found


def _check_texts(key: str, given: Mapping[str, AnnotatedText]) -> None:
    (first, expected), *others = given.items()
    for name, paragraph in others:
        if paragraph.text != expected.text:
            both = zip(expected.text, paragraph.text, strict=False)
            shorter = min(len(expected.text), len(paragraph.text))
            at = next((i for i, (a, b) in enumerate(both) if a != b), shorter)
            raise AnnotationError(
                f"id={key}: the texts differ from character {at} on: {first} has {expected.text[at : at + 12]!r}, "
                f"{name} has {paragraph.text[at : at + 12]!r}; annotations of different texts cannot be merged"
            )
