"""Scores from counts, and the bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from zhibiao.evaluation.metrics import CountTable, Score, bootstrap_f1


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (Score(0, 0, 0), (0.0, 0.0, 0.0)),
        (Score(0, 3, 0), (0.0, 0.0, 0.0)),
        (Score(0, 0, 3), (0.0, 0.0, 0.0)),
        (Score(0, 2, 3), (0.0, 0.0, 0.0)),
        (Score(2, 4, 2), (1.0, 0.5, 2 / 3)),
    ],
)
def test_a_score_is_zero_where_its_denominator_is(score: Score, expected: tuple[float, float, float]) -> None:
    assert (score.precision, score.recall, score.f1) == expected


def random_counts(units: int, keys: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    gold, predicted = rng.integers(0, 6, size=(2, units, keys))
    return np.stack([rng.integers(0, np.minimum(gold, predicted) + 1), gold, predicted], axis=2)


def test_bootstrap_equals_drawing_units_one_resample_at_a_time() -> None:
    counts = random_counts(units=9, keys=4)
    samples = bootstrap_f1(counts, resamples=150, seed=3)
    rng = np.random.default_rng(3)
    for row in samples:
        drawn = counts[rng.integers(9, size=9)].sum(axis=0)
        expected = [Score(*map(int, triple)).f1 for triple in drawn]
        assert row == pytest.approx(expected)


def test_bootstrap_draws_depend_on_the_seed_and_not_on_the_counts() -> None:
    counts = random_counts(units=9, keys=2)
    first = bootstrap_f1(counts, resamples=20, seed=1)
    assert (first == bootstrap_f1(counts, resamples=20, seed=1)).all()
    assert (first != bootstrap_f1(counts, resamples=20, seed=2)).any()
    beside = np.concatenate([random_counts(units=9, keys=3), counts], axis=1)
    assert (bootstrap_f1(beside, resamples=20, seed=1)[:, 3:] == first).all()


def test_the_interval_has_the_width_that_a_share_should_have() -> None:
    units = [{("spans", ""): (i % 2, 1, 1)} for i in range(400)]
    score = CountTable.from_units(units).scores(resamples=2000, seed=0)["spans", ""]
    assert score.f1 == 0.5 and score.interval is not None
    low, high = score.interval
    # Normal theory: 0.5 +- 1.96 * sqrt(0.25 / 400).
    assert (low, high) == pytest.approx((0.451, 0.549), abs=0.006)


def test_no_interval_without_resamples_units_or_items() -> None:
    some, nothing = ("spans", ""), ("spans", "CITY")
    unit = {some: (1, 2, 2), nothing: (0, 0, 0)}
    two = CountTable.from_units([unit, unit])
    assert two.scores(resamples=10, seed=0)[some].interval == (0.5, 0.5)
    assert two.scores(resamples=10, seed=0)[nothing].interval is None
    assert two.scores(resamples=0, seed=0)[some].interval is None
    assert CountTable.from_units([unit]).scores(resamples=10, seed=0)[some].interval is None
    assert CountTable.from_units([]).scores(resamples=10, seed=0) == {}


def test_a_key_that_a_unit_lacks_counts_nothing_there() -> None:
    table = CountTable.from_units([{("a", ""): (1, 1, 1)}, {("b", ""): (0, 2, 1)}])
    assert table.scores(resamples=0, seed=0) == {("a", ""): Score(1, 1, 1), ("b", ""): Score(0, 2, 1)}
