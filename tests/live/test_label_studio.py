"""The round trip on a real Label Studio server, and what goes wrong on the way."""

import base64
import json
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.connect import ConnectOptions
from zhibiao.annotate.credentials import Token
from zhibiao.annotate.pull import PullOptions, PullSummary, convert, project_tasks
from zhibiao.annotate.push import PushOptions, push
from zhibiao.annotate.results import to_results
from zhibiao.annotate.tasks import task_data
from zhibiao.cli import app
from zhibiao.core.codec import decode, read_annotated
from zhibiao.core.errors import ConfigError, ServerError

pytestmark = pytest.mark.live


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def content(row):
    """What a row says, whatever its entities are called."""
    place = {e["id"]: (e["start"], e["end"], e["label"]) for e in row["entities"]}
    relations = {(place[r["head"]], place[r["tail"]], r["type"]) for r in row["relations"]}
    attributes = {place[a["entity"]]: {k: v for k, v in a.items() if k != "entity"} for a in row["attributes"]}
    return row["id"], row["text"], set(place.values()), relations, attributes


def as_in_a_page(row):
    """The results of a row with ids as a page makes them."""
    results = json.loads(json.dumps(to_results(decode({**row, "meta": {}}))))
    for item in results:
        for key in ("id", "from_id", "to_id"):
            if key in item:
                item[key] = f"x-{base64.b32encode(item[key].encode()).decode().rstrip('=')}"
        item.pop("score", None)
        if item["type"] != "relation":
            item["origin"] = "manual"
    return results


class Project:
    """A project of its own for a test."""

    def __init__(self, server, title):
        self.server = server
        made = server.annotate("init", "--title", title)
        assert made.exit_code == 0, made.output
        self.number = int(made.output.split("project ")[1].split()[0])
        self.client = server.client()
        self.numbers = {}

    def run(self, command, *arguments, **options):
        return self.server.annotate(command, *arguments, "--project", self.number, **options)

    def push(self, path, version="rules-1"):
        return self.run("push", path, "--model-version", version)

    def pull(self, path, *arguments):
        return self.run("pull", "-o", path, *arguments)

    def tasks(self):
        tasks = LabelStudioServer(self.server.url, Token(self.server.token_file.read_text().strip(), "file"))
        return {task["data"].get("id"): task for task in tasks.tasks(self.number)}

    def annotate(self, row, *, results=None, by=1, **options):
        if not self.numbers:
            self.numbers = {name: task["id"] for name, task in self.tasks().items()}
        results = as_in_a_page(row) if results is None else results
        return self.client.annotations.create(
            id=self.numbers[row["id"]], result=results, completed_by=by, lead_time=9.5, **options
        )


@pytest.fixture
def second_annotator(label_studio):
    return label_studio.client().users.create(email="second@example.com", username="second").id


