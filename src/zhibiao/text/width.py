"""Folding of full-width, compatibility and small forms, one character for one."""

from __future__ import annotations

import functools
import unicodedata

from zhibiao.text.offsets import OffsetMap

# Blocks whose one-character NFKC forms are taken: radicals, compatibility ideographs, vertical, small, full width.
_BLOCKS = (
    (0x2E80, 0x2FDF),
    (0x3000, 0x3000),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE1F),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFFEE),
    (0x2F800, 0x2FA1F),
)
_KEPT = "\uff5e"  # the full-width tilde is a range sign, as — and – are
# Not equal under NFKC, but the same sign to a reader: hyphens and minus, ratio as colon, Arabic per cent, leader dot.
_OTHERS = {"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2236": ":", "\u066a": "%", "\u2024": "."}


@functools.cache
def _table() -> dict[int, str]:
    table = {ord(char): folded for char, folded in _OTHERS.items()}
    for first, last in _BLOCKS:
        for code in range(first, last + 1):
            char = chr(code)
            folded = unicodedata.normalize("NFKC", char)
            if len(folded) == 1 and folded != char and char not in _KEPT:
                table[code] = folded
    return table


def fold_width(text: str) -> tuple[str, OffsetMap]:
    """Full-width ASCII and blank, CJK radicals, compatibility ideographs, small and vertical forms in their plain form.

    Units such as ㎡ and ℃, circled digits and Roman numerals, superscripts and the dashes — – ～ stay as they are. The
    length does not change.
    """
    return text.translate(_table()), OffsetMap.identity(len(text))
