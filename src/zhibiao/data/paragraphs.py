"""Annotation files as the data tools take them: documents of paragraphs, read and written whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from zhibiao.core.codec import dumps, read_annotated
from zhibiao.core.errors import InputError
from zhibiao.core.records import AnnotatedText
from zhibiao.io.sinks import atomic_file


def read_paragraphs(path: Path) -> list[AnnotatedText]:
    """All paragraphs of a JSON Lines file.

    Raises InputError if the file cannot be read, AnnotationError with ``path:line`` for a line that is no paragraph.
    """
    try:
        return list(read_annotated(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; name a JSON Lines file") from error


def read_splits(paths: Iterable[Path]) -> Mapping[str, list[AnnotatedText]]:
    """The paragraphs of several files by the name of the file without its suffix, or its path where names repeat.

    Raises as ``read_paragraphs`` does.
    """
    files = list(paths)
    stems = [path.stem for path in files]
    return {(path.stem if stems.count(path.stem) == 1 else str(path)): read_paragraphs(path) for path in files}


def write_paragraphs(path: Path, paragraphs: Iterable[AnnotatedText]) -> int:
    """Write JSON Lines, all or nothing, and return how many paragraphs. Raises ConfigError if it cannot be written."""
    count = 0
    with atomic_file(path) as file:
        for paragraph in paragraphs:
            file.write(f"{dumps(paragraph)}\n".encode())
            count += 1
    return count
