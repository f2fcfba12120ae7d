import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.errors import AlignmentError
from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.offsets import Edit, OffsetMap, apply_edits, blocks


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("ab全市1 ", min_size=1, max_size=20))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Edit(start, end, draw(st.text("xyz", max_size=4))) for start, end in pairs]


def check(text: str, new: str, offsets: OffsetMap) -> None:
    assert len(offsets) == len(new)
    assert offsets.raw_length == len(text)
    assert all(0 <= s < e <= len(text) for s, e in zip(offsets.starts, offsets.ends, strict=True))
    assert list(offsets.starts) == sorted(offsets.starts)
    assert list(offsets.ends) == sorted(offsets.ends)


@given(edited())
def test_edits_give_the_edited_text_and_a_sound_map(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    new, offsets = apply_edits(text, edits)
    expected = list(text)
    for edit in reversed(edits):
        expected[edit.start : edit.end] = list(edit.text)
    assert new == "".join(expected)
    check(text, new, offsets)
    changed = {i for edit in edits for i in range(edit.start, edit.end)}
    for i, char in enumerate(new):
        start, end = offsets.starts[i], offsets.ends[i]
        if start not in changed:
            assert text[start:end] == char


@given(edited(), st.data())
def test_maps_compose(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = case
    middle, first = apply_edits(text, edits)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(middle)), max_size=6)))
    later = [Edit(a, b, data.draw(st.text("uvw", max_size=3))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    new, second = apply_edits(middle, later)
    both = first.then(second)
    check(text, new, both)
    for i in range(len(new)):
        assert both.starts[i] == first.starts[second.starts[i]]
        assert both.ends[i] == first.ends[second.ends[i] - 1]


@given(edited(), st.data())
def test_a_raw_span_of_a_normalised_one_leads_back_to_it(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = case
    new, offsets = apply_edits(text, edits)
    if not new:
        return
    start = data.draw(st.integers(0, len(new) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(new))))
    raw = offsets.to_raw(span)
    back = offsets.to_normalised(raw)
    assert back.start <= span.start and span.end <= back.end  # wider only where a block was cut
    assert offsets.to_raw(back) == raw


def test_identity_is_free_and_neutral() -> None:
    identity = OffsetMap.identity(3)
    _, change = apply_edits("abc", [Edit(1, 2)])
    assert identity.is_identity and not change.is_identity
    assert identity.then(change) is change
    assert change.then(OffsetMap.identity(2)) is change
    assert apply_edits("abc", [Edit(0, 2, "xy")])[1].is_identity


def test_removed_characters_at_the_edges_do_not_matter() -> None:
    new, offsets = apply_edits("推進(jin)業", [Edit(2, 7)])
    assert new == "推進業"
    assert offsets.to_raw(Span(0, 2)) == RawSpan(0, 2)
    assert offsets.to_raw(Span(0, 3)) == RawSpan(0, 8)
    assert offsets.to_normalised(RawSpan(0, 7)) == Span(0, 2)


def test_a_block_cannot_be_cut_and_removed_text_cannot_be_found() -> None:
    new, offsets = apply_edits("在網際網路上", [Edit(1, 5, "互联网")])
    assert new == "在互联网上"
    assert offsets.to_raw(Span(2, 3)) == RawSpan(1, 5)
    with pytest.raises(AlignmentError, match=r"cuts a replacement in two|lies inside one replacement"):
        offsets.to_normalised(RawSpan(1, 3))
    _, offsets = apply_edits("abc", [Edit(1, 2)])
    with pytest.raises(AlignmentError, match="was removed"):
        offsets.to_normalised(RawSpan(1, 2))
    with pytest.raises(AlignmentError, match="beyond the text of 2"):
        offsets.to_raw(Span(0, 3))
    with pytest.raises(AlignmentError, match="beyond the text of 3"):
        offsets.to_normalised(RawSpan(0, 4))


def test_maps_of_different_texts_do_not_compose() -> None:
    with pytest.raises(AlignmentError, match="3 characters out, 4 in"):
        OffsetMap.identity(3).then(OffsetMap.identity(4))


@pytest.mark.parametrize("edits", [[Edit(1, 1, "x")], [Edit(0, 4)], [Edit(1, 3), Edit(2, 3)]])
def test_impossible_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(AlignmentError, match="edit"):
        apply_edits("abc", edits)


def test_blocks_are_what_was_replaced_as_a_whole() -> None:
    _, offsets = apply_edits("abcdefgh", [Edit(1, 3, "x"), Edit(4, 5), Edit(5, 7, "yyy")])
    assert list(blocks(offsets)) == [RawSpan(1, 3), RawSpan(5, 7)]
    assert list(blocks(OffsetMap.identity(4))) == []