def test_the_round_trip(label_studio, gold, predicted, second_annotator, tmp_path):
    project = Project(label_studio, "round trip")
    again = label_studio.annotate("init", "--title", "round trip", "--annotators", 2)
    assert f"updated: project {project.number} " in again.output
    assert project.client.projects.get(project.number).maximum_annotations == 2

    pushed = project.push(predicted)
    assert (pushed.exit_code, "60 tasks created" in pushed.output) == (0, True), pushed.output
    tasks = project.tasks()
    assert tasks.keys() == gold.keys()
    assert all(len(task["predictions"]) == 1 for task in tasks.values())
    kinds = Counter(item["type"] for task in tasks.values() for item in task["predictions"][0]["result"])
    assert min(kinds["labels"], kinds["choices"], kinds["relation"]) > 200
    assert all(0 < task["predictions"][0]["score"] <= 1 for task in tasks.values() if task["predictions"][0]["result"])

    rows = list(gold.values())
    for row in rows[:20]:
        project.annotate(row)
    out = tmp_path / "pulled.jsonl"
    pulled = project.pull(out)
    assert pulled.exit_code == 0, pulled.output
    assert [content(row) for row in lines(out)] == [content(row) for row in rows[:20]]
    assert CliRunner().invoke(app, ["check", str(out)]).exit_code == 0
    assert not out.with_name("pulled.jsonl.problems.jsonl").exists()

    since = pulled.output.split("--since ")[1].split()[0]
    project.annotate(rows[20])
    changed = project.tasks()[rows[3]["id"]]["annotations"][0]["id"]
    project.client.annotations.update(changed, result=as_in_a_page({**rows[3], "relations": []}))
    assert project.pull(out, "--since", since).exit_code == 0
    newer = {row["id"]: row for row in lines(out)}
    assert {rows[20]["id"], rows[3]["id"]} <= newer.keys() <= {row["id"] for row in (rows[3], *rows[19:21])}
    assert newer[rows[3]["id"]]["relations"] == []
    assert project.pull(out, "--since", "2100-01-01").exit_code == 0
    assert lines(out) == []

    other = [{**rows[0], "attributes": []}, {**rows[1], "relations": rows[1]["relations"][1:]}, rows[2]]
    for row in other:
        project.annotate(row, by=second_annotator)
    report = tmp_path / "agreement.json"
    assert project.pull(out, "--policy", "every", "--agreement", report).exit_code == 0
    both = [row for row in lines(out) if row["id"] == rows[1]["id"]]
    assert [row["meta"]["annotator"] for row in both] == ["zhibiao@example.com", "second@example.com"]
    [agreement] = json.loads(report.read_text())
    assert set(agreement["sides"]) == {"zhibiao@example.com", "second@example.com"}
    assert (agreement["paragraphs"], agreement["spans"]["f1"]) == (3, 1.0)
    assert 0.9 < agreement["relations"]["f1"] < 1

    project.annotate(rows[30], results=[], was_cancelled=True)
    project.annotate(rows[31], results=[])
    assert project.pull(out).exit_code == 0
    by_id = {row["id"]: row for row in lines(out)}
    assert rows[30]["id"] not in by_id
    assert by_id[rows[31]["id"]]["entities"] == []

    counts = tmp_path / "status.json"
    assert project.run("status", "--json", counts).exit_code == 0
    status = json.loads(counts.read_text())
    assert status["tasks_by_annotations"] == {"0": 38, "1": 19, "2": 3}
    assert status["annotations_by_annotator"] == {"zhibiao@example.com": 22, "second@example.com": 3}
    assert status["predictions_by_model_version"] == {"rules-1": 60}
    assert (status["cancelled"], status["version"].split(".")[0]) == (1, "1")


def test_a_second_push_changes_nothing_and_a_new_version_is_added_and_shown(label_studio, gold, predicted, tmp_path):
    project = Project(label_studio, "versions")
    assert project.push(predicted).exit_code == 0
    first = project.tasks()
    assert "60 unchanged" in project.push(predicted).output
    assert project.tasks() == first

    better = tmp_path / "better.jsonl"
    better.write_text("".join(json.dumps(row) + "\n" for row in gold.values()), "utf-8")
    assert "60 given new predictions" in project.push(better, "model-2").output
    tasks = project.tasks()
    assert all([p["model_version"] for p in task["predictions"]] == ["rules-1", "model-2"] for task in tasks.values())
    assert project.client.projects.get(project.number).model_version == "model-2"
    # What an annotator is offered next comes with the new predictions.
    offered = project.client.tasks.get(str(first[next(iter(gold))]["id"]))
    assert "model-2" in {(p if isinstance(p, dict) else p.model_dump())["model_version"] for p in offered.predictions}

    # The same version with other predictions: the differing ones are replaced.
    rows = lines(predicted)
    rows[0] |= {"entities": [], "relations": [], "attributes": []}
    predicted = tmp_path / "changed.jsonl"
    predicted.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert "1 given new predictions, 59 unchanged" in project.push(predicted).output
    there = project.tasks()[rows[0]["id"]]["predictions"]
    assert [(p["model_version"], p["result"] == []) for p in there] == [("model-2", False), ("rules-1", True)]


