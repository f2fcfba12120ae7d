"""What a person reads in each column of a record, on the terminal and on the page: a main and a smaller text."""

from __future__ import annotations

from decimal import Decimal

from zhibiao.core.decimals import plain
from zhibiao.core.records import Period, Record
from zhibiao.resolve.records import ABSENT

Cell = tuple[str, str]

_SHOWN_PLACES = 4


def indicator_cell(record: Record) -> Cell:
    """The indicator's surface."""
    return record.indicator or "", ""


def quantity_cell(record: Record) -> Cell:
    """The value in its canonical unit, with its surface below."""
    surface = "".join(record.mentions[role].surface for role in ("value", "unit") if role in record.mentions)
    quantity = record.quantity
    if quantity is None:
        return surface, record.unresolved.get("quantity", "")
    open_range = f"{_bound(quantity.lower)}…{_bound(quantity.upper)}"
    main = open_range if quantity.value is None else plain(round(quantity.value, _SHOWN_PLACES))
    sign = "≈" if quantity.approximate else "≥" if quantity.lower is not None else "≤"
    bounded = quantity.approximate or (quantity.lower is None) != (quantity.upper is None)
    return f"{sign if bounded else ''}{main} {quantity.unit}".strip(), surface


def region_cell(record: Record) -> Cell:
    """The place's name and code, with its surface or the reason why it is open below."""
    if record.region is None:
        return "", _open(record, "region")
    surface = record.mentions["region"].surface if "region" in record.mentions else ""
    return f"{record.region.name} {record.region.code}".strip(), "" if surface == record.region.name else surface


def period_cell(record: Record) -> Cell:
    """First and last day, with the surface below."""
    if record.period is None:
        return "", _open(record, "period", "year")
    return days(record.period), record.mentions["year"].surface if "year" in record.mentions else ""


def baseline_cell(record: Record) -> Cell:
    """The baseline's surface, with its type below."""
    if "baseline" not in record.mentions:
        return "", ""
    surface = record.mentions["baseline"].surface
    return surface, record.baseline.type if record.baseline else record.unresolved.get("baseline", "")


def days(period: Period) -> str:
    """``start – end``, or the one day of a period of one."""
    return period.end if period.start == period.end else f"{period.start} – {period.end}"


def _open(record: Record, name: str, role: str | None = None) -> str:
    mention = record.mentions.get(role or name)
    reason = record.unresolved.get(name, ABSENT)
    if reason == ABSENT:
        return ""
    return f"{mention.surface}: {reason}" if mention and mention.surface not in reason else reason


def _bound(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
