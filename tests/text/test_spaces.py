import pytest

from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.spaces import join_letters, join_numbers, join_units, join_wraps, restore_dashes


def joined(text: str) -> str:
    for step in (restore_dashes, join_wraps, join_letters, join_numbers, join_units):
        text = step(text)[0]
    return text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("投资132. 7 亿元", "投资132.7亿元"),
        ("投资132 .7亿元", "投资132.7亿元"),
        ("总投资1 296.22亿元", "总投资1296.22亿元"),
        ("总投资达 1 296.22 亿元", "总投资达1296.22亿元"),
        ("为1 , 296 , 220元", "为1,296,220元"),
        ("为1, 296.22亿元", "为1,296.22亿元"),
        ("增长12.4 %", "增长12.4%"),
        ("增长 12.4 %", "增长12.4%"),
        ("高于 9.2 个百分点", "高于9.2个百分点"),
        ("1 - 10 月", "1-10月"),
        ("2023 年 1 - 10 月", "2023年1-10月"),
        ("7% — 8%", "7%—8%"),
        ("居第 2 位", "居第2位"),
        ("268 个", "268个"),
        ("全 市 工 业 投资", "全市工业 投资"),
        ("1?9月", "1-9月"),
        ("2022?2023年", "2022-2023年"),
        ("6月?9月", "6月-9月"),
        ("共完成投资132.7\n亿元", "共完成投资132.7亿元"),
        ("全县水利工程去年完成投资21.\n8亿元", "全县水利工程去年完成投资21.8亿元"),
    ],
)
def test_numbers_and_units_are_joined(raw: str, clean: str) -> None:
    assert joined(raw) == clean
    assert joined(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "2020 2021 2022",
        "工业 268 30",
        "268 30",
        "132 7亿元",
        "12 300家",
        "工业 268 300.5",
        "1. 5G建设",
        "1. 2023年目标",
        "2. 3亿元项目",
        ";2. 3亿元项目",
        "分别为5, 296.22亿元",
        "增长5, 120家",
        "5 -3.2%",
        "为什么?9月再说",
        "多少?8%",
        "2月?24日",
        "2012年?8月",
        "目 录",
        "共268\n30家",
        "268\n家庭",
        "132.\n7亿元",
        "全市\n工业",
        "附表 2 个人所得税",
        "指标 5 家庭 3",
        "GDP 增长",
    ],
)
def test_what_may_be_two_things_stays_two(text: str) -> None:
    assert joined(text) == text


def test_only_blanks_are_removed_from_the_map() -> None:
    raw = "投资132. 7 亿元"
    text, first = join_numbers(raw)
    text, second = join_units(text)
    offsets = first.then(second)
    assert text == "投资132.7亿元"
    assert offsets.to_raw(Span(2, 7)) == RawSpan(2, 8)
    assert offsets.to_raw(Span(5, 6)) == RawSpan(5, 6)
    assert offsets.to_raw(Span(7, 9)) == RawSpan(9, 11)
