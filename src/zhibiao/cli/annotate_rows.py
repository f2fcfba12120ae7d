"""Where the rows of ``zhibiao annotate`` come from and go to: annotation files, exports, reports on the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from zhibiao.annotate.agreement import AgreementCollector, agreement_markdown
from zhibiao.annotate.faults import Fault, FaultList, open_faults
from zhibiao.annotate.pull import PullOptions, PullSummary, convert, next_since
from zhibiao.cli.terminal import say, terminal
from zhibiao.core.codec import encode, read_annotated
from zhibiao.core.errors import ConfigError, InputError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText
from zhibiao.io.sinks import atomic_file, open_sink


def read_inputs(paths: Iterable[Path]) -> Iterator[AnnotatedText]:
    """The annotated texts of all files, one after the other."""
    for path in paths:
        yield from read_annotated(path)


def read_export(path: Path) -> tuple[list[Mapping[str, Any]], list[Fault]]:
    """The tasks of a file that Label Studio exported as JSON, and what else is in its list.

    Raises InputError if it cannot be read or is of another kind, JSON-MIN included, which has no relations.
    """
    try:
        tasks = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: this is no JSON or only a part: {error}; export as JSON in Label Studio") from error
    if not isinstance(tasks, list):
        raise InputError(f"{path}: a list of tasks is expected; export as JSON in Label Studio")
    good = [task for task in tasks if isinstance(task, Mapping) and "data" in task]
    if tasks and not good:
        raise InputError(
            f"{path}: no item is a task with data; export as JSON in Label Studio, not as JSON-MIN or CSV, "
            "which have no relations"
        )
    faults = [
        Fault("bad-task", f"item {number} of the file is no task with data, got {item!r:.80}; export it again")
        for number, item in enumerate(tasks)
        if not isinstance(item, Mapping) or "data" not in item
    ]
    return good, faults


def problem_file(given: Path | None, output: Path) -> Path:
    """The file for problems: the one that is named, or OUTPUT.problems.jsonl. Raises ConfigError for another suffix."""
    path = given or output.with_name(output.name + ".problems.jsonl")
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        raise ConfigError(f"{path}: the list of problems is JSON Lines; name a .jsonl file")
    return path


def write_rows(
    tasks: Iterable[Mapping[str, Any]],
    output: Path,
    options: PullOptions,
    *,
    problems: Path | None,
    agreement: Path | None,
    known: Iterable[Fault] = (),
) -> bool:
    """Write the rows of ``tasks`` to ``output`` with the list of problems, and print what came out.

    ``known`` are problems that were found before. All files appear whole or not at all. True if nothing was left out.
    """
    if output.suffix.lower() not in (".jsonl", ".ndjson"):
        raise ConfigError(f"{output}: rows are nested; name a .jsonl file")
    summary, collector = PullSummary(), AgreementCollector(options.schema)
    chosen = collector.through(tasks) if agreement else tasks
    with open_faults(problem_file(problems, output)) as faults:
        for fault in known:
            faults.add(fault)
        with open_sink(output, columns=None, ledger=Ledger()) as sink, ProgressLine() as line:
            for row in convert(chosen, options, summary, report=faults.add):
                sink.write(encode(row))
                line(f"{summary.rows} rows")
        if agreement:
            _write_agreement(agreement, collector)
    _print_pulled(output, summary, options)
    print_faults(faults)
    return not faults.errors


class ProgressLine:
    """A line on the terminal that shows what is being done while the block runs, if there is a terminal."""

    def __init__(self) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        console = terminal(error=True)
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    def __enter__(self) -> ProgressLine:
        self._progress.__enter__()
        self._task = self._progress.add_task("", total=None)
        return self

    def __exit__(self, *exception: Any) -> None:
        self._progress.__exit__(*exception)

    def __call__(self, text: str) -> None:
        """Show ``text``."""
        self._progress.update(self._task, description=text)


def print_faults(faults: FaultList) -> None:
    """The count of each kind, the first few of each, and where the others are."""
    for code, count in sorted(faults.ledger.counts.items()):
        say(f"{count:>7} {code}", error=True)
        for line in faults.ledger.examples.get(code, ()):
            say(f"        {line}", error=True)
    if faults.path is not None and faults.errors + faults.warnings:
        say(f"all problems: {faults.path}", error=True)
    hidden = sum(faults.ledger.counts.values()) - sum(map(len, faults.ledger.examples.values()))
    if faults.path is None and hidden:
        say(f"{hidden} more; the same command with --problems FILE.jsonl lists all of them", error=True)


def _write_agreement(path: Path, collector: AgreementCollector) -> None:
    reports = collector.reports()
    if path.suffix.lower() == ".json":
        content = json.dumps([report.to_json() for report in reports], ensure_ascii=False, indent=1) + "\n"
    else:
        content = agreement_markdown(reports)
    with atomic_file(path) as file:
        file.write(content.encode("utf-8", "backslashreplace"))


def _print_pulled(output: Path, summary: PullSummary, options: PullOptions) -> None:
    say(f"{output}: {summary.rows} rows of {summary.tasks} tasks that were worked on ({summary.empty} rows empty)")
    for name, count in summary.annotators.most_common():
        say(f"{count:>7} by {name}")
    if summary.cancelled or summary.drafts:
        say(f"left out: {summary.cancelled} skipped annotations, {summary.drafts} drafts", error=True)
    if summary.decided:
        say(f"{summary.decided} differences between annotators decided by the policy {options.policy}", error=True)
    since = next_since(summary, options)
    if since:
        say(f"next time, for what is newer: --since {since.isoformat()}")
