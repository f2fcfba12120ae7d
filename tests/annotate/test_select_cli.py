"""``zhibiao annotate select`` as a user runs it."""

import csv
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao.annotate.gain import measure_gain
from zhibiao.annotate.tasks import to_task
from zhibiao.cli import app
from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import Annotation, Document
from zhibiao.evaluation.match import view
from zhibiao.pipeline.extractor import Extractor
from zhibiao.rules.system import RuleSystem

DATA = Path(__file__).parents[2] / "data"
SAMPLE, TRAIN = DATA / "sample", DATA / "gold" / "train.jsonl"


def run(*arguments, system="rules", **known):
    options = ["annotate", "select", *map(str, arguments), "--system", system]
    return CliRunner().invoke(app, options, **known)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


class Nothing:
    name = "nothing"

    def annotate(self, paragraphs):
        return [Annotation() for _ in paragraphs]


def test_a_folder_of_pages_gives_predictions_that_can_be_pushed_and_a_report(tmp_path):
    out, report = tmp_path / "next.jsonl", tmp_path / "report.csv"
    result = run(SAMPLE, "-o", out, "-n", 4, "--report", report)
    assert result.exit_code == 0, result.output
    chosen = list(read_annotated(out))
    assert len(chosen) == 4
    for text in chosen:
        task = to_task(text, as_="predictions", model_version="rules")
        assert any("score" in item for item in task["predictions"][0]["result"])
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows if row["rank"]] == [text.id for text in chosen]
    assert [row["rank"] for row in rows][:4] == ["1", "2", "3", "4"]
    assert {row["reason"] for row in rows[4:]} <= {"lower-gain", "quota"}
    assert len(rows) == 8
    assert {"山东省", "湖北省"} <= {row["region"] for row in rows}
    assert "--model-version rules-" in result.stdout
    assert "8 documents" in result.stderr


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        assert run(SAMPLE, "-o", tmp_path / f"{name}.jsonl", "--report", tmp_path / f"{name}.r.jsonl").exit_code == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert (tmp_path / "a.r.jsonl").read_bytes() == (tmp_path / "b.r.jsonl").read_bytes()


def test_every_document_has_its_reason(tmp_path):
    text = "上半年，咸宁市完成工业投资132.7亿元，同比增长12.4%，高于全省9.2个百分点。"
    rows = [
        {"id": "a", "text": text, "meta": {"source": "日报"}},
        {"id": "copy", "text": text.replace("132.7", "140.1") + "特此报道。"},
        {"id": "old", "text": "前三季度，衡水市规模以上工业增加值增长6.1%，其中制造业增长7.2%。"},
        {"id": "none", "text": "会议强调，要深入学习贯彻精神。"},
        {"id": "nul", "text": "上半年出口额\0下降3.2%。"},
        {"id": "a", "text": "另有45家企业投产。"},
    ]
    source, out, report = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", tmp_path / "r.jsonl"
    annotated = write(tmp_path / "gold.jsonl", [{"id": "x#1", "text": rows[2]["text"]}])
    result = run(source, "-o", out, "--report", report, "--annotated", annotated)
    assert result.exit_code == 0, result.output
    found = lines(report)
    reasons = [(row["id"], row["reason"]) for row in found]
    assert sorted(reasons[1:]) == [
        ("a", "repeated-id"),
        ("copy", "near-duplicate"),
        ("none", "no-value"),
        ("nul", "unsendable"),
        ("old", "annotated"),
    ]
    by_reason = {row["reason"]: row for row in found}
    assert by_reason["annotated"]["like"] == "x#1"
    assert "NUL" in by_reason["unsendable"]["detail"]
    assert (by_reason["no-value"]["gain"], by_reason["no-value"]["records"]) == (0, 0)
    assert [row["id"] for row in lines(out)] == [found[0]["id"]]
    assert found[0]["region"] == "湖北省"
    assert "much like an annotated text" in result.stdout


