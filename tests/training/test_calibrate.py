import numpy as np
import pytest

from zhibiao.decode.assemble import scaled
from zhibiao.training.calibrate import fit_line


def test_probabilities_that_are_too_low_are_raised_to_what_happens():
    generator = np.random.default_rng(0)
    true = generator.uniform(0.05, 0.95, size=4000)
    right = generator.random(4000) < true
    said = [scaled(p, 0.5, -1.0) for p in true]
    slope, bias = fit_line(said, right.tolist())
    assert slope == pytest.approx(2.0, abs=0.25)
    assert bias == pytest.approx(2.0, abs=0.3)
    assert np.mean([scaled(p, slope, bias) for p in said]) == pytest.approx(right.mean(), abs=0.01)


@pytest.mark.parametrize("right", [[], [True] * 50, [True] * 50 + [False] * 9])
def test_outcomes_that_say_too_little_change_nothing(right):
    assert fit_line([0.4] * len(right), right) == (1.0, 0.0)


def test_perfectly_separated_outcomes_stay_finite():
    slope, bias = fit_line([0.1] * 50 + [0.9] * 50, [False] * 50 + [True] * 50)
    assert np.isfinite([slope, bias]).all()
    assert scaled(0.9, slope, bias) > 0.9
