"""What is chosen for annotation: gain first, little that is alike, shares for the strata, the same every time."""

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.annotate.diversity import Signatures, annotated_signatures, least, line_signatures
from zhibiao.annotate.gain import Gain
from zhibiao.annotate.quotas import Quota, shares
from zhibiao.annotate.select import Candidate, Reason, SelectOptions, Strata, select
from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import PERMUTATIONS, minhash
from zhibiao.data.grams import shingles
from zhibiao.text.lines import split_lines

HAN = "工业投资增长全市项目企业完成产值出口消费财政收入农业旅游建设交通能源科技教育医疗环保就业"


@cache
def signature(text):
    return least(line_signatures(text, split_lines(text)))


def words(rng, length=300):
    return "".join(rng.choice(HAN) for _ in range(length))


def candidate(name, wrong, *, text=None, region="", source="", **known):
    rng = random.Random(name)
    gain = Gain(uncertain=wrong, records=10, chars=300)
    return Candidate(name, f"f:{name}", region, source, gain, signature(text or words(rng)), **known)


def options(count, **known):
    return SelectOptions(count, 0.5, **{"strata": Strata.NONE, **known})


def names(ranked):
    return [r.candidate.id for r in ranked]


def test_the_greatest_gain_comes_first_and_the_others_say_why_they_were_left_out():
    found = select([candidate("a", 1.0), candidate("b", 3.0), candidate("c", 2.0)], options(2))
    assert names(found.chosen) == ["b", "c"]
    assert [(r.candidate.id, r.reason) for r in found.left_out] == [("a", Reason.LOWER_GAIN)]
    assert all(r.reason is None for r in found.chosen)


def test_a_near_duplicate_of_a_chosen_one_is_left_out_and_named():
    text = words(random.Random(0))
    pool = [candidate("a", 3.0, text=text), candidate("b", 2.9, text=text + "另有"), candidate("c", 1.0)]
    found = select(pool, options(2))
    assert names(found.chosen) == ["a", "c"]
    [left] = found.left_out
    assert (left.candidate.id, left.reason, left.like) == ("b", Reason.NEAR_DUPLICATE, "a")
    assert left.similarity > 0.9


def test_what_is_somewhat_alike_loses_priority_but_stays():
    rng = random.Random(1)
    shared, own, other = (words(rng) for _ in range(3))
    pool = [candidate("a", 3.0, text=shared + own), candidate("b", 2.9, text=shared + other), candidate("c", 2.5)]
    found = select(pool, options(3))
    assert names(found.chosen) == ["a", "c", "b"]
    b = found.chosen[2]
    assert b.like == "a"
    assert b.similarity == pytest.approx(1 / 3, abs=0.12)  # half of each: a third of both together
    assert b.priority == pytest.approx(b.gain * (1 - b.similarity))


def test_priority_is_that_of_a_greedy_choice_that_compares_with_all():
    rng = random.Random(2)
    blocks = [words(rng, 150) for _ in range(6)]
    pool = [
        candidate(f"d{i}", rng.uniform(1, 2), text="".join(rng.sample(blocks, 2)) + words(rng, 150)) for i in range(40)
    ]
    chosen = []
    waiting = list(pool)

    def priority(c):
        alike = max((float(np.mean(c.signature == o.signature)) for o in chosen), default=0.0)
        return 0.0 if alike >= 0.5 else c.gain.value(0.5) * (1 - alike)

    while len(chosen) < 25 and waiting:
        best = max(waiting, key=priority)
        if not priority(best):
            break
        waiting.remove(best)
        chosen.append(best)
    assert names(select(pool, options(25)).chosen) == [c.id for c in chosen]


def test_texts_like_annotated_ones_are_left_out():
    texts = [words(random.Random(i)) for i in range(4)]
    annotated = annotated_signatures([AnnotatedText(f"old#{i}", text) for i, text in enumerate(texts[:3])])
    pool = [
        candidate("paragraph", 9.0, text=texts[0]),
        candidate("page", 8.0, text="\n".join(texts[:3])),
        candidate("new", 1.0, text=texts[3]),
    ]
    found = select(pool, options(3), annotated=annotated)
    assert names(found.chosen) == ["new"]
    assert [(r.reason, r.like) for r in found.left_out] == [(Reason.ANNOTATED, "old#0"), (Reason.ANNOTATED, "old")]


