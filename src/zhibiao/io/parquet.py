"""Parquet, both ways; apart from the other formats because pyarrow takes long to load and few runs need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from zhibiao.core.ledger import Ledger
from zhibiao.io.document import OPTIONAL_FIELDS, ReadError, ReadOptions, make_document
from zhibiao.io.inputs import Failure, Source
from zhibiao.io.rows import Result, check_column
from zhibiao.io.sinks import ColumnType, encodable, plain_decimal

_BATCH_ROWS = 256
_DECIMAL_PLACES = 12
_DECIMAL_CONTEXT = Context(prec=38, rounding=ROUND_HALF_EVEN)
_ROW_GROUP_ROWS = 4096
_ROW_GROUP_CHARS = 1 << 24
_ARROW_TYPES: dict[ColumnType, Any] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(38, _DECIMAL_PLACES),
    "boolean": pa.bool_(),
}


def read_parquet(stream: BinaryIO, source: Source, options: ReadOptions, ledger: Ledger) -> Iterator[Result]:
    """One document a row; places are row numbers from 1. ``stream`` must be seekable.

    Raises ReadError of kind ``format`` if it is no Parquet file, ``column`` if the text column is missing, ``empty``
    if there are no rows.
    """
    try:
        table = pq.ParquetFile(stream)
        names = list(table.schema_arrow.names)
        check_column(names, source, options)
        wanted = {"text": options.text_column, "id": options.id_column} | {name: name for name in OPTIONAL_FIELDS}
        wanted = {field: column for field, column in wanted.items() if column in names}
        columns = list(dict.fromkeys(wanted.values()))
        row = 0
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, columns=columns):
            for index in range(batch.num_rows):
                row += 1
                yield _parquet_row(batch, index, wanted, source=source, row=row, ledger=ledger)
    except (pa.ArrowException, OSError) as error:
        raise ReadError(f"{source.origin}: broken Parquet file ({error}); write it again", "format") from error
    if row == 0:
        raise ReadError(f"{source.origin}: the table has no rows", "empty")


def _parquet_row(
    batch: Any, index: int, wanted: Mapping[str, str], *, source: Source, row: int, ledger: Ledger
) -> Result:
    origin = f"{source.origin}:{row}"
    try:
        fields = {field: batch.column(column)[index].as_py() for field, column in wanted.items()}
        return make_document(fields, fallback_id=f"{source.name}:{row}", origin=origin, encoding="utf-8", ledger=ledger)
    except UnicodeDecodeError as error:
        return Failure(origin, f"{origin}: a string that is no UTF-8 ({error}); the row is left out", "encoding")
    except ReadError as error:
        return Failure(origin, str(error), error.kind)


class ParquetSink:
    """Row groups of at most 4,096 rows and about 16 million characters, so that memory stays flat."""

    def __init__(self, file: BinaryIO, columns: Mapping[str, ColumnType], ledger: Ledger) -> None:
        self._columns = columns
        self._schema = pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in columns.items()])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._ledger = ledger
        self._rows: list[dict[str, object]] = []
        self._chars = 0

    def write(self, row: Mapping[str, object]) -> None:
        """Take one row. Raises ValueError for a key that is no column."""
        unknown = [name for name in row if name not in self._columns]
        if unknown:
            raise ValueError(f"row has keys that are no columns: {unknown}; columns are {list(self._columns)}")
        values = {name: _arrow_value(row.get(name), kind, name, self._ledger) for name, kind in self._columns.items()}
        self._rows.append(values)
        self._chars += sum(len(value) for value in values.values() if isinstance(value, str))
        if len(self._rows) >= _ROW_GROUP_ROWS or self._chars >= _ROW_GROUP_CHARS:
            self.flush()

    def flush(self) -> None:
        """Write what was taken as a row group."""
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows, self._chars = [], 0

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


def _arrow_value(value: object, kind: ColumnType, name: str, ledger: Ledger) -> object:
    if isinstance(value, str) and kind == "string":
        return encodable(value, name, ledger)
    if kind == "integer" and isinstance(value, int) and not -(2**63) <= value < 2**63:
        ledger.add("number_out_of_range", f"{name}: {plain_decimal(Decimal(value))[:60]}")
        return None
    if kind == "decimal" and isinstance(value, int | Decimal):
        return _stored_decimal(Decimal(value), name, ledger)
    return value


def _stored_decimal(value: Decimal, name: str, ledger: Ledger) -> Decimal | None:
    """``value`` with 12 places, exact where it fits 38 digits; rounding and overflow are counted."""
    try:
        stored = value.quantize(Decimal(1).scaleb(-_DECIMAL_PLACES), context=_DECIMAL_CONTEXT)
    except InvalidOperation:
        ledger.add("number_out_of_range", f"{name}: {plain_decimal(value)[:60]}")
        return None
    if stored != value:
        ledger.add("number_out_of_range", f"{name}: {plain_decimal(value)[:60]} is rounded to {_DECIMAL_PLACES} places")
    return stored if stored.is_finite() else None
