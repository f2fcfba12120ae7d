"""``zhibiao check``: every problem of annotation files at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhibiao.cli.terminal import terminal
from zhibiao.core.schema import Schema
from zhibiao.data.check import check_file
from zhibiao.data.leakage import check_splits

EXIT_PROBLEMS = 1

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Annotated paragraphs (JSON Lines).")],
    schema: Annotated[Path | None, typer.Option(help="Another schema.yaml than the one that ships.")] = None,
    strict: Annotated[bool, typer.Option(help="Warnings count as problems.")] = False,
    splits: Annotated[
        bool, typer.Option("--splits", help="The files are the splits of one corpus: what they share is an error.")
    ] = False,
) -> None:
    """List every problem of annotation files with line, id, offsets and text.

    Exit code 0: no errors; 1: there are some; 2: a file cannot be read.
    """
    out, loaded = terminal(), Schema.load(schema)
    failed = False
    for path in files:
        report = check_file(path, loaded)
        for line in report.lines():
            out.print(line)
        terminal(error=True).print(report.summary())
        failed = failed or bool(report.errors) or (strict and bool(report.warnings))
    if splits:
        leakage = check_splits(files)
        for line in leakage.lines():
            out.print(line)
        failed = failed or bool(leakage)
    if failed:
        raise typer.Exit(EXIT_PROBLEMS)
