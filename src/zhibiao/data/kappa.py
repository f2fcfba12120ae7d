"""Cohen's kappa of the attributes of VALUEs that two annotators both found, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import AnnotatedText
from zhibiao.data.links import Links

Interval = tuple[float, float]
Pair = tuple[AnnotatedText, AnnotatedText]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Chance-corrected agreement on one attribute.

    ``confusion`` counts (value by the first, value by the second) over ``count`` VALUEs. ``kappa`` is None where it is
    not defined: no VALUEs, or one value only on both sides. ``interval`` is the 95% percentile interval, None if not
    asked for or not defined.
    """

    count: int
    observed: float
    expected: float
    kappa: float | None
    interval: Interval | None
    confusion: Mapping[tuple[str, str], int]


def cohen_kappa(confusion: NDArray[np.float64]) -> float | None:
    """(po - pe) / (1 - pe) of a square table of counts (Cohen 1960); None where pe is 1 or the table is empty.

    po is the share on the diagonal, pe the sum over categories of the product of both annotators' shares of it.
    """
    observed, expected = _shares(confusion)
    return None if expected >= 1 or not confusion.any() else (observed - expected) / (1 - expected)


def attribute_kappas(pairs: Sequence[Pair], *, resamples: int, seed: int) -> dict[str, Kappa]:
    """The kappa of every attribute over the VALUEs with equal boundaries and attributes on both sides.

    ``pairs`` are the two annotations of each paragraph. Intervals come from ``resamples`` draws of the paragraphs with
    replacement (Efron 1979); draws in which kappa is not defined are left out.
    """
    rng = np.random.default_rng(seed)
    weights = (
        np.stack(
            [np.bincount(rng.integers(len(pairs), size=len(pairs)), minlength=len(pairs)) for _ in range(resamples)]
        )
        if resamples and len(pairs) > 1
        else None
    )
    joint = [_joint_attributes(*pair) for pair in pairs]
    return {name: _kappa([found[i] for found in joint], weights) for i, name in enumerate(ATTRIBUTE_NAMES)}


def _joint_attributes(first: AnnotatedText, second: AnnotatedText) -> list[list[tuple[str, str]]]:
    """For each attribute the pairs of values of the VALUEs that both have."""
    sides = []
    for annotated in (first, second):
        links = Links.of(annotated)
        sides.append({v.span: links.attributes[v.id] for v in links.values if v.id in links.attributes})
    shared = [span for span in sides[0] if span in sides[1]]
    return [[(getattr(sides[0][s], name), getattr(sides[1][s], name)) for s in shared] for name in ATTRIBUTE_NAMES]


def _kappa(paragraphs: Sequence[Sequence[tuple[str, str]]], weights: NDArray[np.int64] | None) -> Kappa:
    values = sorted({value for pairs in paragraphs for pair in pairs for value in pair})
    place = {value: i for i, value in enumerate(values)}
    tables = np.zeros((len(paragraphs), len(values), len(values)))
    for table, pairs in zip(tables, paragraphs, strict=True):
        for a, b in pairs:
            table[place[a], place[b]] += 1
    total: NDArray[np.float64] = tables.sum(axis=0)
    observed, expected = _shares(total)
    interval = None
    if weights is not None and cohen_kappa(total) is not None:
        drawn = [k for row in weights if (k := cohen_kappa(np.tensordot(row, tables, axes=1))) is not None]
        low, high = np.percentile(drawn, [2.5, 97.5]).tolist()
        interval = (low, high)
    confusion = {(a, b): int(total[place[a], place[b]]) for a in values for b in values if total[place[a], place[b]]}
    return Kappa(int(total.sum()), observed, expected, cohen_kappa(total), interval, confusion)


def _shares(table: NDArray[np.float64]) -> tuple[float, float]:
    count = table.sum()
    if not count:
        return 0.0, 0.0
    return float(np.trace(table) / count), float((table.sum(axis=0) * table.sum(axis=1)).sum() / count**2)
