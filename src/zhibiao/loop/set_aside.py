"""What a round leaves out, with the reason: one entry each, and the list of those that are still open."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.io.sinks import open_sink

# Every reason of this package; `zhibiao check` and `zhibiao annotate pull` bring theirs.
REASONS = {
    "crosses-lines": "a span reaches over the end of a line; the lines that it touches are left out",
    "relation-crosses-lines": "a relation leads into another line, where it cannot be found; the relation is left out",
    "furniture-line": "the line is page furniture, which extraction does not read, yet something is marked in it",
    "shared-document": "the document is in a file that the model is judged by",
    "shared-city": "the city is in a file that the model is judged by",
    "near-duplicate": "a file that the model is judged by has a text much like it",
}


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something left out, and why: ``reason`` is a stable code.

    ``origin`` is the file or project, ``place`` the line or task in it, ``id`` that of the row or of a line of it.
    ``row`` is the row as it came, as JSON or, if it is none, as text; None where nothing could be read.
    """

    reason: str
    message: str
    origin: str
    place: str = ""
    id: str = ""
    row: Any = None

    def __str__(self) -> str:
        where = ":".join(part for part in (self.origin, self.place) if part)
        return f"{where}{f' id={self.id}' if self.id else ''}: {self.reason}: {self.message}"


def count_reasons(entries: Iterable[SetAside]) -> Counter[str]:
    """How many entries each reason has."""
    return Counter(entry.reason for entry in entries)


def write_entries(path: Path, entries: Iterable[SetAside]) -> None:
    """Write JSON Lines, all or nothing."""
    with open_sink(path, columns=None, ledger=Ledger()) as sink:
        for entry in entries:
            sink.write(asdict(entry))


def update_open(path: Path, entries: Iterable[SetAside], *, files: Collection[str], ids: Collection[str]) -> None:
    """Bring the list of open entries at ``path`` up to date with what a round set aside.

    Earlier entries go if their file is one of ``files``, which the round read whole, or if their id, or that of the
    page that they are a line of, is one of ``ids``, which the round saw again. Raises InputError if the list cannot be
    read.
    """
    new = list(entries)
    seen = {*ids, *(entry.id for entry in new if entry.id)}
    kept = [
        one
        for one in _read_entries(path)
        if one.origin not in files and seen.isdisjoint((one.id, one.id.rpartition("#")[0]))
    ]
    write_entries(path, [*kept, *new])


def _read_entries(path: Path) -> list[SetAside]:
    if not path.is_file():
        return []
    try:
        with path.open("rb") as lines:  # str.splitlines would break rows at U+2028 and the like
            return [SetAside(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path}: this is no list of what was set aside: {error}; move it away") from error
