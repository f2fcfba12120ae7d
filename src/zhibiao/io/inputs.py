"""Files, folders, patterns and standard input, as the user names them, to an ordered list of named sources."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zhibiao.core.ledger import Ledger

Format = Literal["txt", "md", "html", "jsonl", "csv", "tsv", "parquet"]
SUFFIXES: dict[str, Format] = {
    ".txt": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One document or file that could not be read.

    ``origin`` is ``path`` or ``path:line``, ``error`` the whole message, ``kind`` one of ``not_found``, ``unreadable``
    (by the system), ``encoding``, ``format`` (broken JSON, CSV, Parquet or gzip), ``column``, ``field`` and ``empty``.
    """

    origin: str
    error: str
    kind: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or standard input where ``path`` is None; ``name`` is the document id, or the stem of the rows' ids."""

    path: Path | None
    name: str
    origin: str
    format: Format
    gzipped: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with its possible names, from the short one to the one that is certainly unique."""

    path: Path
    names: tuple[str, str, str]
    origin: str
    suffix: str
    gzipped: bool


def expand_inputs(inputs: Sequence[str], *, input_format: Format | None, ledger: Ledger) -> list[Source | Failure]:
    """Sources and failures in the order of ``inputs``; the files of a folder or pattern are sorted by path.

    A name that exists is taken literally, otherwise as a glob pattern (``**`` included); ``-`` is standard input,
    text unless ``input_format`` says otherwise. A file named outright is read whatever its suffix (an unknown one as
    text); in folders and patterns only known suffixes count, others are counted as ``skipped_file_type`` (with
    ``input_format``: none is skipped). Hidden and linked folders are not entered (``skipped_folder``); a file that is
    reached twice is read once (``duplicate_input``).

    The name of a file is its stem (``report`` of ``a/report.txt.gz``), in a folder its path from there without suffix
    (``2023/report``). Where two would be equal both keep the suffix, and where that does not help both take the path
    as given.
    """
    found: list[_Found | Failure | None] = []
    for given in inputs:
        found.extend([None] if given == "-" else _find(given, input_format is not None, ledger))
    unique: dict[object, _Found | Failure | None] = {}
    for item in found:
        key = item.path.resolve() if isinstance(item, _Found) else item
        if key in unique:
            ledger.add("duplicate_input", "-" if item is None else item.origin)
        unique.setdefault(key, item)
    names = _names([item for item in unique.values() if isinstance(item, _Found)])
    sources: list[Source | Failure] = []
    for item in unique.values():
        if item is None:
            sources.append(Source(None, "stdin", "stdin", input_format or "txt"))
        elif isinstance(item, Failure):
            sources.append(item)
        else:
            file_format = input_format or SUFFIXES.get(item.suffix, "txt")
            sources.append(Source(item.path, names[item.path], item.origin, file_format, item.gzipped))
    return sources


def _find(given: str, any_type: bool, ledger: Ledger) -> Iterator[_Found | Failure]:
    path = Path(given)
    try:
        exists = path.exists()
    except (OSError, ValueError) as error:
        yield Failure(given, f"{given}: {error}", "not_found")
        return
    if exists:
        yield from _walk(path, any_type, ledger) if path.is_dir() else [_found(path)]
        return
    if not glob.has_magic(given):
        yield Failure(given, f"{given}: there is no such file or folder; check the spelling", "not_found")
        return
    matches = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute pattern
    if not matches:
        yield Failure(given, f"{given}: no file matches this pattern; check the spelling", "not_found")
    entered: list[Path] = []
    for match in map(Path, matches):
        if any(match.is_relative_to(folder) for folder in entered):
            continue
        if match.is_dir():
            entered.append(match)
            yield from _walk(match, any_type, ledger)
        else:
            yield from _known(_found(match), any_type, ledger)


def _walk(folder: Path, any_type: bool, ledger: Ledger) -> Iterator[_Found | Failure]:
    failures: list[Failure] = []

    def failed(error: OSError) -> None:
        place = _printable(error.filename or folder)
        failures.append(Failure(place, f"{place}: {error.strerror}; the folder is left out", "unreadable"))

    files: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=failed):
        left_out = [name for name in folders if name.startswith(".") or (Path(parent) / name).is_symlink()]
        for name in sorted(left_out):
            ledger.add("skipped_folder", _printable(Path(parent) / name))
            folders.remove(name)
        files.extend(Path(parent) / name for name in names)
    yield from failures
    for path in sorted(files, key=lambda p: p.relative_to(folder).parts):
        if path.name.startswith(".") or not path.is_file():
            ledger.add("skipped_file_type", _printable(path))
        else:
            yield from _known(_found(path, folder), any_type, ledger)


def _known(found: _Found, any_type: bool, ledger: Ledger) -> Iterator[_Found]:
    if any_type or found.suffix in SUFFIXES:
        yield found
    else:
        ledger.add("skipped_file_type", found.origin)


def _found(path: Path, folder: Path | None = None) -> _Found:
    gzipped = path.suffix.lower() == ".gz"
    inner = path.with_suffix("") if gzipped else path
    short, full = inner.with_suffix(""), path
    if folder is None:
        names = (short.name, full.name)
    else:
        names = (short.relative_to(folder).as_posix(), full.relative_to(folder).as_posix())
    origin = _printable(path)
    printable = (_printable(names[0]), _printable(names[1]), origin)
    return _Found(path, printable, origin, inner.suffix.lower(), gzipped)


def _names(files: Sequence[_Found]) -> dict[Path, str]:
    """The shortest names that tell ``files`` apart: as long as any collide, those take their next longer one."""
    level = dict.fromkeys((file.path for file in files), 0)
    while True:
        counts = Counter(file.names[level[file.path]] for file in files)
        longer = [f.path for f in files if counts[f.names[level[f.path]]] > 1 and level[f.path] < 2]
        if not longer:
            return {file.path: file.names[level[file.path]] for file in files}
        for path in longer:
            level[path] += 1


def _printable(path: str | bytes | Path) -> str:
    """A path as valid Unicode with forward slashes; bytes of a file name that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
