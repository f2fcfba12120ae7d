"""``zhibiao extract`` as a user runs it."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from zhibiao.cli import app
from zhibiao.core.errors import ConfigError
from zhibiao.pipeline.rows import COLUMNS

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def run(*arguments, **options):
    return CliRunner().invoke(app, ["extract", *map(str, arguments)], **options)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_sample_pages_give_a_table_and_exit_code_0():
    result = run(SAMPLE)
    assert result.exit_code == 0, result.output
    assert "宜昌市 420500" in result.stdout
    assert "8 documents" in result.stderr


def test_three_outputs_say_the_same(tmp_path):
    for suffix in ("jsonl", "csv", "parquet"):
        assert run(SAMPLE, "-o", tmp_path / f"r.{suffix}", "-q").exit_code == 0
    nested = lines(tmp_path / "r.jsonl")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        flat = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "r.parquet").to_pylist()
    assert len(nested) == len(flat) == len(table) > 100
    assert list(flat[0]) == list(COLUMNS)
    assert [r["record_id"] for r in nested] == [r["record_id"] for r in flat] == [r["record_id"] for r in table]
    assert [r["mentions"]["value"]["start"] for r in nested] == [r["value_start"] for r in table]


def test_annotations_give_one_line_per_line_with_offsets_into_its_text(tmp_path):
    texts = ["全市工業投資增長(zhǎng)９．５％。\r\n其中民间投资占6成。", "", "没有数字。", "上半年,出口12亿元。"]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"id": f"p#{i}", "text": t}) + "\n" for i, t in enumerate(texts)), "utf-8")
    result = run(source, "--format", "annotations", "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    out = lines(tmp_path / "out.jsonl")
    assert [(o["id"], o["text"]) for o in out] == [(f"p#{i}", t) for i, t in enumerate(texts)]
    values = [(e["surface"], texts[0][e["start"] : e["end"]]) for e in out[0]["entities"] if e["label"] == "VALUE"]
    assert values == [("9.5", "９．５"), ("6", "6")]
    assert all("surface" in e for o in out for e in o["entities"])
    assert out[1]["entities"] == out[2]["entities"] == []


def test_annotations_without_output_go_to_standard_output():
    result = run("-", "--format", "annotations", "-q", input="上半年,出口12亿元。")
    assert [e["surface"] for e in json.loads(result.stdout)["entities"] if e["label"] == "VALUE"] == ["12"]


def test_what_fails_is_listed_counted_and_the_rest_goes_on(tmp_path):
    (tmp_path / "good.txt").write_text("出口增长9%。", "utf-8")
    (tmp_path / "bad.jsonl").write_text('{"id": 1, "text": "出口增长8%。"}\n{broken\n{"id": 3}\n', "utf-8")
    (tmp_path / "junk.txt").write_bytes(bytes(range(256)) * 40)
    out = tmp_path / "out" / "r.jsonl"
    out.parent.mkdir()
    result = run(tmp_path / "good.txt", tmp_path / "bad.jsonl", tmp_path / "junk.txt", tmp_path / "none.txt", "-o", out)
    assert result.exit_code == 3
    assert {r["mentions"]["value"]["surface"] for r in lines(out)} == {"9", "8"}
    failures = lines(out.with_name("r.jsonl.errors.jsonl"))
    assert len(failures) == 4
    assert any(f["origin"].endswith("bad.jsonl:2") for f in failures)
    assert "4 failed" in result.stderr
    assert "none.txt" in result.stderr
    assert run(tmp_path / "good.txt", "-o", out).exit_code == 0
    assert not out.with_name("r.jsonl.errors.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "r.xlsx"], "use the suffix .jsonl, .csv or .parquet"),
        (["-o", "none/r.csv"], "folder must exist"),
        (["--format", "annotations", "-o", "r.csv"], "name a .jsonl file"),
        (["--date", "gestern"], "a date such as"),
        (["--encoding", "klingon"], "encoding 'klingon' is unknown"),
    ],
)
def test_wrong_usage_is_one_clear_error_and_leaves_nothing_behind(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    result = run(SAMPLE, *arguments)
    assert isinstance(result.exception, ConfigError)
    assert message in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_system_is_a_usage_error():
    result = run(SAMPLE, "--system", "oracle")
    assert result.exit_code == 2
    assert "oracle" in result.output


def test_the_page_is_written_whole(tmp_path):
    assert run(SAMPLE, "--html", tmp_path / "deep" / "page.html", "-q", "-o", tmp_path / "r.jsonl").exit_code == 0
    page = (tmp_path / "deep" / "page.html").read_text("utf-8")
    assert page.count("<article") == 8
    assert page.rstrip().endswith("</html>")


def test_defaults_for_city_and_date_apply_where_a_document_has_none(tmp_path):
    rows = [
        {"text": "上半年,全市出口增长9%。"},
        {"text": "上半年,全市出口增长9%。", "city": "苏州市", "date": "2020-08-01"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    run(source, "--city", "武汉市", "--date", "2024-07-20", "-o", tmp_path / "r.jsonl")
    first, second = lines(tmp_path / "r.jsonl")
    assert (first["region"]["code"], first["period"]["end"]) == ("420100", "2024-06-30")
    assert (second["region"]["code"], second["period"]["end"]) == ("320500", "2020-06-30")
