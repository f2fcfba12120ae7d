"""The five real pages: what a reader would accept. Runs where the pages are (they are other people's text)."""

import pytest

from seed_gold import SEEDS, load_seed_gold
from zhibiao.evaluation.scoring import evaluate
from zhibiao.pipeline.extractor import Extractor
from zhibiao.pipeline.onnx_backend import load_system
from zhibiao.rules.system import RuleSystem

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed pages are not on this machine")


@pytest.mark.parametrize(
    ("make", "value", "named", "whole"), [(RuleSystem, 0.90, 0.70, 0.50), (load_system, 0.94, 0.78, 0.60)]
)
def test_facts_on_the_seed_pages(make, value, named, whole):
    pairs = load_seed_gold()
    extractor = Extractor(make())
    predicted = [extractor.extract(document).to_annotated() for document, _ in pairs]
    report = evaluate([gold for _, gold in pairs], predicted, resamples=0, facts_only=True)
    assert report.facts["value"].gold == 159
    assert report.facts["value"].f1 >= value
    assert report.facts["value+unit+indicator"].f1 >= named
    assert report.facts["facts"].f1 >= whole
