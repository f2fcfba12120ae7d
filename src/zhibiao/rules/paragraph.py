"""One paragraph while its values are linked: numbers, regions, periods, boundaries and the rows made so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

from zhibiao.rules import periods as period_rules
from zhibiao.rules.clauses import Clauses
from zhibiao.rules.indicators import Phrases
from zhibiao.rules.model import Number, Piece, Row, covers
from zhibiao.rules.regions import Mention

_Item = TypeVar("_Item")


def within(items: Sequence[_Item], starts: Sequence[int], start: int, end: int) -> Sequence[_Item]:
    """The items whose ``starts`` lie in ``[start, end)``."""
    return items[bisect_left(starts, start) : bisect_left(starts, end)]


class Paragraph:
    """What the linking rules read and write.

    ``spread`` holds regions and years of single members of a list, by the start of their number; ``posted`` is the last
    indicator that was found behind its number.
    """

    def __init__(
        self, text: str, numbers: list[Number], regions: list[Mention], periods: list[Piece], titles: list[Piece]
    ) -> None:
        self.text, self.numbers, self.regions, self.titles = text, numbers, regions, titles
        self.periods = periods
        self.region_starts = [m.piece.start for m in regions]
        self.period_starts = [p.start for p in periods]
        self.clauses = Clauses(text)
        stops = [m.piece for m in regions] + periods
        self.phrases = Phrases(text, stops, numbers)
        self.rows: list[Row] = []
        self.posted: Piece | None = None
        self.spread: dict[int, dict[str, Piece]] = {}

    def left_of(self, index: int) -> int:
        """Where the words about number ``index`` begin: its clause, or behind the number before it."""
        start = self.clauses.clause(self.numbers[index].start)
        if self.text[self.numbers[index].start - 1 : self.numbers[index].start] == "(":
            return self.numbers[index].start
        if index:
            start = max(start, self.numbers[index - 1].after)
        if self.posted is not None and self.posted.end <= self.numbers[index].start:
            start = max(start, self.posted.end)
        return start

    def region_in(self, index: int) -> Piece | None:
        """The last region between number ``index`` and the one before it, within its clause."""
        start = self.numbers[index].start
        left = max(self.clauses.clause(start), self.numbers[index - 1].after if index else 0)
        found = [m.piece for m in within(self.regions, self.region_starts, left, start) if m.piece.end <= start]
        return found[-1] if found else None

    def governing(self) -> list[Piece]:
        """Periods that may be a YEAR."""
        starts = [title.start for title in self.titles]
        return [
            p for p in self.periods if not covers(self.titles, starts, p.start) and period_rules.governs(self.text, p)
        ]
