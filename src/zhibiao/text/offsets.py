"""Exact maps from positions in normalised text back to the raw text, and their composition."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhibiao.core.errors import AlignmentError
from zhibiao.core.spans import RawSpan, Span


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """For every normalised character the raw interval it stands for.

    ``starts`` and ``ends`` (one entry a normalised character, both non-decreasing) are half-open raw intervals: arrays
    of type "I", or ranges in the identity map, which thus costs nothing to make or to compose. Characters that came out
    of one indivisible replacement (four raw characters turned into three) share one interval. Raw characters that lie
    in no interval were removed. ``raw_length`` is the length of the raw text in code points.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    raw_length: int

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """The map of a text onto itself."""
        return cls(range(length), range(1, length + 1), length)

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

    @property
    def is_identity(self) -> bool:
        """True for a map made by ``identity``."""
        return isinstance(self.starts, range)

    def then(self, later: OffsetMap) -> OffsetMap:
        """The map of a text normalised by this step and then by ``later``.

        Raises AlignmentError if ``later`` does not start from the text this step ends in.
        """
        if later.raw_length != len(self):
            raise AlignmentError(f"maps do not compose: {len(self)} characters out, {later.raw_length} in")
        if later.is_identity:
            return self
        if self.is_identity:
            return later
        starts, ends = self.starts, self.ends
        return OffsetMap(
            array("I", [starts[i] for i in later.starts]),
            array("I", [ends[i - 1] for i in later.ends]),
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
            raise AlignmentError(
                f"raw span [{raw.start}, {raw.end}) ends beyond the text of {self.raw_length} characters"
            )
        start = bisect_left(self.starts, raw.start)
        end = bisect_right(self.ends, raw.end)
        if start >= end:
            raise AlignmentError(f"raw span [{raw.start}, {raw.end}) was removed or lies inside one replacement")
        if (start > 0 and self.ends[start - 1] > raw.start) or (end < len(self) and self.starts[end] < raw.end):
            raise AlignmentError(f"raw span [{raw.start}, {raw.end}) cuts a replacement in two")
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``[start, end)`` of a text by ``text`` (empty: remove it)."""

    start: int
    end: int
    text: str = ""


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, OffsetMap]:
    """``text`` with all edits made, and its map; edits are in order and do not overlap, offsets are those of ``text``.

    A replacement as long as what it replaces is taken character by character, any other as one indivisible block.
    Raises AlignmentError for an edit that inserts, overlaps the one before it or reaches beyond the text.
    """
    made = list(edits)
    pieces: list[str] = []
    done = 0
    for edit in made:
        if not done <= edit.start < edit.end <= len(text):
            raise AlignmentError(f"edit [{edit.start}, {edit.end}) after {done} in a text of {len(text)} characters")
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    if all(len(edit.text) == edit.end - edit.start for edit in made):
        offsets = OffsetMap.identity(len(text))
    else:
        offsets = _edited_map(made, len(text))
    pieces.append(text[done:])
    return "".join(pieces), offsets


def _edited_map(edits: list[Edit], length: int) -> OffsetMap:
    starts, ends = array("I"), array("I")
    done = 0
    for edit in edits:
        starts.extend(range(done, edit.start))
        ends.extend(range(done + 1, edit.start + 1))
        if len(edit.text) == edit.end - edit.start:
            starts.extend(range(edit.start, edit.end))
            ends.extend(range(edit.start + 1, edit.end + 1))
        else:
            starts.extend([edit.start] * len(edit.text))
            ends.extend([edit.end] * len(edit.text))
        done = edit.end
    starts.extend(range(done, length))
    ends.extend(range(done + 1, length + 1))
    return OffsetMap(starts, ends, length)


def blocks(offsets: OffsetMap) -> Iterator[RawSpan]:
    """The raw intervals that were replaced as a whole, in order (one-character ones, an exact match, left out)."""
    if offsets.is_identity:
        return
    last = -1
    for start, end in zip(offsets.starts, offsets.ends, strict=True):
        if end - start > 1 and start != last:
            yield RawSpan(start, end)
        last = start
