"""Offsets in UTF-16 code units as offsets in code points."""

from annotate_examples import SOME, STRINGS
from hypothesis import given

from zhibiao.annotate.utf16 import Utf16Offsets


@SOME
@given(text=STRINGS)
def test_every_offset_is_where_an_encoder_says(text):
    offsets = Utf16Offsets(text)
    units = {len(text[:place].encode("utf-16-le")) // 2: place for place in range(len(text) + 1)}
    for unit in range(-1, len(text.encode("utf-16-le")) // 2 + 3):
        assert offsets.to_code_points(unit) == units.get(unit)


def test_an_example():
    offsets = Utf16Offsets("💩𠮷市GDP增长5.7%")
    assert offsets.to_code_points(10) == 8
    assert offsets.to_code_points(1) is None
