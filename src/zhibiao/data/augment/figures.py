"""Numbers of VALUEs in Arabic digits, read, scaled and written back in their own format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhibiao.core.records import RawEntity
from zhibiao.data.links import Links

_FIGURE_RE = re.compile(r"(?P<sign>[-+−－]?)(?P<digits>[0-9]+(?:,[0-9]{3})*)(?P<places>\.[0-9]+)?(?P<more>[余多]?)")
_UNIT_RE = re.compile("(?P<multiplier>万亿|[万亿]?)[余多]?(?P<base>.*)")
_MULTIPLIERS = {"万亿": Decimal(10**12), "亿": Decimal(10**8), "万": Decimal(10**4), "": Decimal(1)}
_MINUS = ("-", "−", "－")
PERCENT, POINTS, _SHORT_POINTS = "%", "个百分点", "个"
_ONE_FORM = {"％": PERCENT, "百分点": POINTS}


@dataclass(frozen=True, slots=True)
class Figure:
    """A VALUE in Arabic digits with its unit: ``number`` as written but without sign, with ``places`` after the point.

    ``multiplier`` is that of 万 and 亿 in the unit, ``base`` the unit without them (% and points in one form each);
    ``grouped`` says that it has commas, ``more`` holds 余 or 多. A fall is ``down``.
    """

    value: RawEntity
    number: Decimal
    places: int
    grouped: bool
    sign: str
    more: str
    base: str
    multiplier: Decimal
    measure: str
    down: bool

    def written(self, number: Decimal) -> str:
        """``number`` in the format of this one."""
        grouped = "," if self.grouped else ""
        return f"{self.sign}{number:{grouped}.{self.places}f}{self.more}"


def read_figure(links: Links, value: RawEntity) -> Figure | None:
    """``value`` as a Figure; None if it is not in Arabic digits or has no attributes."""
    match, given = _FIGURE_RE.fullmatch(links.text(value)), links.attributes.get(value.id)
    if match is None or given is None:
        return None
    unit = links.tail(value, "unit")
    multiplier, base = read_unit(links.text(unit) if unit else "")
    # A unit that is cut short (12.6个和8.6个百分点) is that of the next one.
    if unit is not None and base == _SHORT_POINTS and given.measure == "change" and _points_follow(links, unit):
        base = POINTS
    return Figure(
        value,
        Decimal(match["digits"].replace(",", "") + (match["places"] or "")),
        len(match["places"] or ".") - 1,
        "," in match["digits"],
        match["sign"],
        match["more"],
        base,
        multiplier,
        given.measure,
        given.trend == "down" or match["sign"] in _MINUS,
    )


def read_unit(surface: str) -> tuple[Decimal, str]:
    """The multiplier of 万 and 亿 in a unit, and the unit without them."""
    match = _UNIT_RE.fullmatch(surface)
    if match is None:
        return Decimal(1), surface
    return _MULTIPLIERS[match["multiplier"]], _ONE_FORM.get(match["base"], match["base"])


def _points_follow(links: Links, unit: RawEntity) -> bool:
    clause = re.split("[;；。,，]", links.annotated.text[unit.span.end :], maxsplit=1)[0]
    return POINTS in clause


def scaled(figure: Figure, factor: Decimal) -> Decimal:
    """``factor`` times the number in the places of ``figure``.

    A round whole number stays as round as it was, but for its first digit.
    """
    number = figure.number * factor
    if not number:
        return number
    if figure.places:
        least = Decimal(1).scaleb(-figure.places)
        return max(least, number.quantize(least, ROUND_HALF_UP))
    digits = str(int(figure.number))
    zeros = len(digits) - len(digits.rstrip("0"))
    step = Decimal(10) ** zeros
    if zeros and len(digits) == zeros + 1:
        step /= 2 if digits != "1" + "0" * zeros else 4
    step = max(Decimal(1), step.to_integral_value())
    return max(step, (number / step).to_integral_value(ROUND_HALF_UP) * step)
