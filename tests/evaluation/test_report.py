"""The report: what it says, what it warns of, and what stops it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from evaluation_examples import Raw, example, texts

from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.evaluation import Report, evaluate
from zhibiao.evaluation.definitions import DEFINITIONS
from zhibiao.evaluation.match import FACT_CUTS
from zhibiao.evaluation.report import EXACT_LEVELS, LENIENT_LEVELS


def run(gold: list[Raw], predicted: list[Raw], **options: Any) -> Report:
    return evaluate(texts(gold), texts(predicted), **options)


def spoiled() -> Raw:
    doc = example()
    doc["entities"][2]["end"] -= 1
    doc["relations"] = doc["relations"][1:]
    doc["attributes"][1]["trend"] = "down"
    return doc


def test_a_perfect_prediction_scores_one_everywhere() -> None:
    report = run([example("a#1"), example("b#1")], [example("b#1"), example("a#1")], resamples=50)
    rows = [row for level in report.levels.values() for row in (level.total, *level.by_kind.values())]
    rows += report.facts.values()
    assert {(row.f1, row.interval) for row in rows} == {(1.0, (1.0, 1.0))}
    assert {score.accuracy for score in report.attributes.values()} == {1.0}
    assert set(report.levels) == {*EXACT_LEVELS, *LENIENT_LEVELS} and set(report.facts) == set(FACT_CUTS)
    assert report.warnings == () and report.mistakes == ()


def test_json_is_plain_and_says_each_definition_beside_its_number() -> None:
    report = run([example(), example("b#1")], [spoiled(), example("b#1")], resamples=20, seed=7)
    out = json.loads(json.dumps(report.to_json(), allow_nan=False))
    for name in (*EXACT_LEVELS, *FACT_CUTS, *LENIENT_LEVELS):
        row = out["facts"][name] if name in FACT_CUTS else out["lenient"].get(name) or out[name]
        assert row["definition"] == DEFINITIONS[name]
        low, high = row["ci95"]
        assert 0 < low <= row["f1"] <= high <= 1
    trend = out["attributes"]["trend"]
    assert (trend["accuracy"], trend["hits"], trend["of"]) == (5 / 6, 5, 6)
    assert trend["confusion"] == {"up": {"up": 1, "down": 1}, "none": {"none": 4}}
    assert out["by_label"]["INDICATOR"]["f1"] == 0.75
    assert out["bootstrap"] == {"resamples": 20, "seed": 7, "units": "paragraphs; documents for facts"}
    assert len(out["errors"]) == sum(row["total"] for row in out["error_counts"].values()) > 0


def test_a_value_that_was_not_found_counts_in_the_share_of_all_gold() -> None:
    predicted = example()
    predicted["entities"] = [e for e in predicted["entities"] if e["id"] != "T10"]
    predicted["relations"] = [r for r in predicted["relations"] if r["head"] != "T10"]
    score = run([example()], [predicted]).attributes["measure"]
    assert (score.accuracy, score.of_gold.recall) == (1.0, 2 / 3)
    assert score.confusion[("level", None)] == 1


def test_nothing_in_gold_and_prediction_gives_zeros_and_no_intervals() -> None:
    empty = {"id": "a", "text": "无", "entities": []}
    for report in (run([empty], [empty]), run([], [])):
        out = report.to_json()
        for name in EXACT_LEVELS:
            assert (out[name]["p"], out[name]["r"], out[name]["f1"], out[name]["ci95"]) == (0.0, 0.0, 0.0, None)
        assert out["attributes"]["trend"]["accuracy"] == 0.0
        assert out["facts"]["facts"]["ci95"] is None
        assert list(out["by_type"]) == ["unit", "indicator", "region", "year", "baseline"]
        assert "| spans | 0.000 | 0.000 | 0.000 | – |" in report.to_markdown()


def test_markdown_shows_definitions_warnings_and_every_error() -> None:
    report = run([example(), example("b#1")], [spoiled()], resamples=20)
    page = report.to_markdown()
    for name in ("spans", "relations", "records", "attributes", "attributes_of_gold", *LENIENT_LEVELS, *FACT_CUTS):
        assert DEFINITIONS[name].replace("|", "\\|") in page
    assert "**Warning:** 1 gold id(s) without a prediction" in page
    assert page.count("\n- a\\#1 ") + page.count("\n- b\\#1 ") == len(report.mistakes)
    assert "expected 工业投资 \\[8, 12); got 工业投 \\[8, 11): 上半年,全市完成【工业投资】98.6亿元" in page
    assert page.count("<details>") == page.count("</details>") == sum(map(len, error_names(report)))
    assert "| up | 0 | 0 | 1 | 1 |" in page


def error_names(report: Report) -> list[dict[str, int]]:
    return [row["by_name"] for row in report.to_json()["error_counts"].values()]


def test_markdown_shows_special_characters_literally() -> None:
    text = "*增*|<b>_长_\n5"
    doc = {"id": "x`|y", "text": text, "entities": [{"id": "T1", "label": "VALUE", "start": 0, "end": 7}]}
    doc["entities"].append({"id": "T2", "label": "<i>", "start": 7, "end": 8})
    page = run([doc], []).to_markdown()
    assert "- x\\`\\|y [0, 7) expected" in page
    assert "<summary>span_missed: &lt;i&gt; (1)</summary>" in page
    assert "【\\*增\\*\\|\\<b\\>】\\_长\\_" in page


def test_ids_without_a_partner_and_repeated_ids_are_reported() -> None:
    gold = [example("a#1"), example("b#1"), example("a#1")]
    report = run(gold, [example("a#1"), example("c#1"), example("c#1")])
    assert report.pairing.gold_only == ("b#1",) and report.pairing.predicted_only == ("c#1",)
    assert report.pairing.repeated_gold == ("a#1",) and report.pairing.repeated_predicted == ("c#1",)
    assert [warning.split(" (")[0][:12] for warning in report.warnings] == [
        "1 gold id(s)",
        "1 predicted ",
        "1 gold id(s)",
        "1 predicted ",
    ]
    assert all(name in "\n".join(report.warnings) for name in ("(b#1)", "(c#1)", "(a#1)"))
    # The paragraph without a prediction counts in full, the one without gold not at all.
    assert report.levels["spans"].total.gold == 20 and report.levels["spans"].total.predicted == 10


def test_facts_are_paired_by_document_and_warn_by_document() -> None:
    report = run([example("a#1"), example("b#1")], [example("a#7"), example("c")], facts_only=True, resamples=20)
    assert report.pairing.gold_only == ("b",) and report.pairing.predicted_only == ("c",)
    assert (report.facts["facts"].true_positives, report.facts["facts"].gold) == (3, 6)
    assert report.levels == {} and report.attributes == {}
    assert "spans" not in report.to_json() and "## Exact" not in report.to_markdown()


def test_a_gold_relation_that_is_out_of_reach_lowers_recall() -> None:
    gold = example()
    far = "很远很远。" * 200
    gold["text"] += far + "全省"
    start = len(gold["text"]) - 2
    gold["entities"].append({"id": "T11", "label": "BASELINE", "start": start, "end": start + 2})
    gold["relations"].append({"head": "T4", "tail": "T11", "type": "baseline"})
    predicted = {**example(), "text": gold["text"]}
    total = run([gold], [predicted]).levels["relations"].total
    assert (total.precision, total.recall, total.gold) == (1.0, 12 / 13, 13)


def test_texts_that_differ_are_an_error_unless_only_facts_are_asked() -> None:
    gold, predicted = example(), example()
    predicted["text"] = predicted["text"].replace("完成", "達成")
    with pytest.raises(AnnotationError, match=r"a#1: .* from character 6 on: expected '.*完成.*', got '.*達成.*1 of 1"):
        run([gold], [predicted])
    assert run([gold], [predicted], facts_only=True).facts["facts"].f1 == 1.0
    predicted["text"] = gold["text"] + "。"
    with pytest.raises(AnnotationError, match="from character 51 on"):
        run([gold], [predicted])


@pytest.mark.parametrize("end", ["head", "tail"])
def test_a_relation_to_an_unknown_entity_is_named(end: str) -> None:
    doc = example()
    doc["relations"][0][end] = "T77"
    with pytest.raises(AnnotationError, match=r"a#1: .*'T77', which is not among its 10 entities"):
        run([example()], [doc])


def test_a_span_beyond_its_text_is_named() -> None:
    doc = example()
    doc["entities"][0]["end"] = 10**12
    with pytest.raises(AnnotationError, match=r"a#1: T1 \[0, 1000000000000\) ends beyond the text of 51 characters"):
        run([example()], [doc])


def test_negative_resamples_are_refused() -> None:
    with pytest.raises(ConfigError, match="got -1"):
        run([], [], resamples=-1)
