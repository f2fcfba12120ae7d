import json
from pathlib import Path

import pytest

from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.mojibake import find_damage, repair_mojibake

TEXT = "全市工业投资增长8.5%，高于全省平均水平；"


def misread(text: str, encoding: str, read_as: str) -> str:
    return text.encode(encoding).decode(read_as)


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [("utf-8", "latin-1"), ("gbk", "latin-1"), ("gbk", "cp1252"), ("utf-8", "gb18030")],
)
def test_wrong_decoding_is_undone(encoding: str, read_as: str) -> None:
    text = "全市工业投资增长8.5%,高于全省平均" if read_as == "gb18030" else TEXT
    garbled = text.encode(encoding).decode(read_as, "replace")
    fixed, offsets = repair_mojibake(garbled)
    assert fixed == text
    assert len(offsets) == len(text) and offsets.raw_length == len(garbled)
    assert find_damage(fixed) == ()
    assert offsets.to_raw(Span(text.index("8"), text.index("%"))) == RawSpan(garbled.index("8"), garbled.index("%"))


def test_a_lost_byte_leaves_a_replacement_character() -> None:
    garbled = "全省工业增长，".encode().decode("gb18030", "replace")
    assert garbled.endswith("\ufffd")
    fixed, _ = repair_mojibake(garbled)
    assert fixed == "全省工业增长\ufffd"
    assert find_damage(fixed) == (Span(6, 7),)


@pytest.mark.parametrize(
    ("before", "after"), [("擔保", "“開"), ("医保", "“開"), ("参保", "“業"), ("平稳。", "“業"), ("平稳。", "可業")]
)
def test_pairs_shifted_by_one_byte_are_put_right(before: str, after: str) -> None:
    data = before.encode("gbk")
    # The lead byte of the last character of ``before`` became a question mark.
    raw = (data[:-2] + b"?" + data[-1:] + after.encode("gbk")).decode("gbk") + "(kāi)门红"
    assert before not in raw
    fixed, offsets = repair_mojibake(raw)
    assert fixed == before + after + "(kāi)门红"
    assert offsets.to_raw(Span(len(before) - 1, len(before) + 2)) == RawSpan(len(before) - 1, len(before) + 3)
    folded = raw.replace("！", "!").replace("？", "?")
    assert repair_mojibake(folded)[0] == fixed


def test_a_shifted_run_that_lost_a_pair_is_put_right_up_to_there() -> None:
    # The pair A498 of 。控工業 means nothing in GBK and was left out.
    assert repair_mojibake("运行平稳?？毓I(yè)产值")[0] == "运行平稳。控\ufffd(yè)产值"


@pytest.mark.parametrize(
    "text",
    [
        "为什么??咱们一起看A股",
        "增长多少?8%!",
        "××××年×月",
        "……——“十四五”",
        "Düsseldorf与Zürich、Saint-Étienne",
        "陬邑、澴河、郪江、砼构件",
        "計劃完成年度任務,規模以上工業增加值增長8%",
        "㎡、℃、①、％、·、°",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    fixed, offsets = repair_mojibake(text)
    assert fixed == text
    assert offsets.is_identity
    assert find_damage(fixed) == ()


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        ("工业\ufffd\ufffd?增长", "\ufffd\ufffd?"),
        ("工业\ue123增长", "\ue123"),
        ("工业\ud800增长", "\ud800"),
        ("工业锟斤拷锟斤拷增长", "锟斤拷锟斤拷"),
        ("工业烫烫烫烫增长", "烫烫烫烫"),
        ("工?chéng)?shí)施", "?chéng)?shí)"),
        ("合同?shuō)雍目?míng)书", "?shuō)雍目?míng)"),
        ("工业ÆÕÍ¨±à增长", "ÆÕÍ¨±à"),
        ("增长鍏笟骞嶇殑数", "鍏笟骞嶇殑"[0:4]),
    ],
)
def test_damage_is_found(text: str, damage: str) -> None:
    found = find_damage(text)
    assert len(found) == 1
    assert damage in text[found[0].start : found[0].end]


def test_annotated_paragraphs_hold_no_mojibake() -> None:
    path = Path(__file__).parents[3] / "shared" / "annotation" / "authored_train.jsonl"
    if not path.exists():
        pytest.skip("no shared folder")
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        assert repair_mojibake(text)[0] == text
        assert find_damage(text) == ()