def test_texts_that_cannot_be_pushed_are_left_out_and_named(label_studio, predicted, tmp_path):
    project = Project(label_studio, "left out")
    rows = lines(predicted)[:4]
    path, problems = tmp_path / "in.jsonl", tmp_path / "problems.jsonl"
    path.write_text(json.dumps(rows[0]) + "\n", "utf-8")
    assert project.push(path).exit_code == 0
    changed = {**rows[0], "text": rows[0]["text"].replace("97", "98")}
    unknown = {
        **rows[1],
        "entities": [{**rows[1]["entities"][0], "label": "PERSON"}],
        "relations": [],
        "attributes": [],
    }
    surrogate = {"id": "lone", "text": "\ud800", "entities": []}
    path.write_text("".join(json.dumps(row) + "\n" for row in (changed, unknown, surrogate, rows[2], rows[2])), "utf-8")
    pushed = project.run("push", path, "--model-version", "rules-1", "--problems", problems)
    assert pushed.exit_code == 3
    assert "1 tasks created, 0 given new predictions, 0 unchanged, 4 left out" in pushed.output
    found = {(row["code"], row.get("id")) for row in lines(problems)}
    assert found == {
        ("other-text", rows[0]["id"]),
        ("unsendable", rows[1]["id"]),
        ("unsendable", "lone"),
        ("duplicate-id", rows[2]["id"]),
    }
    assert project.tasks()[rows[0]["id"]]["data"]["text"] == rows[0]["text"]


def test_annotations_that_do_not_fit_are_named_and_the_rest_is_kept(label_studio, gold, predicted, tmp_path):
    project = Project(label_studio, "misfits")
    assert project.push(predicted).exit_code == 0
    rows = list(gold.values())
    results = [as_in_a_page(row) for row in rows[:3]]
    results[0][0]["value"]["labels"] = ["PERSON"]
    results[1][0]["value"] |= {"start": 100_000, "end": 100_003}
    for row, items in zip(rows, results, strict=False):
        project.annotate(row, results=items)
    config = project.client.projects.get(project.number).label_config
    project.client.projects.update(project.number, label_config=config.replace('alias="UNIT"', 'alias="MEASURE"'))

    out = tmp_path / "pulled.jsonl"
    pulled = project.pull(out)
    assert pulled.exit_code == 3, pulled.output
    pulled_rows = lines(out)
    assert [row["id"] for row in pulled_rows] == [row["id"] for row in rows[:3]]
    assert [len(row["entities"]) for row in pulled_rows] == [
        len(rows[0]["entities"]) - 1,
        len(rows[1]["entities"]) - 1,
        len(rows[2]["entities"]),
    ]
    problems = lines(tmp_path / "pulled.jsonl.problems.jsonl")
    assert {"unknown-label", "out-of-range", "interface"} <= {row["code"] for row in problems}
    assert {row["id"] for row in problems if row["code"] == "out-of-range"} == {rows[1]["id"]}

    refused = project.push(predicted)
    assert isinstance(refused.exception, ConfigError)
    assert f"annotate init --project {project.number}" in str(refused.exception)
    mended = label_studio.annotate("init", "--project", project.number)
    assert mended.exit_code == 0, mended.output
    assert "updated" in mended.output
    assert project.push(predicted).exit_code == 0
    assert project.pull(out).exit_code == 3
    assert "interface" not in {row["code"] for row in lines(tmp_path / "pulled.jsonl.problems.jsonl")}


def jwt_of_yesterday(token):
    header, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims["exp"] = int(time.time()) - 86_400
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{header}.{body}.{signature}"


def test_personal_access_tokens_work_until_they_expire_or_are_revoked(label_studio, tmp_path):
    from label_studio_sdk.core.api_error import ApiError

    client = label_studio.client()
    token = client.tokens.create().token
    file = tmp_path / "token"
    file.write_text(token + "\n")
    assert label_studio.annotate("init", "--title", "tokens", token_file=file).exit_code == 0

    def refusal():
        result = label_studio.annotate("init", "--title", "tokens", token_file=file)
        assert isinstance(result.exception, ServerError), result.output
        told = str(result.exception)
        assert file.read_text().strip() not in told + repr(result.exception) + result.output
        assert result.exception.__context__ is None  # which would hold the request
        assert str(file) in told
        return told

    file.write_text(jwt_of_yesterday(token))
    assert "expired" in refusal()
    file.write_text(token[:-3] + "abc")
    assert "not accepted" in refusal()
    with pytest.raises(ApiError) as revoked:  # the SDK takes an empty answer for none
        client.tokens.blacklist(refresh=token)
    assert revoked.value.status_code == 204
    file.write_text(token)
    assert "not accepted" in refusal()
    file.write_text("0123456789abcdef0123456789abcdef01234567")
    assert "Invalid token" in refusal()

    fresh = client.tokens.create().token
    personal = type(client)(base_url=label_studio.url, api_key=fresh)
    personal.jwt_settings.update(api_token_ttl_days=30, api_tokens_enabled=True, legacy_api_tokens_enabled=False)
    try:
        file.write_text(label_studio.token_file.read_text())
        assert "legacy" in refusal()
    finally:
        personal.jwt_settings.update(api_token_ttl_days=30, api_tokens_enabled=True, legacy_api_tokens_enabled=True)


