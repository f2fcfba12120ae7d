"""The sentence around a span, with the span marked."""

from __future__ import annotations

import re
from bisect import bisect_right

# A sentence ends after its closing mark and the quotes or brackets that close with it, or at a line end.
_END_RE = re.compile(r"[。!?！？;；]+[”’」』》）)\"]*|[\r\n]+")
MAX_SIDE_CHARS = 120


class Excerpts:
    """Cuts sentences out of one text; the places where sentences end are looked up once."""

    def __init__(self, text: str) -> None:
        """Look up where the sentences of ``text`` start."""
        self._text = text
        self._starts = [0, *(match.end() for match in _END_RE.finditer(text))]

    def around(self, start: int, end: int) -> str:
        """The sentence (or sentences) that ``[start, end)`` lies in, the span in 【】, without outer blanks.

        At most ``MAX_SIDE_CHARS`` characters are kept on either side of the span; … stands for what was cut.
        """
        text = self._text
        first = self._starts[bisect_right(self._starts, start) - 1]
        after = bisect_right(self._starts, max(start, end - 1))
        last = self._starts[after] if after < len(self._starts) else len(text)
        before, behind = text[first:start].lstrip(), text[end:last].rstrip()
        if len(before) > MAX_SIDE_CHARS:
            before = "…" + before[-MAX_SIDE_CHARS:]
        if len(behind) > MAX_SIDE_CHARS:
            behind = behind[:MAX_SIDE_CHARS] + "…"
        return f"{before}【{text[start:end]}】{behind}"