def test_failures_are_listed_and_the_others_are_chosen(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "出口增长9.1%。"}\nno json\n{"id": "c"}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    result = run(source, tmp_path / "absent.txt", "-o", out)
    assert result.exit_code == 3
    assert "3 failed" in result.stderr
    assert [row["kind"] for row in lines(tmp_path / "out.jsonl.errors.jsonl")] == ["format", "field", "not_found"]
    assert [row["id"] for row in lines(out)] == ["a"]
    assert run(write(source, [{"id": "a", "text": "出口增长9.1%。"}]), "-o", out).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_document_that_breaks_a_system_is_a_failure(tmp_path, monkeypatch):
    honest = RuleSystem.annotate

    def broken(self, paragraphs):
        if any("坏" in text for text in paragraphs):
            raise ZeroDivisionError("no reason")
        return honest(self, paragraphs)

    monkeypatch.setattr(RuleSystem, "annotate", broken)
    source = write(tmp_path / "in.jsonl", [{"id": "a", "text": "坏5%。"}, {"id": "b", "text": "出口增长9.1%。"}])
    result = run(source, "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 3
    assert "ZeroDivisionError in document 'a'" in result.stderr
    assert [row["id"] for row in lines(tmp_path / "out.jsonl")] == ["b"]


def test_standard_input_is_read_once(tmp_path):
    row = json.dumps({"id": "a", "text": "出口增长9.1%。"}) + "\n"
    result = run("-", "--input-format", "jsonl", "-o", tmp_path / "out.jsonl", input=row)
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in lines(tmp_path / "out.jsonl")] == ["a"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "out.csv"], r"out\.csv: annotations are nested"),
        (["-o", "out.jsonl", "--max-similarity", "0"], "above 0 and at most 1"),
        (["-o", "absent/out.jsonl"], "the folder must exist"),
        (["-o", "out.jsonl", "--report", "r.txt"], "no output of type"),
    ],
)
def test_wrong_usage_is_said_and_leaves_nothing(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=message):
        raise run(SAMPLE, *arguments).exception
    assert list(tmp_path.iterdir()) == []


def test_disagreement_is_one_less_the_f1_of_the_records_times_their_number():
    document = Document("d", "上半年，全市工业投资增长9.5%，出口下降3.1%。", city="咸宁市")
    by_rules = Extractor(RuleSystem()).extract(document)
    same = measure_gain(by_rules, RuleSystem())
    assert (same.records, same.others, same.shared, same.f1, same.disagreed) == (2, 2, 2, 1.0, 0.0)
    assert same.uncertain == pytest.approx(sum(1 - record.confidence for record in by_rules.records))
    missed = measure_gain(Extractor(Nothing()).extract(document), RuleSystem())
    assert (missed.uncertain, missed.f1, missed.disagreed) == (0.0, 0.0, 1.0)
    assert measure_gain(by_rules, Nothing()).disagreed == 1.0
    assert measure_gain(by_rules, None).disagreed is None


def test_the_rules_are_the_second_opinion_on_another_system(tmp_path, monkeypatch):
    monkeypatch.setattr("zhibiao.cli.annotate_select.make_system", lambda name, *_: _SYSTEMS[name.value])
    monkeypatch.setattr("zhibiao.cli.annotate_select.model_version", lambda _: "nothing-1")
    source = write(tmp_path / "in.jsonl", [{"id": "a", "text": "出口增长9.1%。"}])
    out, report = tmp_path / "out.jsonl", tmp_path / "r.jsonl"
    assert run(source, "-o", out, "--report", report, system="model").exit_code == 0
    [row] = lines(report)
    assert (row["records"], row["other_records"], row["disagreed"], row["reason"]) == (0, 1, 0.5, "")
    assert lines(out)[0]["entities"] == []
    assert run(source, "-o", out, "--report", report, "--disagreement", "0", system="model").exit_code == 0
    assert lines(report)[0]["reason"] == "no-value"


_SYSTEMS = {"rules": RuleSystem(), "model": Nothing()}


@pytest.mark.slow
def test_a_quarter_that_was_selected_has_more_wrong_records_than_a_random_quarter(tmp_path):
    gold = {text.id: text for text in read_annotated(TRAIN)}
    quarter = len(gold) // 4
    result = run(TRAIN, "-o", tmp_path / "out.jsonl", "-n", quarter, "-q")
    assert result.exit_code == 0, result.output
    chosen = [text.id for text in read_annotated(tmp_path / "out.jsonl")]
    assert len(chosen) == quarter
    extractor = Extractor(RuleSystem())
    wrong = {}
    for text in gold.values():
        document = Document(text.id, text.text, city=text.meta["city"], date=text.meta["date"])
        found = view(extractor.extract(document).to_annotated()).records
        wrong[text.id] = (found - view(text).records).total()
    rng = random.Random(0)
    at_random = sorted(sum(wrong[name] for name in rng.sample(sorted(gold), quarter)) for _ in range(1000))
    assert sum(wrong[name] for name in chosen) > at_random[975]
