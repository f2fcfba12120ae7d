"""Documents from files, folders, patterns and standard input: the way into the pipeline."""

from __future__ import annotations

import gzip
import io
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, cast

import yaml

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.document import OPTIONAL_FIELDS, ReadError, ReadOptions, make_document, text_field
from zhibiao.io.encoding import decode_bytes
from zhibiao.io.inputs import Failure, Source, expand_inputs
from zhibiao.io.rows import read_csv, read_jsonl

__all__ = ["Failure", "ReadOptions", "read_documents"]

_ROW_READERS = {"jsonl": read_jsonl, "csv": read_csv, "tsv": read_csv}
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def read_documents(inputs: Sequence[str], *, options: ReadOptions, ledger: Ledger) -> Iterator[Document | Failure]:
    """Every document of ``inputs``, and a Failure for every file, line or row that cannot be read; nothing is raised.

    Inputs are files, folders, glob patterns and ``-`` (expand_inputs says in which order, and how documents are
    named). The type follows the suffix, behind which ``.gz`` may stand: txt, md, html, jsonl, csv, tsv, parquet. A
    txt, md or html file is one document, the others one a row, read as a stream. ``Document.text`` is what was
    decoded, line ends included; for HTML it is the extracted article, for Markdown what follows the front matter
    (marks such as ``#``, ``*`` and ``|`` stay, every line is a paragraph as in txt).

    Losses that cost no whole document go to ``ledger``: ``undecodable_bytes``, ``html_fallback``, ``empty_text``,
    ``unreadable_date``, ``unreadable_front_matter``, ``skipped_file_type``, ``skipped_folder``, ``duplicate_input`` and
    ``duplicate_id`` (the document is read all the same and keeps its id). Failures are not counted there.
    """
    seen: set[str] = set()
    for source in expand_inputs(inputs, input_format=options.input_format, ledger=ledger):
        if isinstance(source, Failure):
            yield source
            continue
        for result in _read_source(source, options, ledger):
            if isinstance(result, Document):
                if result.id in seen:
                    ledger.add("duplicate_id", f"{result.origin}: {result.id!r:.60}")
                seen.add(result.id)
            yield result


def _read_source(source: Source, options: ReadOptions, ledger: Ledger) -> Iterator[Document | Failure]:
    try:
        with _open(source) as stream:
            if source.format == "parquet":
                from zhibiao.io.parquet import read_parquet  # pyarrow takes long to load, and few runs need it

                yield from read_parquet(stream, source, options, ledger)
            elif source.format in _ROW_READERS:
                yield from _ROW_READERS[source.format](stream, source, options, ledger)
            else:
                yield _read_whole(stream.read(), source, options, ledger)
    except ReadError as error:
        yield Failure(source.origin, str(error), error.kind)
    except InputError as error:
        yield Failure(source.origin, str(error), "encoding")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Failure(source.origin, f"{source.origin}: broken gzip file ({error}); compress it again", "format")
    except OSError as error:
        message = f"{source.origin}: cannot be read: {error.strerror or error}; check the file and its permissions"
        yield Failure(source.origin, message, "unreadable")


@contextmanager
def _open(source: Source) -> Iterator[BinaryIO]:
    """The bytes of ``source``, seekable where the format needs it; standard input is not closed."""
    if source.path is None:
        stream = sys.stdin.buffer
        yield io.BytesIO(stream.read()) if source.format == "parquet" else stream
    elif source.gzipped:
        with gzip.open(source.path, "rb") as stream:
            yield cast(BinaryIO, stream)
    else:
        with source.path.open("rb") as stream:
            yield stream


def _read_whole(data: bytes, source: Source, options: ReadOptions, ledger: Ledger) -> Document:
    """The one document of a txt, md or html file. Raises InputError, of kind ``empty`` if it has no text."""
    fields: dict[str, object] = {}
    if not data.strip():
        raise ReadError(f"{source.origin}: the file is empty", "empty")
    if source.format == "html":
        from zhibiao.io.html import read_html  # so does lxml

        page = read_html(data, where=source.origin, encoding=options.encoding, ledger=ledger)
        text, encoding = page.text, page.encoding
        fields = {"title": page.title, "date": page.date, "source": page.source}
    else:
        text, encoding = decode_bytes(data, where=source.origin, encoding=options.encoding, ledger=ledger)
        if source.format == "md":
            fields, text = _front_matter(text, source.origin, ledger)
    if not text.strip():
        raise ReadError(f"{source.origin}: the file has no text", "empty")
    return make_document(
        fields | {"text": text}, fallback_id=source.name, origin=source.origin, encoding=encoding, ledger=ledger
    )


def _front_matter(text: str, where: str, ledger: Ledger) -> tuple[dict[str, object], str]:
    """The OPTIONAL_FIELDS of a YAML head between ``---`` lines, and the text behind it; without one all of ``text``."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        head = yaml.load(match[1], Loader=yaml.BaseLoader)  # only builds strings, lists and mappings
    except yaml.YAMLError:
        head = None
    if not isinstance(head, dict):
        ledger.add("unreadable_front_matter", where)
        return {}, text
    return {name: text_field(head.get(name)) for name in OPTIONAL_FIELDS}, text[match.end() :]
