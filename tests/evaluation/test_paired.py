from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.core.spans import RawSpan
from zhibiao.evaluation.paired import compare


def text(number, right):
    spans = [RawSpan(0, 1), RawSpan(2, 3)] if right else [RawSpan(0, 1)]
    return AnnotatedText(f"d{number}", "5和6", {}, tuple(RawEntity(f"T{i}", "VALUE", s) for i, s in enumerate(spans)))


def test_a_system_that_is_always_better():
    gold = [text(i, True) for i in range(30)]
    worse = [text(i, i % 3 == 0) for i in range(30)]
    found = compare(gold, gold, worse, resamples=300)["spans"]
    assert found.one == 1.0
    assert found.difference > 0
    assert found.interval[0] > 0
    assert found.p < 0.02


def test_the_same_system_twice():
    gold = [text(i, True) for i in range(10)]
    found = compare(gold, gold, gold, resamples=100)["records"]
    assert found.difference == 0
    assert found.p == 1.0


def test_a_missing_paragraph_is_empty():
    gold = [text(i, True) for i in range(4)]
    assert compare(gold, gold[:2], gold, resamples=50)["spans"].one == 2 * 4 / (8 + 4)
