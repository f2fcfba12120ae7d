"""Which documents to annotate next: the greatest gain first, little of what is alike, and every stratum its share."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from zhibiao.annotate.diversity import Signature, Signatures
from zhibiao.annotate.gain import Gain
from zhibiao.annotate.quotas import Quota, Share, Stratum, shares
from zhibiao.data.dedupe import DEFAULT_THRESHOLD


class Reason(StrEnum):
    """Why a document was left out."""

    NO_VALUE = "no-value"  # no system finds a statement in it
    NO_GAIN = "no-gain"  # the systems agree on every record, each of probability 1
    UNSENDABLE = "unsendable"  # Label Studio has no place for it
    REPEATED_ID = "repeated-id"  # an earlier document has the same id
    ANNOTATED = "annotated"  # a near-duplicate of an annotated text
    NEAR_DUPLICATE = "near-duplicate"  # a near-duplicate of a document that was chosen
    QUOTA = "quota"  # its region or source had its share
    LOWER_GAIN = "lower-gain"  # there was more to gain from those that were chosen


class Strata(StrEnum):
    """By what documents are told apart for the quotas."""

    BOTH = "region-source"
    REGION = "region"
    SOURCE = "source"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One document that was scored; its text lies in the spool at ``place``.

    ``region`` is the province that it is about, empty if that is not known. A candidate that is out of the question
    has a ``reason`` and no signature; ``detail`` explains it.
    """

    id: str
    origin: str
    region: str
    source: str
    gain: Gain
    signature: Signature | None = None
    place: int = -1
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SelectOptions:
    """``count`` documents at most; ``weight`` of the disagreement in the gain.

    Documents as similar as ``max_similarity`` (estimated Jaccard of 5-grams) to a chosen or annotated one are left out.
    ``seed`` decides between equal gains and nothing else.
    """

    count: int
    weight: float
    quota: Quota = Quota.PROPORTIONAL
    strata: Strata = Strata.BOTH
    max_similarity: float = DEFAULT_THRESHOLD
    seed: int = 0

    def stratum(self, candidate: Candidate) -> Stratum:
        """The stratum that the candidate belongs to."""
        match self.strata:
            case Strata.BOTH:
                return candidate.region, candidate.source
            case Strata.REGION:
                return (candidate.region,)
            case Strata.SOURCE:
                return (candidate.source,)
            case Strata.NONE:
                return ()


