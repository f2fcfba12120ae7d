"""Enumerations: 全国、全省; 电子和通信、家具."""

from __future__ import annotations

import re

from zhibiao.rules.model import Piece

_SEPARATOR = re.compile(r"、|和|及(?!其)|与|以及|,")
_STOPS = re.compile(r"、|,")


def split_list(text: str, piece: Piece, count: int = 0) -> tuple[Piece, ...]:
    """The items of a list (全国、全省); with ``count`` the split that gives so many: 、 goes before 和."""
    fine = _split(text, piece, _SEPARATOR)
    if count and len(fine) > count:
        coarse = _split(text, piece, _STOPS)
        if len(coarse) == count:
            return coarse
        if coarse:
            last = _split(text, coarse[-1], _SEPARATOR)
            if len(coarse) - 1 + 2 == count and len(last) > 1:
                return (*coarse[:-1], last[0], Piece(last[1].start, last[-1].end))
    return fine or (piece,)


def _split(text: str, piece: Piece, separator: re.Pattern[str]) -> tuple[Piece, ...]:
    items, at = [], piece.start
    depth, position = 0, piece.start
    while position < piece.end:
        char = text[position]
        depth += char in "(“《"
        depth -= char in ")”》"
        found = separator.match(text, position, piece.end) if depth == 0 else None
        if found is not None:
            items.append(Piece(at, position))
            at = position = found.end()
        else:
            position += 1
    items.append(Piece(at, piece.end))
    return tuple(item for item in items if item.end > item.start)
