"""The tasks of a project by row id, and those that are there twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.faults import Fault
from zhibiao.annotate.sent import text_hash


@dataclass(frozen=True, slots=True)
class Known:
    """The first task of a row: its number and the hash of the text that it has now.

    ``others`` are further tasks of the row with the same text.
    """

    id: str
    task: int
    sha256: str
    others: tuple[int, ...] = ()


def known_tasks(server: LabelStudioServer, project: int) -> dict[str, Known]:
    """The tasks of the project by row id; tasks that bring no id were made by other means and are left out."""
    known: dict[str, Known] = {}
    for task in server.task_heads(project):
        data = task["data"]
        if not isinstance(data, dict) or "id" not in data:
            continue
        name, sha256 = str(data["id"]), text_hash(str(data.get("text")))
        first = known.get(name)
        if first is None:
            known[name] = Known(name, task["id"], sha256)
        elif first.sha256 == sha256:
            known[name] = Known(name, first.task, sha256, (*first.others, task["id"]))
    return known


def remove_doubles(
    server: LabelStudioServer, project: int, known: Iterable[Known], report: Callable[[Fault], None]
) -> int:
    """Delete the surplus tasks that nobody has worked on; their number.

    A request that got no answer, and was repeated, may have been carried out twice. Of the tasks of one row the ones
    that were worked on stay, or else the first; several that were worked on are reported.
    """
    doubled = [row for row in known if row.others]
    removed = 0
    for row in doubled:
        numbers = [row.task, *row.others]
        there = list(server.tasks_by_number(project, numbers))
        worked_on = [task["id"] for task in there if task.get("annotations") or task.get("draft_exists")]
        keep = worked_on or [task["id"] for task in there][:1]
        for number in numbers:
            if number not in keep:
                server.delete_task(number)
                removed += 1
        if len(worked_on) > 1:
            report(several_tasks(row.id, worked_on))
    return removed


def several_tasks(name: str, numbers: Iterable[object], *, same_text: bool = True) -> Fault:
    """That several tasks of the row ``name`` have annotations."""
    listed = [str(number) for number in numbers]
    have, remedy = "the same text and id", "keep one of them and delete the others in Label Studio"
    if not same_text:
        have, remedy = "the same id and different texts", "give each text an id of its own (data.id) and convert again"
    message = f"the tasks {', '.join(listed)} have {have}, and all were worked on; {remedy}"
    return Fault("duplicate-task", message, name, listed[-1])
