"""Periods: extents in text and calendar days, with and without the document's date and a governing period."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.records import Period
from zhibiao.lexicon.periods import find_periods, resolve_period

ANNOTATION = Path(__file__).parents[3] / "shared" / "annotation"
ANCHOR = date(2023, 11, 21)
JAN_TO_OCT = Period("2023-01-01", "2023-10-31", "months", True)
YEAR_2022 = Period("2022-01-01", "2022-12-31", "year")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("截至9月底,全市有企业5家", ["9月底"]),
        ("到“十四五”末,产值达5亿元", ["“十四五”末"]),
        ("1至10月,较1至9月增加30个", ["1至10月", "1至9月"]),
        ("今年1—9月份,同比增长5%", ["今年1—9月份"]),
        ("2024年1-7月;2024年一季度", ["2024年1-7月", "2024年一季度"]),
        ("今年前三季度,居前三", ["今年前三季度"]),
        ("前10个月,前10名企业", ["前10个月"]),
        ("今年以来,比去年同期", ["今年以来", "去年同期"]),
        ("2021年至2023年,2016—2020年", ["2021年至2023年", "2016—2020年"]),
        ("去年1月到今年8月", ["去年1月到今年8月"]),
        ("到2027年,力争年底前", ["2027年", "年底"]),
        ("6月底前完成,6月15日前", ["6月底前", "6月15日前"]),
        ("10月份当月,当月", ["10月份当月", "当月"]),
        ("十年来,两年平均增长", ["十年来"]),
        ("近三年来、未来五年、过去十年", ["近三年来", "未来五年", "过去十年"]),
        ("三年内,五年前", ["三年内", "五年前"]),
        ("党的十八大以来", ["党的十八大以来"]),
        ("去年10月启动以来", ["去年10月启动以来"]),
        ("2009年至今", ["2009年至今"]),
        ("较上年末、年初、上月、上年同期", ["上年末", "年初", "上月", "上年同期"]),
        ("“五一”假期、国庆中秋假期前三天", ["“五一”假期", "国庆中秋假期前三天"]),
        ("2月5日14时", ["2月5日14时"]),
        ("二〇二五年", ["二〇二五年"]),
        ("2010年中山市;今年前11个月内地", ["2010年", "今年前11个月"]),
        ("增长2.5月", []),
        ("三年", []),
        ("80年代", []),
    ],
)
def test_extent(text: str, found: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_periods(text)] == found


@pytest.mark.parametrize(
    ("surface", "start", "end", "kind", "relative"),
    [
        ("2023年", "2023-01-01", "2023-12-31", "year", False),
        ("2019年度", "2019-01-01", "2019-12-31", "year", False),
        ("二〇二五年", "2025-01-01", "2025-12-31", "year", False),
        ("二零二五年", "2025-01-01", "2025-12-31", "year", False),
        ("2023年底", "2023-12-31", "2023-12-31", "instant", False),
        ("2025年底前", "2025-12-31", "2025-12-31", "instant", False),
        ("2023年上半年", "2023-01-01", "2023-06-30", "half", False),
        ("2023年第一季度", "2023-01-01", "2023-03-31", "quarter", False),
        ("2024年1—7月", "2024-01-01", "2024-07-31", "months", False),
        ("2024年2月", "2024-02-01", "2024-02-29", "month", False),
        ("2024年9月底", "2024-09-30", "2024-09-30", "instant", False),
        ("2009年12月31日", "2009-12-31", "2009-12-31", "instant", False),
        ("2021年至2023年", "2021-01-01", "2023-12-31", "span", False),
        ("2016—2020年", "2016-01-01", "2020-12-31", "span", False),
        ("“一五”时期", "1953-01-01", "1957-12-31", "plan", False),
        ("“二五”", "1958-01-01", "1962-12-31", "plan", False),
        ("“三五”", "1966-01-01", "1970-12-31", "plan", False),
        ("“九五”", "1996-01-01", "2000-12-31", "plan", False),
        ("“十五”期间", "2001-01-01", "2005-12-31", "plan", False),
        ("“十三五”", "2016-01-01", "2020-12-31", "plan", False),
        ("“十四五”期间", "2021-01-01", "2025-12-31", "plan", False),
        ("十四五期间", "2021-01-01", "2025-12-31", "plan", False),
        ("“十四五”末", "2025-12-31", "2025-12-31", "instant", False),
        ("“十四五”前三年", "2021-01-01", "2023-12-31", "span", False),
        ("“十四五”开局之年", "2021-01-01", "2021-12-31", "year", False),
        ("“十五五”末", "2030-12-31", "2030-12-31", "instant", False),
        ("“十四五”以来", "2021-01-01", "2023-11-21", "span", True),
        ("今年", "2023-01-01", "2023-12-31", "year", True),
        ("去年", "2022-01-01", "2022-12-31", "year", True),
        ("上年", "2022-01-01", "2022-12-31", "year", True),
        ("上年度", "2022-01-01", "2022-12-31", "year", True),
        ("明年", "2024-01-01", "2024-12-31", "year", True),
        ("明年6月底前", "2024-06-30", "2024-06-30", "instant", True),
        ("今年以来", "2023-01-01", "2023-11-21", "span", True),
        ("去年以来", "2022-01-01", "2023-11-21", "span", True),
        ("4月1日以来", "2023-04-01", "2023-11-21", "span", True),
        ("1至10月", "2023-01-01", "2023-10-31", "months", True),
        ("1-8月份", "2023-01-01", "2023-08-31", "months", True),
        ("1—9月", "2023-01-01", "2023-09-30", "months", True),
        ("1?9月", "2023-01-01", "2023-09-30", "months", True),
        ("1到4月", "2023-01-01", "2023-04-30", "months", True),
        ("前10个月", "2023-01-01", "2023-10-31", "months", True),
        ("前两个月", "2023-01-01", "2023-02-28", "months", True),
        ("今年前三季度", "2023-01-01", "2023-09-30", "months", True),
        ("前三季度", "2023-01-01", "2023-09-30", "months", True),
        ("一至三季度", "2023-01-01", "2023-09-30", "months", True),
        ("一季度", "2023-01-01", "2023-03-31", "quarter", True),
        ("三季度末", "2023-09-30", "2023-09-30", "instant", True),
        ("四季度", "2023-10-01", "2023-12-31", "quarter", True),
        ("上半年", "2023-01-01", "2023-06-30", "half", True),
        ("今上半年", "2023-01-01", "2023-06-30", "half", True),
        ("下半年", "2023-07-01", "2023-12-31", "half", True),
        ("10月", "2023-10-01", "2023-10-31", "month", True),
        ("十月", "2023-10-01", "2023-10-31", "month", True),
        ("10月份当月", "2023-10-01", "2023-10-31", "month", True),
        ("10月中旬", "2023-10-11", "2023-10-20", "span", True),
        ("9月底", "2023-09-30", "2023-09-30", "instant", True),
        ("12月", "2022-12-01", "2022-12-31", "month", True),
        ("12月31日", "2022-12-31", "2022-12-31", "instant", True),
        ("6月4日17时", "2023-06-04", "2023-06-04", "instant", True),
        ("8月24日至29日", "2023-08-24", "2023-08-29", "span", True),
        ("2月28日至3月5日", "2023-02-28", "2023-03-05", "span", True),
        ("去年1月到今年8月", "2022-01-01", "2023-08-31", "span", True),
        ("2009年至今", "2009-01-01", "2023-11-21", "span", True),
        ("年初", "2023-01-01", "2023-01-01", "instant", True),
        ("上年末", "2022-12-31", "2022-12-31", "instant", True),
        ("去年底", "2022-12-31", "2022-12-31", "instant", True),
        ("今年年底", "2023-12-31", "2023-12-31", "instant", True),
        ("年内", "2023-01-01", "2023-12-31", "year", True),
        ("去年全年", "2022-01-01", "2022-12-31", "year", True),
        ("上月", "2023-10-01", "2023-10-31", "month", True),
        ("上个月", "2023-10-01", "2023-10-31", "month", True),
        ("上季度末", "2023-09-30", "2023-09-30", "instant", True),
        ("近五年", "2018-11-21", "2023-11-21", "span", True),
        ("十年来", "2013-11-21", "2023-11-21", "span", True),
        ("未来五年", "2023-11-21", "2028-11-21", "span", True),
        ("三年内", "2023-11-21", "2026-11-21", "span", True),
        ("五年前", "2018-01-01", "2018-12-31", "year", True),
        ("党的十八大以来", "2012-11-08", "2023-11-21", "span", True),
    ],
)
def test_days(surface: str, start: str, end: str, kind: str, relative: bool) -> None:
    assert resolve_period(surface, anchor=ANCHOR) == Period(start, end, kind, relative)
    without_date = resolve_period(surface, anchor=None)
    if relative:
        assert isinstance(without_date, str) and "date, which is unknown" in without_date
    else:
        assert without_date == Period(start, end, kind, relative)


@pytest.mark.parametrize(
    ("surface", "context", "start", "end"),
    [
        ("上年同期", JAN_TO_OCT, "2022-01-01", "2022-10-31"),
        ("去年同期", JAN_TO_OCT, "2022-01-01", "2022-10-31"),
        ("2019年同期", JAN_TO_OCT, "2019-01-01", "2019-10-31"),
        ("同期", JAN_TO_OCT, "2023-01-01", "2023-10-31"),
        ("上年同期", Period("2024-02-01", "2024-02-29", "month"), "2023-02-01", "2023-02-28"),
        ("上年同期", Period("2025-02-01", "2025-02-28", "month"), "2024-02-01", "2024-02-29"),
        ("当月", JAN_TO_OCT, "2023-10-01", "2023-10-31"),
        ("上月", JAN_TO_OCT, "2023-09-01", "2023-09-30"),
        ("期末", JAN_TO_OCT, "2023-10-31", "2023-10-31"),
        ("10月", YEAR_2022, "2022-10-01", "2022-10-31"),
        ("年末", YEAR_2022, "2022-12-31", "2022-12-31"),
        ("全年", YEAR_2022, "2022-01-01", "2022-12-31"),
        ("上年", YEAR_2022, "2021-01-01", "2021-12-31"),
        ("去年", YEAR_2022, "2022-01-01", "2022-12-31"),
        ("此前三年", YEAR_2022, "2019-01-01", "2022-01-01"),
    ],
)
def test_days_under_a_governing_period(surface: str, context: Period, start: str, end: str) -> None:
    period = resolve_period(surface, anchor=ANCHOR, context=context)
    assert isinstance(period, Period)
    assert (period.start, period.end) == (start, end)


def test_a_month_to_come_is_last_year_unless_the_value_is_a_target() -> None:
    past, target = (resolve_period("12月底", anchor=ANCHOR, future=future) for future in (False, True))
    assert isinstance(past, Period) and past.end == "2022-12-31"
    assert isinstance(target, Period) and target.end == "2023-12-31"


def test_a_whole_year_is_last_year_until_december() -> None:
    in_january, in_december = (resolve_period("全年", anchor=date(2024, month, 20)) for month in (1, 12))
    assert isinstance(in_january, Period) and in_january.start == "2023-01-01"
    assert isinstance(in_december, Period) and in_december.start == "2024-01-01"


@pytest.mark.parametrize(
    ("surface", "reason"),
    [
        ("上年同期", "governing period"),
        ("春节假期", "differ from year to year"),
        ("封关以来", "not in the calendar"),
        ("2月30日", "no dates"),
        ("13月", "no part of one year"),
        ("三年", "length of time"),
        ("本世纪中叶", "no calendar days"),
        ("2027年以来", "after the document's date"),
        ("", "no calendar days"),
    ],
)
def test_reason(surface: str, reason: str) -> None:
    outcome = resolve_period(surface, anchor=ANCHOR)
    assert isinstance(outcome, str) and reason in outcome


@given(st.text(alphabet="0123456789年月日至—今去上前末底初内期同以来季度半五十“”近未", max_size=14))
def test_never_raises_and_never_ends_before_it_begins(text: str) -> None:
    spans = find_periods(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for surface in [text, *(text[span.start : span.end] for span in spans)]:
        outcome = resolve_period(surface, anchor=ANCHOR, context=JAN_TO_OCT)
        if isinstance(outcome, Period):
            assert date.fromisoformat(outcome.start) <= date.fromisoformat(outcome.end)


@pytest.mark.skipif(not ANNOTATION.is_dir(), reason="needs the annotated paragraphs beside the repository")
@pytest.mark.parametrize(
    ("name", "least"), [("authored_train", 0.98), ("real_train", 0.97), ("authored_dev", 0.95), ("real_dev", 0.95)]
)
def test_annotated_periods_are_found_exactly(name: str, least: float) -> None:
    fold = str.maketrans("％（），：；！？", "%(),:;!?")
    gold = found = 0
    for line in (ANNOTATION / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        paragraph = json.loads(line)
        spans = {(span.start, span.end) for span in find_periods(paragraph["text"].translate(fold))}
        years = [(e["start"], e["end"]) for e in paragraph["entities"] if e["label"] == "YEAR"]
        gold += len(years)
        found += sum(year in spans for year in years)
    assert found >= least * gold
