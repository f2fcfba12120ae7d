"""VALUE and UNIT: every number that states a quantity, with its unit, shared units and ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from zhibiao.lexicon import units as unit_lexicon
from zhibiao.lexicon.numbers import NUMBER_RE
from zhibiao.rules.model import Number, Piece, covers
from zhibiao.rules.value_checks import is_quantity

_THOUSANDS = frozenset("瓦克米伏卡升")
_SHARED = re.compile(r"\s*(?:[、,]|和|及|与|或|至|到|[-—~～－–]{1,2})\s*")
_RANGE = re.compile(r"\s*(?:至|到|[-—~～－–]{1,2}|或)\s*")


def find_values(text: str, taken: Sequence[Piece], titles: Sequence[Piece]) -> list[Number]:
    """The VALUEs of ``text`` in order.

    ``taken`` are stretches that are no quantity whatever they hold (periods), ``titles`` names between
    《》 and in short quotes; both sorted and disjoint.
    """
    raw = _with_units(text, taken, titles)
    _share_units(text, raw)
    return [number for number in _mark_ranges(text, raw) if is_quantity(text, number)]


def _with_units(text: str, taken: Sequence[Piece], titles: Sequence[Piece]) -> list[Number]:
    taken_starts, title_starts = [p.start for p in taken], [p.start for p in titles]
    unit_re = unit_lexicon.UNIT_RE
    found: list[Number] = []
    skip_to = 0
    for match in NUMBER_RE.finditer(text):
        start, end = match.span()
        if start < skip_to or covers(taken, taken_starts, start) or covers(titles, title_starts, start):
            continue
        kind = match.lastgroup or "arabic"
        if (
            kind in ("arabic", "ratio")
            and start
            and text[start - 1].isascii()
            and (text[start - 1].isalnum() or text[start - 1] in "._/")
        ):
            continue
        if kind in ("fraction", "percent", "ratio", "half"):
            found.append(Number(start, end, kind))
            continue
        unit = unit_re.match(text, end) if kind != "rank" else _rank_unit(text, end)
        if kind == "chinese" and end - start > 1 and text[end - 1] == "千" and text[end : end + 1] in _THOUSANDS:
            end -= 1
            unit = unit_re.match(text, end)
        number = Number(start, end, kind)
        if unit is not None and unit.end() > end:
            number.unit = Piece(end, unit.end())
            known = unit_lexicon.lookup_unit(unit.group())
            number.dimension = "rank" if kind == "rank" else known.dimension if known else "count"
            skip_to = unit.end()
        found.append(number)
    return found


_RANK_UNIT = re.compile(r"位(?!于|居|列)|名(?!列|单)")


def _rank_unit(text: str, end: int) -> re.Match[str] | None:
    return _RANK_UNIT.match(text, end)


def _share_units(text: str, numbers: list[Number]) -> None:
    """A unit written once serves the whole list: 5.8、3.1和0.9个百分点, 7—8%, 第二、第三位."""
    for index in range(len(numbers) - 2, -1, -1):
        this, after = numbers[index], numbers[index + 1]
        if (
            this.unit is not None
            and after.unit is not None
            and text[slice(*this.unit)] == "个"
            and after.dimension == "percentage_point"
        ):
            if len(text[this.after : after.start]) <= 2:
                this.dimension = after.dimension
            continue
        if this.unit is not None or after.unit is None or this.kind not in ("arabic", "chinese", "rank"):
            continue
        gap = text[this.end : after.start]
        same = (this.kind == "rank") == (after.kind == "rank")
        if same and len(gap) <= 3 and (_SHARED.fullmatch(gap) or _RANGE.fullmatch(gap)):
            this.unit, this.dimension = after.unit, after.dimension


def _mark_ranges(text: str, numbers: list[Number]) -> list[Number]:
    for this, after in pairwise(numbers):
        gap = text[this.after : after.start]
        if this.unit is None or after.unit is None or not _RANGE.fullmatch(gap) or this.high or this.kind == "rank":
            continue
        partly = (
            this.dimension == "number" or this.unit == after.unit or text[slice(*this.unit)] == text[slice(*after.unit)]
        )
        money = this.dimension == after.dimension
        if (partly or money) and not re.search(r"[由从]\D{0,12}$", text[max(0, this.start - 14) : this.start]):
            this.low, after.high = True, True
    return numbers
