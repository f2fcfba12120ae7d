from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.errors import AlignmentError
from zhibiao.core.spans import Span
from zhibiao.features.tags import TagSet

TAGS = TagSet(("VALUE", "UNIT", "CITY"))


@st.composite
def layouts(draw):
    spans, at = [], 0
    for _ in range(draw(st.integers(0, 6))):
        start = at + draw(st.integers(0, 3))
        at = start + draw(st.integers(1, 4))
        spans.append((Span(start, at), draw(st.sampled_from(TAGS.labels))))
    return spans, at + draw(st.integers(0, 3))


@given(layouts())
def test_spans_survive_tagging(layout):
    spans, length = layout
    tags = TAGS.encode(spans, length)
    assert TAGS.decode(tags) == spans
    follows = [TAGS.transitions[a, b] for a, b in pairwise(tags)]
    assert all(follows)
    assert not length or (TAGS.starts[tags[0]] and TAGS.ends[tags[-1]])


def test_transitions_forbid_what_is_no_span():
    begin = TAGS.begin(0)
    assert not TAGS.starts[begin + 1]
    assert not TAGS.ends[begin]
    assert not TAGS.transitions[begin, TAGS.begin(1) + 2]
    assert not TAGS.transitions[0, begin + 2]
    assert TAGS.transitions[begin + 2, TAGS.begin(1) + 3]


def test_overlapping_spans_are_refused():
    with pytest.raises(AlignmentError, match=r"\[2, 4\) UNIT overlaps"):
        TAGS.encode([(Span(0, 3), "VALUE"), (Span(2, 4), "UNIT")], 5)
    with pytest.raises(AlignmentError, match="ends beyond 3"):
        TAGS.encode([(Span(2, 4), "UNIT")], 3)


def test_touching_spans_of_one_label_stay_apart():
    spans = [(Span(0, 2), "CITY"), (Span(2, 3), "CITY"), (Span(3, 5), "CITY")]
    assert TAGS.decode(TAGS.encode(spans, 5)) == spans
    assert TAGS.encode([], 0).dtype == np.int64
