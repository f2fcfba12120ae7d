"""Finished annotations of a project, or of an exported file, as annotated texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from zhibiao.annotate.client import LabelStudioServer, Task
from zhibiao.annotate.doubles import several_tasks
from zhibiao.annotate.faults import Fault
from zhibiao.annotate.policies import Policy
from zhibiao.annotate.problems import TaskProblem
from zhibiao.annotate.tasks import from_task
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema

Problem = Fault | TaskProblem
# Of annotations that bring no time: none is older.
_UNKNOWN = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class PullSummary:
    """Counts of a pull so far; ``newest`` is when the newest annotation that was seen was made or changed."""

    tasks: int = 0
    rows: int = 0
    empty: int = 0
    cancelled: int = 0
    drafts: int = 0
    decided: int = 0
    newest: datetime | None = None
    annotators: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class PullOptions:
    """``policy`` for several annotators; ``since``: only tasks with an annotation made or changed then or later.

    ``begun`` is when the newest change was made that the server knew before its tasks were listed.
    """

    policy: Policy = Policy.LATEST
    since: datetime | None = None
    schema: Schema | None = None
    begun: datetime | None = None


def next_since(summary: PullSummary, options: PullOptions) -> datetime | None:
    """The ``since`` that the next pull needs to miss nothing; None if no annotation was seen.

    Not simply the newest one: while that was listed, older ones may have been made on tasks that were listed before.
    """
    if summary.newest is None or options.begun is None:
        return summary.newest
    return min(summary.newest, options.begun)


def parse_since(given: str) -> datetime:
    """The moment ``given``, ISO 8601; UTC where it names no time zone. Raises ConfigError."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ConfigError(f"--since {given}: a moment such as 2026-11-22T08:30:00+08:00 is expected") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def project_tasks(server: LabelStudioServer, project: int, *, since: datetime | None = None) -> Iterator[Task]:
    """The tasks of a project, annotators by their e-mail address where that is known.

    ``since`` leaves out most tasks that have nothing that was made or changed then or later.
    """
    names = server.users()
    for task in server.tasks(project, updated_since=since):
        yield {**task, "annotations": [_named(annotation, names) for annotation in task.get("annotations") or ()]}


def convert(
    tasks: Iterable[Mapping[str, Any]],
    options: PullOptions,
    summary: PullSummary,
    *,
    report: Callable[[Problem], None],
) -> Iterator[AnnotatedText]:
    """The rows of ``tasks`` (raw JSON) under the options' policy; what cannot be taken over is passed to ``report``."""
    first: dict[str, tuple[Any, str]] = {}
    for task in tasks:
        changed = last_change(task)
        if changed is None and not task.get("annotations") and not task.get("drafts"):
            continue  # nobody has worked on it
        if options.since is not None and (changed is None or changed < options.since):
            continue
        pulled = from_task(task, schema=options.schema, policy=options.policy)
        for problem in pulled.problems:
            report(problem)
        summary.tasks += 1
        summary.cancelled += pulled.cancelled
        summary.drafts += pulled.drafts
        summary.decided += len(pulled.conflicts)
        summary.newest = newer(summary.newest, None if changed == _UNKNOWN else changed)
        if not pulled.texts:
            continue
        name, text = pulled.texts[0].id, pulled.texts[0].text
        number, before = first.setdefault(name, (task.get("id"), text))
        if number != task.get("id"):
            report(several_tasks(name, [number, task.get("id")], same_text=text == before))
            continue
        summary.annotators.update(finished_by(task))
        summary.rows += len(pulled.texts)
        summary.empty += pulled.empty
        yield from pulled.texts


def last_change(task: Mapping[str, Any]) -> datetime | None:
    """When the newest of the task's annotations, cancelled ones included, was made or changed; None without any."""
    moments = []
    for annotation in annotations_of(task):
        try:
            moment = datetime.fromisoformat(str(annotation.get("updated_at") or annotation.get("created_at")))
        except ValueError:
            moment = _UNKNOWN
        moments.append(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return max(moments, default=None)


def newer(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two moments that may be unknown."""
    return max((moment for moment in (one, other) if moment is not None), default=None)


def finished_by(task: Mapping[str, Any]) -> set[str]:
    """Who has finished an annotation of the task."""
    who = set()
    for annotation in annotations_of(task):
        by = annotation.get("completed_by")
        name = (by.get("email") or by.get("id")) if isinstance(by, Mapping) else by
        if name and not annotation.get("was_cancelled"):
            who.add(str(name))
    return who


def annotations_of(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The annotations of a task that are objects."""
    given = task.get("annotations")
    return [item for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []


def _named(annotation: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    by = annotation.get("completed_by")
    known = {"id": by, "email": names[by]} if isinstance(by, int) and by in names else by
    return {**annotation, "completed_by": known}
