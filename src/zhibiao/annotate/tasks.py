"""Annotated texts as Label Studio tasks, and tasks with their annotations as annotated texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from zhibiao.annotate.kept import Kept
from zhibiao.annotate.policies import Given, Policy, choose, combine, read_given
from zhibiao.annotate.problems import Report, TaskProblem
from zhibiao.annotate.reading import from_results
from zhibiao.annotate.regions import brief
from zhibiao.annotate.results import check_sendable, to_results, unstorable
from zhibiao.annotate.sent import SentText, text_hash
from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema, default_schema
from zhibiao.data.ballot import Conflict

# Facts of ``meta`` that get a column of their own in the data manager.
_COLUMNS = ("city", "date", "source")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one task gave: the texts that the policy chose, every problem, and every conflict that it decided.

    ``cancelled`` (skipped) annotations and ``drafts`` are left out and counted; ``empty`` counts the texts in which
    annotators say that there is nothing to mark.
    """

    texts: tuple[AnnotatedText, ...] = ()
    problems: tuple[TaskProblem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    cancelled: int = 0
    drafts: int = 0
    empty: int = 0


def task_data(text: AnnotatedText, *, schema: Schema | None = None) -> dict[str, Any]:
    """The ``data`` of a task: text, id, columns of the data manager and all that brings the text back as it was.

    Raises AnnotationError as ``to_task`` does.
    """
    schema, sent = schema or default_schema(), SentText(text.text)
    check_sendable(text, sent, schema)
    kept = Kept.of(text, sent, schema).to_json()
    data = {
        "text": sent.text,
        "id": text.id,
        **{name: text.meta.get(name, "") for name in _COLUMNS},
        "meta": dict(text.meta),
        "sha256": sent.sha256,
        "line_ends": sent.line_ends,
    }
    return data | ({"kept": kept} if kept else {})


def to_prediction(
    text: AnnotatedText,
    *,
    model_version: str,
    score: float | None = None,
    schema: Schema | None = None,
    verbatim: bool = False,
) -> dict[str, Any]:
    """``text`` as a prediction; its ``score`` is the mean of the entities' unless given.

    ``verbatim``: the text of ``text`` is that of a task as the server has it, line ends included.
    Raises AnnotationError as ``to_task`` does.
    """
    sent = SentText(text.text, verbatim=verbatim)
    scores = [entity.score for entity in text.entities if entity.score is not None]
    if score is None and scores:
        score = sum(scores) / len(scores)
    prediction = {"model_version": model_version, "result": to_results(text, schema=schema, sent=sent)}
    return prediction if score is None else {**prediction, "score": score}


def to_task(
    text: AnnotatedText,
    *,
    as_: Literal["annotations", "predictions"] | None,
    model_version: str = "",
    score: float | None = None,
    schema: Schema | None = None,
) -> dict[str, Any]:
    """``text`` as a task: ``data`` and one annotation or prediction, none if ``as_`` is None.

    ``model_version`` and ``score`` (of the whole text, 0 to 1; None: the mean of its entities') belong to predictions.

    Raises AnnotationError that names everything which Label Studio or the schema has no place for: a lone surrogate or
    NUL, unknown labels, types and attribute values, overlaps, offsets beyond the text, relations that do not lead from
    a VALUE of the text, repeated ids.
    """
    results = to_results(text, schema=schema)
    task: dict[str, Any] = {"data": task_data(text, schema=schema)}
    if as_ == "annotations":
        task["annotations"] = [{"result": results, "was_cancelled": False}]
    elif as_ == "predictions":
        task["predictions"] = [to_prediction(text, model_version=model_version, score=score, schema=schema)]
    return task


def from_task(
    task: Mapping[str, Any],
    *,
    schema: Schema | None = None,
    policy: Policy = Policy.LATEST,
    of: Literal["annotations", "predictions"] = "annotations",
) -> Pulled:
    """The annotated texts of a task as the server exports it (raw JSON), in the offsets of the original text.

    Nothing in ``task`` makes it fail: what cannot be taken over is in ``problems``, the rest is kept. A task without
    annotations, or with cancelled ones only, gives no text.
    """
    schema = schema or default_schema()
    task = task if isinstance(task, Mapping) else {}
    report = Report(TaskProblem("bad-task", "", task=_plain(task.get("id"))))
    source = _source(task, report)
    if source is None:
        return Pulled(problems=tuple(report.problems))
    report.place = replace(report.place, id=source.empty.id)
    finished, cancelled = _finished(task.get(of), report)
    chosen = choose(finished, policy)
    rows = []
    for one in chosen:
        report.place = replace(report.place, annotation=one.id, annotator=one.annotator)
        row = from_results(one.results, source.empty, sent=source.sent, kept=source.kept, schema=schema, report=report)
        rows.append((one.annotator, row))
    texts, conflicts = combine(rows, policy)
    drafts = task.get("drafts")
    blank = [not one.results for one in chosen]
    return Pulled(
        texts=texts,
        problems=tuple(report.problems),
        conflicts=conflicts,
        cancelled=cancelled,
        drafts=len(drafts) if isinstance(drafts, list) else 0,
        empty=sum(blank) if len(texts) == len(blank) else int(all(blank)),
    )


def _finished(given: Any, report: Report) -> tuple[list[Given], int]:
    """The annotations or predictions that can be read, and how many were cancelled."""
    finished, cancelled = [], 0
    for raw in given if isinstance(given, list) else [] if given is None else [given]:
        if isinstance(raw, Mapping) and raw.get("was_cancelled"):
            cancelled += 1
        elif isinstance(raw, Mapping) and isinstance(raw.get("result"), list):
            finished.append(read_given(raw))
        else:
            report.add("bad-annotation", f"an object with a list of results is expected, got {brief.repr(raw)}")
    return finished, cancelled


@dataclass(frozen=True, slots=True)
class _Source:
    """The text of a task without its annotations."""

    empty: AnnotatedText
    sent: SentText
    kept: Kept


def _source(task: Mapping[str, Any], report: Report) -> _Source | None:
    data = task.get("data")
    if not isinstance(data, Mapping) or not isinstance(data.get("text"), str):
        name = _plain(data.get("id")) if isinstance(data, Mapping) else ""
        expected = 'data with a text is expected, the field "text" that the page shows'
        report.add("bad-task", f"{expected}; got {brief.repr(data)}; rename the field that has it", id=name)
        return None
    text = data["text"]
    name = f"task-{report.place.task}" if data.get("id") is None else str(data["id"])
    told = data.get("sha256", text_hash(text))
    if told != text_hash(text):
        message = (
            f"a text with the hash {told!r:.20} was sent, got {text_hash(text)!r:.20}: it was changed on the server"
        )
        report.add("text-changed", f"{message}; put the text back or push the document anew", id=name, text=text[:40])
        return None
    try:
        ends = data.get("line_ends")
        sent = SentText.received(text, ends) if isinstance(ends, str) else SentText(text, verbatim=True)
    except AnnotationError as error:
        report.add("bad-task", str(error), id=name)
        return None
    row = AnnotatedText(name, sent.original, _meta(data))
    for problem in unstorable(row):
        report.add("bad-task", problem, id=name)
        return None
    return _Source(row, sent, Kept.from_json(data.get("kept")))


def _meta(data: Mapping[str, Any]) -> dict[str, str]:
    """The ``meta`` that was sent; of a task made by other means also every plain value besides text and id."""
    meta = data.get("meta")
    sent = {str(key): _plain(value) for key, value in meta.items()} if isinstance(meta, Mapping) else {}
    if isinstance(meta, Mapping) and "sha256" in data:
        return sent
    own = {"text", "id", "sha256", "line_ends", "kept"}
    plain = {key: value for key, value in data.items() if key not in own and isinstance(value, str | int | float)}
    return {str(key): _plain(value) for key, value in plain.items()} | sent


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
