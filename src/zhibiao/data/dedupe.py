"""Near-duplicate paragraphs: MinHash finds the candidates, exact Jaccard similarity decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.grams import shingles

SHINGLE_CHARS = 5
PERMUTATIONS = 128
DEFAULT_THRESHOLD = 0.5
_PRIME = np.uint64(2**31 - 1)
_MISS = 0.001


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two paragraphs by their places in the input (``first < second``) and ids.

    ``estimated`` is the share of equal MinHash values, ``exact`` the Jaccard similarity of the two sets of shingles.
    """

    first: int
    second: int
    first_id: str
    second_id: str
    estimated: float
    exact: float


def near_duplicates(
    paragraphs: Sequence[AnnotatedText], *, threshold: float = DEFAULT_THRESHOLD, seed: int = 0
) -> list[NearDuplicate]:
    """Every pair whose sets of character 5-grams (of folded text) have a Jaccard similarity of ``threshold`` or more.

    MinHash (Broder 1997) with 128 permutations ``(a * x + b) mod (2**31 - 1)``, banded (Indyk and Motwani 1998) so
    that a pair at the threshold is missed with a probability below 0.001; each candidate is then compared exactly.
    Paragraphs without a letter or digit are no one's duplicates. Pairs come in falling order of similarity. Raises
    ConfigError unless 0 < threshold <= 1.
    """
    if not 0 < threshold <= 1:
        raise ConfigError(f"the threshold is a similarity above 0 and at most 1, got {threshold}")
    sets = [shingles(paragraph.text, SHINGLE_CHARS) for paragraph in paragraphs]
    kept = [i for i, found in enumerate(sets) if found]
    signatures = minhash([sets[i] for i in kept], seed=seed)
    pairs = []
    for a, b in sorted(_candidates(signatures, rows=_rows(threshold))):
        first, second = kept[a], kept[b]
        exact = len(sets[first] & sets[second]) / len(sets[first] | sets[second])
        if exact >= threshold:
            estimated = float(np.mean(signatures[a] == signatures[b]))
            pairs.append(NearDuplicate(first, second, paragraphs[first].id, paragraphs[second].id, estimated, exact))
    return sorted(pairs, key=lambda pair: (-pair.exact, pair.first, pair.second))


def _rows(threshold: float) -> int:
    """The most rows a band can have with a miss at the threshold still improbable: fewest candidates to compare."""
    misses = {rows: (1 - threshold**rows) ** (PERMUTATIONS // rows) for rows in range(1, PERMUTATIONS + 1)}
    return max((rows for rows, miss in misses.items() if miss < _MISS), default=1)


def minhash(sets: Sequence[Iterable[str]], *, seed: int = 0) -> NDArray[np.uint64]:
    """MinHash signatures of sets that are not empty: the least value of each permutation over a set, below 2**31.

    Shape (sets, PERMUTATIONS). The share of equal values of two signatures of one ``seed`` estimates the Jaccard
    similarity; the signature of a union is the least of the parts' values.
    """
    # Factors below 2**31 keep the products exact.
    rng = np.random.default_rng(seed)
    factors = rng.integers(1, int(_PRIME), size=(PERMUTATIONS, 1), dtype=np.uint64)
    offsets = rng.integers(0, int(_PRIME), size=(PERMUTATIONS, 1), dtype=np.uint64)
    signatures = np.empty((len(sets), PERMUTATIONS), dtype=np.uint64)
    for row, found in zip(signatures, sets, strict=True):
        hashed = np.array([_hash(shingle) for shingle in found], dtype=np.uint64) % _PRIME
        row[:] = ((factors * hashed + offsets) % _PRIME).min(axis=1)
    return signatures


def _hash(shingle: str) -> int:
    # Not hash(), which differs from run to run.
    return int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=4).digest())


def _candidates(signatures: NDArray[np.uint64], *, rows: int) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for band in range(PERMUTATIONS // rows):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, signature in enumerate(signatures):
            buckets[signature[band * rows : (band + 1) * rows].tobytes()].append(i)
        for members in buckets.values():
            found.update(combinations(members, 2))
    return found
