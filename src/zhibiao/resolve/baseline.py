"""What a value is compared with, typed: a year or month before, a period, a region, a plan, a whole, an average."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from zhibiao.core.records import Baseline, Period, Region
from zhibiao.lexicon.periods import find_periods, resolve_period

_YEAR_ON_YEAR = re.compile(r"同比|(?:上年|去年|上一年|上年度|去年度)(?:的?同期|同月|同季)?(?:水平)?|同期")
_BARE_YEAR = re.compile(r"(?:上年|去年|上一年|上年度|去年度)(?:水平)?")
_LAST_MONTH = re.compile(r"上(?:一)?个?月(?:份)?(?:水平)?")
_LAST_QUARTER = re.compile(r"上(?:一)?个?季度?")
_PLAN = re.compile(r"计划|目标|任务|预算(?!收入|支出)|预期|时序进度|时间进度|序时进度|时间表|规划")
_AVERAGE = re.compile(r"平均|均值|年均|月均|均水平")
_LEADING_REGION = re.compile(
    r"全[国省市区县州镇旗球]|[我本该][国省市区县州]|世界|全自治[区州]|[\u4e00-\u9fff]{2,7}?(?:省|市|自治区|自治州|县|区)"
)
_PLACES = re.compile(
    r"城市|县市区?|市州|市\(州\)|州市|县级市|省份|省区市?|地区|区域|港口|园区|开发区|省会|沿海|[东中西]部|三角|经济区"
)
_COMPARED = ("growth", "change")

RegionLookup = Callable[[str], Region | None]


def resolve_baseline(
    surface: str, *, measure: str, period: Period | None, anchor: date | None, region_lookup: RegionLookup
) -> Baseline | str:
    """The type of the BASELINE ``surface``, with its period and region where the text gives them; or why it has none.

    ``measure`` and ``period`` are those of the value, ``anchor`` is the document's date, ``region_lookup`` finds the
    region that a name or stand-in (全省) means there. A bare 上年 or 去年 under a growth or change is year on year,
    and its period is the value's own, one year earlier. A period that cannot be dated keeps its type without days.
    """
    text = surface.strip().strip('“”"的')
    if not text:
        return "the baseline is empty"
    if compared := _earlier(text, measure, period, anchor):
        return compared
    if _PLAN.search(text):
        return Baseline("plan")
    spans = find_periods(surface)
    if average := _AVERAGE.search(text):
        days = _resolved(surface[spans[0].start : spans[0].end], period, anchor) if spans else None
        return Baseline("average", days, _region(text[: average.start()] or text, region_lookup))
    dated = bool(spans) and spans[0].start == 0 and not text.startswith("同期")
    days = _resolved(surface[: spans[0].end], period, anchor) if dated else None
    if dated and (measure != "share" or spans[0].end == len(surface)):
        return Baseline("period", days)
    region = _region(text, region_lookup)
    if measure == "share":
        return Baseline("whole", days, region)
    if region is not None or _PLACES.search(text) or _LEADING_REGION.match(text):
        return Baseline("region", None, region)
    return Baseline("other")


def _earlier(text: str, measure: str, period: Period | None, anchor: date | None) -> Baseline | None:
    """A comparison with the same days of the year before or with the period just before."""
    if _YEAR_ON_YEAR.fullmatch(text) and (measure in _COMPARED or not _BARE_YEAR.fullmatch(text)):
        bare = period is None and _BARE_YEAR.fullmatch(text)
        return Baseline("year_on_year", _resolved("去年" if bare else "上年同期", period, anchor))
    chained = text == "环比"
    if _LAST_QUARTER.fullmatch(text) or (chained and period is not None and period.kind == "quarter"):
        return Baseline("quarter_on_quarter", _resolved("上季度", period, anchor))
    if chained or _LAST_MONTH.fullmatch(text):
        dated = period is not None and period.kind in ("month", "months", "half", "quarter")
        return Baseline("month_on_month", _resolved("上月", period, anchor) if dated or not chained else None)
    return None


def _resolved(mention: str, period: Period | None, anchor: date | None) -> Period | None:
    days = resolve_period(mention, anchor=anchor, context=period)
    return None if isinstance(days, str) else days


def _region(text: str, region_lookup: RegionLookup) -> Region | None:
    """The region of the whole text, else of the region that it begins with."""
    region = region_lookup(text)
    if region is None and (leading := _LEADING_REGION.match(text)):
        region = region_lookup(leading[0])
    return region
