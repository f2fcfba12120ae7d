"""Other numbers: figures of one kind scaled by one factor, so that parts stay below wholes and ranges in order."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.data.augment.edit import Edit, rewrite
from zhibiao.data.links import Links
from zhibiao.text.sentences import sentences

_FIGURE_RE = re.compile(r"(?P<sign>[-+−－]?)(?P<digits>[0-9]+(?:,[0-9]{3})*)(?P<places>\.[0-9]+)?(?P<more>[余多]?)")
_RANK_RE = re.compile(r"第([0-9]{1,2}|[一二三四五六七八九])")
_RANK_DIGITS = "一二三四五六七八九"
_PERCENT = ("%", "％", "个百分点", "百分点")
# Words that say something about the size or sign of a figure which another figure would belie.
_NO_GROWTH_RE = re.compile(
    "位数|翻[一两]?番|持平|[转由]正|[转由]负|最[快慢高低大小]|领跑|翻倍|首次|第一次|倍增|微|[%％][^,，。;；]{0,6}目标"
)
_NO_LEVEL_RE = re.compile("首次|第一次|首个|跨过|跃上|台阶|关口|大关|整数")
_OF_A_WHOLE_RE = re.compile(r"[0-9]+(?:[个家项户类种座款只辆台])[^,，。;；、0-9]{0,12}[中里]")
_PER_HUNDRED = "每百"
# Ratios, points, and what has a natural bound: days of a year, hours, degrees, ages.
_FIXED_UNITS = (
    "倍",
    "位",
    "成",
    "个点",
    "点",
    "‰",
    "天",
    "日",
    "小时",
    "分钟",
    "℃",
    "度",
    "摄氏度",
    "岁",
    "年",
    "个月",
)
_GREATEST_FALL = Decimal(90)
_FACTORS = tuple(Decimal(n) / 100 for n in (55, 62, 68, 74, 81, 87, 93, 108, 115, 123, 131, 142, 156, 171, 188))


@dataclass(frozen=True, slots=True)
class _Figure:
    """A VALUE in Arabic digits: its number without sign, places after the point, and whether it has commas."""

    value: RawEntity
    number: Decimal
    sign: str
    places: int
    grouped: bool
    more: str


def swap_numbers(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Change the numbers of VALUEs in their own format: sign, commas, decimal places, 余 and 多 stay, as do the units.

    Amounts of a paragraph are scaled by one factor and growth with differences in points by another, so that sums,
    shares, gaps and ranges hold up to rounding; round numbers stay round. Ranks move up or down together within the
    first few. Shares, rates, ratios (倍), days and hours,
    and indices without a unit stay. A group with a number in Chinese numerals, or
    beside a word that its size explains (两位数, 首次突破), stays too. None if nothing changes.
    """
    links = Links.of(annotated)
    text = annotated.text
    groups: dict[str, list[RawEntity]] = {"level": [], "growth": [], "rank": []}
    for value in links.values:
        if kind := _group(links, value):
            groups[kind].append(value)
    edits: list[Edit] = []
    if not _NO_LEVEL_RE.search(text):
        edits += _scaled(links, groups["level"], rng)
    if not _NO_GROWTH_RE.search(text):
        edits += _scaled(links, groups["growth"], rng)
    edits += _moved_ranks(links, groups["rank"], rng)
    changed = rewrite(annotated, edits)
    return None if changed.text == text else changed


def _group(links: Links, value: RawEntity) -> str | None:
    """Which factor ``value`` takes; None for those that stay."""
    given, unit = links.attributes.get(value.id), links.tail(value, "unit")
    if given is None:
        return None
    if given.measure == "rank":
        return "rank"
    if unit is None:
        return None
    name = links.text(unit)
    indicator = links.tail(value, "indicator")
    if indicator is not None and _PER_HUNDRED in links.text(indicator):
        return None
    # A unit that is cut short (12.6个和8.6个百分点) goes with the other one.
    if given.measure in ("growth", "change") and (name in _PERCENT or (name == "个" and _points_follow(links, unit))):
        return "growth"
    if given.measure in ("level", "change") and name not in (*_PERCENT, *_FIXED_UNITS):
        return "level"
    return None


def _points_follow(links: Links, unit: RawEntity) -> bool:
    text = links.annotated.text
    clause = re.split("[;；。,，]", text[unit.span.end :], maxsplit=1)[0]
    return "个百分点" in clause


def _figure(links: Links, value: RawEntity) -> _Figure | None:
    match = _FIGURE_RE.fullmatch(links.text(value))
    if match is None:
        return None
    number = Decimal(match["digits"].replace(",", "") + (match["places"] or ""))
    places = len(match["places"] or ".") - 1
    return _Figure(value, number, match["sign"], places, "," in match["digits"], match["more"])


