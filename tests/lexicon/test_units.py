"""Units: composition by rule, extents in text, and every unit of the annotated paragraphs."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from zhibiao.lexicon.units import MULTIPLIERS, UNIT_RE, lookup_unit

ANNOTATION = Path(__file__).parents[3] / "shared" / "annotation"


@pytest.mark.parametrize(
    ("surface", "canonical", "dimension", "scale"),
    [
        ("元", "元", "currency", "1"),
        ("亿元", "元", "currency", "100000000"),
        ("万亿元", "元", "currency", "1000000000000"),
        ("亿多元", "元", "currency", "100000000"),
        ("个亿", "元", "currency", "100000000"),
        ("亿元人民币", "元", "currency", "100000000"),
        ("毛", "元", "currency", "0.1"),
        ("亿美元", "美元", "currency", "100000000"),
        ("万户", "户", "count", "10000"),
        ("万余家", "家", "count", "10000"),
        ("万名", "人", "person", "10000"),
        ("万人次", "人次", "person_time", "10000"),
        ("人·次", "人次", "person_time", "1"),
        ("万标箱", "标准箱", "count", "10000"),
        ("台（套）", "台(套)", "count", "1"),
        ("万头（只、匹）", "头(只、匹)", "count", "10000"),
        ("%", "%", "percent", "1"),
        ("％", "%", "percent", "1"),
        ("成", "%", "percent", "10"),
        ("‰", "‰", "permille", "1"),
        ("个百分点", "百分点", "percentage_point", "1"),
        ("个点", "点", "index", "1"),
        ("个基点", "基点", "basis_point", "1"),
        ("倍", "倍", "multiple", "1"),
        ("万亩", "亩", "area", "10000"),
        ("平方公里", "平方公里", "area", "1"),
        ("千米", "公里", "length", "1"),
        ("亿斤", "斤", "mass", "100000000"),
        ("千克", "公斤", "mass", "1"),
        ("万吨标准煤", "吨标准煤", "energy", "10000"),
        ("千克标准煤", "吨标准煤", "energy", "0.001"),
        ("亿千瓦时", "千瓦时", "energy", "100000000"),
        ("万度", "千瓦时", "energy", "10000"),
        ("千瓦", "千瓦", "power", "1"),
        ("万千瓦", "千瓦", "power", "10000"),
        ("百万千瓦", "千瓦", "power", "1000000"),
        ("吉瓦", "千瓦", "power", "1000000"),
        ("万千伏安", "千伏安", "apparent_power", "10000"),
        ("亿立方米", "立方米", "volume", "100000000"),
        ("亿吨公里", "吨公里", "turnover", "100000000"),
        ("千万亿次每秒", "次/秒", "rate", "1000000000000000"),
        ("元/平方米", "元/平方米", "rate", "1"),
        ("万元/亩", "元/亩", "rate", "10000"),
        ("元每吨", "元/吨", "rate", "1"),
        ("吨标准煤/万元", "吨标准煤/万元", "rate", "1"),
        ("千克标准煤/吨", "千克标准煤/吨", "rate", "1"),
        ("微克/立方米", "微克/立方米", "rate", "1"),
        ("个月", "月", "duration", "1"),
        ("万", "", "number", "10000"),
        ("万多亿", "", "number", "1000000000000"),
    ],
)
def test_lookup(surface: str, canonical: str, dimension: str, scale: str) -> None:
    unit = lookup_unit(surface)
    assert unit is not None
    assert (unit.canonical, unit.dimension, unit.scale) == (canonical, dimension, Decimal(scale))


@pytest.mark.parametrize("surface", ["", "企业", "亿元元", "万/亩", "%%", "元/企业"])
def test_unknown(surface: str) -> None:
    assert lookup_unit(surface) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("个项目", "个"),
        ("个百分点,", "个百分点"),
        ("个点,", "个点"),
        ("家企业", "家"),
        ("家电商企业", "家"),
        ("家园区", "家"),
        ("名工人", "名"),
        ("亿元。", "亿元"),
        ("万人次", "万人次"),
        ("万人口的县", "万"),
        ("万个体工商户", "万"),
        ("万企业", "万"),
        ("万多亿增加到", "万多亿"),
        ("万亿台阶", "万亿"),
        ("万千伏安;", "万千伏安"),
        ("元/吨左右", "元/吨"),
        ("家每年增加", "家"),
        ("个亿元以上项目", "个"),
        ("台(套)设备", "台(套)"),
        ("台(含进口)", "台"),
        ("部影片", "部"),
    ],
)
def test_extent(text: str, unit: str) -> None:
    match = UNIT_RE.match("3" + text, 1)
    assert match is not None and match[0] == unit


@pytest.mark.parametrize("text", ["成员单位", "处理能力", "项目", "人均", "升至", "部门", "年度", "企业"])
def test_nouns_are_no_units(text: str) -> None:
    assert UNIT_RE.match(text) is None


def test_every_multiplier_composes() -> None:
    for sign, factor in MULTIPLIERS.items():
        unit = lookup_unit(sign + "元")
        assert unit is not None and unit.scale == factor


@pytest.mark.skipif(not ANNOTATION.is_dir(), reason="needs the annotated paragraphs beside the repository")
@pytest.mark.parametrize("name", ["authored_train", "real_train", "authored_dev", "real_dev"])
def test_annotated_units_are_known(name: str) -> None:
    units = []
    for line in (ANNOTATION / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        paragraph = json.loads(line)
        units += [paragraph["text"][e["start"] : e["end"]] for e in paragraph["entities"] if e["label"] == "UNIT"]
    known = sum(lookup_unit(unit) is not None for unit in units)
    assert known >= 0.99 * len(units)
