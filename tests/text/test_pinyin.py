import pytest

from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.pinyin import SYLLABLES, remove_pinyin


def test_the_table_has_the_syllables_of_mandarin() -> None:
    assert 400 <= len(SYLLABLES) <= 430
    assert {"zhuang", "er", "lve", "nv", "jiong"} <= SYLLABLES


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("推進(jìn)工業(yè)", "推進工業"),
        ("推進（jìn）工業［yè］", "推進工業"),
        ("推進【jìn】工業[yè]", "推進工業"),
        ("推進(tuī jìn)", "推進"),
        ("推進(tuījìn)", "推進"),
        ("西安(Xī’ān)", "西安"),
        ("推進(tuī-jìn)", "推進"),
        ("桌子(zhuō zi)", "桌子"),
        ("推進(JÌN)", "推進"),
        ("旅(lǚ)法律(lǜ)", "旅法律"),
        ("旅(lu\u0308\u030c)進(ji\u0300n)", "旅進"),
        ("進(ji\u0306n)", "進"),
        ("規(ɡuī)廣(ɡuɑ\u030cnɡ)", "規廣"),
        ("進(jin4)旅(lv3)律(lu:4)女(nü3)", "進旅律女"),
        ("進 (jìn) 展", "進 展"),
        ("“推進”(jìn)", "“推進”"),
        ("I(yè)", "I"),
        ("當(dāng)前,增長(zhǎng)45%", "當前,增長45%"),
    ],
)
def test_readings_are_removed(raw: str, clean: str) -> None:
    assert remove_pinyin(raw)[0] == clean


@pytest.mark.parametrize(
    "text",
    [
        "地区生产总值(GDP)增长5%",
        "研发(R&D)投入",
        "人工智能(AI)",
        "价格(PPI)回落",
        "网络(3C)产品",
        "里程(km)",
        "方案(a)和方案(b)",
        "股(A股)",
        "小微园(含21个片区)",
        "全国(5.6%)",
        "咖啡(café)",
        "概要(résumé)",
        "推(jin)进",
        "表(a1)",
        "他们(he)建筑(an)",
        "公司(ABB)",
        "(一)工业",
        "子(zhuō zi)",
        "進(jǐn5)",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    new, offsets = remove_pinyin(text)
    assert new == text
    assert offsets.is_identity


def test_untoned_brackets_count_only_beside_toned_ones_or_in_number() -> None:
    assert remove_pinyin("推進(jìn)工業(ye)")[0] == "推進工業"
    assert remove_pinyin("推進(jin)工業(ye)增長(zhang)")[0] == "推進工業增長"
    assert remove_pinyin("推進(jin)工業(ye)")[0] == "推進(jin)工業(ye)"
    assert remove_pinyin("推進(jìn)里程(km)方案(a)總值(GDP)")[0] == "推進里程(km)方案(a)總值(GDP)"


def test_the_map_leaves_the_bracket_out_at_the_edges_only() -> None:
    raw = "全市工業(yè)投資"
    text, offsets = remove_pinyin(raw)
    assert text == "全市工業投資"
    assert offsets.to_raw(Span(2, 4)) == RawSpan(2, 4)
    assert offsets.to_raw(Span(2, 6)) == RawSpan(2, len(raw))
    assert offsets.to_raw(Span(4, 6)) == RawSpan(8, 10)
