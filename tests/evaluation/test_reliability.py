import numpy as np
import pytest

from zhibiao.evaluation.reliability import log_loss, reliability


def test_honest_probabilities_have_a_small_error():
    generator = np.random.default_rng(0)
    p = generator.random(20000)
    found = reliability(list(p), list(generator.random(20000) < p))
    assert found.error < 0.02
    assert sum(b.count for b in found.bins) == 20000


def test_overconfidence_is_measured_exactly():
    found = reliability([0.9] * 10, [True] * 6 + [False] * 4, n_bins=1)
    assert found.error == pytest.approx(0.3)
    assert found.brier == pytest.approx(0.6 * 0.01 + 0.4 * 0.81)


def test_risk_falls_with_coverage():
    found = reliability([0.9, 0.8, 0.2, 0.1], [True, True, False, False])
    assert dict(found.coverage)[0.5] == 1.0
    assert dict(found.coverage)[1.0] == 0.5


def test_nothing_to_judge_is_an_error():
    with pytest.raises(ValueError, match="one at least"):
        reliability([], [])
    with pytest.raises(ValueError, match="got 1 and 2"):
        reliability([0.5], [True, False])


def test_log_loss():
    assert log_loss([0.5, 0.5], [True, False]) == pytest.approx(np.log(2))
    assert log_loss([], []) == 0.0
