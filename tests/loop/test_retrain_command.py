"""``zhibiao retrain`` from new annotations to the model that is in use, on a tiny model."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from loop_examples import LINES, OTHERS, PAGE, annotated, write
from typer.testing import CliRunner

from tiny_model import TEXTS, write_config, write_encoder, write_gold
from zhibiao.annotate.interface import labeling_config
from zhibiao.annotate.tasks import to_task
from zhibiao.cli import app
from zhibiao.cli import retrain as retrain_command
from zhibiao.core.errors import CheckpointError, ConfigError, ServerError
from zhibiao.core.schema import default_schema
from zhibiao.loop import round as loop_round
from zhibiao.pipeline.pointer import model_folder
from zhibiao.pipeline.version import model_version
from zhibiao.rules.system import RuleSystem
from zhibiao.training.checkpoint import load_checkpoint
from zhibiao.training.config import load_config
from zhibiao.training.train import train
from zhibiao.training.trainer import ModelTrainer


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Old training data, a test, and a checkpoint that was trained for an epoch."""
    folder = tmp_path_factory.mktemp("loop")
    gold = write_gold(folder / "gold.jsonl", copies=2)
    write(folder / "test.jsonl", *(annotated(f"t{i}", text) for i, text in enumerate([*TEXTS, LINES[0]])))
    config = write_config(folder / "c.yaml", write_encoder(folder / "encoder"), gold, epochs=1, batch_size=4)
    train(load_config(config, [f"data.dev=[{folder / 'test.jsonl'}]"]), folder / "run")
    return folder


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def retrain(base, state):
    def run(*arguments, epochs=1):
        known = ["--from", base / "run" / "model", "--frozen", base / "test.jsonl", "--epochs", epochs]
        return CliRunner().invoke(app, ["retrain", *map(str, [state, *known, *arguments])])

    return run


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_from_annotations_to_the_model_in_use(state, base, retrain, tmp_path):
    leak = annotated("leak", LINES[0].replace("214.6", "198.3"))
    new = write(tmp_path / "new.jsonl", annotated("a", OTHERS[0]), annotated("p", "\n".join(LINES[1:])), leak, "{")
    shown = retrain("--data", new, "--dry-run")
    assert shown.exit_code == 3
    assert "3 lines (3 added" in shown.output
    assert not state.exists()

    result = retrain("--data", new)
    assert result.exit_code == 3, result.output
    assert "accepted" in result.output
    model = model_folder(state / "current")
    assert model_version(state / "current") == model.name
    assert [json.loads(line)["id"] for line in (state / "annotations.jsonl").read_text("utf-8").splitlines()] == [
        "a",
        "p#1",
        "p#2",
    ]
    aside = [json.loads(line) for line in (state / "set_aside.jsonl").read_text("utf-8").splitlines()]
    assert [(one["reason"], one["id"]) for one in aside] == [("bad-json", ""), ("near-duplicate", "leak")]
    (report,) = (json.loads(path.read_text("utf-8")) for path in state.glob("rounds/*/report.json"))
    assert (report["verdict"], report["model"]) == ("accepted", model.name)
    assert report["set_aside"]["reasons"] == {"bad-json": 1, "near-duplicate": 1}
    assert {file["role"]: file["rows"] for file in report["data"]} == {
        "new annotations": 3,
        "replay": 8,
        "dev": 5,
        "frozen test": 5,
        "start": 0,
    }
    assert len(report["figures"][0]["levels"]["records"]["after"]["interval"]) == 2
    (markdown,) = state.glob("rounds/*/report.md")
    assert "| INDICATOR |" in markdown.read_text("utf-8").split("by label and relation type")[1]

    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    done = CliRunner().invoke(app, ["extract", str(page), "--model", str(state / "current")])
    assert done.exit_code == 0, done.output

    before = files(state)
    again = retrain("--data", new)
    assert again.exit_code == 3
    assert "nothing new" in again.output
    assert files(state) == before