@pytest.fixture
def connection(label_studio):
    token = Token(label_studio.token_file.read_text().strip(), "file")
    return LabelStudioServer(label_studio.url, token, ConnectOptions(attempts=2))


@pytest.mark.parametrize("when", ["between requests", "during a request"])
def test_a_server_killed_in_the_middle_of_a_push(label_studio, connection, predicted, when):
    project = Project(label_studio, f"killed {when}")
    texts = list(read_annotated(predicted))
    options = PushOptions("rules-1", batch=10)
    with pytest.raises(ServerError, match="no answer after 2 attempts"):
        for pushed in push(connection, project.number, texts, options, report=pytest.fail):
            if pushed.created == 20 and when == "between requests":
                label_studio.kill()
            elif pushed.created == 20:
                threading.Timer(0.03, label_studio.kill).start()
    assert 20 <= pushed.created < 60
    label_studio.start()
    *_, pushed = push(connection, project.number, texts, options, report=pytest.fail)
    assert pushed.created + pushed.unchanged == 60
    heads = [task["data"]["id"] for task in connection.task_heads(project.number)]
    assert sorted(heads) == sorted(text.id for text in texts)
    assert all(len(task["predictions"]) == 1 for task in project.tasks().values())


def test_a_push_survives_a_restart_of_the_server(label_studio, predicted):
    project = Project(label_studio, "restarted")
    texts = list(read_annotated(predicted))
    token = Token(label_studio.token_file.read_text().strip(), "file")
    patient = LabelStudioServer(label_studio.url, token, ConnectOptions(attempts=15))
    restart = threading.Thread(target=label_studio.start)
    for pushed in push(patient, project.number, texts, PushOptions("rules-1", batch=30), report=pytest.fail):
        if pushed.created == 30:
            label_studio.kill()
            restart.start()
    restart.join()
    assert pushed.created == 60
    assert len(list(patient.task_heads(project.number))) == 60


def test_a_server_killed_in_the_middle_of_a_pull(label_studio, connection, gold, tmp_path):
    project = Project(label_studio, "killed pull")
    rows = [decode(row) for row in gold.values()]
    many = [replace(row, id=f"{row.id}/{copy}") for copy in range(3) for row in rows]
    project.client.projects.import_tasks(
        project.number,
        request=[
            {"data": task_data(row), "annotations": [{"result": to_results(row), "was_cancelled": False}]}
            for row in many
        ],
        commit_to_project=True,
    )
    out = tmp_path / "pulled.jsonl"
    out.write_text("what an earlier pull wrote\n")

    def tasks():
        for number, task in enumerate(project_tasks(connection, project.number)):
            if number == 50:
                label_studio.kill()
            yield task

    from zhibiao.cli.annotate_rows import write_rows

    with pytest.raises(ServerError, match="no answer after 2 attempts"):
        write_rows(tasks(), out, PullOptions(), problems=None, agreement=None)
    assert out.read_text() == "what an earlier pull wrote\n"
    assert [path.name for path in tmp_path.iterdir()] == ["pulled.jsonl"]
    label_studio.start()
    assert project.pull(out).exit_code == 0
    assert sorted(row["id"] for row in lines(out)) == sorted(row.id for row in many)


def test_tasks_that_others_made_are_pulled_too(label_studio, connection, gold):
    project = Project(label_studio, "foreign")
    row = decode(next(iter(gold.values())))
    annotations = [{"result": to_results(row), "was_cancelled": False}]
    request = [{"data": {"text": row.text, "county": "浦江县"}, "annotations": annotations}]
    project.client.projects.import_tasks(project.number, request=request, commit_to_project=True)
    problems = []
    summary = PullSummary()
    [pulled] = convert(project_tasks(connection, project.number), PullOptions(), summary, report=problems.append)
    assert (pulled.text, pulled.meta, len(pulled.entities)) == (row.text, {"county": "浦江县"}, len(row.entities))
    assert problems == []
    assert summary.newest <= datetime.now(UTC)
