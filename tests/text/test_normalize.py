"""The steps one by one, their composition, and properties that hold for any text."""

import time
from collections.abc import Callable

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.core.ledger import Ledger
from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.controls import remove_invisible, unify_blanks, unify_line_ends
from zhibiao.text.normalize import Step, normalize, steps
from zhibiao.text.offsets import OffsetMap
from zhibiao.text.width import fold_width

STEPS = [*steps(), *steps(traditional="tw2sp")[6:7]]
WORDS = """全市 工業 投資
網際網路 软件 (jìn) （yè） (jin4) (GDP) １２ 3 . % ％ 亿元 個 ? ！ 月 - , ， 第 鍏ㄥ競宸ヤ笟 å…¨å¸‚
⽤ \uf900 ﹪ 年 “ ” 。 、 ü é 担?！皹I \u3000 \u2028 \u200b \ufeff \u00ad \ufffd \ue000 \ud800 \x00 \x85 𠀀"""
PIECES = st.sampled_from([*WORDS.replace("\n", " ").split(" "), " ", "\r\n", "\n"])
TEXTS = st.one_of(
    st.lists(PIECES, max_size=30).map("".join),
    st.text(st.characters(codec=None), max_size=40),
    st.text(st.characters(min_codepoint=0xD7FE, max_codepoint=0xE002), max_size=8),
)


def check_map(raw: str, text: str, offsets: OffsetMap) -> None:
    starts, ends = list(offsets.starts), list(offsets.ends)
    assert len(starts) == len(ends) == len(text)
    assert offsets.raw_length == len(raw)
    assert starts == sorted(starts) and ends == sorted(ends)
    assert all(0 <= start < end <= len(raw) for start, end in zip(starts, ends, strict=True))
    for left in range(len(text) - 1):
        # Neighbours are apart or share one block.
        assert ends[left] <= starts[left + 1] or (starts[left], ends[left]) == (starts[left + 1], ends[left + 1])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: getattr(step, "__name__", "to_simplified"))
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_every_step_has_an_exact_map(step: Step, text: str) -> None:
    new, offsets = step(text)
    check_map(text, new, offsets)
    if offsets.is_identity:
        assert len(new) == len(text)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, data=st.data())
def test_the_composition_has_an_exact_map(text: str, data: st.DataObject) -> None:
    found = normalize(text)
    check_map(text, found.text, found.map)
    assert "\r" not in found.text and "\u200b" not in found.text
    assert all(span.end <= len(found.text) for span in found.damaged)
    if found.text:
        start = data.draw(st.integers(0, len(found.text) - 1))
        span = Span(start, data.draw(st.integers(start + 1, len(found.text))))
        raw = found.map.to_raw(span)
        back = found.map.to_normalised(raw)
        assert back.start <= span.start and back.end >= span.end
        assert found.map.to_raw(back) == raw


TO_TRADITIONAL = opencc.OpenCC("s2t")
NOISE: list[Callable[[str], str]] = [
    lambda char: char + "(jìn)",
    lambda char: char + "（zhǎng）",
    lambda char: char + "\u200b",
    lambda char: "\ufeff" + char,
    lambda char: TO_TRADITIONAL.convert(char),
    lambda char: char,
]
WIDE = str.maketrans({i: i + 0xFEE0 for i in range(0x21, 0x7F)})


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_planted_spans_are_found_at_their_raw_place(data: st.DataObject) -> None:
    """Noise put into a known text disappears, and each of its characters leads to where it was put."""
    clean = "今年1-10月,全市规模以上工业增加值同比增长12.4%,高于全省9.2个百分点。\n新增企业268家"
    raw, places = "", []
    for char in clean:
        start = len(raw)
        if char == "\n":
            noisy = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\u2029"]))
            places.append((start, start + len(noisy)))
        elif char.isascii():
            noisy = data.draw(st.sampled_from([char, char.translate(WIDE), char + "\u200d"]))
            places.append((start, start + 1))
        elif char == "。":
            noisy = char
            places.append((start, start + 1))
        else:
            noisy = data.draw(st.sampled_from(NOISE))(char)
            start += noisy.startswith("\ufeff")
            places.append((start, start + 1))
        raw += noisy
    found = normalize(raw, traditional="t2s")
    assert found.text == clean
    assert list(zip(found.map.starts, found.map.ends, strict=True)) == places
    value = clean.index("12.4")
    assert found.map.to_raw(Span(value, value + 4)) == RawSpan(places[value][0], places[value + 3][1])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "全市",
                "工業",
                "增長(zhǎng)",
                "投资",
                "12.4",
                " ",
                "%",
                "亿元",
                "，",
                "。",
                "\r\n",
                "２０２３年",
                "1 - 10 月",
                "第 2 位",
                "\u200b",
                "網際網路",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


def test_line_ends_invisible_characters_and_blanks() -> None:
    assert unify_line_ends("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h\ni")[0] == "a\nb\nc\nd\ne\nf\ng\nh\ni"
    assert remove_invisible("\ufeff工\u200b业\u00ad\u202e投\x00资\u2060")[0] == "工业投资"
    assert unify_blanks("a\tb\u00a0c\u2003d")[0] == "a b c d"
    text, offsets = unify_line_ends("a\r\nb")
    assert (text, offsets.to_raw(Span(1, 2))) == ("a\nb", RawSpan(1, 3))


def test_width_folding_keeps_what_has_a_meaning_of_its_own() -> None:
    folded = fold_width("ＧＤＰ１２．４％，（﹪：；！？）\u3000⽤⼯豈﹐－−∶｡")[0]
    assert folded == "GDP12.4%,(%:;!?) 用工豈,--:。"
    kept = "。、“”《》—–～~㎡㎞℃①②Ⅳⅲ²½…·×〇"
    assert fold_width(kept)[0] == kept


def test_identity_steps_cost_no_map() -> None:
    text = "全市工业投资增长12.4%,高于全省9.2个百分点。\n"
    for step in steps():
        new, offsets = step(text)
        assert new == text and offsets.is_identity
    assert normalize(text).map.is_identity


def test_the_ledger_counts_what_was_repaired_and_what_was_not() -> None:
    ledger = Ledger()
    raw = "今年1?9月，全市å·¥ä¸šæŠ•投资增长\ufffd\ufffd8%，項目\ue001"
    found = normalize(raw, ledger=ledger, where="page-7")
    assert "1-9月" in found.text and "\ufffd" in found.text
    assert ledger.counts == {"mojibake_repaired": 2, "mojibake": 2}
    assert ledger.examples["mojibake"][0].startswith(f"page-7[{raw.index(chr(0xFFFD))},")
    assert [found.text[span.start : span.end] for span in found.damaged] == ["\ufffd\ufffd", "\ue001"]
    normalize("全市", ledger=ledger)
    assert ledger.counts.total() == 4


def test_traditional_can_be_switched_off() -> None:
    assert normalize("工業", traditional="off").text == "工業"
    assert normalize("工業").text == "工业"


@pytest.mark.parametrize(
    "unit",
    [
        "全市工业投资增长12.4%，",
        "工業(yè)",
        "\u200b",
        "(",
        "1 ",
        " ",
        "\r\n",
        "\ufffd",
        "網際網路",
        "?",
        "鍏ㄥ競",
        "å…¨",
        "1?9月",
        "全 ",
        "a(",
        "1,",
    ],
)
def test_long_lines_take_linear_time(unit: str) -> None:
    started = time.perf_counter()
    normalize(unit * (100_000 // len(unit)))
    assert time.perf_counter() - started < 5
