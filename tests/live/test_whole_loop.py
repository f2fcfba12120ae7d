"""The whole story on a real server: annotate, correct, retrain, serve, and the server asks the new model."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import chdir, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("label_studio_sdk", reason="pip install 'zhibiao[annotate]'")
pytest.importorskip("torch", reason="pip install 'zhibiao[model]'")
pytest.importorskip("uvicorn", reason="pip install 'zhibiao[serve]'")

from zhibiao.cli import app
from zhibiao.core.codec import read_annotated
from zhibiao.evaluation.match import view
from zhibiao.loop.leaks import JudgedTexts
from zhibiao.pipeline.pointer import model_folder
from zhibiao.pipeline.version import model_version
from zhibiao.training.config import load_config
from zhibiao.training.train import dev_files

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-this-test-only"
DOCUMENTS, CORRECTED = 60, 20
START_S = 120


def cli(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def content(row):
    """The spans, relations, attributes and records of an annotated text, whatever its entities are called."""
    seen = view(row)
    return seen.spans, seen.relations, seen.attributes, seen.records


@pytest.fixture(scope="module")
def documents():
    """Gold paragraphs from the whole training file, by id; none of a city or text that judges the new model."""
    with chdir(ROOT):
        dev = dev_files(load_config(Path("data/model/checkpoint/config.yaml")))
        judged = JudgedTexts(map(Path, ["data/gold/test.jsonl", *dev]))
        rows = list(read_annotated(Path("data/gold/train.jsonl")))
    leaks = judged.leaks(rows)
    rows = [row for row in rows if row.id not in leaks]
    return {row.id: row for row in rows[:: len(rows) // DOCUMENTS][:DOCUMENTS]}


@pytest.fixture(scope="module")
def predicted(documents, tmp_path_factory):
    """A file with what the model that ships finds in them."""
    folder = tmp_path_factory.mktemp("predicted")
    texts = [{"id": row.id, "text": row.text, **row.meta} for row in documents.values()]
    source = folder / "texts.jsonl"
    source.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    output = folder / "predicted.jsonl"
    cli("extract", source, "--format", "annotations", "-o", output, "-q")
    return output


def retrain(server, project, state):
    """``zhibiao retrain`` with its quickest settings, as a user runs it: in the repository, from a shell."""
    command = [sys.executable, "-m", "zhibiao", "retrain", state, "--project", project, "--epochs", 1, "--replay", 0.05]
    where = ["--url", server.url, "--token-file", server.token_file]
    return subprocess.run([str(word) for word in (*command, *where)], cwd=ROOT, capture_output=True, text=True)


@contextmanager
def serving(model, log):
    """The address of ``zhibiao serve --model MODEL``, which is told to stop in the end and must do so in order."""
    command = [sys.executable, "-m", "zhibiao", "serve", "--model", str(model), "--port", "0"]
    with log.open("w") as stderr:
        process = subprocess.Popen(command, stderr=stderr, env=os.environ | {"ZHIBIAO_TOKEN": TOKEN})
    try:
        end = time.monotonic() + START_S
        started = None
        while started is None and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
            events = [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]
            started = next((event for event in events if event["event"] == "serving"), None)
        assert started, log.read_text()
        yield f"http://127.0.0.1:{started['port']}"
        process.terminate()
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def correct(tasks, client, documents, predicted):
    """Finish some documents as their gold is, those with errors first; the ids of these, and how many had errors."""
    from zhibiao.annotate.results import to_results

    found = {row.id: row for row in read_annotated(predicted)}
    erred = [name for name, row in documents.items() if content(row) != content(found[name])]
    right = [name for name in documents if name not in erred]
    numbers = {task["data"]["id"]: task["id"] for task in tasks}
    corrected = [*erred, *right][:CORRECTED]
    for name in corrected:
        result = to_results(documents[name])
        client.annotations.create(id=numbers[name], result=result, was_cancelled=False, lead_time=30.0)
    return corrected, len(erred)


def all_tasks(client, project):
    return [task.dict() for task in client.tasks.list(project=project, fields="all", page_size=100)]


def test_from_the_first_predictions_to_those_of_the_retrained_model(label_studio, documents, predicted, tmp_path):
    client = label_studio.client()
    made = label_studio.annotate("init", "--title", "from predictions to predictions")
    assert made.exit_code == 0, made.output
    project = int(made.output.split("project ")[1].split()[0])

    first = model_version()
    pushed = label_studio.annotate("push", predicted, "--project", project, "--model-version", first)
    assert (pushed.exit_code, f"{DOCUMENTS} tasks created" in pushed.output) == (0, True), pushed.output
    tasks = all_tasks(client, project)
    assert [p["model_version"] for task in tasks for p in task["predictions"]] == [first] * DOCUMENTS

    corrected, erred = correct(tasks, client, documents, predicted)
    assert erred > 0
    pulled = tmp_path / "pulled.jsonl"
    output = label_studio.annotate("pull", "--project", project, "-o", pulled)
    assert output.exit_code == 0, output.output
    rows = {row.id: row for row in read_annotated(pulled)}
    assert rows.keys() == set(corrected)
    assert all(content(row) == content(documents[name]) for name, row in rows.items())
    cli("check", pulled)

    state = tmp_path / "loop"
    done = retrain(label_studio, project, state)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "accepted" in done.stdout
    model = model_folder(state / "current")
    assert model.parent == state / "models"
    new = model_version(state / "current")
    assert new == model.name != first
    [report] = (state / "rounds").glob("*/report.json")
    verdict = json.loads(report.read_text("utf-8"))
    assert (verdict["verdict"], verdict["model"]) == ("accepted", new)
    assert {row.id for row in read_annotated(state / "annotations.jsonl")} == set(corrected)

    with serving(state / "current", tmp_path / "serve.log") as url:
        client.ml.create(
            url=url,
            project=project,
            title="zhibiao",
            auth_method="BASIC_AUTH",
            basic_auth_user="label-studio",
            basic_auth_pass=TOKEN,
        )
        [backend] = client.ml.list(project=project)
        assert (backend.state, backend.model_version) == ("CO", new)
        everything = {"all": True, "excluded": []}
        client.actions.create(
            id="retrieve_tasks_predictions",
            project=project,
            selected_items=everything,
            request_options={"timeout_in_seconds": 120},
        )

    kinds = Counter()
    for task in all_tasks(client, project):
        versions = {prediction["model_version"]: prediction for prediction in task["predictions"]}
        assert versions.keys() == {first, new}
        text = task["data"]["text"]
        for item in versions[new]["result"]:
            kinds[item["type"]] += 1
            if item["type"] == "labels":
                value = item["value"]
                assert text[value["start"] : value["end"]] == value["text"]
    assert min(kinds["labels"], kinds["relation"], kinds["choices"]) > 5 * DOCUMENTS, kinds
