"""New annotations from files and from Label Studio: checked one by one, bad ones set aside, pages cut into lines."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhibiao.annotate.problems import TaskProblem
from zhibiao.annotate.pull import Problem as PullProblem
from zhibiao.annotate.pull import PullOptions, PullSummary, convert
from zhibiao.core.codec import decode, encode
from zhibiao.core.errors import InputError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema
from zhibiao.data.check import check_file
from zhibiao.data.paragraph_check import check_paragraph
from zhibiao.data.problems import Problem
from zhibiao.loop.lines import split_row
from zhibiao.loop.set_aside import SetAside

# Results of controls that are not ours (a comment box that was added to the page) say nothing about the annotation.
_HARMLESS = ("unknown-control",)


@dataclass(frozen=True, slots=True)
class Source:
    """One file or project: the rows that it had, those that passed the check, and the lines that they make.

    ``notes`` are counts of what was only worth a word: warnings of the check, skipped annotations, drafts, ...
    """

    name: str
    rows: int
    passed: int
    lines: int
    furniture: int
    notes: Mapping[str, int]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Counted:
    """Rows and notes of a source before its pages are cut, and when the work on it began (monotonic clock)."""

    rows: int
    notes: Counter[str]
    began: float


@dataclass(slots=True)
class Intake:
    """What came in, to be filled by ``add_file`` and ``add_tasks``: lines by id, of one id the last that was added.

    ``rows`` has the ids of the lines of each row, ``origins`` says which source each line is from, ``files`` which
    sources were read whole.
    """

    schema: Schema
    lines: dict[str, AnnotatedText] = field(default_factory=dict)
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def add_file(self, path: Path) -> None:
        """Take in an annotation file. Raises InputError if it cannot be read."""
        began = time.monotonic()
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: an annotation file is expected, which can be read twice; save it as a file")
        report = check_file(path, self.schema)
        errors = _errors(report.problems)
        good = []
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if number in errors:
                    self._refuse(errors[number], str(path), str(number), _as_json(line))
                elif line.strip():
                    good.append(decode(json.loads(line)))
        self.files.add(str(path))
        counted = _Counted(report.paragraphs, _warnings(report.problems), began)
        self._take(str(path), good, counted)

    def add_tasks(self, name: str, tasks: Iterable[Mapping[str, Any]], options: PullOptions) -> None:
        """Take in the finished annotations among ``tasks``, raw JSON of the server; ``name`` says which project it is.

        A row of which something could not be taken over is set aside: what is missing would be learned as wrong.
        """
        began = time.monotonic()
        problems: list[PullProblem] = []
        summary = PullSummary()
        rows = list(convert(tasks, options, summary, report=problems.append))
        broken: dict[tuple[str, str], list[PullProblem]] = {}
        for problem in problems:
            if problem.severity == "error" and problem.code not in _HARMLESS:
                broken.setdefault((problem.task, problem.id), []).append(problem)
        # A task that is there twice, which is a Fault, says nothing about the row that was taken over.
        damaged = {key for (_, key), found in broken.items() if isinstance(found[0], TaskProblem)}
        by_id = {row.id: encode(row) for row in rows}
        for (task, key), found in broken.items():
            self._refuse(found, name, f"task {task}", by_id.get(key) if key in damaged else None)
        warnings: Counter[str] = Counter()
        good = []
        for row in rows:
            checked = check_paragraph(encode(row), line=1, schema=self.schema)
            warnings += _warnings(checked)
            if row.id in damaged:
                continue
            if errors := _errors(checked):
                self._refuse(errors[1], name, "", encode(row))
            else:
                good.append(row)
        notes = Counter(
            {"skipped annotations": summary.cancelled, "drafts": summary.drafts, "differences decided": summary.decided}
        )
        notes += Counter(p.code for p in problems if p.severity != "error" or p.code in _HARMLESS)
        self._take(name, good, _Counted(summary.rows, +notes + warnings, began))

    def _refuse(self, problems: Sequence[Problem | PullProblem], origin: str, place: str, row: Any) -> None:
        message = "; ".join(str(problem) for problem in problems)
        self.set_aside.append(SetAside(problems[0].code, message, origin, place, problems[0].id, row))

    def _take(self, name: str, rows: Sequence[AnnotatedText], counted: _Counted) -> None:
        lines = furniture = 0
        for row in rows:
            earlier = self.rows.get(row.id, ())
            counted.notes["lines that an earlier source had, too"] += len(earlier)
            for key in earlier:  # of an earlier text of the page, whose lines may be others
                self.lines.pop(key, None)
            own = []
            cut = split_row(row, origin=name)
            self.set_aside += cut.set_aside
            furniture += cut.furniture
            for line in cut.rows:
                if errors := _errors(check_paragraph(encode(line), line=1, schema=self.schema)):
                    self._refuse(errors[1], name, "", encode(line))
                else:
                    own.append(line.id)
                    self.lines[line.id], self.origins[line.id] = line, name
            self.rows[row.id] = tuple(own)
            lines += len(own)
        seconds = time.monotonic() - counted.began
        self.sources.append(Source(name, counted.rows, len(rows), lines, furniture, dict(+counted.notes), seconds))


def _errors(problems: Iterable[Problem]) -> dict[int, list[Problem]]:
    """The errors of each line that has any."""
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.severity == "error":
            found.setdefault(problem.line, []).append(problem)
    return found


def _warnings(problems: Iterable[Problem]) -> Counter[str]:
    return Counter(problem.code for problem in problems if problem.severity == "warning")


def _as_json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip("\n")
