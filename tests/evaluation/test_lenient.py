"""Lenient scores: known cases, independence of order, maximum matching against brute force."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from evaluation_examples import Raw, example, random_gold, random_prediction, texts
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.evaluation import Report, evaluate
from zhibiao.evaluation.lenient import maximum_matching, overlapping

LEVELS = ("characters", "partial_spans", "partial_relations")


def spans_only(*spans: tuple[str, int, int]) -> Raw:
    entities = [{"id": f"T{i}", "label": label, "start": a, "end": b} for i, (label, a, b) in enumerate(spans)]
    return {"id": "a", "text": "零一二三四五六七八九十百", "entities": entities}


def run(gold: list[Raw], predicted: list[Raw]) -> Report:
    return evaluate(texts(gold), texts(predicted), resamples=0)


def counts(report: Report, level: str) -> tuple[int, int, int]:
    total = report.levels[level].total
    return total.true_positives, total.gold, total.predicted


def shares(report: Report) -> list[tuple[float, float, float]]:
    rows = [row for level in report.levels.values() for row in (level.total, *level.by_kind.values())]
    return [(row.precision, row.recall, row.f1) for row in rows]


def test_characters_are_shared_by_spans_of_the_same_label_only() -> None:
    gold = spans_only(("CITY", 0, 4), ("UNIT", 6, 8))
    predicted = spans_only(("CITY", 2, 5), ("YEAR", 6, 8))
    report = run([gold], [predicted])
    assert counts(report, "characters") == (2, 6, 5)
    assert report.levels["characters"].by_kind["CITY"].precision == pytest.approx(2 / 3)
    assert report.levels["characters"].by_kind["CITY"].recall == 0.5
    assert report.levels["characters"].by_kind["YEAR"].precision == 0.0


def test_a_character_under_two_spans_of_a_label_counts_once() -> None:
    report = run([spans_only(("CITY", 0, 4))], [spans_only(("CITY", 0, 3), ("CITY", 1, 4))])
    assert counts(report, "characters") == (4, 4, 4)


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ([("CITY", 0, 4)], [("CITY", 3, 6)], (1, 1, 1)),
        ([("CITY", 0, 4)], [("CITY", 4, 6)], (0, 1, 1)),
        ([("CITY", 0, 4)], [("YEAR", 0, 4)], (0, 1, 1)),
        ([("CITY", 0, 6)], [("CITY", 0, 2), ("CITY", 3, 5)], (1, 1, 2)),
        # The first gold span shares most with the prediction that the second one needs.
        ([("CITY", 0, 5), ("CITY", 5, 6)], [("CITY", 0, 1), ("CITY", 2, 6)], (2, 2, 2)),
    ],
)
def test_each_span_is_paired_at_most_once_and_as_many_as_possible(
    gold: list[tuple[str, int, int]], predicted: list[tuple[str, int, int]], expected: tuple[int, int, int]
) -> None:
    assert counts(run([spans_only(*gold)], [spans_only(*predicted)]), "partial_spans") == expected


def test_a_relation_needs_both_ends_to_overlap_and_the_type() -> None:
    gold = spans_only(("VALUE", 0, 2), ("INDICATOR", 4, 8))
    gold["relations"] = [{"head": "T0", "tail": "T1", "type": "indicator"}]
    for start, kind, expected in ((6, "indicator", 1), (8, "indicator", 0), (6, "region", 0)):
        predicted = spans_only(("VALUE", 1, 3), ("INDICATOR", start, 10))
        predicted["relations"] = [{"head": "T0", "tail": "T1", "type": kind}]
        report = run([gold], [predicted])
        assert counts(report, "partial_relations") == (expected, 1, 1)
        assert report.levels["relations"].total.f1 == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_lenient_scores_are_at_least_the_exact_ones(seed: int) -> None:
    rng = random.Random(seed)
    gold = random_gold(rng)
    report = run(gold, random_prediction(rng, gold))
    for exact, lenient in (("spans", "partial_spans"), ("relations", "partial_relations")):
        for kind, score in report.levels[lenient].by_kind.items():
            assert score.true_positives >= report.levels[exact].by_kind[kind].true_positives


def test_a_document_scores_the_same_when_it_is_repeated() -> None:
    gold, predicted = example(), example()
    predicted["entities"][2]["end"] -= 1
    predicted["entities"][3]["label"] = "YEAR"
    once = run([gold], [predicted])
    thrice = run([{**gold, "id": f"d{i}"} for i in range(3)], [{**predicted, "id": f"d{i}"} for i in range(3)])
    assert shares(thrice) == shares(once)
    # The half match of nervaluate's fault is among them: neither 0 nor 1.
    assert 0 < once.levels["spans"].by_kind["INDICATOR"].f1 < 1 == once.levels["partial_spans"].by_kind["INDICATOR"].f1


@pytest.mark.parametrize("seed", range(8))
def test_no_order_changes_any_score_or_error(seed: int) -> None:
    rng = random.Random(seed)
    gold = random_gold(rng)
    predicted = [doc for doc in random_prediction(rng, gold) if "entities" in doc]
    predicted = [unique(doc) for doc in {doc["id"]: doc for doc in predicted}.values()]
    before = run(gold, predicted).to_json()
    for docs in (gold, predicted):
        for doc in docs:
            for key in ("entities", "relations", "attributes"):
                rng.shuffle(doc[key])
    rng.shuffle(predicted)
    after = run(gold, predicted).to_json()
    assert {k: v for k, v in after.items() if k != "predicted_only"} == {
        k: v for k, v in before.items() if k != "predicted_only"
    } | {"warnings": after["warnings"]}


def unique(doc: Raw) -> Raw:
    """Without repeated ids and relation types, of which the last counts: there order is meant to matter."""
    relations = {(r["head"], r["type"]): r for r in doc["relations"]}
    attributes = {a["entity"]: a for a in doc["attributes"]}
    entities = {e["id"]: e for e in doc["entities"]}
    places = {(e["start"], e["end"]): key for key, e in entities.items() if e["label"] == "VALUE"}
    doubled = {key for key, e in entities.items() if e["label"] == "VALUE"} - set(places.values())
    for key in doubled:
        entities[key] = {**entities[key], "label": "CITY"}
    return {
        **doc,
        "entities": list(entities.values()),
        "relations": list(relations.values()),
        "attributes": list(attributes.values()),
    }


intervals = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=4
)


@given(intervals, intervals)
def test_the_matching_is_the_largest_there_is(gold: list[tuple[int, int]], predicted: list[tuple[int, int]]) -> None:
    candidates = overlapping(gold, predicted)
    for i, (start, end) in enumerate(gold):
        assert sorted(candidates[i]) == [j for j, (a, b) in enumerate(predicted) if a < end and start < b]
    pairs = maximum_matching(candidates)
    assert len(set(pairs.values())) == len(pairs)
    assert all(j in candidates[i] for i, j in pairs.items())
    padded = [*range(len(predicted)), *[None] * len(gold)]
    best = max(sum(j in candidates[i] for i, j in enumerate(chosen)) for chosen in permutations(padded, len(gold)))
    assert len(pairs) == best


def test_a_long_chain_of_overlaps_is_matched_in_full() -> None:
    count = 3000
    gold = [(2 * i, 2 * i + 2) for i in range(count)]
    predicted = [(2 * i + 1, 2 * i + 3) for i in range(-1, count)][1:]
    assert len(maximum_matching(overlapping(gold, predicted))) == count
