"""Quantities: exact numbers, signs, bounds, canonical units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.records import Attributes, Quantity
from zhibiao.resolve.quantity import resolve_quantity


def _resolve(
    value: str, unit: str | None, measure: str = "level", trend: str = "none", bound: str = "exact"
) -> Quantity | str:
    return resolve_quantity(value, unit, Attributes("T1", measure, trend, "actual", bound))


@pytest.mark.parametrize(
    ("value", "unit", "measure", "trend", "expected", "canonical", "dimension"),
    [
        ("132.7", "亿元", "level", "none", "13270000000", "元", "currency"),
        ("1,234.5", "亿元", "level", "none", "123450000000", "元", "currency"),
        ("千亿", "元", "level", "none", "100000000000", "元", "currency"),
        ("5.2", "万家", "level", "none", "52000", "家", "count"),
        ("12.4", "%", "growth", "up", "12.4", "%", "percent"),
        ("12.4", "%", "growth", "down", "-12.4", "%", "percent"),
        ("-3.2", "%", "growth", "down", "-3.2", "%", "percent"),
        ("9.2", "个百分点", "change", "down", "-9.2", "百分点", "percentage_point"),
        ("34.7", "%", "share", "none", "34.7", "%", "percent"),
        ("三", "成", "share", "none", "30", "%", "percent"),
        ("百分之十二点五", None, "growth", "down", "-12.5", "%", "percent"),
        ("1.5", "倍", "growth", "up", "1.5", "倍", "multiple"),
        ("五分之一", None, "share", "none", "0.2", "", "ratio"),
        ("一半", None, "share", "none", "0.5", "", "ratio"),
        ("2.16:1", None, "level", "none", "2.16", "", "ratio"),
        ("114.6", None, "level", "none", "114.6", "", "index"),
        ("首", "位", "rank", "none", "1", "位", "rank"),
        ("第2", "位", "rank", "none", "2", "位", "rank"),
        ("3", "位", "change", "up", "3", "位", "rank"),
        ("3", "位", "level", "none", "3", "位", "count"),
        ("12", "艘船", "level", "none", "12", "艘船", "other"),
        ("5", "亿", "level", "none", "500000000", "", "number"),
        ("两万余", "家", "level", "none", "20000", "家", "count"),
    ],
)
def test_value(
    value: str, unit: str | None, measure: str, trend: str, expected: str, canonical: str, dimension: str
) -> None:
    quantity = _resolve(value, unit, measure, trend)
    assert isinstance(quantity, Quantity)
    assert (quantity.value, quantity.unit, quantity.dimension) == (Decimal(expected), canonical, dimension)
    assert quantity.number is not None
    assert abs(quantity.value or 0) == abs(quantity.number * quantity.scale)


@pytest.mark.parametrize(
    ("value", "unit", "measure", "trend", "bound", "lower", "upper"),
    [
        ("7", "%", "growth", "up", "min", "7", None),
        ("8", "%", "growth", "up", "max", None, "8"),
        ("10", "%", "growth", "down", "min", None, "-10"),
        ("10", "%", "growth", "down", "max", "-10", None),
        ("-3", "%", "growth", "down", "min", "-3", None),
        ("前三", None, "rank", "none", "max", None, "3"),
        ("700余", "家", "level", "none", "exact", "700", None),
        ("74", "亿多元", "level", "none", "exact", "7400000000", None),
        ("5", "%", "growth", "up", "exact", None, None),
        ("5", "%", "growth", "up", "approx", None, None),
    ],
)
def test_bounds(
    value: str, unit: str | None, measure: str, trend: str, bound: str, lower: str | None, upper: str | None
) -> None:
    quantity = _resolve(value, unit, measure, trend, bound)
    assert isinstance(quantity, Quantity)
    assert quantity.lower == (None if lower is None else Decimal(lower))
    assert quantity.upper == (None if upper is None else Decimal(upper))
    assert quantity.approximate == (bound == "approx")


def test_vague_numeral_has_limits_and_no_value() -> None:
    assert _resolve("三十几万", "元") == Quantity(
        None, None, Decimal(1), "元", "currency", Decimal(310000), Decimal(390000), approximate=True
    )
    fall = _resolve("五六", "%", "growth", "down")
    assert isinstance(fall, Quantity) and (fall.lower, fall.upper) == (-6, -5)


@pytest.mark.parametrize(("value", "reason"), [("4.6:31.9:63.5", "more than two parts"), ("翻番", "not a number")])
def test_reason(value: str, reason: str) -> None:
    outcome = _resolve(value, None)
    assert isinstance(outcome, str) and reason in outcome


@given(st.decimals(min_value=0, max_value=10**9, places=4), st.sampled_from(["亿元", "万户", "%", "成", "吉瓦", "毛"]))
def test_value_is_exactly_number_times_scale(number: Decimal, unit: str) -> None:
    quantity = _resolve(f"{number:f}", unit, "change", "down")
    assert isinstance(quantity, Quantity) and quantity.value is not None
    assert quantity.value == -number * quantity.scale
    assert "E" not in str(quantity.value)
