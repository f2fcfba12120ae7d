import numpy as np
import pytest

from zhibiao.core.schema import default_schema
from zhibiao.core.spans import Span
from zhibiao.decode.assemble import assemble, choose_attributes, choose_tails, scaled
from zhibiao.decode.spans import ScoredSpan

SCHEMA = default_schema()
TYPES = list(SCHEMA.relations)


def test_the_best_allowed_tail_or_none():
    scores = np.zeros((1, 3, 2), dtype=np.float32)
    scores[0, :, 0] = [5, 9, 1]
    scores[0, :, 1] = [-3, -3, -3]
    allowed = np.ones_like(scores, dtype=bool)
    allowed[0, 1, 0] = False
    chosen, probabilities = choose_tails(scores, np.zeros((1, 2), dtype=np.float32), allowed)
    assert chosen.tolist() == [[0, -1]]
    assert probabilities[0, 0] == pytest.approx(np.exp(5) / (np.exp(5) + np.e + 1), abs=1e-6)


def test_without_candidates_nothing_is_chosen():
    chosen, probabilities = choose_tails(
        np.zeros((2, 0, 5), dtype=np.float32), np.zeros((2, 5), dtype=np.float32), np.zeros((2, 0, 5), dtype=bool)
    )
    assert (chosen == -1).all()
    assert (probabilities == 1).all()


def test_attributes_follow_the_schema():
    sizes = [len(kind.values) for kind in SCHEMA.attributes.values()]
    scores = np.full((1, sum(sizes)), -20, dtype=np.float32)
    scores[0, [1, sizes[0] + 1, sizes[0] + sizes[1] + 0, sum(sizes) - 1]] = 20
    ((names, probability),) = choose_attributes(scores, SCHEMA)
    assert names == ("growth", "down", "actual", "approx")
    assert probability == pytest.approx(1.0)


def test_spans_that_are_no_argument_are_left_out_and_scores_multiply():
    spans = [
        ScoredSpan(Span(0, 2), "CITY", 0.9),
        ScoredSpan(Span(2, 4), "INDICATOR", 0.8),
        ScoredSpan(Span(4, 6), "VALUE", 0.99),
        ScoredSpan(Span(6, 7), "UNIT", 1.0),
    ]
    chosen = np.full((1, len(TYPES)), -1)
    chosen[0, TYPES.index("indicator")], chosen[0, TYPES.index("unit")] = 1, 2
    probabilities = np.full((1, len(TYPES)), 0.5)
    made = assemble(spans, chosen, probabilities, [(("level", "none", "actual", "exact"), 0.5)], SCHEMA)
    assert [e.label for e in made.entities] == ["INDICATOR", "VALUE", "UNIT"]
    assert {(r.type, r.tail, r.score) for r in made.relations} == {("indicator", "T1", 0.4), ("unit", "T3", 0.5)}
    assert made.attributes[0].score == pytest.approx(0.5 * 0.5**3)
    assert made.attributes[0].record_score == pytest.approx(0.99 * 0.4 * 0.5 * 0.5**4)


def test_a_record_has_its_own_scale():
    spans = [ScoredSpan(Span(0, 2), "VALUE", 0.8)]
    nothing = np.full((1, len(TYPES)), -1)
    sure = np.ones((1, len(TYPES)))
    attributes = [(("level", "none", "actual", "exact"), 1.0)]
    made = assemble(spans, nothing, sure, attributes, SCHEMA, scaling=(0.5, 1.0))
    assert made.entities[0].score == 0.8
    assert made.attributes[0].record_score == pytest.approx(1 / (1 + np.exp(-0.5 * np.log(4) - 1)))


@pytest.mark.parametrize("probability", [0.0, 1e-30, 0.3, 1.0])
def test_scaling_keeps_within_0_and_1(probability):
    assert 0 <= scaled(probability, 3.0, -2.0) <= 1
    assert scaled(probability, 1.0, 0.0) == pytest.approx(probability, abs=1e-8)
