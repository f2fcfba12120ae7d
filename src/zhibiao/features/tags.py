"""Spans as BIOES tags and back; the tag set follows the order of the labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.errors import AlignmentError
from zhibiao.core.spans import Span

OUTSIDE = 0
_BEGIN, _INSIDE, _END, _SINGLE = range(4)


@dataclass(frozen=True)
class TagSet:
    """Tags of ``labels``: 0 is O; label i has B, I, E, S at ``1 + 4 i`` and following."""

    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of tags."""
        return 1 + 4 * len(self.labels)

    def begin(self, label: int) -> int:
        """The B tag of a label; I, E and S follow it."""
        return 1 + 4 * label

    @cached_property
    def transitions(self) -> NDArray[np.bool_]:
        """(size, size): may tag j follow tag i."""
        allowed = np.zeros((self.size, self.size), dtype=bool)
        opens = [OUTSIDE, *(self.begin(i) + kind for i in range(len(self.labels)) for kind in (_BEGIN, _SINGLE))]
        for tag in range(self.size):
            kind = (tag - 1) % 4
            if tag == OUTSIDE or kind in (_END, _SINGLE):
                allowed[tag, opens] = True
            else:
                base = tag - kind
                allowed[tag, [base + _INSIDE, base + _END]] = True
        return allowed

    @cached_property
    def starts(self) -> NDArray[np.bool_]:
        """(size,): may a text begin with this tag."""
        return np.asarray(self.transitions[OUTSIDE])

    @cached_property
    def ends(self) -> NDArray[np.bool_]:
        """(size,): may a text end with this tag."""
        return np.asarray(self.transitions[:, OUTSIDE])

    def encode(self, spans: Iterable[tuple[Span, str]], length: int) -> NDArray[np.int64]:
        """(length,) tags of ``spans``, which do not overlap.

        Raises AlignmentError if two overlap or one ends beyond ``length``, ValueError for an unknown label.
        """
        tags = np.zeros(length, dtype=np.int64)
        for span, label in spans:
            if span.end > length or tags[span.start : span.end].any():
                raise AlignmentError(
                    f"span [{span.start}, {span.end}) {label} overlaps another or ends beyond {length}"
                )
            base = self.begin(self.labels.index(label))
            if span.end - span.start == 1:
                tags[span.start] = base + _SINGLE
            else:
                tags[span.start] = base + _BEGIN
                tags[span.start + 1 : span.end - 1] = base + _INSIDE
                tags[span.end - 1] = base + _END
        return tags

    def decode(self, tags: Sequence[int] | NDArray[np.int64]) -> list[tuple[Span, str]]:
        """The spans of a valid tag sequence, in order."""
        found: list[tuple[Span, str]] = []
        start = 0
        for at, tag in enumerate(tags):
            if tag == OUTSIDE:
                continue
            label, kind = divmod(int(tag) - 1, 4)
            if kind in (_BEGIN, _SINGLE):
                start = at
            if kind in (_END, _SINGLE):
                found.append((Span(start, at + 1), self.labels[label]))
        return found
