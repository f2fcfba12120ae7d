"""What the numbers of a paragraph say about each other, so that other numbers can be held to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from zhibiao.data.augment.figures import PERCENT, POINTS, Figure, read_unit
from zhibiao.data.links import Links

_WHOLE_RE = re.compile(
    r"(?<![0-9.第])(?P<number>[0-9]+(?:\.(?P<places>[0-9]+))?)"
    "(?P<unit>[万亿]?(?:元|个(?!百分点|月|工作日|方面)|家|户|项|座|条|种|只|台|辆|名|人|吨|亩))"
)
_HUNDRED = Decimal(100)
_MOST_PARTS = 3
# With one digit (5%, 20%) too many pairs of numbers would do.
_FEWEST_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """One number: ``size`` in ``unit`` without 万 and 亿, not negative, right to ``error``.

    ``about`` is the id of what is measured, empty where nothing is known. Those that are not ``ordered`` may become
    greater or smaller than others.
    """

    size: Decimal
    error: Decimal
    unit: str
    measure: str
    about: str
    down: bool = False
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Bond:
    """One thing that holds between the amounts of ``keys``; what their order means depends on ``kind``."""

    kind: str
    keys: tuple[str, ...]


def amounts_of(links: Links, figures: Mapping[str, Figure], moving: Collection[str]) -> dict[str, Amount]:
    """The ``figures`` by their ids, those in ``moving`` ordered, and the counts and sums that are no VALUEs."""
    found: dict[str, Amount] = {}
    for key, figure in figures.items():
        indicator = links.tail(figure.value, "indicator")
        error = Decimal(1).scaleb(-figure.places) / 2 * figure.multiplier
        size, about = figure.number * figure.multiplier, indicator.id if indicator else ""
        found[key] = Amount(size, error, figure.base, figure.measure, about, figure.down, key in moving)
    inside = {at for value in links.values for at in range(value.span.start, value.span.end)}
    for match in _WHOLE_RE.finditer(links.annotated.text):
        if match.start() not in inside:
            multiplier, base = read_unit(match["unit"])
            error = Decimal(1).scaleb(-len(match["places"] or "")) / 2 * multiplier
            found[f"at {match.start()}"] = Amount(Decimal(match["number"]) * multiplier, error, base, "level", "")
    return found


def bonds(amounts: Mapping[str, Amount]) -> list[Bond]:
    """Everything of the following that holds between ``amounts``, by chance or not.

    Greater and equal, in one unit; sums of two or three parts; two percentages whose difference in points is given;
    the share of one amount in another; growth that follows from two amounts, or from an amount and its change.
    """
    return [bond for bond in _candidates(amounts) if holds(bond, amounts)]


def holds(bond: Bond, amounts: Mapping[str, Amount]) -> bool:
    """True if ``bond`` is true of ``amounts``, shares and growth as exactly as the numbers are given."""
    first, *rest = (amounts[key] for key in bond.keys)
    if bond.kind == "greater":
        return first.size > rest[0].size
    if bond.kind == "equal":
        return first.size == rest[0].size
    if bond.kind == "sum":
        return first.size == sum(part.size for part in rest)
    if bond.kind == "gap":
        return first.size == abs(_signed(rest[0]) - _signed(rest[1]))
    return _is_quotient(bond.kind, first, *rest)


def _signed(given: Amount) -> Decimal:
    return -given.size if given.down else given.size


def _is_quotient(kind: str, given: Amount, upper: Amount, lower: Amount) -> bool:
    """True if ``given`` is the share of ``upper`` in ``lower``, or the growth to ``upper`` from or by ``lower``."""
    below = upper.size - _signed(lower) if kind == "rise" else lower.size
    above = _signed(lower) if kind == "rise" else upper.size
    if below <= 0 or not upper.size or not lower.size:
        return False
    quotient = above / below * _HUNDRED - (_HUNDRED if kind == "growth" else 0)
    if kind == "share":
        return abs(quotient - given.size) <= given.error
    # Growth is mostly worked out from more places than are given.
    slack = abs(above / below) * _HUNDRED * (upper.error / upper.size + lower.error / lower.size)
    return abs(quotient - _signed(given)) <= given.error + slack


def _candidates(amounts: Mapping[str, Amount]) -> Iterator[Bond]:
    by_unit: dict[str, list[str]] = defaultdict(list)
    for key, given in amounts.items():
        by_unit[given.unit].append(key)
    percent, points = by_unit[PERCENT], by_unit[POINTS]
    for unit, keys in by_unit.items():
        ordered = [key for key in keys if amounts[key].ordered]
        for pair in permutations(ordered, 2):
            yield Bond("greater", pair)
        yield from (Bond("equal", pair) for pair in combinations(ordered, 2))
        if unit not in ("", PERCENT, POINTS):
            yield from _of_amounts(amounts, keys, percent)
    for change in points:
        about = amounts[change].about
        for pair in permutations(percent, 2):
            if about and amounts[pair[0]].about == about:
                yield Bond("gap", (change, *pair))


def _of_amounts(amounts: Mapping[str, Amount], keys: Iterable[str], percent: Iterable[str]) -> Iterator[Bond]:
    by_size = sorted(keys, key=lambda key: amounts[key].size)
    for at, total in enumerate(by_size):
        for count in range(2, _MOST_PARTS + 1):
            yield from (Bond("sum", (total, *parts)) for parts in combinations(by_size[:at], count))
    for given in percent:
        for upper, lower in permutations(by_size, 2):
            yield from _quotients(amounts, given, upper, lower)


def _quotients(amounts: Mapping[str, Amount], given: str, upper: str, lower: str) -> Iterator[Bond]:
    kind, about = amounts[given].measure, amounts[given].about
    telling = len(amounts[given].size.normalize().as_tuple().digits) >= _FEWEST_DIGITS
    if telling and kind in ("share", "level") and amounts[upper].size < amounts[lower].size:
        yield Bond("share", (given, upper, lower))
    same = about and amounts[upper].about == amounts[lower].about == about
    if kind == "growth" and same:
        yield Bond("rise" if amounts[lower].measure == "change" else "growth", (given, upper, lower))
