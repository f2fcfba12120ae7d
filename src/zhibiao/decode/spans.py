"""The best valid tag sequence and the probability of each of its spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.spans import Span
from zhibiao.features.tags import TagSet

_IMPOSSIBLE = -1e4


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A labelled span; ``score`` is its probability among all valid tag sequences."""

    span: Span
    label: str
    score: float


def log_softmax(scores: NDArray[np.floating[Any]], axis: int = -1) -> NDArray[np.float64]:
    """Log probabilities along ``axis``, in double precision."""
    shifted = scores.astype(np.float64) - scores.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def viterbi(scores: NDArray[np.float64], tags: TagSet) -> NDArray[np.int64]:
    """(n_chars,) the valid tag sequence of the highest sum of ``scores`` (n_chars, n_tags)."""
    barrier = np.where(tags.transitions, 0.0, _IMPOSSIBLE)
    best = scores[0] + np.where(tags.starts, 0.0, _IMPOSSIBLE)
    back = np.zeros(scores.shape, dtype=np.int64)
    for at in range(1, len(scores)):
        paths = best[:, None] + barrier
        back[at] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[at]
    path = np.zeros(len(scores), dtype=np.int64)
    path[-1] = int((best + np.where(tags.ends, 0.0, _IMPOSSIBLE)).argmax())
    for at in range(len(scores) - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def _forward(scores: NDArray[np.float64], allowed: NDArray[np.bool_], first: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Log sums over all valid prefixes that end in each tag; scaled linear recursion is exact here and fast."""
    weights = allowed.astype(np.float64)
    sums = np.full(scores.shape, -np.inf)
    current = np.where(first, np.exp(scores[0]), 0.0)
    scale = 0.0
    with np.errstate(divide="ignore"):
        sums[0] = np.log(current)
        for at in range(1, len(scores)):
            current = (current @ weights) * np.exp(scores[at])
            total = current.sum()
            current /= total
            scale += np.log(total)
            sums[at] = np.log(current) + scale
    return sums


def decode_spans(logits: NDArray[np.float32], tags: TagSet, *, temperature: float = 1.0) -> list[ScoredSpan]:
    """Spans of the best valid sequence with their marginal probabilities; ``logits``: (n_chars, n_tags)."""
    if not len(logits):
        return []
    scores = log_softmax(logits / np.float32(temperature))
    found = tags.decode(viterbi(scores, tags))
    if not found:
        return []
    forward = _forward(scores, tags.transitions, tags.starts)
    backward = _forward(scores[::-1], tags.transitions.T, tags.ends)[::-1]
    total = np.logaddexp.reduce(forward[-1][tags.ends])
    inside = np.concatenate([np.zeros((1, scores.shape[1])), np.cumsum(scores, axis=0)])
    spans = []
    for span, label in found:
        begin = tags.begin(tags.labels.index(label))
        if span.end - span.start == 1:
            path = forward[span.start, begin + 3] + backward[span.start, begin + 3] - scores[span.start, begin + 3]
        else:
            middle = inside[span.end - 1, begin + 1] - inside[span.start + 1, begin + 1]
            path = forward[span.start, begin] + middle + backward[span.end - 1, begin + 2]
        spans.append(ScoredSpan(span, label, float(min(1.0, np.exp(path - total)))))
    return spans
