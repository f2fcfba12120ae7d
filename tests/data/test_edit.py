from __future__ import annotations

import random
from itertools import pairwise

import pytest
from data_examples import STEEL, surfaces
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.errors import AlignmentError
from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.core.spans import RawSpan
from zhibiao.data.augment.edit import Edit, rearrange, rewrite


def planted(gaps: list[str], marks: list[str]) -> AnnotatedText:
    """Spans with the texts ``marks`` and ``gaps`` around them."""
    text, entities = "", []
    for gap, mark in zip(gaps, [*marks, ""], strict=True):
        text += gap
        if mark:
            entities.append(RawEntity(f"T{len(entities) + 1}", "VALUE", RawSpan(len(text), len(text) + len(mark))))
        text += mark
    return AnnotatedText("p#1", text, {}, tuple(entities))


WORDS = st.text("增长全市12.5%,。", min_size=1, max_size=6)


@given(st.data(), st.lists(WORDS, min_size=1, max_size=6))
def test_edits_outside_keep_every_planted_span(data: st.DataObject, marks: list[str]) -> None:
    gaps = data.draw(st.lists(st.text("甲乙丙", max_size=5), min_size=len(marks) + 1, max_size=len(marks) + 1))
    before = planted(gaps, marks)
    inside = {i for e in before.entities for i in range(e.span.start, e.span.end)}
    free = [i for i in range(len(before.text)) if i not in inside]
    chosen = data.draw(st.sets(st.sampled_from(free))) if free else set()
    edges = sorted({e.span.start for e in before.entities} | {e.span.end for e in before.entities})
    places = data.draw(st.sets(st.sampled_from(edges)))
    edits = [Edit(i, i + 1, data.draw(st.text("子丑", max_size=3))) for i in chosen]
    edits += [Edit(i, i, "寅卯") for i in places]
    after = rewrite(before, edits)
    assert surfaces(after) == surfaces(before)
    assert len(after.text) == len(before.text) + sum(len(e.text) - (e.end - e.start) for e in edits)


@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms())
def test_replaced_spans_get_their_new_text_and_the_others_stay(marks: list[str], rng: random.Random) -> None:
    before = planted(["甲"] * (len(marks) + 1), marks)
    new = {e.id: "新" * rng.randint(1, 9) for e in before.entities if rng.random() < 0.5}
    after = rewrite(before, [Edit(e.span.start, e.span.end, new[e.id]) for e in before.entities if e.id in new])
    assert surfaces(after) == surfaces(before) | new


def test_an_edit_within_a_span_needs_leave_and_grows_it() -> None:
    before = planted(["甲", "乙"], ["12.5"])
    edit = Edit(2, 3, "22")
    with pytest.raises(AlignmentError, match=r"lies within T1 \[1, 5\) '12.5'"):
        rewrite(before, [edit])
    after = rewrite(before, [edit, Edit(5, 5, " ")], inside=True)
    assert (after.text, surfaces(after)) == ("甲122.5 乙", {"T1": "122.5"})


@pytest.mark.parametrize(
    ("edit", "what"),
    [(Edit(0, 2, "丁"), "cuts"), (Edit(4, 6, "丁"), "cuts"), (Edit(1, 5, ""), "removes"), (Edit(0, 6, "丁"), "cuts")],
)
def test_an_edit_that_would_break_a_span_is_refused(edit: Edit, what: str) -> None:
    with pytest.raises(AlignmentError, match=what):
        rewrite(planted(["甲", "乙"], ["12.5"]), [edit], inside=True)


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, "子"), Edit(1, 3, "丑")], [Edit(5, 9, "")], [Edit(0, 0, "子"), Edit(0, 0, "丑")]]
)
def test_overlapping_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(AlignmentError, match="in a text of 6 characters"):
        rewrite(planted(["甲乙丙丁戊己"], []), edits)


def test_a_given_surface_goes_when_the_characters_change() -> None:
    entity = RawEntity("T1", "VALUE", RawSpan(0, 3), surface="1.5")
    before = AnnotatedText("p#1", "1.5元", {}, (entity,))
    assert rewrite(before, [Edit(3, 4, "美元")]).entities[0].surface == "1.5"
    assert rewrite(before, [Edit(0, 3, "2.5")]).entities[0].surface is None


@given(st.lists(WORDS, min_size=2, max_size=6), st.randoms())
def test_rearranging_moves_spans_with_their_slices(marks: list[str], rng: random.Random) -> None:
    before = planted(["甲"] * (len(marks) + 1), marks)
    cuts = [0, *(e.span.end for e in before.entities), len(before.text)]
    slices = list(pairwise(cuts))
    rng.shuffle(slices)
    after = rearrange(before, slices)
    assert surfaces(after) == surfaces(before)
    assert sorted(after.text) == sorted(before.text)
    assert list(after.entities) == sorted(after.entities, key=lambda e: e.span)


def test_slices_must_be_a_partition_that_cuts_no_span() -> None:
    with pytest.raises(AlignmentError, match="no partition"):
        rearrange(STEEL, [(0, 5)])
    with pytest.raises(AlignmentError, match="falls into T1"):
        rearrange(STEEL, [(2, len(STEEL.text)), (0, 2)])
