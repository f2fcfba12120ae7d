"""Offsets in UTF-16 code units, which JavaScript counts, as offsets in code points, which Python counts."""

from __future__ import annotations

from bisect import bisect_left


class Utf16Offsets:
    """The offsets of one text in both units; they differ behind the first character outside the BMP (emoji, 𠮷)."""

    def __init__(self, text: str) -> None:
        wide = (i for i, character in enumerate(text) if ord(character) > 0xFFFF)
        self._wide_units = [position + before for before, position in enumerate(wide)]
        self._length = len(text)

    def to_code_points(self, units: int) -> int | None:
        """The offset in code points of an offset in UTF-16 code units.

        None where it splits a surrogate pair or lies outside the text.
        """
        before = bisect_left(self._wide_units, units)
        if before and self._wide_units[before - 1] + 1 == units:
            return None
        offset = units - before
        return offset if 0 <= offset <= self._length else None
