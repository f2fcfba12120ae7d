"""Features of every pair (VALUE, candidate argument) of a paragraph, and of every VALUE alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.schema import Schema
from zhibiao.core.spans import Span
from zhibiao.features.groups import list_places
from zhibiao.features.rules import RuleView

Floats = NDArray[np.float32]
_GAP_EDGES = np.array([1, 3, 6, 11, 21, 41, 81, 161])
_RANKS = 4
_LINK_KINDS = 5
_MARKS = ("[。!?\n]", "[;:]", ",", "、", "其中", "分别")
_CUES_BEFORE = ("比", "较", "于", "占", "居", "的", "与", "在", "(", "、")
_BRIDGE = re.compile(r"(?:以上|左右|以内)?的?")


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """``pairs``: (n_values, n_tails, pair_size); ``values``: (n_values, value_size); ``allowed``: (n_values,
    n_tails, n_types), False where the schema forbids the tail's label."""

    pairs: Floats
    values: Floats
    allowed: NDArray[np.bool_]


@dataclass(frozen=True)
class PairFeatureExtractor:
    """Extracts pair features by the order of ``schema``'s labels, relation types and attribute values."""

    schema: Schema
    tails: tuple[str, ...] = field(init=False)
    types: tuple[str, ...] = field(init=False)
    attribute_values: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        schema = self.schema
        object.__setattr__(self, "tails", tuple(label for label in schema.labels if label != schema.head))
        object.__setattr__(self, "types", tuple(schema.relations))
        values = tuple((name, value) for name, kind in schema.attributes.items() for value in kind.values)
        object.__setattr__(self, "attribute_values", values)

    @property
    def pair_size(self) -> int:
        """Number of features of a pair."""
        return (
            3 + 2 * (len(_GAP_EDGES) + 1) + 2 * _RANKS + len(_MARKS) + 4 + 2 + 2 + len(self.tails)
            + _LINK_KINDS * len(self.types) + 4 + len(_CUES_BEFORE) + 2
        )  # fmt: skip

    @property
    def value_size(self) -> int:
        """Number of features of a value."""
        return 1 + len(self.types) + len(self.attribute_values) + 3

    def extract(
        self, text: str, values: Sequence[Span], tails: Sequence[tuple[Span, str]], rules: RuleView
    ) -> PairFeatures:
        """Features of ``values`` (in order) with ``tails`` (in order, labelled)."""
        return PairFeatures(
            self._pairs(text, values, tails, rules), self._values(text, values, rules), self._allowed(values, tails)
        )

    def _allowed(self, values: Sequence[Span], tails: Sequence[tuple[Span, str]]) -> NDArray[np.bool_]:
        by_tail = np.array(
            [[label in self.schema.relations[t].tails for t in self.types] for _, label in tails], dtype=bool
        ).reshape(len(tails), len(self.types))
        return np.broadcast_to(by_tail, (len(values), *by_tail.shape)).copy()

    def _values(self, text: str, values: Sequence[Span], rules: RuleView) -> Floats:
        rows = np.zeros((len(values), self.value_size), dtype=np.float32)
        linked = {(link.value, link.type) for link in rules.links}
        offset = 1 + len(self.types)
        for row, value in zip(rows, values, strict=True):
            attributes = rules.attributes.get(value)
            if attributes is not None:
                row[0] = 1
                row[1 : 1 + len(self.types)] = [(value, kind) not in linked for kind in self.types]
                for index, (name, wanted) in enumerate(self.attribute_values, offset):
                    row[index] = getattr(attributes, name) == wanted
        _, size = list_places(text, values, [value.end for value in values])
        rows[:, -3] = size > 1
        rows[:, -2] = np.arange(len(values)) == 0
        rows[:, -1] = np.log1p([value.start for value in values]) / 6 if values else 0
        return rows

    def _pairs(self, text: str, values: Sequence[Span], tails: Sequence[tuple[Span, str]], rules: RuleView) -> Floats:
        if not values or not tails:
            return np.zeros((len(values), len(tails), self.pair_size), dtype=np.float32)
        v, a = _edges(values), _edges([span for span, _ in tails])
        labels = np.array([self.tails.index(label) for _, label in tails])
        before = a[None, :, 0] < v[:, None, 0]
        gap = np.maximum(0, np.where(before, v[:, None, 0] - a[None, :, 1], a[None, :, 0] - v[:, None, 1]))
        low, high = np.where(before, a[None, :, 1], v[:, None, 1]), np.where(before, v[:, None, 0], a[None, :, 0])
        high = np.maximum(low, high)
        parts: list[Floats] = [_stack([before, np.log1p(gap) / 6, np.minimum(gap, 60) / 60])]
        bucket = np.digitize(gap, _GAP_EDGES) + np.where(before, 0, len(_GAP_EDGES) + 1)
        parts.append(_one_hot(bucket, 2 * (len(_GAP_EDGES) + 1)))
        parts.append(_one_hot(_ranks(before, labels), 2 * _RANKS))
        marks = [_between(_mark_counts(text, mark), low, high) for mark in _MARKS]
        parts.append(_stack([np.log1p(m) for m in marks]))
        parts.append(_stack([marks[0] == 0, marks[0] + marks[1] == 0, marks[0] + marks[1] + marks[2] == 0, gap == 0]))
        parts.append(_stack([_crossed_values(v, low, high), _crossed_tails(a, labels, low, high)]))
        parts.append(_stack([_follows(text, values, tails), _apart(text, v)[:, None] & np.ones_like(before)]))
        parts.append(
            np.broadcast_to(np.eye(len(self.tails), dtype=np.float32)[labels], (*before.shape, len(self.tails)))
        )
        parts += [self._links(values, tails, rules), _lists(text, values, tails)]
        parts.append(np.broadcast_to(_cues(text, tails), (*before.shape, len(_CUES_BEFORE))))
        known = [rules.spans.get(span) == label for span, label in tails]
        same = [text[span.start : span.start + 2] in ("同比", "环比") for span, _ in tails]
        parts.append(np.broadcast_to(np.array([known, same], dtype=np.float32).T, (*before.shape, 2)))
        return np.concatenate(parts, axis=2, dtype=np.float32)

    def _links(self, values: Sequence[Span], tails: Sequence[tuple[Span, str]], rules: RuleView) -> Floats:
        """For each type the rules' link: from this value exactly, to an overlapping tail, from the value before, from
        the value after, from how many values.
        """
        n = len(self.types)
        rows = np.zeros((len(values), len(tails), _LINK_KINDS * n), dtype=np.float32)
        exact, near, before, after, many = (rows[:, :, i * n : (i + 1) * n] for i in range(_LINK_KINDS))
        at = {value: index for index, value in enumerate(values)}
        for link in rules.links:
            row = at.get(link.value)
            if row is None:
                continue
            kind = self.types.index(link.type)
            for column, (span, _) in enumerate(tails):
                if span == link.tail:
                    exact[row, column, kind] = 1
                elif span.overlaps(link.tail):
                    near[row, column, kind] = 1
        before[1:], after[:-1] = exact[:-1], exact[1:]
        many[:] = np.log1p(exact.sum(axis=0, keepdims=True))
        return rows