@dataclass(slots=True)
class Ranked:
    """A candidate with its ``gain``, and its ``priority``: the gain times 1 - ``similarity``.

    ``similarity`` is to ``like``, the nearest of the annotated and chosen ones that it was compared with (all of them,
    unless its gain was too low for a place anyway). ``reason`` is None for those chosen.
    """

    candidate: Candidate
    gain: float
    priority: float
    similarity: float = 0.0
    like: str = ""
    reason: Reason | None = None
    compared: int = field(default=-1, repr=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """Those chosen in falling order of priority, and all others in falling order of gain."""

    chosen: tuple[Ranked, ...]
    left_out: tuple[Ranked, ...]


def select(
    candidates: Iterable[Candidate], options: SelectOptions, *, annotated: Signatures | None = None
) -> Selection:
    """Choose documents one by one, always the one of the greatest priority whose stratum has not had its share.

    Priority falls as similar documents are chosen (as in maximal marginal relevance, Carbonell and Goldstein 1998), so
    it is computed anew only for the first in the queue (lazy evaluation, Minoux 1978). Shares that a stratum cannot
    fill, near-duplicates left aside, go to the others. The same candidates give the same result in whatever order they
    come, unless ids occur more than once.
    """
    run = _Run(options, annotated or Signatures())
    waiting = run.enter(candidates)
    while waiting and len(run.chosen) < options.count:
        waiting = run.round(waiting)
    for ranked in waiting:
        ranked.reason = ranked.reason or Reason.LOWER_GAIN
    return Selection(
        tuple(sorted(run.chosen, key=lambda ranked: -ranked.priority)),
        tuple(sorted((*run.out, *waiting), key=lambda ranked: (-ranked.gain, run.tie(ranked)))),
    )


class _Run:
    """The state of one selection."""

    def __init__(self, options: SelectOptions, annotated: Signatures) -> None:
        self.options = options
        self.chosen: list[Ranked] = []
        self.out: list[Ranked] = []
        self._annotated = annotated
        self._taken = Signatures()

    def enter(self, candidates: Iterable[Candidate]) -> list[Ranked]:
        """Those that can be chosen; the others are out."""
        entered: list[Ranked] = []
        ids: set[str] = set()
        for candidate in candidates:
            gain = candidate.gain.value(self.options.weight)
            ranked = Ranked(candidate, gain, gain, reason=candidate.reason)
            if candidate.reason is None and candidate.id in ids:
                ranked.reason = Reason.REPEATED_ID
            elif candidate.reason is None and gain <= 0:
                ranked.reason = Reason.NO_GAIN
            ids.add(candidate.id)
            (entered if ranked.reason is None else self.out).append(ranked)
        return entered

    def round(self, waiting: Sequence[Ranked]) -> list[Ranked]:
        """Choose until the shares are filled; those that are left."""
        rest = self.options.count - len(self.chosen)
        gate = _Gate(Counter(self.options.stratum(ranked.candidate) for ranked in waiting), rest, self.options.quota)
        heap = [(-ranked.priority, self.tie(ranked), ranked.candidate.id, ranked) for ranked in waiting]
        heapq.heapify(heap)
        held: list[Ranked] = []
        while heap and len(self.chosen) < self.options.count:
            _, tie, name, ranked = heapq.heappop(heap)
            stratum = self.options.stratum(ranked.candidate)
            if not gate.is_open(stratum):  # and it stays shut
                ranked.reason = Reason.QUOTA
                held.append(ranked)
            elif ranked.compared < len(self._taken):
                found = self._compare(ranked)
                if found is None:
                    heapq.heappush(heap, (-ranked.priority, tie, name, ranked))
                else:
                    ranked.reason = found
                    self.out.append(ranked)
            else:
                gate.take(stratum)
                self._take(ranked)
        return held + [ranked for *_, ranked in heap]

    def tie(self, ranked: Ranked) -> bytes:
        """What orders equal gains: looks random, depends on seed and id only."""
        key = f"{self.options.seed} {ranked.candidate.id}".encode("utf-8", "surrogatepass")
        return blake2b(key, digest_size=8).digest()

    def _take(self, ranked: Ranked) -> None:
        ranked.reason = None
        self.chosen.append(ranked)
        signature = ranked.candidate.signature
        if signature is not None:
            self._taken.add(ranked.candidate.id, signature)

    def _compare(self, ranked: Ranked) -> Reason | None:
        """Bring similarity and priority up to date; the reason to leave out a near-duplicate."""
        first = ranked.compared < 0
        known, since = (self._annotated, 0) if first else (self._taken, ranked.compared)
        ranked.compared = 0 if first else len(self._taken)
        if ranked.candidate.signature is None:
            return None
        similarity, like = known.nearest(ranked.candidate.signature, since=since)
        if similarity > ranked.similarity:
            ranked.similarity, ranked.like = similarity, like
            ranked.priority = ranked.gain * (1 - similarity)
        if similarity < self.options.max_similarity:
            return None
        return Reason.ANNOTATED if first else Reason.NEAR_DUPLICATE


class _Gate:
    """Which strata may still give documents in one round.

    A stratum is open up to its lower bound, and up to its upper one while there are places that no lower bound claims.
    """

    def __init__(self, sizes: Counter[Stratum], places: int, quota: Quota) -> None:
        self._shares: dict[Stratum, Share] = shares(sizes, places, quota)
        self._given: Counter[Stratum] = Counter()
        self._spare = places - sum(share.at_least for share in self._shares.values())

    def is_open(self, stratum: Stratum) -> bool:
        """Once shut, a stratum stays so."""
        given, share = self._given[stratum], self._shares[stratum]
        return given < share.at_least or (given < share.at_most and self._spare > 0)

    def take(self, stratum: Stratum) -> None:
        """Count one document of ``stratum``."""
        self._spare -= self._given[stratum] >= self._shares[stratum].at_least
        self._given[stratum] += 1
