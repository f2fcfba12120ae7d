"""Windows over a paragraph that has more pieces than the encoder takes; nothing is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces ``[start, end)`` of a paragraph."""

    start: int
    end: int


def split_windows(n_pieces: int, *, limit: int, overlap: int, stops: Sequence[int] = ()) -> list[Window]:
    """Windows of at most ``limit`` pieces that cover ``[0, n_pieces)``, neighbours sharing about ``overlap`` pieces.

    A window starts right behind the last of ``stops`` (piece indices of sentence ends, sorted) that leaves at least
    ``overlap`` pieces shared, if one is within another ``overlap``. Raises ValueError unless 0 <= 2 overlap < limit.

    With limit 5 and overlap 1, eight pieces give [0, 5) and [4, 8): the last window is as short as it may be.
    """
    if not 0 <= 2 * overlap < limit:
        raise ValueError(f"overlap {overlap} must be less than half of the limit {limit}")
    windows: list[Window] = []
    start = 0
    while True:
        end = min(n_pieces, start + limit)
        windows.append(Window(start, end))
        if end == n_pieces:
            return windows
        target = end - overlap
        near = [stop + 1 for stop in stops if max(start, target - overlap) < stop + 1 <= target]
        start = near[-1] if near else target


def owners(windows: Sequence[Window], n_pieces: int) -> list[int]:
    """For each piece the window that gives it most context: the one whose nearer inner edge is furthest away.

    The outer edges of the paragraph are no edges: there is nothing beyond them.
    """
    chosen: list[int] = []
    for piece in range(n_pieces):
        best, best_room = 0, -1
        for index, window in enumerate(windows):
            if window.start <= piece < window.end:
                left = n_pieces if window.start == 0 else piece - window.start
                right = n_pieces if window.end == n_pieces else window.end - 1 - piece
                if min(left, right) > best_room:
                    best, best_room = index, min(left, right)
        chosen.append(best)
    return chosen