def test_a_paragraph_of_an_annotated_page_is_known_in_traditional_characters_too():
    page = "全市工业投资同比增长百分之九,其中民营企业完成产值较快。\n财政收入和旅游消费继续回升,出口下降。"
    annotated = annotated_signatures([AnnotatedText("page", page.replace("产", "產").replace("业", "業"))])
    found = select([candidate("p", 1.0, text=page.split("\n")[1])], options(1), annotated=annotated)
    assert [(r.reason, r.like) for r in found.left_out] == [(Reason.ANNOTATED, "page")]


def test_page_furniture_makes_no_texts_alike():
    furniture = "\n".join(["责任编辑:张三", "版权所有 未经授权不得转载", "首页 > 新闻 > 正文"])
    a, b = words(random.Random(3)), words(random.Random(4))
    assert np.array_equal(signature(f"{furniture}\n{a}"), signature(a))
    assert not np.array_equal(signature(a), signature(b))


def test_a_long_line_has_the_signature_of_all_its_shingles():
    text = words(random.Random(5), 20_000)
    assert np.array_equal(signature(text), minhash([shingles(text, 5)])[0])


def test_signatures_find_the_nearest_of_many():
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 2**31, size=(200, PERMUTATIONS), dtype=np.uint32)
    known = Signatures()
    assert known.nearest(rows[0]) == (0.0, "")
    for i, row in enumerate(rows):
        known.add(str(i), row)
    half = rows[150].copy()
    half[:64] = rows[7][:64] + 1
    assert known.nearest(half) == (0.5, "150")
    assert known.nearest(half, since=151) == (0.0, "")


def test_each_id_is_taken_once_and_documents_without_gain_never():
    pool = [
        candidate("a", 2.0),
        candidate("a", 3.0, text=words(random.Random(9))),
        candidate("sure", 0.0),
        candidate("empty", 0.0, reason=Reason.NO_VALUE),
    ]
    found = select(pool, options(9))
    assert [r.gain for r in found.chosen] == [pool[0].gain.value()]
    assert {r.reason for r in found.left_out} == {Reason.REPEATED_ID, Reason.NO_GAIN, Reason.NO_VALUE}


def test_a_full_stratum_gives_way_to_the_others():
    rich = [candidate(f"rich{i}", 5.0 + i, region="江苏省", source="a") for i in range(8)]
    poor = [candidate(f"poor{i}", 1.0 + i / 10, region="贵州省", source="a") for i in range(8)]
    for quota in Quota:
        found = select([*rich, *poor], options(4, strata=Strata.REGION, quota=quota))
        assert names(found.chosen) == ["rich7", "rich6", "poor7", "poor6"]
        assert [r.reason for r in found.left_out[:6]] == [Reason.QUOTA] * 6
    assert names(select([*rich, *poor], options(4, strata=Strata.SOURCE)).chosen) == [f"rich{i}" for i in (7, 6, 5, 4)]


def test_proportional_and_equal_shares_differ():
    many = [candidate(f"many{i}", 5.0 + i / 10, source="a") for i in range(18)]
    few = [candidate(f"few{i}", 1.0 + i / 10, source="b") for i in range(6)]
    pool = [*many, *few]
    by = {q: select(pool, options(8, strata=Strata.SOURCE, quota=q)).chosen for q in Quota}
    assert [sum(n.startswith("few") for n in names(by[q])) for q in Quota] == [2, 4]


def test_a_share_that_near_duplicates_leave_open_goes_to_the_others():
    text = words(random.Random(6))
    copies = [candidate(f"copy{i}", 2.0, text=text, region="贵州省") for i in range(10)]
    others = [candidate(f"other{i}", 1.0 + i / 100, region="江苏省") for i in range(10)]
    found = select([*copies, *others], options(6, strata=Strata.REGION))
    assert len(found.chosen) == 6
    assert sum(n.startswith("copy") for n in names(found.chosen)) == 1


