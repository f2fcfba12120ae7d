"""Periods from calendar arithmetic: years, months, days, their edges and the same days of another year."""

from __future__ import annotations

import calendar
from datetime import date

from zhibiao.core.errors import ZhibiaoError
from zhibiao.core.records import Period


class UnresolvedError(ZhibiaoError):
    """A mention has no calendar days; the message is the reason that a record keeps."""


def year_of(year: int, relative: bool) -> Period:
    """The calendar year ``year``."""
    return Period(f"{year}-01-01", f"{year}-12-31", "year", relative)


def months_of(year: int, first: int, last: int, relative: bool) -> Period:
    """The months ``first`` to ``last`` of ``year``, with the kind that their number and place give them."""
    if not 1 <= first <= last <= 12:
        raise UnresolvedError(f"months {first} to {last} are no part of one year")
    if first == last:
        kind = "month"
    elif last - first == 2 and last % 3 == 0:
        kind = "quarter"
    elif last - first == 5 and last % 6 == 0:
        kind = "half"
    else:
        kind = "year" if last - first == 11 else "months"
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Period(str(date(year, first, 1)), str(end), kind, relative)


def days_of(year: int, first: tuple[int, int], last: tuple[int, int], relative: bool) -> Period:
    """The days from (month, day) ``first`` to ``last`` of ``year``; a single day is a state."""
    try:
        start, end = date(year, *first), date(year, *last)
    except ValueError as error:
        raise UnresolvedError(f"{year}-{first[0]}-{first[1]} to {last[0]}-{last[1]} are no dates: {error}") from error
    if end < start:
        raise UnresolvedError(f"it ends on {end}, before it begins on {start}")
    return Period(str(start), str(end), "instant" if start == end else "span", relative)


def edge(period: Period, mark: str) -> Period:
    """``period`` itself, its first or last day as a state (初, 末, 底), or a third of its month (旬)."""
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end)
    if mark in ("末", "底"):
        start = end
    elif mark == "初":
        end = start
    elif mark == "中":
        start = end = date(start.year, 6, 30)
    elif mark.endswith("旬"):
        if period.kind != "month":
            raise UnresolvedError(f"{mark} belongs to a month, not to {period.start} to {period.end}")
        day = {"上": 1, "中": 11, "下": 21}[mark[0]]
        last = end if day == 21 else start.replace(day=day + 9)
        return Period(str(start.replace(day=day)), str(last), "span", period.relative)
    else:
        return period
    return Period(str(start), str(end), "instant", period.relative)


def moved(period: Period, years: int) -> Period:
    """The same days ``years`` later; the end of February stays its end."""
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end)
    month_end = end.day == calendar.monthrange(end.year, end.month)[1]
    start, end = add_months(start, 12 * years), add_months(end, 12 * years)
    if month_end:
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return Period(str(start), str(end), period.kind, period.relative)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
