"""How far the annotators of a project agree, each two of them over the texts that both have finished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhibiao.annotate.policies import Policy, pairs_of_annotators
from zhibiao.annotate.pull import finished_by
from zhibiao.annotate.tasks import from_task
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema
from zhibiao.data.agreement import Agreement, agreement
from zhibiao.evaluation.markdown import escape


class AgreementCollector:
    """Keeps the rows of tasks that several people have finished, on their way through."""

    def __init__(self, schema: Schema | None = None) -> None:
        self._schema = schema
        self._rows: list[AnnotatedText] = []

    def through(self, tasks: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """``tasks`` (raw JSON) as they are."""
        for task in tasks:
            if len(finished_by(task)) > 1:
                self._rows += from_task(task, schema=self._schema, policy=Policy.EVERY).texts
            yield task

    def reports(self, *, resamples: int = 1000, seed: int = 0) -> list[Agreement]:
        """The agreement of each two annotators who share a text."""
        return [
            agreement(first, second, names=names, resamples=resamples, seed=seed)
            for names, first, second in pairs_of_annotators(self._rows)
        ]


def agreement_markdown(reports: Iterable[Agreement]) -> str:
    """All reports for a reader, or that there are none."""
    pages = []
    for report in reports:
        first, second = report.names
        pages.append(
            report.to_markdown().replace("# Agreement", f"# Agreement of {escape(first)} and {escape(second)}", 1)
        )
    return "\n".join(pages) or "# Agreement\n\nNo text was finished by two annotators.\n"
