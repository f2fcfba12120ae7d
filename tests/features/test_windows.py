from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.features.windows import Window, owners, split_windows


@given(st.integers(0, 3000), st.integers(5, 600), st.integers(0, 200), st.lists(st.integers(0, 3000)))
def test_windows_cover_everything_and_share_the_overlap(n_pieces, limit, overlap, stops):
    if 2 * overlap >= limit:
        return
    windows = split_windows(n_pieces, limit=limit, overlap=overlap, stops=sorted(stops))
    assert windows[0].start == 0
    assert windows[-1].end == n_pieces
    assert all(w.end - w.start <= limit for w in windows)
    for before, after in pairwise(windows):
        assert before.start < after.start <= before.end - overlap
        assert after.start > before.end - 2 * overlap - 1


def test_a_short_paragraph_is_one_window():
    assert split_windows(510, limit=510, overlap=128) == [Window(0, 510)]


def test_a_window_starts_behind_a_sentence_end():
    assert split_windows(14, limit=10, overlap=3, stops=[5, 8])[1].start == 6


def test_too_much_overlap_is_refused():
    with pytest.raises(ValueError, match="less than half"):
        split_windows(10, limit=6, overlap=3)


def test_each_piece_is_owned_by_the_window_with_most_context():
    windows = [Window(0, 10), Window(6, 16)]
    assert owners(windows, 16) == [0] * 8 + [1] * 8
