"""The five real pages: what a reader would accept. Runs where the pages are (they are other people's text)."""

import pytest

from seed_gold import SEEDS, load_seed_gold
from zhibiao.evaluation.scoring import evaluate
from zhibiao.pipeline.extractor import Extractor
from zhibiao.rules.system import RuleSystem

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed pages are not on this machine")


def test_facts_of_the_rules_on_the_seed_pages():
    pairs = load_seed_gold()
    extractor = Extractor(RuleSystem())
    predicted = [extractor.extract(document).to_annotated() for document, _ in pairs]
    report = evaluate([gold for _, gold in pairs], predicted, resamples=0, facts_only=True)
    assert report.facts["value"].gold == 159
    assert report.facts["value"].f1 >= 0.90
    assert report.facts["value+unit+indicator"].f1 >= 0.70
    assert report.facts["facts"].f1 >= 0.50
