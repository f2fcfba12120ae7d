"""The date a document is from: what relative periods (今年, 1至10月) are counted from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhibiao.core.records import Document
from zhibiao.text.lines import Line

_FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?!\d)")
_MAX_HEAD_CHARS = 400


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """``day`` is None where no date is known; ``evidence`` says where it was found or why it is unknown."""

    day: date | None
    evidence: str


def document_date(document: Document, text: str, lines: Sequence[Line]) -> DocumentDate:
    """The date given with the document, else one on a furniture line (source, date), else one near the top of the text.

    The wall clock is never used. A date given as ``YYYY`` or ``YYYY-MM`` counts as its last day, so that the periods
    that a text of that year or month reports lie before it.
    """
    given = parse_date(document.date)
    if given:
        return DocumentDate(given, f"date given with the document: {document.date}")
    for line in lines:
        if line.kind == "furniture":
            day = _first_date(text[line.span.start : line.span.end])
            if day:
                return DocumentDate(day, f"date line: {text[line.span.start : line.span.end].strip()[:60]}")
    if document.title:
        day = _first_date(document.title)
        if day:
            return DocumentDate(day, f"title: {document.title[:60]}")
    day = _first_date(text[:_MAX_HEAD_CHARS])
    if day:
        return DocumentDate(day, f"first date in the text: {day.isoformat()}")
    reason = f"date given with the document is not ISO 8601: {document.date}" if document.date else "no date found"
    return DocumentDate(None, reason)


def parse_date(value: str) -> date | None:
    """The day of ``YYYY-MM-DD`` (a time may follow), ``YYYY-MM``, ``YYYY`` or a Chinese date; None if it is none."""
    value = value.strip()
    day = _first_date(value)
    if day:
        return day
    match = re.fullmatch(r"((?:19|20)\d\d)(?:年|[-/.])?(?:(\d{1,2})月?)?", value)
    if not match:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    if not 1 <= month <= 12:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _first_date(text: str) -> date | None:
    for match in _FULL_DATE.finditer(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return None
