"""Texts to a project, as tasks with predictions: each text once, whatever was pushed before or broke off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from zhibiao.annotate.calls import RefusedError
from zhibiao.annotate.client import LabelStudioServer, Prediction, Task
from zhibiao.annotate.doubles import Known, known_tasks, remove_doubles
from zhibiao.annotate.faults import Fault
from zhibiao.annotate.tasks import to_task
from zhibiao.core.errors import AnnotationError, ServerError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema

DEFAULT_BATCH = 50


@dataclass(slots=True)
class Pushed:
    """What a push did so far, in texts; ``removed`` counts tasks that an interrupted push had made twice."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    removed: int = 0

    @property
    def done(self) -> int:
        """The texts that are where they should be, or were left out for a reason."""
        return self.created + self.updated + self.unchanged + self.skipped


@dataclass(frozen=True, slots=True)
class PushOptions:
    """``model_version`` names the predictions (None: tasks without predictions); ``batch`` is texts a request."""

    model_version: str | None
    batch: int = DEFAULT_BATCH
    schema: Schema | None = None


def push(
    server: LabelStudioServer,
    project: int,
    texts: Iterable[AnnotatedText],
    options: PushOptions,
    *,
    report: Callable[[Fault], None],
) -> Iterator[Pushed]:
    """Create a task for every text that the project lacks and give each the predictions of ``model_version``.

    Yields the counts, one object that is kept up to date, at the start and after every batch; nothing is sent until it
    is iterated. A text is known by its id. A task whose text has another hash is left alone and reported. A prediction
    of the same version that differs is replaced, those of other versions stay; in the end the project shows
    ``model_version``. What was left out goes to ``report``.

    Raises ServerError when the server is lost; a second push of the same texts completes the first.
    """
    run = _Push(server, project, options, report)
    yield run.pushed
    run.look()
    tasks = run.tasks(texts)
    while batch := list(islice(tasks, options.batch)):
        run.send(batch)
        yield run.pushed
    run.finish()


@dataclass(slots=True)
class _Push:
    server: LabelStudioServer
    project: int
    options: PushOptions
    report: Callable[[Fault], None]
    pushed: Pushed = field(default_factory=Pushed)
    known: dict[str, Known] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)

    def look(self) -> None:
        """See what the project has; remove what an interrupted push left there twice."""
        self.known = known_tasks(self.server, self.project)
        removed = remove_doubles(self.server, self.project, self.known.values(), self.report)
        if removed:
            self.pushed.removed += removed
            self.known = known_tasks(self.server, self.project)

    def tasks(self, texts: Iterable[AnnotatedText]) -> Iterator[Task]:
        """The tasks of ``texts``; those that cannot be sent are reported."""
        seen: set[str] = set()
        version = self.options.model_version
        for text in texts:
            if text.id in seen:
                self._skip(Fault("duplicate-id", "the input has this id twice; the first one is taken", text.id))
                continue
            seen.add(text.id)
            try:
                as_: Literal["predictions"] | None = None if version is None else "predictions"
                task = to_task(text, as_=as_, model_version=version or "", schema=self.options.schema)
            except AnnotationError as error:
                self._skip(Fault("unsendable", str(error), text.id))
                continue
            known = self.known.get(text.id)
            if known is not None and known.sha256 != task["data"]["sha256"]:
                self._skip(_other_text(text.id, known, task["data"]["sha256"]))
                continue
            yield task

    def send(self, batch: Sequence[Task]) -> None:
        """Bring one batch to the server."""
        self._create([task for task in batch if _id(task) not in self.known])
        if self.options.model_version is not None:
            self._update({self.known[_id(task)].task: task for task in batch if _id(task) in self.known})
        else:
            self.pushed.unchanged += sum(_id(task) in self.known for task in batch)

    def _create(self, tasks: Sequence[Task]) -> None:
        if not tasks:
            return
        try:
            self.server.import_tasks(self.project, tasks, before_repeating=lambda: self._missing(tasks))
        except RefusedError as error:
            if len(tasks) == 1:
                self._skip(Fault("refused", str(error), _id(tasks[0])))
                return
            # One text may be at fault, or the request too large: both show in the halves.
            middle = len(tasks) // 2
            self._create(tasks[:middle])
            self._create(tasks[middle:])
            return
        self.made.update(_id(task) for task in tasks)
        self.pushed.created += len(tasks)

    def _missing(self, tasks: Sequence[Task]) -> list[Task]:
        there = known_tasks(self.server, self.project)
        return [task for task in tasks if _id(task) not in there]

    def _update(self, tasks: Mapping[int, Task]) -> None:
        """Give the tasks, by number, the predictions that they lack, then take the outdated ones away."""
        if not tasks:
            return
        lacking, outdated = self._compare(tasks)
        if lacking:
            try:
                self.server.import_predictions(self.project, lacking, before_repeating=lambda: self._compare(tasks)[0])
            except RefusedError as error:
                self._halve(tasks, error)
                return
        for prediction in outdated:
            self.server.delete_prediction(prediction)
        self.pushed.updated += len(lacking)
        self.pushed.unchanged += len(tasks) - len(lacking)

    def _halve(self, tasks: Mapping[int, Task], error: RefusedError) -> None:
        if len(tasks) == 1:
            [(number, task)] = tasks.items()
            self._skip(Fault("refused", str(error), _id(task), str(number)))
            return
        items = list(tasks.items())
        for half in (items[: len(items) // 2], items[len(items) // 2 :]):
            self._update(dict(half))

    def _compare(self, tasks: Mapping[int, Task]) -> tuple[list[Prediction], list[int]]:
        """The predictions that the tasks lack, and the numbers of those of the version that they should not have."""
        lacking: list[Prediction] = []
        outdated: list[int] = []
        for there in self.server.tasks_by_number(self.project, list(tasks)):
            [wanted] = tasks[there["id"]]["predictions"]
            same = [p for p in there.get("predictions") or () if p["model_version"] == wanted["model_version"]]
            equal = [p["id"] for p in same if p["result"] == wanted["result"] and p["score"] == wanted.get("score")]
            if not equal:
                lacking.append({"task": there["id"], **wanted})
            outdated += [p["id"] for p in same if p["id"] not in equal[:1]]
        return lacking, outdated

    def finish(self) -> None:
        """Show the new version, and look whether everything that was made is there, once."""
        version = self.options.model_version
        there_are_some = self.pushed.done > self.pushed.skipped
        if version and there_are_some and self.server.project(self.project).model_version != version:
            self.server.update_project(self.project, model_version=version)
        if not self.made:
            return
        there = known_tasks(self.server, self.project)
        made = [there[name] for name in self.made if name in there]
        self.pushed.removed += remove_doubles(self.server, self.project, made, self.report)
        lost = sorted(self.made - there.keys())
        if lost:
            raise ServerError(
                f"{self.server.url}: project {self.project}: {len(lost)} of the {len(self.made)} new tasks are gone: "
                f"{', '.join(lost[:5])}; were they deleted meanwhile? Push again to create them"
            )

    def _skip(self, fault: Fault) -> None:
        self.pushed.skipped += 1
        self.report(fault)


def _id(task: Mapping[str, Any]) -> str:
    return str(task["data"]["id"])


def _other_text(name: str, known: Known, sha256: str) -> Fault:
    message = (
        f"the task has another text (hash {known.sha256[:12]}) than this (hash {sha256[:12]}); it was left as it is: "
        "push the new text under another id, or delete the task first"
    )
    return Fault("other-text", message, name, str(known.task))
