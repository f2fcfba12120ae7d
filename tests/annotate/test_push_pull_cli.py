"""``zhibiao annotate`` as a user runs it: exit codes, files, what is printed."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from annotate_examples import EXAMPLE, SCHEMA
from fake_server import TOKEN, running
from typer.testing import CliRunner

from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.interface import labeling_config
from zhibiao.annotate.results import to_results
from zhibiao.annotate.tasks import to_task
from zhibiao.cli import app
from zhibiao.core.codec import decode, dumps
from zhibiao.core.errors import ConfigError, InputError, ServerError

TEXTS = [replace(EXAMPLE, id=f"a#{number}") for number in range(3)]
BARE = replace(EXAMPLE, id="a#0", entities=(), relations=(), attributes=())


@pytest.fixture
def fake(monkeypatch):
    pytest.importorskip("label_studio_sdk")
    with running() as (fake, url):
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
        yield fake


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text("".join(dumps(text) + "\n" for text in TEXTS), "utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["annotate", *map(str, arguments)])


def rows(path):
    return [decode(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def test_init_push_pull_status(fake, source, tmp_path):
    assert run("init", "--title", "试点").output.startswith("created: project 1 (试点): http://127.0.0.1:")
    pushed = run("push", source, "--project", 1, "--model-version", "m1")
    assert (pushed.exit_code, pushed.output.strip()) == (
        0,
        "3 tasks created, 0 given new predictions, 0 unchanged, 0 left out",
    )
    first, second, third = list(fake.tasks)
    fake.annotate(first, result=to_results(TEXTS[0]))
    fake.annotate(first, result=[], by=2)
    fake.annotate(second, result=[], was_cancelled=True)
    fake.tasks[third]["drafts"] = [{}]
    out, report = tmp_path / "out.jsonl", tmp_path / "agreement.md"
    pulled = run("pull", "--project", 1, "-o", out, "--policy", "first", "--agreement", report)
    assert pulled.exit_code == 0, pulled.output
    assert rows(out) == [TEXTS[0]]
    assert "1 rows of 3 tasks that were worked on (0 rows empty)" in pulled.output
    assert "left out: 1 skipped annotations, 1 drafts" in pulled.output
    assert f"--since {fake.tasks[second]['annotations'][0]['updated_at'][:19]}" in pulled.output
    assert "# Agreement of one@example.com and two@example.com" in report.read_text("utf-8")
    assert run("pull", "--project", 1, "-o", out, "--policy", "every").exit_code == 0
    assert [row.meta["annotator"] for row in rows(out)] == ["one@example.com", "two@example.com"]
    status = run("status", "--project", 1)
    assert "two@example.com" in status.output
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl", "agreement.md"}


def test_what_is_left_out_is_listed_and_the_exit_code_is_3(fake, tmp_path):
    run("init")
    results = to_results(TEXTS[0])
    results[0]["value"]["labels"] = ["PERSON"]
    fake.add_task(1, to_task(TEXTS[0], as_=None)["data"], [{"result": results}])
    out = tmp_path / "out.jsonl"
    pulled = run("pull", "--project", 1, "-o", out)
    assert pulled.exit_code == 3
    assert "unknown-label" in pulled.output
    assert "all problems:" in pulled.output
    listed = tmp_path / "out.jsonl.problems.jsonl"
    problem, *others = [json.loads(line) for line in listed.read_text("utf-8").splitlines()]
    assert (problem["code"], problem["id"], problem["annotator"]) == ("unknown-label", "a#0", "one@example.com")
    assert {other["code"] for other in others} == {"missing-region"}  # what hangs on it
    fake.tasks.clear()
    assert run("pull", "--project", 1, "-o", out).exit_code == 0
    assert not listed.exists()


def test_a_changed_interface_stops_a_push_and_is_named_by_a_pull(fake, source, tmp_path):
    run("init")
    fake.projects[1]["label_config"] = labeling_config(SCHEMA).replace('alias="UNIT"', 'alias="OTHER"')
    refused = run("push", source, "--project", 1, "--model-version", "m1")
    assert isinstance(refused.exception, ConfigError)
    assert "UNIT is missing; `zhibiao annotate init --project 1` replaces it" in str(refused.exception)
    assert not fake.tasks
    pulled = run("pull", "--project", 1, "-o", tmp_path / "out.jsonl")
    assert (pulled.exit_code, "warning interface" in pulled.output) == (0, True)
    mended = run("init", "--project", 1)
    assert "the labeling interface was replaced: Labels label: the value UNIT is missing" in mended.output
    assert run("push", source, "--project", 1, "--model-version", "m1").exit_code == 0


def test_a_push_says_how_to_see_all_that_was_left_out(fake, source, tmp_path):
    run("init")
    source.write_text((dumps(EXAMPLE) + "\n") * 8, "utf-8")
    arguments = ("push", source, "--project", 1, "--model-version", "m1")
    pushed = run(*arguments)
    assert (pushed.exit_code, "2 more; the same command with --problems FILE.jsonl" in pushed.output) == (3, True)
    pushed = run(*arguments, "--problems", tmp_path / "p.jsonl")
    assert "more;" not in pushed.output
    assert len((tmp_path / "p.jsonl").read_text().splitlines()) == 7
    before = len(fake.requests)
    assert isinstance(run(*arguments, "--problems", tmp_path / "p.txt").exception, ConfigError)
    assert len(fake.requests) == before


def test_the_moment_to_name_next_is_before_the_listing(fake, source, tmp_path, monkeypatch):
    run("init")
    run("push", source, "--project", 1, "--no-predictions")
    for number in fake.tasks:
        fake.annotate(number)
    begun = datetime.fromisoformat(max(task["updated_at"] for task in fake.tasks.values()))
    listed = LabelStudioServer.tasks
    monkeypatch.setattr(
        LabelStudioServer, "tasks", lambda *a, **k: (fake.annotate(max(fake.tasks)), listed(*a, **k))[1]
    )
    pulled = run("pull", "--project", 1, "-o", tmp_path / "out.jsonl")
    assert f"--since {begun.isoformat()}" in pulled.output


def test_a_lost_server_leaves_the_earlier_output_as_it_was(fake, source, tmp_path):
    run("init")
    run("push", source, "--project", 1, "--no-predictions")
    out = tmp_path / "out.jsonl"
    out.write_text("before\n")
    fake.fail("GET", "tasks", "before")
    lost = run("pull", "--project", 1, "-o", out, "--attempts", 1)
    assert isinstance(lost.exception, ServerError)
    assert out.read_text() == "before\n"
    fake.fail("POST", "import", "before")
    source.write_text(dumps(replace(EXAMPLE, id="new")) + "\n", "utf-8")
    lost = run("push", source, "--project", 1, "--model-version", "m1", "--attempts", 1)
    assert isinstance(lost.exception, ServerError)
    assert "0 tasks created" in lost.output  # how far it came
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["push", "SOURCE", "--project", 1], "--model-version is needed"),
        (["pull", "--project", 1, "-o", "out.csv"], "name a .jsonl file"),
        (["pull", "--project", 1, "-o", "out.jsonl", "--since", "monday"], "--since monday"),
        (["pull", "--project", 1, "-o", "out.jsonl", "--problems", "p.txt"], "the list of problems is JSON Lines"),
    ],
)
def test_wrong_usage(fake, source, arguments, told):
    run("init")
    result = run(*[source if argument == "SOURCE" else argument for argument in arguments])
    assert isinstance(result.exception, ConfigError)
    assert told in str(result.exception)


def test_a_token_file_goes_before_the_environment(fake, tmp_path, monkeypatch):
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "wrong")
    assert isinstance(run("init").exception, ServerError)
    assert run("init", "--token-file", tmp_path / "token").exit_code == 0


# Without a server


def test_files_go_there_and_back(source, tmp_path):
    tasks, out, xml = tmp_path / "tasks.json", tmp_path / "out.jsonl", tmp_path / "interface.xml"
    done = run("to-tasks", source, "-o", tasks, "--as", "annotations", "--interface", xml)
    assert done.exit_code == 0, done.output
    assert xml.read_text("utf-8") == labeling_config(SCHEMA)
    assert run("from-export", tasks, "-o", out).exit_code == 0
    assert rows(out) == TEXTS


def test_predictions_in_a_file(source, tmp_path):
    tasks = tmp_path / "tasks.json"
    assert run("to-tasks", source, "-o", tasks, "--model-version", "m1").exit_code == 0
    assert [task["predictions"][0]["model_version"] for task in json.loads(tasks.read_bytes())] == ["m1"] * 3
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert run("to-tasks", empty, "-o", tasks).exit_code == 0
    assert json.loads(tasks.read_bytes()) == []


def test_texts_that_cannot_be_converted_are_listed(tmp_path):
    source, tasks = tmp_path / "in.jsonl", tmp_path / "tasks.json"
    source.write_text("".join(dumps(text) + "\n" for text in (replace(BARE, text="\ud800", id="lone"), TEXTS[1])))
    done = run("to-tasks", source, "-o", tasks)
    assert done.exit_code == 3
    assert [task["data"]["id"] for task in json.loads(tasks.read_bytes())] == ["a#1"]
    [problem] = [json.loads(line) for line in (tmp_path / "tasks.json.problems.jsonl").read_text().splitlines()]
    assert (problem["code"], problem["id"]) == ("unsendable", "lone")


def test_a_text_whose_id_was_there_before_is_listed(source, tmp_path):
    tasks = tmp_path / "tasks.json"
    done = run("to-tasks", source, source, "-o", tasks)
    assert (done.exit_code, len(json.loads(tasks.read_bytes()))) == (3, 3)
    [*problems] = [json.loads(line) for line in (tmp_path / "tasks.json.problems.jsonl").read_text().splitlines()]
    assert [(p["code"], p["id"]) for p in problems] == [("duplicate-id", text.id) for text in TEXTS]


def test_what_is_no_task_in_an_export_is_listed_and_the_rest_is_taken_over(tmp_path):
    tasks = [{"id": n, **to_task(text, as_="annotations")} for n, text in enumerate(TEXTS[:2])]
    export, out = tmp_path / "export.json", tmp_path / "out.jsonl"
    other = {**tasks[0], "id": 9, "data": {"text": "别的", "id": TEXTS[0].id}}
    unread = {"id": 5, "data": tasks[0]["data"], "annotations": {"31": {}}}
    export.write_text(json.dumps([tasks[0], {"id": 7, "annotations": []}, "x", tasks[1], other, unread]))
    done = run("from-export", export, "-o", out)
    assert done.exit_code == 3
    assert rows(out) == TEXTS[:2]
    assert "--since" not in done.output  # these annotations bring no time
    problems = [json.loads(line) for line in (tmp_path / "out.jsonl.problems.jsonl").read_text().splitlines()]
    found = [(p["code"], p["message"]) for p in problems if p["severity"] == "error"]
    assert [code for code, _ in found if code.startswith("bad")] == ["bad-task", "bad-task", "bad-annotation"]
    assert "item 1 of the file is no task with data, got {'id': 7" in found[0][1]
    [double] = [message for code, message in found if code == "duplicate-task"]
    assert "the same id and different texts" in double


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'[{"id": 1, "text": "x", "label": []}]', b"[[]]", b"[" * 100_000, None]
)
def test_exports_of_another_kind(tmp_path, content):
    export = tmp_path / "export.json"
    if content is not None:
        export.write_bytes(content)
    result = run("from-export", export, "-o", tmp_path / "out.jsonl")
    assert isinstance(result.exception, InputError)
    assert "export as JSON in Label Studio" in str(result.exception) or "cannot be read" in str(result.exception)


def test_since_works_on_exports_too(tmp_path):
    task = to_task(TEXTS[0], as_="annotations")
    task["annotations"][0] |= {"id": 1, "updated_at": "2026-01-02T03:04:05Z", "completed_by": 4}
    export, out = tmp_path / "export.json", tmp_path / "out.jsonl"
    export.write_text(json.dumps([task]))
    assert run("from-export", export, "-o", out, "--since", "2026-01-02T03:04:05").exit_code == 0
    assert rows(out) == [TEXTS[0]]
    assert run("from-export", export, "-o", out, "--since", "2026-01-02T03:04:06").exit_code == 0
    assert rows(out) == []
