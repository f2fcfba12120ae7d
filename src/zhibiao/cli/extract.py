"""``zhibiao extract``: documents in, records or annotations out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from zhibiao.cli.outputs import OutputFormat, Outputs, open_outputs
from zhibiao.cli.summary import print_summary
from zhibiao.cli.systems import SystemName, make_system
from zhibiao.cli.terminal import terminal
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import Document
from zhibiao.io.readers import Failure, ReadOptions, read_documents
from zhibiao.pipeline.batch import BatchSummary, extract_all
from zhibiao.pipeline.extractor import Extraction, Extractor
from zhibiao.resolve.dates import parse_date

EXIT_SKIPPED = 3


class InputFormat(StrEnum):
    """Types of input, for when the suffix does not tell."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"


app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def extract(
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, glob patterns, or - for standard input.")],
    system: Annotated[SystemName, typer.Option(help="What finds the statements.")] = SystemName.MODEL,
    model: Annotated[Path | None, typer.Option(help="Folder of a model instead of the one that ships.")] = None,
    min_confidence: Annotated[float, typer.Option(help="Leave out records less probable than this (0 to 1).")] = 0.0,
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="Records, or spans and links (JSON Lines).")
    ] = OutputFormat.RECORDS,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="FILE.jsonl, .csv or .parquet; without it, a table.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write a page that shows texts, spans, links and records.")
    ] = None,
    errors: Annotated[
        Path | None, typer.Option(help="List of what failed; default: OUTPUT.errors.jsonl, where anything did.")
    ] = None,
    input_format: Annotated[InputFormat | None, typer.Option(help="Overrides the suffix of the inputs.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the inputs instead of detection.")] = None,
    text_column: Annotated[str, typer.Option(help="Column or key that holds the text.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column or key that holds the document id.")] = "id",
    city: Annotated[str, typer.Option(help="What 全市 stands for in documents that do not say it.")] = "",
    date: Annotated[str, typer.Option(help="Date (YYYY-MM-DD) of documents that bring none.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar, no summary.")] = False,
) -> None:
    """Extract records from documents.

    Exit code 0: everything was read; 3: something was skipped (see the summary and the error file); 2: wrong usage.
    """
    if date and parse_date(date) is None:
        raise ConfigError(f"--date {date}: a date such as 2024-07-22 is expected")
    if not 0 <= min_confidence <= 1:
        raise ConfigError(f"--min-confidence {min_confidence}: a probability from 0 to 1 is expected")
    options = ReadOptions(
        input_format=input_format.value if input_format else None,
        encoding=encoding,
        text_column=text_column,
        id_column=id_column,
    )
    started, summary = perf_counter(), BatchSummary()
    documents = _with_defaults(read_documents(inputs, options=options, ledger=summary.ledger), city, date)
    outcomes = extract_all(documents, Extractor(make_system(system, model), min_confidence=min_confidence), summary)
    with open_outputs(output, output_format, html=html, errors=errors, ledger=summary.ledger) as outputs:
        _run(outcomes, outputs, summary, bar=not quiet and output is not None)
    if not quiet:
        print_summary(terminal(error=True), summary, outputs, perf_counter() - started)
    if summary.skipped:
        raise typer.Exit(EXIT_SKIPPED)


def _with_defaults(items: Iterator[Document | Failure], city: str, date: str) -> Iterator[Document | Failure]:
    for item in items:
        if isinstance(item, Document):
            yield replace(item, city=item.city or city, date=item.date or date)
        else:
            yield item


def _run(outcomes: Iterator[Extraction | Failure], outputs: Outputs, summary: BatchSummary, *, bar: bool) -> None:
    columns = (
        BarColumn(pulse_style="green"),
        TextColumn("{task.completed} documents, {task.fields[records]} records, {task.fields[failures]} failed"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal(error=True), transient=True, disable=not bar) as progress:
        task = progress.add_task("", total=None, records=0, failures=0)
        for outcome in outcomes:
            outputs.accept(outcome)
            progress.update(task, advance=1, records=summary.records, failures=summary.failures)
