"""Writers of rows: JSON Lines, CSV and Parquet, chosen by suffix; a file appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from zhibiao.core.errors import ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.io.inputs import Failure

ColumnType = Literal["string", "integer", "number", "decimal", "boolean"]
_DECIMAL_PLACES = 12
_DECIMAL_CONTEXT = Context(prec=38, rounding=ROUND_HALF_EVEN)
_ARROW_TYPES: dict[ColumnType, Any] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(38, _DECIMAL_PLACES),
    "boolean": pa.bool_(),
}
_ROW_GROUP_ROWS = 4096
_ROW_GROUP_CHARS = 1 << 24
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
        sink = _CsvSink(file, columns, ledger) if suffix == ".csv" else _ParquetSink(file, columns, ledger)
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


class _ParquetSink:
    """Row groups of at most 4,096 rows and about 16 million characters, so that memory stays flat."""

    def __init__(self, file: BinaryIO, columns: Mapping[str, ColumnType], ledger: Ledger) -> None:
        self._columns = columns
        self._schema = pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._ledger = ledger
        self._rows: list[dict[str, object]] = []
        self._chars = 0

    def write(self, row: Mapping[str, object]) -> None:
        unknown = [name for name in row if name not in self._columns]
        if unknown:
            raise ValueError(f"row has keys that are no columns: {unknown}; columns are {list(self._columns)}")
        values = {name: _arrow_value(row.get(name), kind, name, self._ledger) for name, kind in self._columns.items()}
        self._rows.append(values)
        self._chars += sum(len(value) for value in values.values() if isinstance(value, str))
        if len(self._rows) >= _ROW_GROUP_ROWS or self._chars >= _ROW_GROUP_CHARS:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows, self._chars = [], 0

    def close(self) -> None:
        self._writer.close()


def _plain(value: Decimal) -> str:
    """Plain notation (13270000000, not 1.327E+10), but for numbers that would fill the page."""
    return format(value, "f") if value.is_finite() and abs(value.adjusted()) < _MAX_PLAIN_DIGITS else str(value)


def _json_value(value: object) -> str:
    if isinstance(value, Decimal):
        return _plain(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON: {value!r:.80}")


def _encodable(value: str, name: str, ledger: Ledger) -> str:
    try:
        value.encode("utf-8")
        return value
    except UnicodeEncodeError:
        clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
        ledger.add("lone_surrogate", f"{name}: {clean[:40]!r}")
        return clean


def _csv_value(value: object, name: str, ledger: Ledger) -> object:
    if isinstance(value, str):
        return _encodable(value, name, ledger)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _plain(value) if isinstance(value, Decimal) else value


def _arrow_value(value: object, kind: ColumnType, name: str, ledger: Ledger) -> object:
    if isinstance(value, str) and kind == "string":
        return _encodable(value, name, ledger)
    if kind == "integer" and isinstance(value, int) and not -(2**63) <= value < 2**63:
        ledger.add("number_out_of_range", f"{name}: {_plain(Decimal(value))[:60]}")
        return None
    if kind == "decimal" and isinstance(value, int | Decimal):
        return _stored_decimal(Decimal(value), name, ledger)
    return value


def _stored_decimal(value: Decimal, name: str, ledger: Ledger) -> Decimal | None:
    """``value`` with 12 places, exact where it fits 38 digits; rounding and overflow are counted."""
    try:
        stored = value.quantize(Decimal(1).scaleb(-_DECIMAL_PLACES), context=_DECIMAL_CONTEXT)
    except InvalidOperation:
        ledger.add("number_out_of_range", f"{name}: {_plain(value)[:60]}")
        return None
    if stored != value:
        ledger.add("number_out_of_range", f"{name}: {_plain(value)[:60]} is rounded to {_DECIMAL_PLACES} places")
    return stored if stored.is_finite() else None
