"""Line ends, blanks and invisible characters."""

from __future__ import annotations

import re

from zhibiao.text.offsets import Edit, OffsetMap, apply_edits

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Controls but tab and line ends; soft hyphen; zero-width, joining, direction and variation marks; byte order mark.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_BLANK = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")


def unify_line_ends(text: str) -> tuple[str, OffsetMap]:
    r"""CRLF, CR, VT, FF, NEL and the Unicode line and paragraph separators become ``\n``."""
    return apply_edits(text, (Edit(m.start(), m.end(), "\n") for m in _LINE_END.finditer(text)))


def remove_invisible(text: str) -> tuple[str, OffsetMap]:
    """Remove control, zero-width and direction characters, byte order marks and soft hyphens."""
    return apply_edits(text, (Edit(m.start(), m.end()) for m in _INVISIBLE.finditer(text)))


def unify_blanks(text: str) -> tuple[str, OffsetMap]:
    """Tabs, no-break and typographic spaces become a plain space (the ideographic one belongs to width folding)."""
    return _BLANK.sub(" ", text), OffsetMap.identity(len(text))
