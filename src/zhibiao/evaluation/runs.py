"""Several trainings that differ in their seed alone: mean F1, its interval, and how far the runs lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.errors import ConfigError
from zhibiao.evaluation.metrics import bootstrap_f1

_DRAWN_RUNS_SEED = 1


@dataclass(frozen=True, slots=True)
class RunsScore:
    """F1 of each run, their mean, and its 95% interval over other texts and other seeds."""

    runs: tuple[float, ...]
    interval: tuple[float, float]

    @property
    def mean(self) -> float:
        """Mean F1 of the runs."""
        return sum(self.runs) / len(self.runs)


def mean_of_runs(counts: Sequence[NDArray[np.int64]], *, resamples: int = 1000, seed: int = 0) -> list[RunsScore]:
    """One score a column of ``counts``, which has for each run (units, columns, 3): true positives, gold, predicted.

    Units (paragraphs or documents) and runs are both drawn anew (two-level bootstrap, Davison and Hinkley 1997, 3.8);
    the same units for every run of a draw. Raises ConfigError without a run or if the runs differ in shape.
    """
    shapes = {of.shape for of in counts}
    if len(shapes) != 1:
        raise ConfigError(f"runs over the same units are expected, got counts of the shapes {sorted(shapes)}")
    samples = np.stack([bootstrap_f1(of, resamples=resamples, seed=seed) for of in counts])
    generator = np.random.default_rng((seed, _DRAWN_RUNS_SEED))
    drawn = generator.integers(len(counts), size=(resamples, len(counts)))
    means = samples[drawn, np.arange(resamples)[:, None]].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    totals = np.stack([of.sum(axis=0) for of in counts])
    f1 = 2 * totals[:, :, 0] / np.maximum(1, totals[:, :, 1] + totals[:, :, 2])
    return [RunsScore(tuple(f1[:, i].tolist()), (float(low[i]), float(high[i]))) for i in range(totals.shape[1])]
