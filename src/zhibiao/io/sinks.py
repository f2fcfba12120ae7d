"""Writers of rows: JSON Lines, CSV and Parquet, chosen by suffix; a file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from zhibiao.core.errors import ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.io.inputs import Failure

ColumnType = Literal["string", "integer", "number", "decimal", "boolean"]
_MAX_PLAIN_DIGITS = 60


class Sink(Protocol):
    """Takes rows one by one; values are str, int, float, bool, Decimal or None (JSON Lines: anything that JSON has)."""

    def write(self, row: Mapping[str, object]) -> None:
        """Write one row. Raises ValueError for a key that is no column."""


@contextmanager
def open_sink(path: Path, *, columns: Mapping[str, ColumnType] | None, ledger: Ledger) -> Iterator[Sink]:
    """A sink for ``path`` by its suffix: .jsonl (or .ndjson), .csv, .parquet.

    ``columns`` (name to type, in order) are needed for CSV and Parquet and ignored for JSON Lines, where rows may be
    nested. Rows go to a temporary file in the same folder, which takes the place of ``path`` when the block ends and
    is removed if it ends in an exception. Lone surrogates, which UTF-8 cannot hold, are escaped in JSON and become
    U+FFFD elsewhere (counted as ``lone_surrogate``); numbers too large for a Parquet column become null, and decimals
    of more than 12 places are rounded (both counted as ``number_out_of_range``). In CSV None is an empty field, the
    encoding UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding.

    Raises ConfigError for another suffix, missing columns, or a place that cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        with atomic_file(path) as file:
            yield _JsonLinesSink(file)
        return
    if suffix not in (".csv", ".parquet"):
        raise ConfigError(f"{path}: no output of type {suffix or '(none)'!r}; use the suffix .jsonl, .csv or .parquet")
    if columns is None:
        raise ConfigError(f"{path}: nested rows do not fit {suffix}; use .jsonl")
    with atomic_file(path) as file:
        sink: _CsvSink | ParquetSink
        if suffix == ".csv":
            sink = _CsvSink(file, columns, ledger)
        else:
            from zhibiao.io.parquet import ParquetSink  # pyarrow takes long to load, and few runs need it

            sink = ParquetSink(file, columns, ledger)
        try:
            yield sink
            sink.flush()
        finally:
            sink.close()


class FailureSink:
    """Writes failures as JSON Lines with ``origin``, ``kind`` and ``error``; made by open_failures."""

    def __init__(self, sink: Sink) -> None:
        """Write to ``sink``."""
        self._sink = sink

    def write(self, failure: Failure) -> None:
        """Write one failure."""
        self._sink.write({"origin": failure.origin, "kind": failure.kind, "error": failure.error})


@contextmanager
def open_failures(path: Path) -> Iterator[FailureSink]:
    """The error file of a run at ``path``: JSON Lines whatever its suffix, atomic, empty if nothing failed.

    Raises ConfigError if the place cannot be written.
    """
    with atomic_file(path) as file:
        yield FailureSink(_JsonLinesSink(file))


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A new binary file, renamed to ``path`` at the end, or removed if anything is raised, interrupts included."""
    if path.is_dir():
        raise ConfigError(f"{path}: this is a folder; name a file in it")
    temporary = path.with_name(f".zhibiao-{secrets.token_hex(8)}.tmp")
    try:
        file = temporary.open("xb")
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); the folder must exist and be writable"
        raise ConfigError(f"{path}: {reason}") from error
    try:
        with file:
            yield file
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class _JsonLinesSink:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, row: Mapping[str, object]) -> None:
        line = json.dumps(row, ensure_ascii=False, default=_json_value, allow_nan=False)
        try:
            data = line.encode("utf-8")
        except UnicodeEncodeError:
            data = json.dumps(row, default=_json_value, allow_nan=False).encode("ascii")
        self._file.write(data + b"\n")


class _CsvSink:
    def __init__(self, file: BinaryIO, columns: Mapping[str, ColumnType], ledger: Ledger) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
        # RFC 4180 line ends; with "\n" alone the writer of Python 3.11 leaves fields that hold a "\r" without quotes.
        self._writer = csv.DictWriter(self._text, list(columns), lineterminator="\r\n")
        self._writer.writeheader()
        self._ledger = ledger

    def write(self, row: Mapping[str, object]) -> None:
        self._writer.writerow({name: _csv_value(value, name, self._ledger) for name, value in row.items()})

    def flush(self) -> None:
        self._text.flush()

    def close(self) -> None:
        """Leave the file to its owner; what was not flushed is lost with it."""
        self._text.detach()


def plain_decimal(value: Decimal) -> str:
    """Plain notation (13270000000, not 1.327E+10), but for numbers that would fill the page."""
    return format(value, "f") if value.is_finite() and abs(value.adjusted()) < _MAX_PLAIN_DIGITS else str(value)


def _json_value(value: object) -> str:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON: {value!r:.80}")


def encodable(value: str, name: str, ledger: Ledger) -> str:
    """``value`` with U+FFFD for every lone surrogate, counted; ``name`` is the column."""
    try:
        value.encode("utf-8")
        return value
    except UnicodeEncodeError:
        clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
        ledger.add("lone_surrogate", f"{name}: {clean[:40]!r}")
        return clean


def _csv_value(value: object, name: str, ledger: Ledger) -> object:
    if isinstance(value, str):
        return encodable(value, name, ledger)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_decimal(value) if isinstance(value, Decimal) else value