def _scaled(links: Links, values: Iterable[RawEntity], rng: random.Random) -> list[Edit]:
    """The edits of one group; none if a member is not in digits or no factor keeps them in order and in bounds."""
    figures = [_figure(links, value) for value in values]
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures) or _is_explained(links, known):
        return []
    growth = [f for f in known if _is_relative_fall(links, f)]
    for factor in rng.sample(_FACTORS, len(_FACTORS)):
        new = {f.value.id: _round(f, f.number * factor) for f in known}
        if any(new[f.value.id] > _GREATEST_FALL for f in growth):
            continue
        if _same_order(known, new):
            return [Edit(f.value.span.start, f.value.span.end, _written(f, new[f.value.id])) for f in known]
    return []


def _is_relative_fall(links: Links, figure: _Figure) -> bool:
    given = links.attributes[figure.value.id]
    return given.measure == "growth" and (given.trend == "down" or figure.sign in ("-", "−", "－"))


def _is_explained(links: Links, figures: Iterable[_Figure]) -> bool:
    """True if a number outside the VALUEs equals one of theirs, or is the whole that one is a part of."""
    text = links.annotated.text
    inside = {value.span.start for value in links.values}
    if any(match.start() not in inside for match in _OF_A_WHOLE_RE.finditer(text)):
        return True
    return any(
        any(
            match.start() not in inside
            for match in re.finditer(rf"(?<![0-9.]){re.escape(links.text(f.value))}(?![0-9.年月日号])", text)
        )
        for f in figures
        if f.number >= 10
    )


def _round(figure: _Figure, number: Decimal) -> Decimal:
    """``number`` in the places of ``figure``; a round whole number as round as it was, but for its first digit."""
    if figure.places:
        least = Decimal(1).scaleb(-figure.places)
        rounded = max(least, number.quantize(least, ROUND_HALF_UP))
        # 13.50 where 18.24 stood would look like another precision.
        return rounded + least if rounded % (least * 10) == 0 and figure.number % (least * 10) else rounded
    digits = str(int(figure.number))
    zeros = len(digits) - len(digits.rstrip("0"))
    step = Decimal(10) ** zeros
    if zeros and len(digits) == zeros + 1:
        step /= 2 if digits != "1" + "0" * zeros else 4
    step = max(Decimal(1), step.to_integral_value())
    return max(step, (number / step).to_integral_value(ROUND_HALF_UP) * step)


def _same_order(figures: Iterable[_Figure], new: dict[str, Decimal]) -> bool:
    """True if numbers that differed still differ the same way; only neighbours in size can fail."""
    ordered = sorted(figures, key=lambda f: f.number)
    return all(
        (a.number == b.number) == (new[a.value.id] == new[b.value.id]) and new[a.value.id] <= new[b.value.id]
        for a, b in pairwise(ordered)
        if a.places == b.places
    )


def _written(figure: _Figure, number: Decimal) -> str:
    grouped = "," if figure.grouped else ""
    return f"{figure.sign}{number:{grouped}.{figure.places}f}{figure.more}"


def _moved_ranks(links: Links, values: Iterable[RawEntity], rng: random.Random) -> list[Edit]:
    """All ranks of a sentence moved by one distance; sentences with another kind of rank (首, 前三) or a move stay."""
    spans = sentences(links.annotated.text)
    moving = {v.id: links.text(v) for v in values}
    edits: list[Edit] = []
    for sentence in spans:
        inside = [v for v in links.values if sentence.start <= v.span.start < sentence.end]
        ranks = [v for v in inside if v.id in moving]
        surfaces = [_RANK_RE.fullmatch(moving[v.id]) for v in ranks]
        units = [links.tail(v, "unit") for v in inside if v.id not in moving]
        if not ranks or not all(surfaces) or any(u is not None and links.text(u) == "位" for u in units):
            continue
        numbers = [_rank(match[1]) for match in surfaces if match]
        choices = [k for k in range(-3, 3) if k and min(numbers) + k >= 1 and max(numbers) + k <= max(5, *numbers)]
        if any(match and not match[1].isdigit() for match in surfaces):
            choices = [k for k in choices if max(numbers) + k <= len(_RANK_DIGITS)]
        if not choices:
            continue
        by = rng.choice(choices)
        for value, match in zip(ranks, surfaces, strict=True):
            if match:
                rank = _rank(match[1]) + by
                written = str(rank) if match[1].isdigit() else _RANK_DIGITS[rank - 1]
                edits.append(Edit(value.span.start, value.span.end, f"第{written}"))
    return edits


def _rank(digits: str) -> int:
    return int(digits) if digits.isdigit() else _RANK_DIGITS.index(digits) + 1
