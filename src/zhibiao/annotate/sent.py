"""The text as Label Studio gets it: line ends are ``\\n``, everything else is as it was."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left

from zhibiao.core.errors import AnnotationError
from zhibiao.core.spans import RawSpan

_LINE_END_RE = re.compile(r"\r\n|\r|\n")
_NAMES = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}
_ENDS = {name: end for end, name in _NAMES.items()}
_LETTERS = {"\n": "n", "\r\n": "w", "\r": "r"}
_BY_LETTER = {letter: end for end, letter in _LETTERS.items()}


class SentText:
    """A text, the form of it that Label Studio has, and the offsets in both.

    ``line_ends`` says what the line ends of the original were: ``lf``, ``crlf`` or ``cr`` if all are alike, else one
    letter for each (n: LF, w: CRLF, r: CR).
    """

    def __init__(self, original: str, *, verbatim: bool = False) -> None:
        """``verbatim``: the text was put there by other means, with the line ends that it has."""
        ends = [] if verbatim else _LINE_END_RE.findall(original)
        self.original = original
        self.text = original if verbatim else _LINE_END_RE.sub("\n", original)
        self.line_ends = _describe(ends)
        # Only \r\n is shortened: where, in the sent text and in the original.
        places = [match.start() for match in _LINE_END_RE.finditer(self.text)] if "\r\n" in ends else []
        self._shortened = [place for place, end in zip(places, ends, strict=False) if end == "\r\n"]
        self._inside = [place + 1 + before for before, place in enumerate(self._shortened)]

    @classmethod
    def received(cls, text: str, line_ends: str) -> SentText:
        """What was sent as ``text``, with the original line ends put back.

        Raises AnnotationError if ``line_ends`` does not fit the text.
        """
        count = text.count("\n")
        alike = _ENDS.get(line_ends)
        ends = [_BY_LETTER.get(letter, "") for letter in line_ends] if alike is None else [alike] * count
        if len(ends) == count and "" not in ends:
            lines = text.split("\n")
            sent = cls("".join(part for pair in zip(lines, [*ends, ""], strict=True) for part in pair))
            if sent.text == text:
                return sent
        raise AnnotationError(
            f"line_ends {line_ends!r:.40} does not describe the {count} line ends of the text; push the document again"
        )

    @property
    def sha256(self) -> str:
        """The hash of the sent text in UTF-8, hexadecimal."""
        return text_hash(self.text)

    def to_sent(self, span: RawSpan) -> tuple[int, int] | None:
        """The offsets in the sent text of ``span`` of the original; None if it is out of range or cuts ``\\r\\n``."""
        if span.end > len(self.original):
            return None
        bounds = [self._sent_offset(offset) for offset in (span.start, span.end)]
        return None if None in bounds else (bounds[0] or 0, bounds[1] or 0)

    def _sent_offset(self, offset: int) -> int | None:
        before = bisect_left(self._inside, offset)
        return None if before < len(self._inside) and self._inside[before] == offset else offset - before

    def to_original(self, start: int, end: int) -> RawSpan:
        """The span of the original text that ``[start, end)`` of the sent text came from."""
        return RawSpan(start + bisect_left(self._shortened, start), end + bisect_left(self._shortened, end))


def text_hash(text: str) -> str:
    """SHA-256 of ``text`` in UTF-8, hexadecimal; a lone surrogate counts as the bytes that it would be."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _describe(ends: list[str]) -> str:
    if not ends:
        return "lf"
    return _NAMES[ends[0]] if len(set(ends)) == 1 else "".join(_LETTERS[end] for end in ends)
