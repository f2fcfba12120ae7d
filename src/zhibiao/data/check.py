"""Checking annotation files: every problem of a file at once, each with its place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.core.errors import InputError
from zhibiao.core.schema import Schema
from zhibiao.data.paragraph_check import check_paragraph
from zhibiao.data.problems import Problem


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All problems of one file in the order of its lines; ``paragraphs`` counts the lines that are not blank."""

    path: Path
    paragraphs: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many of the problems are warnings."""
        return len(self.problems) - self.errors

    @property
    def counts(self) -> Counter[str]:
        """How often each code occurs."""
        return Counter(problem.code for problem in self.problems)

    def lines(self) -> Iterator[str]:
        """One printable line a problem, ``path:line: id=... T3 [12, 15) '...': error code: message``."""
        for problem in self.problems:
            # A name that was decoded from wrong bytes must not break the terminal that it is printed on.
            yield f"{self.path}:{problem}".encode("utf-8", "backslashreplace").decode("utf-8")

    def summary(self) -> str:
        """One line with the counts, by code where there is any problem."""
        by_code = ", ".join(f"{code} {count}" for code, count in self.counts.most_common())
        counts = f"{self.path}: {self.paragraphs} paragraphs, {self.errors} errors, {self.warnings} warnings"
        return f"{counts} ({by_code})" if by_code else counts


def check_file(path: Path, schema: Schema) -> CheckReport:
    """Check every line of ``path`` (GUIDELINES section 5) against ``schema``; blank lines are left out.

    No content of the file makes it fail. Raises InputError if the file cannot be opened or read.
    """
    problems: list[Problem] = []
    first_lines: dict[str, int] = {}
    paragraphs = 0
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    paragraphs += 1
                    problems += _check_line(number, line, schema, first_lines)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}; name a JSON Lines file") from error
    return CheckReport(path, paragraphs, tuple(problems))


def _check_line(number: int, line: str, schema: Schema, first_lines: dict[str, int]) -> list[Problem]:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError as error:
        got = line[error.start : error.start + 8].encode("utf-8", "surrogateescape")
        return [Problem("not-utf8", number, f"UTF-8 is expected, got the bytes {got!r} at character {error.start}")]
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return [Problem("bad-json", number, f"one JSON object is expected: {error}")]
    problems = check_paragraph(raw, line=number, schema=schema)
    identifier = raw.get("id") if isinstance(raw, dict) else None
    if isinstance(identifier, str):
        first = first_lines.setdefault(identifier, number)
        if first != number:
            problems.insert(0, Problem("duplicate-id", number, f"line {first} has the same id", id=identifier))
    return problems
