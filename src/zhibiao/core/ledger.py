"""Counts of everything that was lost, changed or left out, with the first few places of each kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Counts by kind (``mojibake``, ...); keeps ``max_examples`` places a kind, so that memory stays flat."""

    max_examples: int = 5
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, where: str = "", count: int = 1) -> None:
        """Count ``count`` losses of ``kind``; ``where`` is a place a user can look up."""
        if count <= 0:
            return
        self.counts[kind] += count
        places = self.examples.setdefault(kind, [])
        if where and len(places) < self.max_examples:
            places.append(where)

    def merge(self, other: Ledger) -> None:
        """Add the counts of ``other`` to these."""
        for kind, count in other.counts.items():
            self.counts[kind] += count
            places = self.examples.setdefault(kind, [])
            places.extend(other.examples.get(kind, [])[: self.max_examples - len(places)])
