"""What was left out on the way to or from a server, and the list of it that a run leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhibiao.annotate.problems import TaskProblem
from zhibiao.core.ledger import Ledger
from zhibiao.io.sinks import Sink, open_sink


@dataclass(frozen=True, slots=True)
class Fault:
    """One text or task that was left out: row id, number of the task on the server (empty if it has none), why.

    Codes: ``duplicate-id`` (the input has the id twice), ``unsendable`` (Label Studio has no place for it), ``refused``
    (the server does not take it), ``other-text`` (the server has another text under the id), ``duplicate-task`` (the
    server has several tasks for one row), ``interface`` (the project lacks a part of the schema), ``bad-task`` (an item
    of an export is no task).
    """

    code: str
    message: str
    id: str = ""
    task: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """``task 7 id=a#1: error refused: message``, without what is not known."""
        place = [f"task {self.task}" if self.task else "", f"id={self.id}" if self.id else ""]
        where = " ".join(part for part in place if part)
        return f"{where + ': ' if where else ''}{self.severity} {self.code}: {self.message}"


class FaultList:
    """Takes faults and problems one by one; counts them, keeps the first few lines, and writes all to a file."""

    def __init__(self, path: Path | None, stack: ExitStack, *, shown: int = 5) -> None:
        """``path`` is written when the first one comes; ``stack`` closes it."""
        self.path = path
        self.errors = 0
        self.warnings = 0
        self.ledger = Ledger(max_examples=shown)
        self._stack = stack
        self._sink: Sink | None = None

    def add(self, fault: Fault | TaskProblem) -> None:
        """Take one."""
        self.errors += fault.severity == "error"
        self.warnings += fault.severity != "error"
        self.ledger.add(fault.code, str(fault))
        if self.path is not None:
            self._sink = self._sink or self._stack.enter_context(open_sink(self.path, columns=None, ledger=Ledger()))
            self._sink.write(fault_json(fault))


@contextmanager
def open_faults(path: Path | None) -> Iterator[FaultList]:
    """A list that is written to ``path`` (None: only counted) as JSON Lines, whole or not at all.

    A file of an earlier run is removed if there is nothing to list. Raises ConfigError for a place that cannot be
    written.
    """
    with ExitStack() as stack:
        faults = FaultList(path, stack)
        yield faults
        if path is not None and not faults.errors + faults.warnings:
            path.unlink(missing_ok=True)


def fault_json(fault: Fault | TaskProblem) -> dict[str, Any]:
    """The parts that are known, as a JSON object."""
    known = {name: value for name, value in asdict(fault).items() if value not in ("", None)}
    return {"code": fault.code, "severity": fault.severity, **known}
