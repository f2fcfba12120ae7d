"""Baselines: the type, and the period and region where the text gives them."""

from datetime import date

import pytest

from zhibiao.core.records import Baseline, Period, Region
from zhibiao.resolve.baseline import resolve_baseline

ANCHOR = date(2023, 11, 21)
JAN_TO_OCT = Period("2023-01-01", "2023-10-31", "months")
OCTOBER = Period("2023-10-01", "2023-10-31", "month")
QUARTER = Period("2023-07-01", "2023-09-30", "quarter")
YEAR = Period("2022-01-01", "2022-12-31", "year")
HUBEI = Region("湖北省", "420000", "province", ("中国", "湖北省"))


def _lookup(surface: str) -> Region | None:
    return HUBEI if surface in ("全省", "湖北省") else None


def _resolve(surface: str, measure: str = "change", period: Period | None = JAN_TO_OCT) -> Baseline:
    baseline = resolve_baseline(surface, measure=measure, period=period, anchor=ANCHOR, region_lookup=_lookup)
    assert isinstance(baseline, Baseline)
    return baseline


@pytest.mark.parametrize(
    ("surface", "measure", "expected"),
    [
        ("同比", "growth", "year_on_year"),
        ("上年同期", "change", "year_on_year"),
        ("去年同期", "share", "year_on_year"),
        ("上年", "growth", "year_on_year"),
        ("去年", "change", "year_on_year"),
        ("上年", "share", "period"),
        ("环比", "growth", "month_on_month"),
        ("上月", "change", "month_on_month"),
        ("上季度", "growth", "quarter_on_quarter"),
        ("1至9月", "change", "period"),
        ("年初", "change", "period"),
        ("上年末", "change", "period"),
        ("2012年", "share", "period"),
        ("2019年同期", "growth", "period"),
        ("去年同期峰值", "change", "period"),
        ("全省", "change", "region"),
        ("全省", "rank", "region"),
        ("全国城市", "rank", "region"),
        ("副省级城市", "rank", "region"),
        ("全省工业增速", "change", "region"),
        ("年度计划", "share", "plan"),
        ("年初预算", "share", "plan"),
        ("时序进度", "change", "plan"),
        ("全年目标任务", "share", "plan"),
        ("“十四五”目标", "share", "plan"),
        ("一般公共预算收入", "share", "whole"),
        ("全部投资", "share", "whole"),
        ("全省项目总数", "share", "whole"),
        ("全省", "share", "whole"),
        ("当年新增市场", "share", "whole"),
        ("全省平均水平", "change", "average"),
        ("全省均值", "change", "average"),
        ("工业投资", "change", "other"),
        ("GDP", "change", "other"),
    ],
)
def test_type(surface: str, measure: str, expected: str) -> None:
    assert _resolve(surface, measure).type == expected


@pytest.mark.parametrize(
    ("surface", "period", "start", "end"),
    [
        ("同比", JAN_TO_OCT, "2022-01-01", "2022-10-31"),
        ("上年", JAN_TO_OCT, "2022-01-01", "2022-10-31"),
        ("上年", YEAR, "2021-01-01", "2021-12-31"),
        ("去年", None, "2022-01-01", "2022-12-31"),
        ("环比", OCTOBER, "2023-09-01", "2023-09-30"),
        ("环比", QUARTER, "2023-04-01", "2023-06-30"),
        ("上月", None, "2023-10-01", "2023-10-31"),
        ("1至9月", JAN_TO_OCT, "2023-01-01", "2023-09-30"),
        ("2019年同期", JAN_TO_OCT, "2019-01-01", "2019-10-31"),
        ("上年末", YEAR, "2021-12-31", "2021-12-31"),
        ("“十三五”年均水平", JAN_TO_OCT, "2016-01-01", "2020-12-31"),
    ],
)
def test_period(surface: str, period: Period | None, start: str, end: str) -> None:
    days = _resolve(surface, "growth", period).period
    assert days is not None and (days.start, days.end) == (start, end)


@pytest.mark.parametrize("surface", ["全省", "全省平均水平", "湖北省", "全省工业增速"])
def test_region(surface: str) -> None:
    assert _resolve(surface).region == HUBEI


def test_a_share_of_a_region_keeps_the_region() -> None:
    assert _resolve("全省项目总数", "share") == Baseline("whole", None, HUBEI)


def test_what_cannot_be_dated_keeps_its_type() -> None:
    baseline = resolve_baseline("同比", measure="growth", period=None, anchor=None, region_lookup=_lookup)
    assert baseline == Baseline("year_on_year")


def test_an_empty_baseline_has_a_reason() -> None:
    assert (
        resolve_baseline(" ", measure="growth", period=None, anchor=None, region_lookup=_lookup)
        == "the baseline is empty"
    )
