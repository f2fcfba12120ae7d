import pytest

from zhibiao.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市投资增长8%。高于全省!为什么?", ["全市投资增长8%。", "高于全省!", "为什么?"]),
        ("他说:“增长8%。”全市投资回升。", ["他说:“增长8%。”", "全市投资回升。"]),
        ("(增长8%。)全市", ["(增长8%。)", "全市"]),
        ("“是什么?”,他问。好", ["“是什么?”,他问。", "好"]),
        ("增长8.5%;下降3%,其中工业5%。", ["增长8.5%;下降3%,其中工业5%。"]),
        (" 第一行。 第二句 \n\n 第二行", ["第一行。", "第二句", "第二行"]),
        ("见http://a.cn/?id=3!", ["见http://a.cn/?id=3!"]),
        ("真的?!好", ["真的?!", "好"]),
        ("。。", ["。。"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_long_rows_of_marks_take_no_time() -> None:
    assert len(sentences("?" * 200_000 + "a")) == 1
    assert len(sentences("”" * 200_000)) == 1
