"""From the number and unit of a statement to an exact, signed quantity in a canonical unit."""

from __future__ import annotations

from decimal import Context, Decimal

from zhibiao.core.records import Attributes, Quantity
from zhibiao.lexicon.numbers import parse_interval, parse_number
from zhibiao.lexicon.units import Unit, lookup_unit

_EXACT = Context(prec=160)
_MORE = ("余", "多")


def resolve_quantity(value_surface: str, unit_surface: str | None, attributes: Attributes) -> Quantity | str:
    """The quantity of a VALUE with its UNIT, or the reason why it has none.

    The sign of a growth or change comes from the trend, except where the surface has one already (-3.2% is not turned).
    A bound is on the size that the text states, so 下降10%以上 has the upper limit -10. A vague numeral (几十,
    两三百) has limits and no value. 三成 and 百分之三十 are 30 %; a fraction stays a ratio without unit (三分之一 to
    28 digits). Without a unit a level or change is taken as index points. An unknown unit is kept as written, with
    the dimension ``other``.
    """
    number, interval = parse_number(value_surface), parse_interval(value_surface)
    unit = _unit(value_surface, unit_surface, attributes.measure)
    turned = attributes.trend == "down" and attributes.measure in ("growth", "change") and not (number and number < 0)
    if number is None:
        if interval is None:
            return _unreadable(value_surface)
        low, high = sorted(_scaled(limit, unit, turned=turned) for limit in interval)
        return Quantity(None, None, unit.scale, unit.canonical, unit.dimension, low, high, approximate=True)
    if value_surface.startswith("百分之"):
        number = _tidy(_EXACT.multiply(number, Decimal(100)))
    value = _scaled(number, unit, turned=turned)
    lower, upper = _limits(value, _bound(value_surface, unit_surface, attributes.bound), turned=turned)
    approximate = attributes.bound == "approx"
    return Quantity(value, number, unit.scale, unit.canonical, unit.dimension, lower, upper, approximate)


def _unreadable(value: str) -> str:
    if value.count(":") > 1:
        return f"{value} is a ratio of more than two parts and has no single value"
    return f"{value!r} is not a number that can be read"


def _unit(value: str, surface: str | None, measure: str) -> Unit:
    if value[:1] in ("第", "首", "前") or measure == "rank":
        return Unit("位", "rank", Decimal(1))
    if surface is None and value.startswith("百分之"):
        return Unit("%", "percent", Decimal(1))
    if surface is None:
        ratio = (
            measure in ("growth", "share") or value.endswith("半") or any(sign in value for sign in ("分之", "/", ":"))
        )
        return Unit("", "ratio" if ratio else "index", Decimal(1))
    unit = lookup_unit(surface)
    if unit is None:
        return Unit(surface, "other", Decimal(1))
    if unit.canonical == "位" and measure == "change":
        return Unit("位", "rank", unit.scale)
    return unit


def _bound(value: str, unit: str | None, bound: str) -> str:
    """``bound``, or ``min`` where 余 or 多 in the surfaces says so."""
    more = value.rstrip("万亿").endswith(_MORE) or any(sign in (unit or "") for sign in _MORE)
    return "min" if more and bound == "exact" else bound


def _scaled(number: Decimal, unit: Unit, *, turned: bool) -> Decimal:
    value = _tidy(_EXACT.multiply(number, unit.scale))
    return value.copy_negate() if turned and value else value


def _limits(value: Decimal, bound: str, *, turned: bool) -> tuple[Decimal | None, Decimal | None]:
    if bound not in ("min", "max"):
        return None, None
    return (value, None) if (bound == "min") != turned else (None, value)


def _tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros after the point and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1), context=_EXACT) if value == whole else value.normalize(_EXACT)