def test_the_second_round_goes_on_from_the_first_with_the_old_data(state, base, retrain, tmp_path):
    assert retrain("--data", write(tmp_path / "one.jsonl", annotated("a", OTHERS[0]))).exit_code == 0
    first = model_folder(state / "current")
    (base / "run" / "model").rename(base / "run" / "moved")
    try:
        again = retrain("--data", write(tmp_path / "two.jsonl", annotated("b", OTHERS[1]), annotated("a", OTHERS[2])))
    finally:
        (base / "run" / "moved").rename(base / "run" / "model")
    assert again.exit_code == 0, again.output
    second = model_folder(state / "current")
    assert second != first
    assert first.is_dir()
    (mixed,) = (
        folder / "run" / "mixed.jsonl"
        for folder in (state / "rounds").iterdir()
        if json.loads((folder / "report.json").read_text("utf-8"))["model"] == second.name
    )
    rows = {row["id"]: row["text"] for row in map(json.loads, mixed.read_text("utf-8").splitlines())}
    assert sorted(rows) == ["a", "b", *(f"d{copy}-{i}" for copy in range(2) for i in range(4))]
    assert rows["a"] == OTHERS[2]
    weights = [load_checkpoint(folder / "checkpoint").model.state_dict() for folder in (first, second)]
    assert any((weights[0][name] != weights[1][name]).any() for name in weights[0])


def test_a_model_that_falls_is_refused_and_not_trained_twice(state, base, retrain, tmp_path, monkeypatch):
    new = write(tmp_path / "new.jsonl", annotated("a", OTHERS[0]))
    load = loop_round.load_any
    old = base / "run" / "model"
    monkeypatch.setattr(loop_round, "load_any", lambda folder: RuleSystem() if folder == old else load(folder))
    refused = retrain("--data", new)
    assert refused.exit_code == 1, refused.output
    assert "fell below" in refused.output
    assert not (state / "current").exists()
    (report,) = (json.loads(path.read_text("utf-8")) for path in state.glob("rounds/*/report.json"))
    assert {fall["kind"] for fall in report["gate"]["falls"]} >= {"VALUE", "unit", "records"}
    assert report["gate"]["lost"]
    assert load_checkpoint(state.parent / report["model"])
    monkeypatch.setattr(loop_round, "retrain", None)
    assert retrain("--data", new).exit_code == 1


def test_a_killed_round_is_taken_up_where_it_was(state, retrain, tmp_path, monkeypatch):
    new = write(tmp_path / "new.jsonl", annotated("a", OTHERS[0]))
    evaluate, seen = ModelTrainer.evaluate, []

    def killed(self, *args, **kwargs):
        seen.append(round(self.state.epoch))
        if seen == [1, 2]:
            raise KeyboardInterrupt
        return evaluate(self, *args, **kwargs)

    monkeypatch.setattr(ModelTrainer, "evaluate", killed)
    assert retrain("--data", new, epochs=2).exit_code != 0
    assert not (state / "current").exists()
    monkeypatch.setattr(loop_round, "judge", None)
    assert isinstance(retrain(epochs=2).exception, TypeError)
    assert seen == [1, 2, 2]
    assert not (state / "current").exists()
    monkeypatch.undo()
    monkeypatch.setattr(loop_round, "retrain", None)  # the trained model is there, only the gate is missing
    assert retrain("--data", new, epochs=2).exit_code == 0
    assert (state / "current").is_file()


def test_an_epoch_that_was_half_saved_is_trained_again(state, retrain, tmp_path, monkeypatch):
    new = write(tmp_path / "new.jsonl", annotated("a", OTHERS[0]))
    save, saved = torch.save, []

    def killed(content, path, **kwargs):
        saved.append(Path(path).name)
        if saved.count("optimizer.pt") == 2:  # of the second epoch, after its weights
            raise KeyboardInterrupt
        return save(content, path, **kwargs)

    monkeypatch.setattr(torch, "save", killed)
    assert retrain("--data", new, epochs=2).exit_code != 0
    assert len(list(state.glob("rounds/*/run/checkpoint-*"))) == 2
    monkeypatch.undo()
    done = retrain(epochs=2)
    assert done.exit_code == 0, done.output
    assert not list(state.glob("rounds/*/run/checkpoint-*"))


