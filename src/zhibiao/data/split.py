"""Splitting a corpus by document and city, stratified by what it annotates."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import DEFAULT_THRESHOLD, near_duplicates
from zhibiao.data.patterns import patterns
from zhibiao.evaluation.pairing import document_id

DEFAULT_RATIOS: Mapping[str, float] = {"train": 0.7, "dev": 0.15, "test": 0.15}


def split_corpus(
    paragraphs: Sequence[AnnotatedText],
    *,
    ratios: Mapping[str, float] = DEFAULT_RATIOS,
    seed: int = 0,
    threshold: float = DEFAULT_THRESHOLD,
) -> dict[str, list[AnnotatedText]]:
    """Cut ``paragraphs`` into splits that share no document, no ``meta.city`` and no near-duplicate paragraphs.

    What must stay together makes a group; groups are given out from the largest to the smallest, each to the split
    where the counts of paragraphs, labels, attribute values and patterns come nearest to ``ratios`` (least squares of
    the shares; a greedy form of the stratification of Sechidis et al. 2011). Ties go by ``seed``; the same input and
    seed give the same splits, in the order of the input.

    Raises ConfigError if a ratio is not positive, there are fewer than two splits, or fewer groups than splits.
    """
    if len(ratios) < 2 or any(ratio <= 0 for ratio in ratios.values()):
        raise ConfigError(f"two or more splits with ratios above 0 are expected, got {dict(ratios)}")
    groups = _groups(paragraphs, threshold)
    if len(groups) < len(ratios):
        raise ConfigError(
            f"{len(paragraphs)} paragraphs make {len(groups)} groups of one document, city or near-duplicates, too few "
            f"for {len(ratios)} splits; use fewer splits or more documents"
        )
    random.Random(seed).shuffle(groups)
    groups.sort(key=len, reverse=True)
    owner = _assign(paragraphs, groups, np.array(list(ratios.values())) / sum(ratios.values()))
    splits: dict[str, list[AnnotatedText]] = {name: [] for name in ratios}
    names = list(ratios)
    for i, paragraph in enumerate(paragraphs):
        splits[names[owner[i]]].append(paragraph)
    return splits


def _groups(paragraphs: Sequence[AnnotatedText], threshold: float) -> list[list[int]]:
    """Indexes of the paragraphs that must stay together: union-find over documents, cities and near-duplicates."""
    parent = list(range(len(paragraphs)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, paragraph in enumerate(paragraphs):
        for kind, name in (("document", document_id(paragraph.id)), ("city", paragraph.meta.get("city", ""))):
            if name:
                parent[root(i)] = root(first.setdefault((kind, name), i))
    for pair in near_duplicates(paragraphs, threshold=threshold):
        parent[root(pair.second)] = root(pair.first)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(paragraphs)):
        groups[root(i)].append(i)
    return list(groups.values())


def _assign(paragraphs: Sequence[AnnotatedText], groups: Sequence[Sequence[int]], ratios: np.ndarray) -> dict[int, int]:
    features = [_features(paragraph) for paragraph in paragraphs]
    names = sorted(set().union(*features))
    counts = np.array([[sum(features[i][name] for i in group) for name in names] for group in groups], dtype=float)
    shares = counts / counts.sum(axis=0)
    have = np.zeros((len(ratios), len(names)))
    owner: dict[int, int] = {}
    for number, (group, share) in enumerate(zip(groups, shares, strict=True)):
        missing = ratios[:, None] - have
        # What adding the group to a split does to the sum of squares; a split without any group must still get one.
        change = ((missing - share) ** 2 - missing**2).sum(axis=1)
        empty = [i for i in range(len(ratios)) if not have[i].any()]
        allowed = empty if len(groups) - number <= len(empty) else range(len(ratios))
        chosen = min(allowed, key=lambda i: change[i])
        have[chosen] += share
        owner.update(dict.fromkeys(group, chosen))
    return owner


def _features(paragraph: AnnotatedText) -> Counter[str]:
    features = Counter(["paragraphs", *(f"label {entity.label}" for entity in paragraph.entities)])
    features.update(f"{name} {getattr(given, name)}" for given in paragraph.attributes for name in ATTRIBUTE_NAMES)
    features.update(f"pattern {name}" for name in patterns(paragraph))
    return features
