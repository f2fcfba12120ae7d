"""How far the annotation of a project is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhibiao.annotate.client import LabelStudioServer, Project, Task
from zhibiao.annotate.interface import config_problems
from zhibiao.annotate.pull import annotations_of, finished_by, last_change, newer, project_tasks
from zhibiao.core.schema import Schema
from zhibiao.data.tables import TextTable


@dataclass(slots=True)
class Status:
    """Counts of a project's tasks and annotations.

    ``by_annotations`` counts the tasks by how many finished annotations they have, ``by_annotator`` the finished
    annotations by who made them, ``predictions`` the predictions by model version. ``foreign`` are tasks without a row
    id, ``doubled`` further tasks of a row that has one. ``interface`` is what the labeling interface lacks.
    """

    project: Project
    url: str
    version: str
    interface: tuple[str, ...] = ()
    tasks: int = 0
    foreign: int = 0
    doubled: int = 0
    cancelled: int = 0
    drafts: int = 0
    by_annotations: Counter[int] = field(default_factory=Counter)
    by_annotator: Counter[str] = field(default_factory=Counter)
    predictions: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Everything, as values that ``json.dumps`` takes."""
        return {
            "url": self.url,
            "version": self.version,
            "project": self.project.id,
            "title": self.project.title,
            "model_version": self.project.model_version,
            "annotators_per_task": self.project.annotators,
            "interface_lacks": list(self.interface),
            "tasks": self.tasks,
            "foreign": self.foreign,
            "doubled": self.doubled,
            "cancelled": self.cancelled,
            "drafts": self.drafts,
            "tasks_by_annotations": {str(count): self.by_annotations[count] for count in sorted(self.by_annotations)},
            "annotations_by_annotator": _ranked(self.by_annotator),
            "predictions_by_model_version": _ranked(self.predictions),
            "newest_annotation": self.newest.isoformat() if self.newest else None,
        }

    def tables(self) -> list[TextTable]:
        """The counts for a reader."""
        tasks = [
            (f"with {count} annotations", str(self.by_annotations[count])) for count in sorted(self.by_annotations)
        ]
        others = {
            "skipped (annotations)": self.cancelled,
            "drafts (your own)": self.drafts,
            "without a row id": self.foreign,
        }
        others["there twice"] = self.doubled
        tasks += [(name, str(count)) for name, count in others.items() if count]
        tables = [TextTable(f"Tasks: {self.tasks}", ("", "tasks"), tuple(tasks))]
        for title, counts in (("Annotators", self.by_annotator), ("Predictions", self.predictions)):
            if counts:
                rows = tuple((name or "(none)", str(count)) for name, count in _ranked(counts).items())
                tables.append(TextTable(title, ("", "tasks"), rows))
        return tables


def _ranked(counts: Counter[str]) -> dict[str, int]:
    """The most frequent first, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def project_status(server: LabelStudioServer, number: int, schema: Schema) -> Status:
    """Count what the project ``number`` has. Raises ServerError."""
    project = server.project(number)
    lacking = tuple(config_problems(project.label_config, schema))
    status = Status(project, server.url, server.version(), lacking)
    names: set[str] = set()
    for task in project_tasks(server, number):
        _count(status, task, names)
    return status


def _count(status: Status, task: Task, names: set[str]) -> None:
    status.tasks += 1
    data = task.get("data")
    name = data.get("id") if isinstance(data, dict) else None
    status.foreign += name is None
    status.doubled += str(name) in names
    names.update([str(name)] if name is not None else [])
    cancelled = sum(bool(annotation.get("was_cancelled")) for annotation in annotations_of(task))
    status.cancelled += cancelled
    status.by_annotations[len(annotations_of(task)) - cancelled] += 1
    status.by_annotator.update(finished_by(task))
    status.drafts += len(task.get("drafts") or ())
    status.predictions.update(
        {str(prediction.get("model_version") or "") for prediction in task.get("predictions") or ()}
    )
    status.newest = newer(status.newest, last_change(task))
