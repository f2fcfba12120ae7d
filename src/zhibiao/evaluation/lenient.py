"""Lenient scores: shared characters of spans, and spans and relations that overlap instead of being equal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence

from zhibiao.evaluation.match import Offsets, RelationItem, View
from zhibiao.evaluation.metrics import Counts, Key


def lenient_counts(gold: View, predicted: View) -> dict[Key, Counts]:
    """Counts by characters, of partial span matches and of partial relation matches, in all and by label or type.

    None of them depends on the order in which spans or relations are given.
    """
    gold_spans, predicted_spans = _spans_by_label(gold), _spans_by_label(predicted)
    labels = sorted(gold_spans.keys() | predicted_spans.keys())
    characters = {k: _shared_characters(gold_spans.get(k, []), predicted_spans.get(k, [])) for k in labels}
    partial = {k: _paired_spans(gold_spans.get(k, []), predicted_spans.get(k, [])) for k in labels}
    gold_relations, predicted_relations = _relations_by_type(gold), _relations_by_type(predicted)
    types = sorted(gold_relations.keys() | predicted_relations.keys())
    relations = {k: _paired_relations(gold_relations.get(k, []), predicted_relations.get(k, [])) for k in types}
    levels = {"characters": characters, "partial_spans": partial, "partial_relations": relations}
    counts: dict[Key, Counts] = {}
    for level, kinds in levels.items():
        found, in_gold, in_predicted = (sum(triple[i] for triple in kinds.values()) for i in range(3))
        counts[level, ""] = (found, in_gold, in_predicted)
        counts.update({(level, kind): triple for kind, triple in kinds.items()})
    return counts


def overlapping(gold: Sequence[Offsets], predicted: Sequence[Offsets]) -> list[list[int]]:
    """For each gold span the indexes of the predicted spans that share a character with it, the largest share first."""
    order = sorted(range(len(predicted)), key=predicted.__getitem__)
    starts = [predicted[j][0] for j in order]
    longest = max((end - start for start, end in predicted), default=0)
    candidates = []
    for start, end in gold:
        near = order[bisect_right(starts, start - longest) : bisect_left(starts, end)]
        shared = [(max(start, predicted[j][0]) - min(end, predicted[j][1]), predicted[j], j) for j in near]
        candidates.append([j for negative, _, j in sorted(shared) if negative < 0])
    return candidates


def maximum_matching(candidates: Sequence[Sequence[int]]) -> dict[int, int]:
    """The largest set of pairs (left index, one of its candidates), each used once; earlier candidates are tried first.

    Augmenting paths, breadth first (Berge 1957): the number of pairs does not depend on any order.
    """
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    for root in range(len(candidates)):
        reached_from: dict[int, int] = {}
        queue, free = deque([root]), None
        while queue and free is None:
            left = queue.popleft()
            for right in candidates[left]:
                if right in reached_from:
                    continue
                reached_from[right] = left
                if right not in left_of:
                    free = right
                    break
                queue.append(left_of[right])
        while free is not None:
            left = reached_from[free]
            before = right_of.get(left)
            right_of[left], left_of[free] = free, left
            free = before
    return right_of


def _spans_by_label(of: View) -> dict[str, list[Offsets]]:
    spans: dict[str, list[Offsets]] = {}
    for start, end, label in sorted(of.spans.elements()):
        spans.setdefault(label, []).append((start, end))
    return spans


def _relations_by_type(of: View) -> dict[str, list[RelationItem]]:
    relations: dict[str, list[RelationItem]] = {}
    for item in sorted(of.relations.elements()):
        relations.setdefault(item[-1], []).append(item)
    return relations


def _shared_characters(gold: Sequence[Offsets], predicted: Sequence[Offsets]) -> Counts:
    a, b = ({position for span in spans for position in range(*span)} for spans in (gold, predicted))
    return len(a & b), len(a), len(b)


def _paired_spans(gold: Sequence[Offsets], predicted: Sequence[Offsets]) -> Counts:
    if gold == predicted:
        return len(gold), len(gold), len(gold)
    return len(maximum_matching(overlapping(gold, predicted))), len(gold), len(predicted)


def _paired_relations(gold: Sequence[RelationItem], predicted: Sequence[RelationItem]) -> Counts:
    if gold == predicted:
        return len(gold), len(gold), len(gold)
    heads = overlapping([item[:2] for item in gold], [item[:2] for item in predicted])
    candidates = [
        [j for j in near if item[2] < predicted[j][3] and predicted[j][2] < item[3]]
        for item, near in zip(gold, heads, strict=True)
    ]
    return len(maximum_matching(candidates)), len(gold), len(predicted)
