"""What cannot be taken over from a Label Studio task as it stands: codes, and one problem with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Severity = Literal["error", "warning"]

# Every code with its severity and what it stands for. An error leaves out what it names, and nothing else; a warning
# leaves out nothing of the annotation.
CODES: dict[str, tuple[Severity, str]] = {
    "bad-task": ("error", "the task lacks a part or a part is of the wrong type; it is left out"),
    "text-changed": ("error", "the text is not the one that was sent; the task is left out"),
    "bad-annotation": ("error", "the annotation has no list of results; it is left out"),
    "bad-result": ("error", "a result lacks a part or a part is of the wrong type"),
    "unknown-control": ("error", "a result belongs to no control of the labeling interface"),
    "unknown-labels": ("error", "a region belongs to no control of the labeling interface, and none of the text does"),
    "unknown-label": ("error", "the label is not in the schema"),
    "several-labels": ("error", "a region has not exactly one label"),
    "out-of-range": ("error", "the offsets are not within the text, or the end is not behind the start"),
    "text-differs": ("error", "the offsets cover another text than the region names"),
    "duplicate-id": ("error", "an earlier region has the same id"),
    "region-note": ("warning", "somebody wrote a note to the region, which an annotated text has no place for"),
    "duplicate-region": ("warning", "an earlier region has the same offsets and label; both become one entity"),
    "overlap": ("error", "the region overlaps an earlier one; spans are flat"),
    "missing-region": ("error", "a relation or choice names a region that is not there or was left out"),
    "no-value": ("error", "neither end of a relation is a value"),
    "no-type": ("error", "a relation has no type"),
    "unknown-type": ("error", "the relation type is not in the schema"),
    "duplicate-relation": ("warning", "the relation is there already"),
    "turned-relation": ("warning", "the relation led to its value; it is turned to lead from it"),
    "unknown-choice": ("error", "the choice is not in the schema"),
    "several-choices": ("error", "a control of a region has not exactly one choice"),
    "duplicate-choice": ("error", "an earlier result of the region has chosen in the same control"),
    "misplaced-choice": ("error", "only a value has attributes"),
}


@dataclass(frozen=True, slots=True)
class TaskProblem:
    """One problem and its place; what is not known about the place is empty or None.

    ``task`` and ``annotation`` are ids of the server, ``id`` is that of the row, ``region`` that of the result.
    ``start`` and ``end`` are the offsets as they were given. ``message`` says what was expected, got and left out.
    """

    code: str
    message: str
    task: str = ""
    id: str = ""
    annotation: str = ""
    annotator: str = ""
    region: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``, by the code."""
        return CODES[self.code][0]

    def __str__(self) -> str:
        """``task 7 id=a#1 annotation 3 by x@y.z T3 [12, 15) '17%': error code: message``, without what is not known."""
        names = (("task {}", self.task), ("id={}", self.id), ("annotation {}", self.annotation))
        place = [
            form.format(value) for form, value in (*names, ("by {}", self.annotator), ("{}", self.region)) if value
        ]
        if self.start is not None and self.end is not None:
            place.append(f"[{self.start}, {self.end}) {self.text!r}")
        return f"{' '.join(place) or 'task'}: {self.severity} {self.code}: {self.message}"


class Report:
    """Collects the problems of one place."""

    def __init__(self, place: TaskProblem) -> None:
        self.place = place
        self.problems: list[TaskProblem] = []

    def add(self, code: str, message: str, **where: Any) -> None:
        """Report ``message``; ``where`` are further fields of TaskProblem."""
        self.problems.append(replace(self.place, code=code, message=message, **where))
