import numpy as np
import pytest

from zhibiao.core.errors import ConfigError
from zhibiao.evaluation.runs import mean_of_runs


def counts(*right):
    """One column; each unit has two gold items and two predictions, of which so many are right."""
    return np.array([[[found, 2, 2]] for found in right])


def test_mean_and_each_run():
    (score,) = mean_of_runs([counts(2, 2, 1), counts(1, 1, 1)], resamples=200)
    assert score.runs == pytest.approx((5 / 6, 0.5))
    assert score.mean == pytest.approx(2 / 3)
    assert score.interval[0] < score.mean < score.interval[1]


def test_runs_alike_over_units_alike_leave_no_doubt():
    (score,) = mean_of_runs([counts(1, 1, 1)] * 3, resamples=100)
    assert score.interval == pytest.approx((0.5, 0.5))


def test_seeds_apart_widen_the_interval():
    def width(runs):
        (score,) = mean_of_runs(runs, resamples=500)
        return score.interval[1] - score.interval[0]

    middling = counts(*[2, 0] * 20)
    assert width([middling] * 3) < width([counts(*[2] * 40), middling, counts(*[0] * 40)])


def test_runs_over_other_units_are_refused():
    with pytest.raises(ConfigError, match="same units"):
        mean_of_runs([counts(1, 1), counts(1)])
