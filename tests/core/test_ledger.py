"""Counts add up, examples stay few."""

from zhibiao.core.ledger import Ledger


def test_counts_are_exact_and_examples_bounded():
    ledger = Ledger(max_examples=2)
    for number in range(10):
        ledger.add("lost", f"a:{number}")
    ledger.add("lost", "a:10", 0)
    assert ledger.counts["lost"] == 10
    assert ledger.examples["lost"] == ["a:0", "a:1"]


def test_merging_keeps_every_count():
    one, two = Ledger(max_examples=3), Ledger(max_examples=3)
    one.add("lost", "a", 2)
    two.add("lost", "b")
    two.add("other", "c")
    one.merge(two)
    assert dict(one.counts) == {"lost": 3, "other": 1}
    assert one.examples == {"lost": ["a", "b"], "other": ["c"]}