def test_strata_too_small_for_a_place_compete_by_gain():
    pool = [candidate(f"d{i}", 1.0 + i, source=f"s{i}") for i in range(20)]
    assert names(select(pool, options(5, strata=Strata.SOURCE)).chosen) == ["d19", "d18", "d17", "d16", "d15"]


def test_the_seed_decides_between_equal_gains_only_and_the_order_of_input_nothing():
    equal = [candidate(f"e{i}", 2.0) for i in range(12)]
    better = candidate("better", 3.0)
    by_seed = set()
    for seed in range(5):
        pool = [*equal, better]
        runs = []
        for order in range(3):
            random.Random(order).shuffle(pool)
            runs.append(names(select(pool, options(4, seed=seed)).chosen))
        assert runs[0] == runs[1] == runs[2]
        assert runs[0][0] == "better"
        by_seed.add(tuple(runs[0]))
    assert len(by_seed) > 1


SIZES = st.dictionaries(st.tuples(st.text(max_size=2)), st.integers(1, 40), min_size=1, max_size=12)


@settings(deadline=None, max_examples=50)
@given(SIZES, st.integers(1, 200), st.sampled_from(Quota))
def test_shares_add_up_and_lie_within_what_there_is(sizes, count, quota):
    found = shares(sizes, count, quota)
    assert found.keys() == sizes.keys()
    assert all(0 <= s.at_least <= s.at_most <= min(sizes[n], s.at_least + 1) for n, s in found.items())
    places = min(count, sum(sizes.values()))
    assert sum(s.at_least for s in found.values()) <= places <= sum(s.at_most for s in found.values())
    if quota is Quota.PROPORTIONAL:
        exact = {n: Fraction(places * size, sum(sizes.values())) for n, size in sizes.items()}
        assert all((s.at_least, s.at_most) == (floor(exact[n]), ceil(exact[n])) for n, s in found.items())
    else:
        full = max((s.at_most for s in found.values()), default=0)
        assert all(s.at_most == sizes[n] or s.at_most >= full - 1 for n, s in found.items())


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 5), st.integers(0, 9)), max_size=25
    ),
    st.integers(1, 12),
    st.sampled_from(Quota),
    st.sampled_from(Strata),
)
def test_every_document_is_chosen_or_has_a_reason(rows, count, quota, strata):
    texts = [words(random.Random(i), 60) for i in range(10)]
    pool = [
        candidate(f"d{i}", float(wrong), text=texts[which], region=region, source=source)
        for i, (region, source, wrong, which) in enumerate(rows)
    ]
    found = select(pool, options(count, quota=quota, strata=strata))
    assert sorted(names(found.chosen) + names(found.left_out)) == sorted(c.id for c in pool)
    assert all(r.reason is not None for r in found.left_out)
    assert len({id(r.candidate.signature) for r in found.chosen}) == len(found.chosen) <= count
    distinct = len({which for _, _, wrong, which in rows if wrong})
    assert len(found.chosen) == min(count, distinct)  # no place stays empty while there is something to gain
    assert [r.priority for r in found.chosen] == sorted((r.priority for r in found.chosen), reverse=True)


def test_gain_counts_records_and_divides_by_the_work():
    alone = Gain(uncertain=3.0, records=5, chars=800)
    assert alone.value(0.5) == pytest.approx(3.0)
    assert (alone.f1, alone.disagreed) == (None, None)
    both = replace(alone, others=3, shared=2)
    assert both.f1 == pytest.approx(0.5)
    assert both.disagreed == pytest.approx((1 - 0.5) * 4)
    assert both.value(0.25) == pytest.approx(0.75 * 3 + 0.25 * 2)
    assert replace(alone, records=0, uncertain=0.0, others=0).f1 is None
    long = replace(alone, chars=8000, uncertain=6.0)
    short = replace(alone, chars=20, uncertain=0.5)
    assert alone.value() > short.value() > long.value()
