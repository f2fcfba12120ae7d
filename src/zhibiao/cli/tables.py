"""Text tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from zhibiao.cli.terminal import table_terminal
from zhibiao.data.tables import TextTable


def print_tables(tables: Iterable[TextTable]) -> None:
    """Print each table with its title; columns of definitions are left out, they are in the JSON and Markdown forms."""
    console = table_terminal()
    for of in tables:
        shown = Table(title=of.title, title_justify="left", box=None)
        # Definitions would squeeze the figures.
        kept = [i for i, name in enumerate(of.columns) if name != "definition"]
        for i in kept:
            shown.add_column(of.columns[i], justify="right" if i else "left", overflow="fold")
        for row in of.rows:
            shown.add_row(*(row[i] for i in kept))
        console.print(shown)
        console.print()
