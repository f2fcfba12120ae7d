"""The document's date comes from the document, never from the clock."""

from datetime import date

import pytest

from zhibiao.core.records import Document
from zhibiao.resolve.dates import document_date, parse_date
from zhibiao.text.lines import split_lines


def found(text, **known):
    return document_date(Document("d", text, **known), text, split_lines(text))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-07-22", date(2024, 7, 22)),
        ("2024/7/2 08:15", date(2024, 7, 2)),
        ("2024年7月22日", date(2024, 7, 22)),
        ("2024-02", date(2024, 2, 29)),
        ("2024年12月", date(2024, 12, 31)),
        ("2024", date(2024, 12, 31)),
        ("2024-13", None),
        ("2024-02-31", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_forms_of_a_date(value, day):
    assert parse_date(value) == day


def test_the_given_date_comes_first():
    outcome = found("来源:网络 发布时间:2023-07-03\n正文。", date="2022-01-05")
    assert outcome.day == date(2022, 1, 5)
    assert "given with the document" in outcome.evidence


def test_then_a_date_line_then_the_text():
    assert found("来源:网络 发布时间:2023-07-03\n会议于2021年5月1日召开。").day == date(2023, 7, 3)
    assert found("2021年5月1日,会议召开,增长9%。").day == date(2021, 5, 1)


def test_no_date_is_said_to_be_none():
    outcome = found("11月21日,会议召开。")
    assert outcome.day is None
    assert outcome.evidence == "no date found"
