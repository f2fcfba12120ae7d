import json
from pathlib import Path

import opencc
import pytest

from zhibiao.core.errors import ConfigError
from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.traditional import to_simplified

AUTHORED = Path(__file__).parents[3] / "shared" / "annotation" / "authored_train.jsonl"
SIMPLIFIED = "今年以来，全市着力推进数字经济，新增规模工业企业156家，工业投资同比增长12.4%，高于全省9.2个百分点。"


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_every_standard_of_traditional_text_comes_back(config: str) -> None:
    traditional = opencc.OpenCC(config).convert(SIMPLIFIED)
    assert traditional != SIMPLIFIED
    text, offsets = to_simplified(traditional)
    assert text == SIMPLIFIED
    assert offsets.is_identity


@pytest.mark.parametrize(
    "text",
    [
        SIMPLIFIED,
        "於志刚任乾县县长，著名企业家瞭望显著成效，皇后区、里程、干部、系统",
        "地区生产总值(GDP)",
        "",
    ],
)
def test_simplified_text_is_not_touched(text: str) -> None:
    assert to_simplified(text)[0] == text


def test_the_mainlands_words_stay_in_traditional_characters() -> None:
    words = "提質增效、信息安全、項目、新增就業、核心指標、資料圖、文件、建立、通訊員、軟件、方程式"
    assert (
        to_simplified(words)[0]
        == "提质增效、信息安全、项目、新增就业、核心指标、资料图、文件、建立、通讯员、软件、方程式"
    )


def test_taiwans_terms_change_length_with_an_exact_map() -> None:
    raw = "網際網路普及率達85.3%，軟體業務增長12.4%"
    text, offsets = to_simplified(raw)
    assert text == "互联网普及率达85.3%，软件业务增长12.4%"
    assert offsets.to_raw(Span(0, 3)) == RawSpan(0, 4)
    assert offsets.to_raw(Span(0, 6)) == RawSpan(0, 7)
    assert offsets.to_normalised(RawSpan(0, 7)) == Span(0, 6)
    assert offsets.to_raw(Span(7, 11)) == RawSpan(8, 12)
    assert raw[8:12] == text[7:11] == "85.3"
    start = text.index("软件")
    assert raw[offsets.starts[start] : offsets.ends[start + 1]] == "軟體"
    assert offsets.to_raw(Span(start, start + 1)) == RawSpan(start + 1, start + 2)


@pytest.mark.parametrize("config", ["tw2sp", "hk2sp"])
def test_a_named_configuration_gives_opencc_s_text_in_small_blocks(config: str) -> None:
    raw = "全市網際網路企業與積體電路、計程車、太空梭專案伺服器數量增長12.4%，" * 5 + "網際網路" * 40
    text, offsets = to_simplified(raw, config=config)
    assert text == opencc.OpenCC(config).convert(raw)
    assert len(offsets) == len(text)
    widths = {end - start for start, end in zip(offsets.starts, offsets.ends, strict=True)}
    assert max(widths) <= 4
    assert all(raw[offsets.starts[i]] == char for i, char in enumerate(text) if char in "0123456789.%，")


def test_lines_are_judged_one_by_one() -> None:
    text = "全市工业投资同比增长，显著高于全省，财经网记者报道\n全市規模以上工業增加值增長"
    assert to_simplified(text)[0] == text.split("\n")[0] + "\n全市规模以上工业增加值增长"


def test_off_and_unknown_configurations() -> None:
    assert to_simplified("工業", config="off")[0] == "工業"
    assert to_simplified("著力", config="tw2s")[0] == "着力"
    with pytest.raises(ConfigError, match="no configuration 'x2y'"):
        to_simplified("工業", config="x2y")


@pytest.mark.skipif(not AUTHORED.exists(), reason="no shared folder")
def test_round_trips_of_the_authored_paragraphs() -> None:
    texts = [json.loads(line)["text"] for line in AUTHORED.read_text(encoding="utf-8").splitlines()]
    assert all(to_simplified(text)[0] == text for text in texts)
    for config in ("s2t", "s2tw", "s2hk"):
        convert = opencc.OpenCC(config).convert
        assert sum(to_simplified(convert(text))[0] == text for text in texts) >= 0.98 * len(texts)
