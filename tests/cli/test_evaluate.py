"""``zhibiao check`` and ``zhibiao evaluate``."""

import json

from typer.testing import CliRunner

from zhibiao.cli import app
from zhibiao.core.errors import ConfigError

TEXT = "上半年,全市出口增长9%。"
GOLD = {
    "id": "p#1",
    "text": TEXT,
    "meta": {"city": "苏州市", "date": "2024-07-20"},
    "entities": [
        {"id": "T1", "label": "YEAR", "start": 0, "end": 3},
        {"id": "T2", "label": "CITY", "start": 4, "end": 6},
        {"id": "T3", "label": "INDICATOR", "start": 6, "end": 8},
        {"id": "T4", "label": "VALUE", "start": 10, "end": 11},
        {"id": "T5", "label": "UNIT", "start": 11, "end": 12},
    ],
    "relations": [
        {"head": "T4", "tail": "T1", "type": "year"},
        {"head": "T4", "tail": "T2", "type": "region"},
        {"head": "T4", "tail": "T3", "type": "indicator"},
        {"head": "T4", "tail": "T5", "type": "unit"},
    ],
    "attributes": [{"entity": "T4", "measure": "growth", "trend": "up", "status": "actual", "bound": "exact"}],
}


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def write(path, *docs):
    path.write_text("".join(json.dumps(doc, ensure_ascii=False) + "\n" for doc in docs), "utf-8")
    return path


def test_the_rules_on_a_gold_file(tmp_path):
    gold = write(tmp_path / "gold.jsonl", GOLD)
    result = run(
        "evaluate", "--gold", gold, "--system", "rules", "--json", tmp_path / "r.json", "--markdown", tmp_path / "r.md"
    )
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["records"]["f1"] == 1.0
    assert report["facts"]["facts"]["f1"] == 1.0
    assert "records" in result.stdout
    assert (tmp_path / "r.md").read_text("utf-8").startswith("# Evaluation")


def test_predictions_that_miss_lower_the_score_and_are_listed(tmp_path):
    gold = write(tmp_path / "gold.jsonl", GOLD)
    pred = write(tmp_path / "pred.jsonl", {**GOLD, "relations": GOLD["relations"][:2]})
    assert run("evaluate", "--gold", gold, "--pred", pred, "--json", tmp_path / "r.json").exit_code == 0
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["relations"]["r"] == 0.5
    assert report["records"]["f1"] == 0.0
    assert len(report["errors"]) == 2


def test_either_predictions_or_a_system(tmp_path):
    gold = write(tmp_path / "gold.jsonl", GOLD)
    assert isinstance(run("evaluate", "--gold", gold).exception, ConfigError)
    assert isinstance(run("evaluate", "--gold", gold, "--pred", gold, "--system", "rules").exception, ConfigError)


def test_check_lists_every_problem_and_exits_1(tmp_path):
    clean = write(tmp_path / "clean.jsonl", GOLD)
    assert run("check", clean).exit_code == 0
    broken = {
        **GOLD,
        "id": "p#2",
        "relations": [{"head": "T4", "tail": "T9", "type": "year"}],
        "entities": GOLD["entities"][:4],
    }
    bad = write(tmp_path / "bad.jsonl", GOLD, broken)
    result = run("check", bad)
    assert result.exit_code == 1
    assert "bad.jsonl:2" in result.stdout
    assert "T9" in result.stdout


def test_splits_that_share_a_document_are_an_error(tmp_path):
    one, two = write(tmp_path / "train.jsonl", GOLD), write(tmp_path / "test.jsonl", {**GOLD, "id": "p#2"})
    assert run("check", one, two).exit_code == 0
    result = run("check", one, two, "--splits")
    assert result.exit_code == 1
    assert "shared-document" in result.stdout
