"""Working values of the rules: what one paragraph holds before it becomes an annotation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Piece(NamedTuple):
    """``[start, end)`` in the paragraph; half-open, 0-based code points, like Span, but cheap and perhaps empty."""

    start: int
    end: int


def covers(pieces: Sequence[Piece], starts: Sequence[int], position: int) -> bool:
    """True if one of ``pieces`` (sorted, disjoint, beginning at ``starts``) holds ``position``."""
    index = bisect_right(starts, position) - 1
    return index >= 0 and position < pieces[index].end


@dataclass(slots=True)
class Number:
    """A VALUE found in the text, with its UNIT.

    ``kind`` is the kind of number surface (arabic, chinese, rank, fraction, percent, ratio, half). ``low`` and ``high``
    mark the two ends of a range. ``dimension`` is the unit's kind, empty without a unit.
    """

    start: int
    end: int
    kind: str
    unit: Piece | None = None
    dimension: str = ""
    low: bool = False
    high: bool = False

    @property
    def after(self) -> int:
        """End of the number with its own unit; a unit shared with a later number does not count."""
        return self.unit.end if self.unit is not None and self.unit.start == self.end else self.end


@dataclass(slots=True)
class Frame:
    """How a value is said: the words between its subject and the number.

    ``subject_end`` is where the words that name its quantity end. ``bases`` are candidates for the BASELINE, several in
    a list; ``relation`` is how they are compared (compare, share, rank, ratio, drive, contribution, or empty).
    ``direction`` is 1, -1 or 0; ``attained`` means that the verb leads to a new level (提高到). ``bound`` is a cue in
    front of the number, ``noun`` an expression noun (增速, 占比), ``name`` the indicator where the frame holds it
    (贡献率). ``respectively``: 分别 was said.
    """

    subject_end: int
    bases: tuple[Piece, ...] = ()
    relation: str = ""
    direction: int = 0
    attained: bool = False
    bound: str = ""
    noun: str = ""
    verb: str = ""
    name: Piece | None = None
    respectively: bool = False


@dataclass(slots=True)
class Link:
    """An argument and how it was found; the way decides its confidence (``zhibiao.rules.scores``)."""

    piece: Piece
    way: str


@dataclass(slots=True)
class Row:
    """One value with its arguments and attributes."""

    number: Number
    frame: Frame
    links: dict[str, Link] = field(default_factory=dict)
    measure: str = "level"
    trend: str = "none"
    status: str = "actual"
    bound: str = "exact"
