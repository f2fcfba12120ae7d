import itertools

import numpy as np
import pytest

from zhibiao.core.spans import Span
from zhibiao.decode.spans import decode_spans, log_softmax, viterbi
from zhibiao.features.tags import TagSet

TAGS = TagSet(("VALUE", "UNIT"))


def valid_sequences(length):
    for tags in itertools.product(range(TAGS.size), repeat=length):
        pairs = itertools.pairwise(tags)
        if TAGS.starts[tags[0]] and TAGS.ends[tags[-1]] and all(TAGS.transitions[a, b] for a, b in pairs):
            yield tags


@pytest.mark.parametrize("seed", range(5))
def test_viterbi_and_probabilities_equal_brute_force(seed):
    logits = np.random.default_rng(seed).normal(0, 2, (4, TAGS.size)).astype(np.float32)
    scores = log_softmax(logits)
    sums = {tags: sum(scores[i, tag] for i, tag in enumerate(tags)) for tags in valid_sequences(4)}
    best = max(sums, key=sums.get)
    assert tuple(viterbi(scores, TAGS)) == best
    total = sum(np.exp(s) for s in sums.values())
    for found in decode_spans(logits, TAGS):
        share = sum(np.exp(s) for tags, s in sums.items() if (found.span, found.label) in TAGS.decode(tags)) / total
        assert found.score == pytest.approx(share, abs=1e-9)


def test_an_inside_without_a_begin_is_never_decoded():
    logits = np.zeros((3, TAGS.size), dtype=np.float32)
    logits[1, TAGS.begin(0) + 1] = 9
    assert [s.span for s in decode_spans(logits, TAGS)] == [Span(0, 3)]


def test_nothing_in_nothing_out():
    assert decode_spans(np.zeros((0, TAGS.size), dtype=np.float32), TAGS) == []


def test_a_long_sure_text_does_not_underflow():
    logits = np.full((5000, TAGS.size), -40, dtype=np.float32)
    logits[:, 0] = 40
    logits[100, 0], logits[100, TAGS.begin(1) + 3] = -40, 40
    (found,) = decode_spans(logits, TAGS)
    assert found.span == Span(100, 101)
    assert found.score == pytest.approx(1.0)