def _edges(spans: Sequence[Span]) -> NDArray[np.int64]:
    return np.array([(span.start, span.end) for span in spans], dtype=np.int64).reshape(len(spans), 2)


def _stack(parts: Sequence[NDArray[np.generic]]) -> Floats:
    return np.stack([np.asarray(part, dtype=np.float32) for part in parts], axis=2)


def _one_hot(values: NDArray[np.int64], size: int) -> Floats:
    return np.asarray(np.eye(size, dtype=np.float32)[values])


def _ranks(before: NDArray[np.bool_], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many tails of the same label are nearer on the same side, at most 3; behind the value 4 more."""
    ranks = np.zeros(before.shape, dtype=np.int64)
    for label in np.unique(labels):
        columns = np.flatnonzero(labels == label)
        side = before[:, columns]
        left = np.cumsum(side[:, ::-1], axis=1)[:, ::-1] - 1
        right = np.cumsum(~side, axis=1) - 1
        ranks[:, columns] = np.where(side, np.minimum(left, _RANKS - 1), _RANKS + np.minimum(right, _RANKS - 1))
    return ranks


def _mark_counts(text: str, pattern: str) -> NDArray[np.int64]:
    counts = np.zeros(len(text) + 1, dtype=np.int64)
    for match in re.finditer(pattern, text):
        counts[match.start() + 1] += 1
    return np.cumsum(counts)


def _between(counts: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(counts[high] - counts[low])


def _crossed_values(v: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]) -> Floats:
    crossed = np.searchsorted(v[:, 0], high) - np.searchsorted(v[:, 0], low)
    return np.asarray(np.log1p(np.maximum(0, crossed)), dtype=np.float32)


def _crossed_tails(
    a: NDArray[np.int64], labels: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> Floats:
    crossed = np.zeros(low.shape, dtype=np.float32)
    for label in np.unique(labels):
        starts, columns = a[labels == label, 0], labels == label
        count = np.searchsorted(starts, high[:, columns]) - np.searchsorted(starts, low[:, columns])
        crossed[:, columns] = np.log1p(np.maximum(0, count))
    return crossed


def _follows(text: str, values: Sequence[Span], tails: Sequence[tuple[Span, str]]) -> NDArray[np.bool_]:
    """True where the tail starts right behind the value with its unit, a 的 or 以上 left aside."""
    units = {span.start: span.end for span, label in tails if label == "UNIT"}
    after = [units.get(value.end, value.end) for value in values]
    after = [_BRIDGE.match(text, end).end() for end in after]  # type: ignore[union-attr]
    return np.asarray(np.array(after)[:, None] == np.array([span.start for span, _ in tails])[None, :])


def _apart(text: str, v: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for a value with 分别 in the 20 characters before it."""
    return np.array(["分别" in text[max(0, start - 20) : start] for start in v[:, 0]], dtype=bool)


def _lists(text: str, values: Sequence[Span], tails: Sequence[tuple[Span, str]]) -> Floats:
    units = {span.start: span.end for span, label in tails if label == "UNIT"}
    index, size = list_places(text, values, [units.get(value.end, value.end) for value in values])
    tail_index, tail_size = np.zeros(len(tails), dtype=np.int64), np.ones(len(tails), dtype=np.int64)
    for wanted in {label for _, label in tails}:
        columns = [i for i, (_, label) in enumerate(tails) if label == wanted]
        spans = [tails[i][0] for i in columns]
        tail_index[columns], tail_size[columns] = list_places(text, spans, [span.end for span in spans])
    matched = (size[:, None] == tail_size[None, :]) & (size[:, None] > 1)
    aligned = index[:, None] == tail_index[None, :]
    in_list = np.broadcast_to(tail_size[None, :] > 1, matched.shape)
    return _stack([matched & aligned, matched & ~aligned, in_list, in_list & (tail_index[None, :] == 0)])


def _cues(text: str, tails: Sequence[tuple[Span, str]]) -> Floats:
    return np.array(
        [[text[max(0, span.start - 1) : span.start] == cue for cue in _CUES_BEFORE] for span, _ in tails],
        dtype=np.float32,
    )


def overlap_share(one: Span, other: Span) -> float:
    """Characters in common by characters in either."""
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / (max(one.end, other.end) - min(one.start, other.start))
