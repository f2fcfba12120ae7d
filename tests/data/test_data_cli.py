from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from data_examples import CLAUSES, EXAMPLES, PLAIN, RANGE, STEEL, read_json, write
from typer.testing import CliRunner

from zhibiao.cli.data import app
from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.schema import default_schema
from zhibiao.data.check import check_file
from zhibiao.data.paragraphs import read_paragraphs


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write(tmp_path / "corpus.jsonl", list(EXAMPLES))


def test_stats(corpus: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", [STEEL])
    result = run("stats", corpus, other, "--json", tmp_path / "s.json", "--markdown", tmp_path / "s.md")
    assert result.exit_code == 0, result.output
    counts = read_json(tmp_path / "s.json")
    assert {name: of["paragraphs"] for name, of in counts.items()} == {"corpus": 4, "other": 1, "all": 5}
    assert "| county\\_list | 1 / 3 | 1 / 3 | 2 / 6 |" in (tmp_path / "s.md").read_text(encoding="utf-8")
    assert "VALUE" in result.output


def test_split_writes_one_file_a_split(corpus: Path, tmp_path: Path) -> None:
    result = run("split", corpus, "-o", tmp_path / "out", "--ratio", "train=0.6", "--ratio", "test=0.4", "--seed", 1)
    assert result.exit_code == 0, result.output
    parts = {p.stem: {x.meta["city"] for x in read_paragraphs(p)} for p in (tmp_path / "out").iterdir()}
    assert set(parts) == {"train", "test"}
    assert not parts["train"] & parts["test"]
    assert isinstance(run("split", corpus, "-o", tmp_path, "--ratio", "train").exception, ConfigError)


def test_merge_reports_conflicts(tmp_path: Path) -> None:
    changed = replace(STEEL, attributes=(replace(STEEL.attributes[0], bound="min"), *STEEL.attributes[1:]))
    a, b = write(tmp_path / "a.jsonl", [STEEL]), write(tmp_path / "b.jsonl", [changed])
    result = run("merge", a, b, "-o", tmp_path / "m.jsonl", "--json", tmp_path / "m.json")
    assert result.exit_code == 1
    assert "attribute bound: a: exact; b: min; taken: exact" in result.output
    assert read_json(tmp_path / "m.json")["conflicts"][0]["votes"] == {"exact": ["a"], "min": ["b"]}
    assert read_paragraphs(tmp_path / "m.jsonl")[0].attributes == STEEL.attributes
    final = run("merge", a, b, "-o", tmp_path / "m.jsonl", "--adjudicated", b)
    assert "taken: min" in final.output
    assert run("merge", a, a, "-o", tmp_path / "m.jsonl", "--policy", "intersection").exit_code == 0


def test_agreement(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.jsonl", [STEEL, CLAUSES]), write(tmp_path / "b.jsonl", [STEEL, RANGE])
    result = run("agreement", a, b, "--bootstrap", 20, "--json", tmp_path / "r.json", "--markdown", tmp_path / "r.md")
    assert result.exit_code == 0, result.output
    assert read_json(tmp_path / "r.json")["spans"]["f1"] == 1.0
    assert read_json(tmp_path / "r.json")["sides"] == ["a", "b"]
    assert "# Agreement" in (tmp_path / "r.md").read_text(encoding="utf-8")
    assert isinstance(run("agreement", a, write(tmp_path / "c.jsonl", [PLAIN])).exception, AnnotationError)


def test_dedupe_within_and_across(corpus: Path, tmp_path: Path) -> None:
    assert run("dedupe", corpus).exit_code == 0
    copy = write(tmp_path / "copy.jsonl", [replace(STEEL, id="new-01#1", meta={})])
    result = run("dedupe", corpus, copy, "--json", tmp_path / "d.json")
    assert result.exit_code == 1
    assert "corpus: id=su-01#1 and copy: id=new-01#1: Jaccard similarity 1.000 (MinHash 1.000)" in result.output
    assert read_json(tmp_path / "d.json")["leakage"]["documents"] == {}
    within = write(tmp_path / "within.jsonl", [STEEL, replace(STEEL, id="su-01#2")])
    assert "1 pairs of near-duplicates" in run("dedupe", within).output


def test_augment_writes_the_same_clean_file_again(corpus: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert run("augment", corpus, one, "--seed", 5, "--per-paragraph", 6).exit_code == 0
    assert run("augment", corpus, two, "--seed", 5, "--per-paragraph", 6).exit_code == 0
    assert one.read_bytes() == two.read_bytes()
    report = check_file(one, default_schema())
    assert report.paragraphs > 15 and not report.problems
    assert run("augment", corpus, two, "--only", "regions", "--only", "width").exit_code == 0
    assert {p.meta["augmented"] for p in read_paragraphs(two)} <= {"regions", "width", "regions+width"}
    assert isinstance(run("augment", corpus, two, "--only", "region").exception, ConfigError)


@pytest.mark.parametrize("command", ["stats", "dedupe", "agreement"])
def test_wrong_usage_is_exit_code_2(command: str) -> None:
    assert run(command).exit_code == 2
