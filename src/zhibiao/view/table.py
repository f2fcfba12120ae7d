"""Records as a table on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from zhibiao.core.records import Record
from zhibiao.view.cells import baseline_cell, indicator_cell, period_cell, quantity_cell, region_cell

_USUAL = ("none", "actual", "exact")


def records_table(title: str, records: Iterable[Record]) -> Table:
    """One row a record; what could not be resolved shows its surface in grey."""
    table = Table(title=title, title_justify="left", show_lines=False, expand=False)
    for name in ("地区", "指标", "数值", "时期", "比较", "属性"):
        table.add_column(name, justify="right" if name == "数值" else "left", overflow="fold")
    for record in records:
        attributes = " ".join(
            part for part in (record.measure, record.trend, record.status, record.bound) if part not in _USUAL
        )
        cells = (
            region_cell(record),
            indicator_cell(record),
            quantity_cell(record),
            period_cell(record),
            (baseline_cell(record)[0], ""),
        )
        table.add_row(*(Text(main) if main else Text(sub.split(":")[0], "dim") for main, sub in cells), attributes)
    return table
