"""Precision, recall and F1 from counts, and bootstrap intervals; knows nothing of what is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = tuple[int, int, int]  # true positives, gold, predicted
Key = tuple[str, str]  # level (spans, relations, ...) and kind within it (label, type, ...; empty for all of them)
Interval = tuple[float, float]

# Resamples drawn at a time: bounds the memory of the weights to this many times the units.
CHUNK = 64


@dataclass(frozen=True, slots=True)
class Score:
    """Micro-averaged counts with precision, recall and F1, each 0.0 where its denominator is 0.

    ``interval`` is the 95% percentile interval of F1; None where it was not asked for or is not defined.
    """

    true_positives: int
    gold: int
    predicted: int
    interval: Interval | None = None

    @property
    def precision(self) -> float:
        """Share of what was predicted that is in the gold."""
        return self.true_positives / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was predicted."""
        return self.true_positives / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of every key in every unit (paragraph or document) that can be drawn anew.

    ``counts`` has shape (units, keys, 3), int64: true positives, gold, predicted.
    """

    keys: tuple[Key, ...]
    counts: NDArray[np.int64]

    @classmethod
    def from_units(cls, units: Sequence[Mapping[Key, Counts]]) -> CountTable:
        """The table of one mapping a unit; a key that a unit lacks counts 0 there."""
        column = {key: i for i, key in enumerate(dict.fromkeys(key for unit in units for key in unit))}
        counts = np.zeros((len(units), len(column), 3), dtype=np.int64)
        for row, unit in zip(counts, units, strict=True):
            for key, triple in unit.items():
                row[column[key]] = triple
        return cls(tuple(column), counts)

    def scores(self, *, resamples: int, seed: int) -> dict[Key, Score]:
        """The score of each key over all units.

        The interval of a key is None if ``resamples`` is 0, if there are fewer than two units, or if neither gold nor
        prediction has anything of the key.
        """
        totals: list[list[int]] = self.counts.sum(axis=0).tolist()
        intervals: list[list[float]] | None = None
        if resamples and len(self.counts) > 1:
            samples = bootstrap_f1(self.counts, resamples=resamples, seed=seed)
            intervals = np.percentile(samples, [2.5, 97.5], axis=0).T.tolist()
        scores = {}
        for i, (key, (found, gold, predicted)) in enumerate(zip(self.keys, totals, strict=True)):
            interval = (intervals[i][0], intervals[i][1]) if intervals and gold + predicted else None
            scores[key] = Score(found, gold, predicted, interval)
        return scores


def bootstrap_f1(counts: NDArray[np.int64], *, resamples: int, seed: int) -> NDArray[np.float64]:
    """F1 in ``resamples`` draws, with replacement, of as many units as there are (Efron 1979); shape (resamples, keys).

    ``counts`` has shape (units, keys, 3). The draws depend on the number of units, ``resamples`` and ``seed`` only: two
    systems counted on the same units are resampled alike. F1 is 0.0 in a draw with neither gold nor prediction.
    """
    units, keys, _ = counts.shape
    rng = np.random.default_rng(seed)
    flat = counts.reshape(units, keys * 3).astype(np.float64)
    samples = np.empty((resamples, keys))
    for first in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - first)
        weights = np.stack([np.bincount(rng.integers(units, size=units), minlength=units) for _ in range(size)])
        found, gold, predicted = np.moveaxis((weights.astype(np.float64) @ flat).reshape(size, keys, 3), 2, 0)
        denominator = gold + predicted
        samples[first : first + size] = 2 * found / np.where(denominator > 0, denominator, 1)
    return samples
