"""Exact maps from positions in normalised text back to the raw text, and their composition."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from zhibiao.core.errors import AlignmentError
from zhibiao.core.spans import RawSpan, Span


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """For every normalised character the raw interval it stands for.

    ``starts`` and ``ends`` (array type "I", one entry a normalised character, both non-decreasing) are half-open raw intervals.
    Characters that came out of one indivisible replacement (four raw characters turned into three) share one interval. Raw
    characters that lie in no interval were removed. ``raw_length`` is the length of the raw text in code points.
    """

    starts: array[int]
    ends: array[int]
    raw_length: int

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text onto itself."""
        return cls(array("I", range(length)), array("I", range(1, length + 1)), length)

    @classmethod
    def from_blocks(cls, blocks: Iterable[tuple[int, int]], raw_length: int) -> OffsetMap:
        """One ``(raw_start, raw_end)`` per normalised character."""
        starts, ends = array("I"), array("I")
        for start, end in blocks:
            starts.append(start)
            ends.append(end)
        return cls(starts, ends, raw_length)

    def __len__(self) -> int:
        return len(self.starts)

    def then(self, later: OffsetMap) -> OffsetMap:
        """The map of a text normalised by this step and then by ``later``.

        Raises AlignmentError if ``later`` does not start from the text this step ends in.
        """
        if later.raw_length != len(self):
            raise AlignmentError(f"maps do not compose: {len(self)} characters out, {later.raw_length} in")
        starts, ends = self.starts, self.ends
        return OffsetMap(
            array("I", (starts[i] for i in later.starts)),
            array("I", (ends[i - 1] for i in later.ends)),
            self.raw_length,
        )

    def to_raw(self, span: Span) -> RawSpan:
        """The raw interval of ``span``: from the first character's start to the last one's end.

        Raises AlignmentError if ``span`` reaches beyond the normalised text.
        """
        if span.end > len(self):
            raise AlignmentError(f"span [{span.start}, {span.end}) ends beyond the text of {len(self)} characters")
        return RawSpan(self.starts[span.start], self.ends[span.end - 1])

    def to_normalised(self, raw: RawSpan) -> Span:
        """The span that covers exactly what is left of ``raw``; removed characters at either edge do not matter.

        Raises AlignmentError if nothing is left of it or an edge falls inside an indivisible replacement.
        """
        if raw.end > self.raw_length:
            raise AlignmentError(f"raw span [{raw.start}, {raw.end}) ends beyond the text of {self.raw_length} characters")
        start = bisect_left(self.starts, raw.start)
        end = bisect_right(self.ends, raw.end)
        if start >= end:
            raise AlignmentError(f"raw span [{raw.start}, {raw.end}) was removed or lies inside one replacement")
        if (start > 0 and self.ends[start - 1] > raw.start) or (end < len(self) and self.starts[end] < raw.end):
            raise AlignmentError(f"raw span [{raw.start}, {raw.end}) cuts a replacement in two")
        return Span(start, end)
