from itertools import pairwise

import numpy as np
import pytest

from zhibiao.core.spans import Span
from zhibiao.features.rules import rule_view
from zhibiao.training.noise import disturb

TEXT = "1至10月,全市工业投资132.7亿元,同比增长12.4%,高于全省9.2个百分点;全县旅游收入5亿元,居全省第2位。"


@pytest.fixture(scope="module")
def rules():
    return rule_view(TEXT)


def test_without_noise_nothing_changes(rules):
    same = disturb(rules, np.random.default_rng(0), spans=0.0, links=0.0, length=len(TEXT))
    assert same.spans == rules.spans
    assert same.links == rules.links
    assert same.attributes == rules.attributes


@pytest.mark.parametrize("seed", range(20))
def test_noise_keeps_the_view_consistent(rules, seed):
    noisy = disturb(rules, np.random.default_rng(seed), spans=0.5, links=0.5, length=len(TEXT))
    taken = sorted(noisy.spans)
    assert all(a.end <= b.start for a, b in pairwise(taken))
    assert all(0 <= s.start < s.end <= len(TEXT) for s in taken)
    assert all(link.tail in noisy.spans and link.value in noisy.spans for link in noisy.links)
    assert {s for s, label in noisy.spans.items() if label == "VALUE"} == {
        s for s, label in rules.spans.items() if label == "VALUE"
    }


def test_noise_makes_errors(rules):
    noisy = [disturb(rules, np.random.default_rng(s), spans=0.5, links=0.5, length=len(TEXT)) for s in range(10)]
    assert any(n.spans != rules.spans for n in noisy)
    assert any(len(n.links) < len(rules.links) for n in noisy)
    assert isinstance(next(iter(noisy[0].spans)), Span)
