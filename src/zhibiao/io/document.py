"""What reading gives: options, failures, and documents made from loosely typed fields."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

from zhibiao.core.errors import ConfigError, InputError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.inputs import Format

_DATE = re.compile(r"\s*(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?|(\d{2})(\d{2}))?(?!\d)")
OPTIONAL_FIELDS = ("title", "date", "city", "source")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read.

    ``input_format`` overrides the suffixes, ``encoding`` the detection (a Python codec name). ``text_column`` and
    ``id_column`` are columns of CSV, TSV and Parquet or keys of JSON Lines. Raises ConfigError for a format or an
    encoding that does not exist.
    """

    input_format: Format | None = None
    encoding: str | None = None
    text_column: str = "text"
    id_column: str = "id"

    def __post_init__(self) -> None:
        """Check format and encoding."""
        if self.input_format is not None and self.input_format not in get_args(Format):
            known = ", ".join(get_args(Format))
            raise ConfigError(f"input format {self.input_format!r} is unknown; choose one of {known}")
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
                "".encode(self.encoding)
            except (LookupError, ValueError) as error:
                raise ConfigError(
                    f"encoding {self.encoding!r} is unknown; use a Python codec such as utf-8, gb18030, big5 or utf-16"
                ) from error


class ReadError(InputError):
    """An input or a part of it that cannot be read; ``kind`` is the kind of the Failure it becomes."""

    def __init__(self, message: str, kind: str) -> None:
        """Take the whole ``message`` and the ``kind``."""
        super().__init__(message)
        self.kind = kind


def text_field(value: object) -> str:
    """``value`` as a string: numbers and dates in their usual form, everything else that is no string as empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def iso_date(raw: str) -> str:
    """``raw`` (2023-11-21, 2023/11/21 10:20, 2023年11月21日, 20231121, 2023-11, 2023) in ISO 8601, or empty."""
    match = _DATE.match(raw)
    if not match:
        return ""
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def make_document(
    fields: Mapping[str, object], *, fallback_id: str, origin: str, encoding: str, ledger: Ledger
) -> Document:
    """The document of ``fields`` (``id``, ``text``, OPTIONAL_FIELDS); ``fallback_id`` where the id is missing or empty.

    A text may be empty (counted as ``empty_text``); a date that cannot be read is left out (``unreadable_date``).
    Raises ReadError of kind ``field`` if the text is no string or the id neither a string nor an integer.
    """
    text, identifier = fields.get("text"), fields.get("id")
    if not isinstance(text, str):
        got = "is missing" if text is None else f"is a {type(text).__name__}, not a string"
        raise ReadError(f"{origin}: the text {got}; every document needs a text (see --text-column)", "field")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int | None):
        got = type(identifier).__name__
        raise ReadError(f"{origin}: the id is a {got}; a string or an integer is expected", "field")
    if not text.strip():
        ledger.add("empty_text", origin)
    raw_date = text_field(fields.get("date")).strip()
    iso = iso_date(raw_date)
    if raw_date and not iso:
        ledger.add("unreadable_date", f"{origin}: {raw_date[:40]!r}")
    title, city, source = (text_field(fields.get(name)).strip() for name in ("title", "city", "source"))
    return Document(
        id=fallback_id if identifier in (None, "") else str(identifier),
        text=text,
        title=title,
        date=iso,
        city=city,
        source=source,
        origin=origin,
        encoding=encoding,
    )
