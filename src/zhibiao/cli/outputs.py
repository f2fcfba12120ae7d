"""Where the outcomes of a batch go: an output file or the terminal, an HTML page, an error file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import BinaryIO

from rich.console import Console

from zhibiao.cli.terminal import table_terminal
from zhibiao.core.codec import dumps, encode
from zhibiao.core.errors import ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.core.schema import default_schema
from zhibiao.io.readers import Failure
from zhibiao.io.sinks import FailureSink, atomic_file, open_failures, open_sink
from zhibiao.pipeline.extractor import Extraction
from zhibiao.pipeline.rows import COLUMNS, to_json, to_row
from zhibiao.view.html import page_document, page_foot, page_head
from zhibiao.view.table import records_table

_JSON_SUFFIXES = (".jsonl", ".ndjson")
_SHOWN_FAILURES = 5

Writer = Callable[[Extraction], None]


class OutputFormat(StrEnum):
    """What is written for each document."""

    RECORDS = "records"
    ANNOTATIONS = "annotations"


class Outputs:
    """Passes each outcome on; ``error_file`` lists the failures, ``first_failures`` holds the first few."""

    def __init__(self, writers: list[Writer], open_errors: Callable[[], FailureSink] | None, error_file: Path | None):
        self._writers = writers
        self._open_errors = open_errors
        self._errors: FailureSink | None = None
        self.error_file = error_file
        self.first_failures: list[Failure] = []

    def accept(self, outcome: Extraction | Failure) -> None:
        """Write one outcome."""
        if isinstance(outcome, Extraction):
            for write in self._writers:
                write(outcome)
            return
        if len(self.first_failures) < _SHOWN_FAILURES:
            self.first_failures.append(outcome)
        if self._open_errors:
            self._errors = self._errors or self._open_errors()
            self._errors.write(outcome)


@contextmanager
def open_outputs(
    output: Path | None, output_format: OutputFormat, *, html: Path | None, errors: Path | None, ledger: Ledger
) -> Iterator[Outputs]:
    """All outputs of one run; every file appears whole at the end, or not at all.

    Raises ConfigError for an output of a type that is not supported or that cannot be written.
    """
    error_file = errors or (output.with_name(output.name + ".errors.jsonl") if output else None)
    with ExitStack() as stack:
        writers = [_output_writer(stack, output, output_format, ledger)]
        if html:
            writers.append(stack.enter_context(_page_writer(html)))
        open_errors = (lambda: stack.enter_context(open_failures(error_file))) if error_file else None
        outputs = Outputs(writers, open_errors, error_file)
        yield outputs
        if error_file and not outputs.first_failures:
            error_file.unlink(missing_ok=True)  # of an earlier run


def _output_writer(stack: ExitStack, output: Path | None, output_format: OutputFormat, ledger: Ledger) -> Writer:
    if output_format is OutputFormat.ANNOTATIONS:
        return _annotation_writer(stack, output, ledger)
    if output is None:
        console = table_terminal()
        return lambda extraction: _print_table(console, extraction)
    nested = output.suffix.lower() in _JSON_SUFFIXES
    sink = stack.enter_context(open_sink(output, columns=None if nested else COLUMNS, ledger=ledger))
    flatten = to_json if nested else to_row

    def write(extraction: Extraction) -> None:
        for record in extraction.records:
            sink.write(flatten(record))

    return write


def _annotation_writer(stack: ExitStack, output: Path | None, ledger: Ledger) -> Writer:
    if output is None:
        return lambda extraction: print(dumps(extraction.to_annotated()))  # noqa: T201
    if output.suffix.lower() not in _JSON_SUFFIXES:
        raise ConfigError(f"{output}: annotations are nested; name a .jsonl file")
    sink = stack.enter_context(open_sink(output, columns=None, ledger=ledger))
    return lambda extraction: sink.write(encode(extraction.to_annotated()))


def _print_table(console: Console, extraction: Extraction) -> None:
    document = extraction.document
    title = " · ".join(part for part in (document.id, document.title) if part)
    if extraction.records:
        console.print(records_table(title, extraction.records))
    else:
        console.print(f"{title}: no records")


@contextmanager
def _page_writer(html: Path) -> Iterator[Writer]:
    schema = default_schema()
    numbers = count()
    html.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(html) as file:
        file.write(page_head(schema).encode())
        yield lambda extraction: _write(file, page_document(extraction, schema, next(numbers)))
        file.write(page_foot().encode())


def _write(file: BinaryIO, piece: str) -> None:
    file.write(piece.encode())
