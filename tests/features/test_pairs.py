import numpy as np
import pytest

from zhibiao.core.schema import default_schema
from zhibiao.core.spans import Span
from zhibiao.features.groups import list_places
from zhibiao.features.pairs import PairFeatureExtractor, overlap_share
from zhibiao.features.rules import RuleView, rule_view

TEXT = "轨道交通、航空分别增长15.5%、17.5%。"
VALUES = [Span(11, 15), Span(17, 21)]
TAILS = [(Span(0, 4), "INDICATOR"), (Span(5, 7), "INDICATOR"), (Span(15, 16), "UNIT"), (Span(21, 22), "UNIT")]
EXTRACTOR = PairFeatureExtractor(default_schema())


def test_sizes_and_finiteness():
    features = EXTRACTOR.extract(TEXT, VALUES, TAILS, rule_view(TEXT))
    assert features.pairs.shape == (2, 4, EXTRACTOR.pair_size)
    assert features.values.shape == (2, EXTRACTOR.value_size)
    assert np.isfinite(features.pairs).all()
    assert features.pairs.dtype == np.float32


def test_the_schema_says_what_may_be_linked():
    allowed = EXTRACTOR.extract(TEXT, VALUES, TAILS, RuleView()).allowed
    indicator, unit = (EXTRACTOR.types.index(kind) for kind in ("indicator", "unit"))
    assert allowed[0, :, indicator].tolist() == [True, True, False, False]
    assert allowed[0, :, unit].tolist() == [False, False, True, True]


def test_no_candidates_give_empty_arrays():
    features = EXTRACTOR.extract("5个。", [Span(0, 1)], [], RuleView())
    assert features.pairs.shape == (1, 0, EXTRACTOR.pair_size)
    assert features.allowed.shape == (1, 0, len(EXTRACTOR.types))


def test_lists_are_counted_through():
    index, size = list_places(TEXT, VALUES, [16, 22])
    assert index.tolist() == [0, 1]
    assert size.tolist() == [2, 2]
    index, size = list_places("增长5%,投资8亿元", [Span(2, 3), Span(7, 8)], [4, 10])
    assert size.tolist() == [1, 1]


def test_the_rules_links_are_features():
    rules = rule_view(TEXT)
    with_rules = EXTRACTOR.extract(TEXT, VALUES, TAILS, rules).pairs
    without = EXTRACTOR.extract(TEXT, VALUES, TAILS, RuleView()).pairs
    assert (with_rules != without).any()


@pytest.mark.parametrize(
    ("one", "other", "share"), [((0, 4), (0, 4), 1.0), ((0, 4), (2, 4), 0.5), ((0, 2), (2, 4), 0.0)]
)
def test_overlap_share(one, other, share):
    assert overlap_share(Span(*one), Span(*other)) == share
