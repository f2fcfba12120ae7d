"""The model that ships: in the package, small, used by default, better than the rules, without torch."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao import Document, Extractor, RuleSystem, load_system
from zhibiao.cli import app
from zhibiao.core.codec import read_annotated
from zhibiao.core.schema import Schema
from zhibiao.evaluation.scoring import evaluate

ROOT = Path(__file__).parents[1]
BUNDLE = Path(str(resources.files("zhibiao") / "resources" / "model"))
CHECKPOINT = ROOT / "data" / "model" / "checkpoint"
SENTENCE = "上半年,全市规模以上工业增加值同比增长8.3%,高于全省1.1个百分点,居全省第3位。"


def megabytes(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@pytest.fixture(scope="module")
def model():
    return load_system()


def test_sizes():
    assert megabytes(BUNDLE) <= 20
    assert megabytes(CHECKPOINT) <= 30


def test_it_speaks_the_schema_of_the_package():
    assert Schema.load(BUNDLE / "schema.yaml") == Schema.load() == Schema.load(CHECKPOINT / "schema.yaml")


def test_a_sentence_gives_its_three_records(model):
    document = Document("d", SENTENCE, city="宜昌市", date="2024-07-20")
    records = Extractor(model).extract(document).records
    assert [(r.region.code, r.indicator, str(r.quantity.number), r.quantity.unit, r.measure) for r in records] == [
        ("420500", "规模以上工业增加值", "8.3", "%", "growth"),
        ("420500", "规模以上工业增加值", "1.1", "百分点", "change"),
        ("420500", "规模以上工业增加值", "3", "位", "rank"),
    ]
    assert all(0.5 < r.confidence <= 1 for r in records)


def test_it_is_the_default_of_the_command_line(model, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(SENTENCE + "培训电商人才6000人次以上。", encoding="utf-8")
    written = {}
    for name, options in {"default": [], "model": ["--system", "model"], "rules": ["--system", "rules"]}.items():
        out = tmp_path / f"{name}.jsonl"
        arguments = ["extract", str(page), "--format", "annotations", "-o", str(out), "-q", *options]
        assert CliRunner().invoke(app, arguments).exit_code == 0
        (written[name],) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert written["default"] == written["model"] != written["rules"]


def test_naming_a_model_for_the_rules_is_refused():
    result = CliRunner().invoke(app, ["extract", "page.txt", "--system", "rules", "--model", str(BUNDLE)])
    assert "the rules need none" in str(result.exception)


def test_a_cold_extraction_loads_no_training_library(tmp_path):
    (tmp_path / "page.txt").write_text(SENTENCE, encoding="utf-8")
    code = (
        "import sys; from typer.testing import CliRunner; from zhibiao.cli import app;"
        f"r = CliRunner().invoke(app, ['extract', {str(tmp_path / 'page.txt')!r}]);"
        "assert r.exit_code == 0 and '8.3' in r.output, r.output;"
        "print(sorted({'torch', 'transformers', 'onnx', 'datasets', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_it_beats_the_rules_on_text_that_nobody_tuned_on(model):
    gold = list(read_annotated(ROOT / "data" / "gold" / "test.jsonl"))
    levels = []
    for system in (model, RuleSystem()):
        extractor = Extractor(system)
        predicted = [extractor.extract(Document(t.id, t.text, city=t.meta["city"])).to_annotated() for t in gold]
        levels.append({k: v.total.f1 for k, v in evaluate(gold, predicted, resamples=0).levels.items()})
    ours, rules = levels
    for level, margin in {"spans": 0.01, "relations": 0.02, "records": 0.05}.items():
        assert ours[level] > rules[level] + margin
