"""``zhibiao retrain``: new annotations in; a new model out if it passes the gate, the current one untouched if not."""

from __future__ import annotations

import logging
import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.annotate.calls import DEFAULT_ATTEMPTS
from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.connect import DEFAULT_TIMEOUT_S, ConnectOptions
from zhibiao.annotate.credentials import read_token
from zhibiao.annotate.interface import config_problems
from zhibiao.annotate.policies import Policy
from zhibiao.annotate.pull import PullOptions, parse_since, project_tasks
from zhibiao.cli.annotate import DEFAULT_URL, Attempts, CaBundle, PolicyOption, Since, Timeout, TokenFile, Url
from zhibiao.cli.terminal import say
from zhibiao.cli.train import need_torch
from zhibiao.core.errors import ConfigError
from zhibiao.core.schema import default_schema
from zhibiao.loop.set_aside import count_reasons

if TYPE_CHECKING:
    from zhibiao.loop.intake import Intake
    from zhibiao.loop.plan import Plan, RoundOptions
    from zhibiao.loop.state import State

EXIT_REFUSED = 1
EXIT_SET_ASIDE = 3
_SHOWN = 5

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def retrain(
    folder: Annotated[Path, typer.Argument(help="Folder of the loop; FOLDER/current is what --model takes.")],
    project: Annotated[int | None, typer.Option(help="Pull the finished annotations of this project.")] = None,
    data: Annotated[list[Path] | None, typer.Option(help="Take in this annotation file, as often as needed.")] = None,
    start: Annotated[Path, typer.Option("--from", help="Checkpoint to begin with while FOLDER has no model.")] = Path(
        "data/model/checkpoint"
    ),
    frozen: Annotated[Path, typer.Option(help="Test the new model must not fall on.")] = Path("data/gold/test.jsonl"),
    replay: Annotated[float, typer.Option(min=0, max=1, help="Share of the old training data seen again.")] = 1.0,
    epochs: Annotated[int, typer.Option(min=1, help="Times the data are gone through.")] = 3,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be learned; write nothing.")] = False,
    policy: PolicyOption = Policy.LATEST,
    since: Since = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    attempts: Attempts = DEFAULT_ATTEMPTS,
) -> None:
    """Pull, check, merge, train from the current model, export, judge, and use the new model if nothing fell.

    Started again after it was stopped, it goes on where it was; without --project and --data it takes in nothing new.

    Exit code 0: accepted, or nothing new to learn; 3: the same, but something was set aside; 1: the new model was
    refused, or the system failed; 2: wrong usage, or the server was lost. The current model changes only with 0 and 3.
    """
    need_torch()
    from zhibiao.loop.intake import Intake
    from zhibiao.loop.plan import RoundOptions
    from zhibiao.loop.state import State

    if policy is Policy.EVERY:
        raise ConfigError("--policy every: a model learns one annotation of a text; say latest, first or majority")
    options = RoundOptions(first=start, frozen=frozen, replay=replay, epochs=epochs)
    state, intake = State(folder), Intake(default_schema())
    with nullcontext() if dry_run else state.locked():
        for path in data or ():
            intake.add_file(path)
        if project is not None:
            connect = ConnectOptions(timeout_s=timeout, ca_bundle=ca_bundle, attempts=attempts)
            server = LabelStudioServer(url, read_token(token_file, os.environ), connect)
            _pull(intake, server, project, PullOptions(policy, since=parse_since(since) if since else None))
        code = _round(state, intake, options, dry_run=dry_run)
    if code:
        raise typer.Exit(code)


def _pull(intake: Intake, server: LabelStudioServer, project: int, options: PullOptions) -> None:
    for problem in config_problems(server.project(project).label_config, intake.schema):
        say(f"the labeling interface does not fit: {problem}", error=True)
    tasks = project_tasks(server, project, since=options.since)
    intake.add_tasks(f"{server.url}projects/{project}", tasks, options)


def _round(state: State, intake: Intake, options: RoundOptions, *, dry_run: bool) -> int:
    """Plan and, but for ``dry_run``, carry out a round; its exit code."""
    from zhibiao.loop.plan import make_plan
    from zhibiao.loop.report import NOTHING_NEW, REFUSED
    from zhibiao.loop.round import run_round

    plan = make_plan(state, intake, options)
    _print_plan(plan)
    aside = EXIT_SET_ASIDE if plan.set_aside else 0
    if dry_run:
        return aside
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    outcome = run_round(state, plan, options)
    if plan.set_aside:
        say(f"what is set aside, with its rows: {state.set_aside}", error=True)
    if outcome.report is not None:
        say(outcome.report.read_text(encoding="utf-8").split("\n## What came in", 1)[0])
        say(f"report: {outcome.report}")
    if outcome.verdict == REFUSED:
        say(f"refused: {plan.start.name} stays the current model; the new one is in {outcome.model}", error=True)
        return EXIT_REFUSED
    if outcome.verdict == NOTHING_NEW:
        say(f"nothing new to learn: {plan.start.name} stays the current model")
        if outcome.model:
            say(f"{outcome.model} has learned these annotations from it; to use that again, name it in {state.pointer}")
    else:
        say(f"accepted: {state.pointer} points to {outcome.model} now; restart what serves it")
    return aside


def _print_plan(plan: Plan) -> None:
    for source in plan.intake.sources:
        notes = "".join(f", {name} {count}" for name, count in source.notes.items())
        say(f"{source.name}: {source.rows} rows, {source.passed} passed the check, {source.lines} lines{notes}")
    merged = plan.merged
    say(
        f"new annotations: {len(merged.rows)} lines ({merged.added} added, {merged.replaced} replaced, "
        f"{merged.unchanged} unchanged, {merged.removed} dropped); to go on from: {plan.start.name}"
    )
    for file in plan.data[1:]:
        say(f"{file.role}: {file.path}{f', {file.rows} lines' if file.rows else ''}")
    for reason, count in count_reasons(plan.set_aside).most_common():
        say(f"{count:>7} set aside: {reason}", error=True)
        shown = [entry for entry in plan.set_aside if entry.reason == reason][:_SHOWN]
        for entry in shown:
            say(f"        {entry}", error=True)
