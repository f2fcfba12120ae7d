"""How many documents each stratum gives, so that no region and no source fills the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

Stratum = tuple[str, ...]


class Quota(StrEnum):
    """Whether strata give documents in proportion to what they hold, or as far as they can as many each."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Share:
    """A stratum gives ``at_least`` and ``at_most`` documents: its exact share rounded down and up."""

    at_least: int
    at_most: int


def shares(sizes: Mapping[Stratum, int], count: int, quota: Quota) -> dict[Stratum, Share]:
    """The shares of strata that hold ``sizes`` documents, of ``count`` documents in all.

    Between its bounds a stratum's number is open (the quota rule of apportionment, Balinski and Young 1982), so that
    strata too small for a place of their own compete for one. The lower bounds add up to at most ``count``, the upper
    ones to at least ``count`` or to all that there is.
    """
    total = sum(sizes.values())
    if count >= total:
        return {name: Share(size, size) for name, size in sizes.items()}
    exact = _equal(sizes, count) if quota is Quota.EQUAL else {n: Fraction(count * s, total) for n, s in sizes.items()}
    return {name: Share(floor(share), ceil(share)) for name, share in exact.items()}


def _equal(sizes: Mapping[Stratum, int], count: int) -> dict[Stratum, Fraction]:
    """The same share for each; what a small stratum cannot give is shared by the others."""
    exact = {}
    rest = Fraction(count)
    for done, (name, size) in enumerate(sorted(sizes.items(), key=lambda item: item[1])):
        exact[name] = min(Fraction(size), rest / (len(sizes) - done))
        rest -= exact[name]
    return exact
