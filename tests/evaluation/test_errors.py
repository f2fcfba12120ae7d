"""The list of errors: each class once, with its sentence; and sums that agree with the scores."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from evaluation_examples import Raw, example, random_gold, random_prediction, texts

from zhibiao.evaluation import Report, evaluate
from zhibiao.evaluation.errors import KINDS, Mistake
from zhibiao.evaluation.excerpt import MAX_SIDE_CHARS, Excerpts


def drop(doc: Raw, entity: str) -> None:
    doc["entities"] = [e for e in doc["entities"] if e["id"] != entity]
    doc["relations"] = [r for r in doc["relations"] if entity not in (r["head"], r["tail"])]
    doc["attributes"] = [a for a in doc["attributes"] if a["entity"] != entity]


def entity_of(doc: Raw, identifier: str) -> Raw:
    return next(e for e in doc["entities"] if e["id"] == identifier)


def lose_unit(doc: Raw) -> None:
    drop(doc, "T8")


def add_span(doc: Raw) -> None:
    doc["entities"].append({"id": "T11", "label": "UNIT", "start": 47, "end": 49})


def shorten(doc: Raw) -> None:
    entity_of(doc, "T9")["start"] += 2


def relabel(doc: Raw) -> None:
    entity_of(doc, "T2")["label"] = "BASELINE"


def relink(doc: Raw) -> None:
    next(r for r in doc["relations"] if (r["head"], r["type"]) == ("T10", "indicator"))["tail"] = "T3"


def unlink(doc: Raw) -> None:
    doc["relations"] = [r for r in doc["relations"] if (r["head"], r["type"]) != ("T7", "baseline")]


def link(doc: Raw) -> None:
    doc["relations"].append({"head": "T4", "tail": "T6", "type": "baseline"})


def turn(doc: Raw) -> None:
    doc["attributes"][1]["trend"] = "down"


def strip(doc: Raw) -> None:
    del doc["attributes"][0]


FIRST = "上半年,全市完成工业投资98.6亿元,同比增长9.7%。"
SECOND = "其中技改投资41.2亿元;"
CASES: list[tuple[Callable[[Raw], None], Mistake]] = [
    (lose_unit, Mistake("span_missed", "a#1", "UNIT", 26, 27, "%", "% [26, 27)", None, FIRST.replace("%", "【%】"))),
    (
        add_span,
        Mistake("span_spurious", "a#1", "UNIT", 47, 49, "12", None, "12 [47, 49)", "预计全年增长【12】%。"),
    ),
    (
        shorten,
        Mistake(
            "span_boundary",
            "a#1",
            "INDICATOR",
            30,
            34,
            "技改投资",
            "技改投资 [30, 34)",
            "投资 [32, 34)",
            SECOND.replace("技改投资", "【技改投资】"),
        ),
    ),
    (
        relabel,
        Mistake("span_label", "a#1", "CITY", 4, 6, "全市", "CITY", "BASELINE", FIRST.replace("全市", "【全市】")),
    ),
    (
        relink,
        Mistake(
            "relation_tail",
            "a#1",
            "indicator",
            34,
            38,
            "41.2",
            "技改投资 [30, 34)",
            "工业投资 [8, 12)",
            SECOND.replace("41.2", "【41.2】"),
            "both ends predicted, not linked so",
        ),
    ),
    (
        unlink,
        Mistake(
            "relation_missed",
            "a#1",
            "baseline",
            23,
            26,
            "9.7",
            "同比 [19, 21)",
            None,
            FIRST.replace("9.7", "【9.7】"),
            "both ends predicted, not linked so",
        ),
    ),
    (
        link,
        Mistake(
            "relation_spurious",
            "a#1",
            "baseline",
            12,
            16,
            "98.6",
            None,
            "同比 [19, 21)",
            FIRST.replace("98.6", "【98.6】"),
            "both ends in the gold, not linked so",
        ),
    ),
    (turn, Mistake("attribute", "a#1", "trend", 23, 26, "9.7", "up", "down", FIRST.replace("9.7", "【9.7】"))),
    (
        strip,
        Mistake(
            "attributes_missing",
            "a#1",
            "all",
            12,
            16,
            "98.6",
            "level, none, actual, exact",
            None,
            FIRST.replace("98.6", "【98.6】"),
        ),
    ),
]


def mistakes_of(spoil: Callable[[Raw], None], *, facts_only: bool = False) -> tuple[Mistake, ...]:
    predicted = example()
    spoil(predicted)
    return evaluate(texts([example()]), texts([predicted]), resamples=0, facts_only=facts_only).mistakes


@pytest.mark.parametrize(("spoil", "expected"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_each_class_of_error_is_listed_in_its_sentence(spoil: Callable[[Raw], None], expected: Mistake) -> None:
    assert expected in mistakes_of(spoil)


def test_the_cases_cover_every_class_but_those_of_facts() -> None:
    assert {expected.kind for _, expected in CASES} == {kind for kind in KINDS if not kind.startswith("fact")}


def test_a_right_prediction_has_no_errors() -> None:
    assert mistakes_of(lambda _: None) == ()


def test_an_error_that_follows_from_a_missed_span_says_so() -> None:
    (found,) = [m for m in mistakes_of(lose_unit) if m.kind == "relation_missed"]
    assert (found.name, found.text, found.note) == ("unit", "9.7", "tail not predicted with these boundaries")


def test_facts_are_listed_by_the_slots_that_differ() -> None:
    (found,) = mistakes_of(relink, facts_only=True)
    assert (found.kind, found.name, found.text) == ("fact_slots", "indicator", "41.2")
    assert found.gold == "41.2 |  | 技改投资 | 全市 | 上半年 | "
    assert found.predicted == "41.2 |  | 工业投资 | 全市 | 上半年 | "
    assert found.sentence == SECOND.replace("41.2", "【41.2】")


def test_facts_missed_and_spurious_are_listed() -> None:
    def other_value(doc: Raw) -> None:
        entity_of(doc, "T10").update(start=47, end=49)

    missed, spurious = mistakes_of(other_value, facts_only=True)
    assert (missed.kind, missed.text) == ("fact_missed", "41.2")
    assert (spurious.kind, spurious.text, spurious.sentence) == ("fact_spurious", "12", "预计全年增长【12】%。")


def test_facts_of_one_value_are_paired_with_the_likest() -> None:
    gold, predicted = example(), example()
    for doc in (gold, predicted):
        for number in ("T4", "T7"):
            entity_of(doc, number)["surface"] = "7"
    turn_around = next(r for r in predicted["relations"] if (r["head"], r["type"]) == ("T7", "indicator"))
    turn_around["tail"] = "T9"
    (found,) = evaluate(texts([gold]), texts([predicted]), resamples=0, facts_only=True).mistakes
    assert (found.kind, found.name, found.start) == ("fact_slots", "indicator", 23)


def totals(report: Report) -> dict[str, int]:
    return {kind: row["total"] for kind, row in report.to_json()["error_counts"].items()}


@pytest.mark.parametrize("seed", range(8))
def test_every_difference_is_listed_once(seed: int) -> None:
    rng = random.Random(seed)
    gold = random_gold(rng)
    predicted = random_prediction(rng, gold)
    report = evaluate(texts(gold), texts(predicted), resamples=0)
    kinds = totals(report)
    spans, relations = report.levels["spans"].total, report.levels["relations"].total
    moved = kinds.get("span_boundary", 0) + kinds.get("span_label", 0)
    assert kinds.get("span_missed", 0) + moved == spans.gold - spans.true_positives
    assert kinds.get("span_spurious", 0) + moved == spans.predicted - spans.true_positives
    tails = kinds.get("relation_tail", 0)
    assert kinds.get("relation_missed", 0) + tails == relations.gold - relations.true_positives
    assert kinds.get("relation_spurious", 0) + tails == relations.predicted - relations.true_positives
    wrong = sum(score.found.gold - score.found.true_positives for score in report.attributes.values())
    assert kinds.get("attribute", 0) == wrong
    alone = evaluate(texts(gold), texts(predicted), resamples=0, facts_only=True)
    facts, kinds = alone.facts["facts"], totals(alone)
    assert kinds.get("fact_missed", 0) + kinds.get("fact_slots", 0) == facts.gold - facts.true_positives
    assert kinds.get("fact_spurious", 0) + kinds.get("fact_slots", 0) == facts.predicted - facts.true_positives


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("一。二三四。五", (3, 4), "二【三】四。"),
        ("一。二三四。五", (0, 1), "【一】。"),
        ("一。二三四。五", (6, 7), "【五】"),
        ("他说:“好!”二", (4, 5), "他说:“【好】!”"),
        ("一\n 二三", (4, 5), "二【三】"),
        ("一。二。三", (0, 3), "【一。二】。"),
        ("值", (0, 1), "【值】"),
        ("", (0, 3), "【】"),
    ],
)
def test_a_sentence_is_cut_at_its_punctuation(text: str, span: tuple[int, int], expected: str) -> None:
    assert Excerpts(text).around(*span) == expected


def test_an_endless_sentence_is_cut_on_both_sides() -> None:
    text = "长" * 1000 + "值" + "尾" * 1000
    found = Excerpts(text).around(1000, 1001)
    assert found == "…" + "长" * MAX_SIDE_CHARS + "【值】" + "尾" * MAX_SIDE_CHARS + "…"
