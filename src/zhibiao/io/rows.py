"""Documents out of JSON Lines, CSV and TSV: one a row, read as a stream."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.document import OPTIONAL_FIELDS, ReadError, ReadOptions, make_document
from zhibiao.io.inputs import Failure, Source
from zhibiao.io.lines import DecodedLine, open_lines

Result = Document | Failure
_MAX_FIELD_CHARS = 2**31 - 1


def read_jsonl(stream: BinaryIO, source: Source, options: ReadOptions, ledger: Ledger) -> Iterator[Result]:
    """One document an object; keys as in GUIDELINES section 5, title, date, city and source also from ``meta``.

    Other keys are ignored, blank lines left out. A missing id becomes ``<name>:<line>``. Raises InputError if the
    encoding cannot be found and ReadError of kind ``empty`` if there is no line.
    """
    encoding, lines = open_lines(stream, where=source.origin, encoding=options.encoding)
    empty = True
    for line in lines:
        if not line.text.strip():
            continue
        empty = False
        origin = f"{source.origin}:{line.number}"
        try:
            fields = _json_fields(line, origin, options)
            yield make_document(
                fields, fallback_id=f"{source.name}:{line.number}", origin=origin, encoding=encoding, ledger=ledger
            )
        except ReadError as error:
            yield Failure(origin, str(error), error.kind)
    if empty:
        raise ReadError(f"{source.origin}: the file has no lines", "empty")


def _json_fields(line: DecodedLine, origin: str, options: ReadOptions) -> dict[str, object]:
    if line.error:
        raise ReadError(f"{origin}: {line.error}; the line is left out; repair it or name the --encoding", "encoding")
    try:
        raw: Any = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{origin}: no JSON ({error}): {line.text[:60].strip()!r}", "format") from error
    if not isinstance(raw, dict):
        raise ReadError(f"{origin}: an object with 'text' is expected, got {type(raw).__name__}", "format")
    if options.text_column not in raw:
        raise ReadError(f"{origin}: the key {options.text_column!r} is missing; keys are {_listed(raw)}", "field")
    meta = raw["meta"] if isinstance(raw.get("meta"), dict) else {}
    fields: dict[str, object] = {name: raw.get(name) or meta.get(name) for name in OPTIONAL_FIELDS}
    return fields | {"text": raw[options.text_column], "id": raw.get(options.id_column)}


def read_csv(stream: BinaryIO, source: Source, options: ReadOptions, ledger: Ledger) -> Iterator[Result]:
    """One document a row; the first row names the columns. Every row must have as many fields as the header.

    The id is taken from ``id_column`` or is ``<name>:<line>`` with the row's first line. A row with broken bytes or
    quotes is a Failure of its own. Raises InputError if the encoding cannot be found, ReadError of kind ``column`` if
    the text column is missing or there twice, and of kind ``empty`` if there are no rows.
    """
    encoding, lines = open_lines(stream, where=source.origin, encoding=options.encoding)
    csv.field_size_limit(_MAX_FIELD_CHARS)
    broken: dict[int, str] = {}
    reader = csv.reader(_noting(lines, broken), strict=True, delimiter="\t" if source.format == "tsv" else ",")
    header: list[str] | None = None
    empty = True
    while True:
        first_line = reader.line_num + 1
        origin = f"{source.origin}:{first_line}"
        try:
            try:
                row = next(reader, None)
            except csv.Error as error:
                place = _lines_of(source, first_line, reader.line_num)
                raise ReadError(f"{place}: broken row: {error}; check its quotes", "format") from error
            if row is None:
                break
            _check_bytes(broken, origin)
            if header is None and row:
                header = _header(row, source, options)
            elif header is not None and row:
                empty = False
                fields = _row_fields(row, header, origin, options)
                yield make_document(
                    fields, fallback_id=f"{source.name}:{first_line}", origin=origin, encoding=encoding, ledger=ledger
                )
        except ReadError as error:
            if header is None:
                raise
            empty = False
            yield Failure(origin, str(error), error.kind)
    if empty:
        raise ReadError(f"{source.origin}: the table has no rows", "empty")


def _noting(lines: Iterator[DecodedLine], broken: dict[int, str]) -> Iterator[str]:
    """The texts of ``lines``; numbers and errors of the broken ones go to ``broken``."""
    for line in lines:
        if line.error:
            broken[line.number] = line.error
        yield line.text


def _check_bytes(broken: dict[int, str], origin: str) -> None:
    """Raise ReadError if a line that was read since the last call was broken, and forget it."""
    if broken:
        number, error = next(iter(broken.items()))
        broken.clear()
        raise ReadError(f"{origin}: line {number} is {error}; the row is left out; name the --encoding", "encoding")


def _lines_of(source: Source, first: int, last: int) -> str:
    return f"{source.origin}:{first}" + (f" to line {last}" if last > first else "")


def _header(row: list[str], source: Source, options: ReadOptions) -> list[str]:
    header = [name.strip() for name in row]
    check_column(header, source, options)
    return header


def check_column(columns: list[str], source: Source, options: ReadOptions) -> None:
    """Raises ReadError of kind ``column`` unless the text column is there once."""
    count = columns.count(options.text_column)
    if count != 1:
        state = "is missing" if count == 0 else f"is there {count} times"
        raise ReadError(
            f"{source.origin}: the column {options.text_column!r} {state}; columns are {_listed(columns)}; choose one "
            f"with --text-column",
            "column",
        )


def _row_fields(row: list[str], header: list[str], origin: str, options: ReadOptions) -> Mapping[str, object]:
    if len(row) != len(header):
        counts = f"{len(row)} fields, but the header has {len(header)}"
        raise ReadError(f"{origin}: {counts}; put fields that hold the separator in quotes", "format")
    given = dict(zip(header, row, strict=True))
    fields: dict[str, object] = {name: given.get(name) for name in OPTIONAL_FIELDS}
    return fields | {"text": given[options.text_column], "id": given.get(options.id_column)}


def _listed(names: Any) -> str:
    return ", ".join(repr(str(name)[:40]) for name in list(names)[:20]) or "none"