def test_who_goes_back_to_an_earlier_model_stays_there(state, retrain, tmp_path):
    one = write(tmp_path / "one.jsonl", annotated("a", OTHERS[0]))
    two = write(tmp_path / "two.jsonl", annotated("b", OTHERS[1]))
    assert retrain("--data", one).exit_code == 0
    first = (state / "current").read_bytes()
    (state / "rounds" / ".DS_Store").write_bytes(b"of a file manager")
    assert retrain("--data", two).exit_code == 0
    second = model_folder(state / "current").name
    (state / "current").write_bytes(first)
    again = retrain()
    assert again.exit_code == 0, again.output
    assert second in again.output
    assert (state / "current").read_bytes() == first
    shutil.rmtree(state / "models" / second)
    assert retrain().exit_code == 0
    assert model_folder(state / "current").name == second


def test_what_a_user_can_mend_is_said_and_nothing_written(state, base, retrain, tmp_path):
    new = write(tmp_path / "new.jsonl", annotated("a", OTHERS[0]))
    cases = {
        "no checkpoint": ["--from", tmp_path / "none"],
        "no such file": ["--frozen", tmp_path / "none.jsonl"],
        "the gate would accept any model": ["--frozen", new],
        "latest, first or majority": ["--policy", "every"],
    }
    for message, arguments in cases.items():
        result = retrain("--data", new, *arguments)
        assert isinstance(result.exception, ConfigError)
        assert message in str(result.exception)
    assert files(state) in ([], [".lock"])
    assert "nothing new" in retrain().output
    (state / "current").symlink_to("models/none")
    assert "is expected" in str(retrain("--data", new).exception)


class Project:
    """A Label Studio project as far as a pull needs it; without tasks the server is lost."""

    url = "http://127.0.0.1:8080/"

    def __init__(self, tasks):
        self._tasks = tasks

    def project(self, number):
        return SimpleNamespace(label_config=labeling_config(default_schema()))

    def users(self):
        return {1: "a@example.org"}

    def tasks(self, number, *, updated_since):
        if self._tasks is None:
            raise ServerError("the connection was refused")
        return iter(self._tasks)


def test_annotations_are_pulled_and_a_lost_server_changes_nothing(state, retrain, tmp_path, monkeypatch):
    tasks = []
    for number, text in enumerate(OTHERS[:2], 1):
        task = to_task(annotated(f"o{number}", text), as_="annotations")
        task["annotations"][0] |= {"id": number, "created_at": "2026-11-22T08:00:00Z", "completed_by": 1}
        tasks.append(task | {"id": number})
    tasks[1]["annotations"][0]["result"][0]["value"]["labels"] = ["TOWN"]
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "x" * 40)
    servers = iter([Project(None), Project(tasks)])
    monkeypatch.setattr(retrain_command, "LabelStudioServer", lambda *_: next(servers))
    assert isinstance(retrain("--project", 3).exception, ServerError)
    assert files(state) in ([], [".lock"])
    shown = retrain("--project", 3, "--dry-run")
    assert shown.exit_code == 3
    assert "http://127.0.0.1:8080/projects/3: 2 rows, 1 passed the check" in shown.output
    assert "unknown-label" in shown.output


def test_two_at_a_time_are_refused(state, retrain):
    from zhibiao.loop.state import State

    with State(state).locked():
        assert "another" in str(retrain().exception)
    assert retrain().exit_code == 0


def test_a_pointer_that_is_none_is_an_error(tmp_path):
    pointer = tmp_path / "current"
    for content, message in {"{": "is expected", '{"model": "models/x"}': "is not there", "[]": "is expected"}.items():
        pointer.write_text(content, encoding="utf-8")
        with pytest.raises(CheckpointError, match=message):
            model_folder(pointer)
    assert model_folder(tmp_path) == tmp_path
