"""Rows of a sentence in the notation of the annotation guideline."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhibiao.rules.system import RuleSystem

TYPES = ("unit", "indicator", "region", "year", "baseline")


def make_rows(text: str) -> list[str]:
    """One row a value: ``value|unit|indicator|region|year|baseline|measure trend status bound``, '-' for none."""
    (annotation,) = RuleSystem().annotate([text])
    spans = {e.id: text[e.span.start : e.span.end] for e in annotation.entities}
    out = []
    for a in annotation.attributes:
        tails = {r.type: spans[r.tail] for r in annotation.relations if r.head == a.entity}
        cells = [
            spans[a.entity],
            *(tails.get(name, "-") for name in TYPES),
            f"{a.measure} {a.trend} {a.status} {a.bound}",
        ]
        out.append("|".join(cells))
    return out


@pytest.fixture
def rows() -> Callable[[str], list[str]]:
    return make_rows


@pytest.fixture
def column() -> Callable[[str, int], list[str]]:
    """One column of the rows: 0 value, 1 unit, 2 indicator, 3 region, 4 year, 5 baseline, 6 attributes."""
    return lambda text, index: [row.split("|")[index] for row in make_rows(text)]
