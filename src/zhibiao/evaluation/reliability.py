"""Do probabilities keep what they promise: reliability by bins, calibration error, risk against coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar probability: how many, their mean probability, the share that was right."""

    count: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """``error``: expected calibration error, the mean distance of probability and share right over the bins;
    ``brier``: mean squared error; ``coverage``: (share of predictions kept, share right among them), the most probable
    first.
    """

    count: int
    bins: tuple[Bin, ...]
    error: float
    brier: float
    coverage: tuple[tuple[float, float], ...]


def reliability(probabilities: Sequence[float], right: Sequence[bool], *, n_bins: int = 10) -> Reliability:
    """Reliability of predictions in ``n_bins`` bins of equal size (Guo et al. 2017, with equal-mass bins).

    Raises ValueError if there is no prediction or the two differ in length.
    """
    p, y = np.array(probabilities, dtype=float), np.array(right, dtype=float)
    if len(p) != len(y) or not len(p):
        raise ValueError(f"as many outcomes as probabilities are needed, and one at least, got {len(p)} and {len(y)}")
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, n_bins) if len(part)]
    bins = tuple(Bin(len(part), float(p[part].mean()), float(y[part].mean())) for part in parts)
    error = sum(b.count * abs(b.probability - b.right) for b in bins) / len(p)
    best_first = y[order[::-1]]
    shares = [k / 10 for k in range(1, 11)]
    kept = [max(1, round(share * len(p))) for share in shares]
    coverage = tuple((share, float(best_first[:k].mean())) for share, k in zip(shares, kept, strict=True))
    return Reliability(len(p), bins, float(error), float(np.mean((p - y) ** 2)), coverage)


def log_loss(probabilities: Sequence[float], right: Sequence[bool]) -> float:
    """Mean negative log probability of the outcomes, probabilities kept off 0 and 1 by 1e-6; 0.0 for none."""
    p = np.clip(np.array(probabilities, dtype=float), 1e-6, 1 - 1e-6)
    y = np.array(right, dtype=bool)
    return float(-np.where(y, np.log(p), np.log1p(-p)).mean()) if len(p) else 0.0
