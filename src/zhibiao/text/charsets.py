"""Which Chinese characters are in everyday use, and which belong to one script only."""

from __future__ import annotations

import functools
import re

import opencc

_FIRST, _LAST = 0x4E00, 0x9FFF


@functools.cache
def converter(config: str) -> opencc.OpenCC:
    """The OpenCC converter of that configuration name (``t2s``, ``tw2s`` ...), loaded once."""
    return opencc.OpenCC(config)


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@functools.cache
def _simplified() -> dict[str, str]:
    """Every CJK unified ideograph with its simplified form (itself for most)."""
    ideographs = [chr(code) for code in range(_FIRST, _LAST + 1)]
    return dict(zip(ideographs, converter("t2s").convert("\n".join(ideographs)).split("\n"), strict=True))


@functools.cache
def traditional_only() -> re.Pattern[str]:
    """Matches a character that simplified text does not use: outside GB 2312 and with another simplified form."""
    chars = [c for c, simple in _simplified().items() if simple != c and not _encodable(c, "gb2312")]
    return re.compile(f"[{''.join(chars)}]")


@functools.cache
def simplified_only() -> re.Pattern[str]:
    """Matches a character that traditional text does not use: outside Big5 and with another traditional form."""
    ideographs = [chr(code) for code in range(_FIRST, _LAST + 1)]
    traditional = converter("s2t").convert("\n".join(ideographs)).split("\n")
    pairs = zip(ideographs, traditional, strict=True)
    return re.compile(f"[{''.join(c for c, other in pairs if other != c and not _encodable(c, 'big5'))}]")


@functools.cache
def common_characters() -> frozenset[str]:
    """The 3,755 characters of GB 2312 level 1 with their traditional forms."""
    return frozenset(c for c, simple in _simplified().items() if _is_level_1(simple))


@functools.cache
def rare_characters() -> re.Pattern[str]:
    """Matches a character that is outside GB 2312 (6,763 characters), and its simplified form too."""
    return re.compile(f"[{''.join(c for c, simple in _simplified().items() if not _encodable(simple, 'gb2312'))}]")


def _is_level_1(char: str) -> bool:
    return _encodable(char, "gb2312") and 0xB0 <= char.encode("gb2312")[0] <= 0xD7
