"""Two systems on the same paragraphs: the difference of their F1, its interval and how likely chance makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.records import AnnotatedText
from zhibiao.evaluation.match import EMPTY, exact_counts, view
from zhibiao.evaluation.metrics import bootstrap_f1

LEVELS = ("spans", "relations", "records")


@dataclass(frozen=True, slots=True)
class Difference:
    """F1 of ``one`` minus F1 of ``other`` with its 95% interval; ``p`` by random exchange of the two, two-sided."""

    one: float
    other: float
    interval: tuple[float, float]
    p: float

    @property
    def difference(self) -> float:
        """How much better ``one`` is."""
        return self.one - self.other


def compare(
    gold: Sequence[AnnotatedText],
    one: Sequence[AnnotatedText],
    other: Sequence[AnnotatedText],
    *,
    resamples: int = 2000,
    seed: int = 0,
) -> dict[str, Difference]:
    """The difference at each level; paragraphs are the units (paired bootstrap, Efron 1979; approximate
    randomisation, Noreen 1989). A paragraph that a side lacks counts as empty there.
    """
    counts = [level_counts(gold, side) for side in (one, other)]
    samples = [bootstrap_f1(side, resamples=resamples, seed=seed) for side in counts]
    low, high = np.percentile(samples[0] - samples[1], [2.5, 97.5], axis=0)
    totals = [_f1(side.sum(axis=0)) for side in counts]
    observed = np.abs(totals[0] - totals[1])
    generator = np.random.default_rng(seed)
    beyond = np.zeros(len(LEVELS))
    for _ in range(resamples):
        swap = generator.integers(2, size=len(gold))[:, None, None]
        first, second = (np.where(swap, a, b).sum(axis=0) for a, b in (counts, counts[::-1]))
        beyond += np.abs(_f1(first) - _f1(second)) >= observed - 1e-12
    p = (beyond + 1) / (resamples + 1)
    return {
        level: Difference(float(totals[0][i]), float(totals[1][i]), (float(low[i]), float(high[i])), float(p[i]))
        for i, level in enumerate(LEVELS)
    }


def level_counts(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText]) -> NDArray[np.int64]:
    """(paragraphs, levels, 3): true positives, gold, predicted."""
    views = {text.id: view(text) for text in predicted}
    rows = []
    for text in gold:
        found = exact_counts(view(text), views.get(text.id, EMPTY))
        rows.append([found.get((level, ""), (0, 0, 0)) for level in LEVELS])
    return np.array(rows, dtype=np.int64).reshape(len(gold), len(LEVELS), 3)


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(2 * counts[:, 0] / np.maximum(1, counts[:, 1] + counts[:, 2]))
