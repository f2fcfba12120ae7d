"""``zhibiao annotate``: texts to Label Studio and finished annotations back."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from zhibiao.annotate.calls import DEFAULT_ATTEMPTS
from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.connect import DEFAULT_TIMEOUT_S, ConnectOptions
from zhibiao.annotate.credentials import TOKEN_VARIABLE, read_token
from zhibiao.annotate.faults import Fault, open_faults
from zhibiao.annotate.interface import config_problems, labeling_config
from zhibiao.annotate.policies import Policy
from zhibiao.annotate.pull import PullOptions, parse_since, project_tasks
from zhibiao.annotate.push import DEFAULT_BATCH, Pushed, PushOptions
from zhibiao.annotate.push import push as push_texts
from zhibiao.annotate.setup import require_interface, set_up
from zhibiao.annotate.status import project_status
from zhibiao.annotate.tasks import to_task
from zhibiao.cli.annotate_rows import (
    ProgressLine,
    print_faults,
    problem_file,
    read_export,
    read_inputs,
    write_rows,
)
from zhibiao.cli.annotate_select import select
from zhibiao.cli.tables import print_tables
from zhibiao.cli.terminal import say
from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.schema import default_schema
from zhibiao.io.sinks import atomic_file

EXIT_SKIPPED = 3
URL_VARIABLE = "LABEL_STUDIO_URL"

app = typer.Typer(
    name="annotate",
    help="Annotate in Label Studio: create a project, push texts, pull what was annotated.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """What the entities of a text become."""

    PREDICTIONS = "predictions"
    ANNOTATIONS = "annotations"


Url = Annotated[str, typer.Option(envvar=URL_VARIABLE, help="Address of the server.")]
TokenFile = Annotated[Path | None, typer.Option(help=f"File with the access token; without it: {TOKEN_VARIABLE}.")]
CaBundle = Annotated[Path | None, typer.Option(help="Certificates (PEM) to trust instead of the usual ones.")]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds to wait for an answer.")]
Attempts = Annotated[int, typer.Option(min=1, help="Times to try each request while the server is away or busy.")]
Number = Annotated[int, typer.Option("--project", help="Number of the project, see `zhibiao annotate init`.")]
Inputs = Annotated[list[Path], typer.Argument(help="Annotated texts (JSON Lines), as `extract --format annotations`.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="FILE.jsonl for the annotated texts.")]
Since = Annotated[str | None, typer.Option(help="Only texts with an annotation from then on; ISO 8601, else UTC.")]
PolicyOption = Annotated[Policy, typer.Option(help="Which of several annotations of a text counts.")]
Problems = Annotated[Path | None, typer.Option(help="FILE.jsonl for what was left out; default OUTPUT.problems.jsonl.")]
AgreementFile = Annotated[Path | None, typer.Option(help="Also write the annotators' agreement: FILE.md or .json.")]
DEFAULT_URL = "http://127.0.0.1:8080"


@app.command()
def init(
    title: Annotated[str, typer.Option(help="Title of the project; it is created if there is none.")] = "zhibiao",
    project: Annotated[int | None, typer.Option(help="Number of an existing project instead.")] = None,
    annotators: Annotated[
        int | None, typer.Option(min=1, help="People who shall annotate each text; 1 for a new project.")
    ] = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    attempts: Attempts = DEFAULT_ATTEMPTS,
) -> None:
    """Create a project with the labeling interface of the schema, or bring an existing one up to date."""
    server = _server(url, token_file, ca_bundle, timeout, attempts)
    made = set_up(server, default_schema(), title=title, number=project, annotators=annotators)
    for problem in made.problems:
        say(f"the labeling interface was replaced: {problem}", error=True)
    say(f"{made.action}: project {made.project.id} ({made.project.title}): {server.url}projects/{made.project.id}")


@app.command()
def push(
    inputs: Inputs,
    project: Number,
    model_version: Annotated[
        str | None, typer.Option(help="Name of what made the entities, shown with the predictions.")
    ] = None,
    predictions: Annotated[bool, typer.Option(help="Send the entities as predictions, or the texts alone.")] = True,
    batch_size: Annotated[int, typer.Option(min=1, max=1000, help="Texts a request.")] = DEFAULT_BATCH,
    problems: Annotated[Path | None, typer.Option(help="FILE.jsonl for what was left out.")] = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    attempts: Attempts = DEFAULT_ATTEMPTS,
) -> None:
    """Create a task for each text that the project lacks, with predictions; texts are known by their ids.

    A second push of the same texts changes nothing; under a new --model-version it adds that version's predictions.
    Exit code 0: everything is there; 3: something was left out; 2: wrong usage, or the server was lost.
    """
    if predictions and not model_version:
        raise ConfigError("--model-version is needed: what made the entities, such as rules-0.4; or --no-predictions")
    if problems:
        problem_file(problems, problems)
    server = _server(url, token_file, ca_bundle, timeout, attempts)
    require_interface(server.project(project), default_schema())
    options = PushOptions(model_version if predictions else None, batch=batch_size)
    pushed = Pushed()
    try:
        with open_faults(problems) as faults, ProgressLine() as line:
            for pushed in push_texts(server, project, read_inputs(inputs), options, report=faults.add):
                line(f"{pushed.done} texts")
    finally:
        say(
            f"{pushed.created} tasks created, {pushed.updated} given new predictions, {pushed.unchanged} unchanged, "
            f"{pushed.skipped} left out"
        )
    if pushed.removed:
        say(f"{pushed.removed} tasks removed that an interrupted push had made twice", error=True)
    print_faults(faults)
    if faults.errors:
        raise typer.Exit(EXIT_SKIPPED)


@app.command()
def pull(
    project: Number,
    output: Output,
    policy: PolicyOption = Policy.LATEST,
    since: Since = None,
    agreement: AgreementFile = None,
    problems: Problems = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    attempts: Attempts = DEFAULT_ATTEMPTS,
) -> None:
    """Write the finished annotations of a project as annotated texts.

    Exit code 0: everything was taken over; 3: something was left out; 2: wrong usage, or the server was lost.
    """
    moment = parse_since(since) if since else None
    server = _server(url, token_file, ca_bundle, timeout, attempts)
    lacking = config_problems(server.project(project).label_config, default_schema())
    known = [Fault("interface", f"the labeling interface does not fit: {line}", severity="warning") for line in lacking]
    options = PullOptions(policy, since=moment, begun=server.newest_change(project))
    tasks = project_tasks(server, project, since=moment)
    if not write_rows(tasks, output, options, problems=problems, agreement=agreement, known=known):
        raise typer.Exit(EXIT_SKIPPED)


@app.command()
def status(
    project: Number,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the counts as JSON.")] = None,
    url: Url = DEFAULT_URL,
    token_file: TokenFile = None,
    ca_bundle: CaBundle = None,
    timeout: Timeout = DEFAULT_TIMEOUT_S,
    attempts: Attempts = DEFAULT_ATTEMPTS,
) -> None:
    """Count tasks, annotations by annotator and predictions by model version."""
    found = project_status(_server(url, token_file, ca_bundle, timeout, attempts), project, default_schema())
    if json_file:
        with atomic_file(json_file) as file:
            file.write(json.dumps(found.to_json(), ensure_ascii=False, indent=1).encode() + b"\n")
    say(f"{found.url}projects/{found.project.id} ({found.project.title}), Label Studio {found.version}")
    print_tables(found.tables())
    if found.newest:
        say(f"newest annotation: {found.newest.isoformat()}")
    for problem in found.interface:
        say(f"the labeling interface does not fit the schema: {problem}", error=True)


app.command()(select)


@app.command("to-tasks")
def to_tasks(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("--output", "-o", help="FILE.json to import in Label Studio.")],
    as_: Annotated[Form, typer.Option("--as", help="What the entities become.")] = Form.PREDICTIONS,
    model_version: Annotated[str, typer.Option(help="Name of what made the predictions.")] = "",
    interface: Annotated[Path | None, typer.Option(help="Also write the labeling interface: FILE.xml.")] = None,
    problems: Problems = None,
) -> None:
    """Convert annotated texts to a file of tasks, for a server that cannot be reached from here.

    Exit code 0: everything was converted; 3: something was left out.
    """
    form: Literal["annotations", "predictions"] = as_.value
    count, seen = 0, set[str]()
    with open_faults(problem_file(problems, output)) as faults, atomic_file(output) as file:
        for text in read_inputs(inputs):
            if text.id in seen:
                faults.add(Fault("duplicate-id", "the input has this id twice; the first one is taken", text.id))
                continue
            seen.add(text.id)
            try:
                task = to_task(text, as_=form, model_version=model_version)
            except AnnotationError as error:
                faults.add(Fault("unsendable", str(error), text.id))
                continue
            file.write((b",\n" if count else b"[\n") + json.dumps(task, ensure_ascii=False).encode())
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")
    if interface:
        with atomic_file(interface) as file:
            file.write(labeling_config(default_schema()).encode())
    say(f"{output}: {count} tasks")
    print_faults(faults)
    if faults.errors:
        raise typer.Exit(EXIT_SKIPPED)


@app.command("from-export")
def from_export(
    export: Annotated[Path, typer.Argument(help="File that Label Studio exported as JSON.")],
    output: Output,
    policy: PolicyOption = Policy.LATEST,
    since: Since = None,
    agreement: AgreementFile = None,
    problems: Problems = None,
) -> None:
    """Convert a file that Label Studio exported (as JSON) to annotated texts.

    Exit code 0: everything was taken over; 3: something was left out.
    """
    options = PullOptions(policy, since=parse_since(since) if since else None)
    tasks, known = read_export(export)
    if not write_rows(tasks, output, options, problems=problems, agreement=agreement, known=known):
        raise typer.Exit(EXIT_SKIPPED)


def _server(
    url: str, token_file: Path | None, ca_bundle: Path | None, timeout: float, attempts: int
) -> LabelStudioServer:
    token = read_token(token_file, os.environ)
    return LabelStudioServer(url, token, ConnectOptions(timeout_s=timeout, ca_bundle=ca_bundle, attempts=attempts))
