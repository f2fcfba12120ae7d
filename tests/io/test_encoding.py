import json
import random
from contextlib import suppress
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from io_examples import SENTENCES

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.io.encoding import decode_bytes, detect_encoding

TRADITIONAL = tuple(opencc.OpenCC("s2tw").convert(s) for s in SENTENCES)
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")


def sentences_for(encoding: str) -> tuple[str, ...]:
    return TRADITIONAL if "big5" in encoding or encoding == "cp950" else SENTENCES


def same_text(data: bytes, encoding: str, got: str) -> bool:
    """Cut bytes decode to the same text but for the place of the cut."""
    return got.rstrip("\ufffd") == data.decode(encoding, "replace").rstrip("\ufffd")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_sentence_alone_is_detected(encoding):
    for sentence in sentences_for(encoding):
        data = sentence.encode(encoding)
        text, name = decode_bytes(data, where="x")
        assert text == sentence, name


@pytest.mark.parametrize("text", ["%)高16", "的", "市場", "億元", "比高"])
def test_frequent_characters_decide_on_a_word_of_big5(text):
    assert decode_bytes(text.encode("cp950"), where="x") == (text, "cp950")


@pytest.mark.parametrize("encoding", [*ENCODINGS, "gb18030 traditional"])
def test_accuracy_on_cut_snippets(encoding):
    """Three cuts of every sentence, at any byte from the second half on: at least 98 % are read right."""
    codec = encoding.split()[0]
    sentences = TRADITIONAL if "traditional" in encoding else sentences_for(codec)
    rng = random.Random(7)
    wrong = []
    snippets = [(s, rng.randrange(len(s.encode(codec)) // 2, len(s.encode(codec)))) for s in sentences * 3]
    for sentence, cut in snippets:
        data = sentence.encode(codec)[:cut]
        try:
            text, name = decode_bytes(data, where="x")
        except InputError:
            wrong.append((sentence, cut, "rejected"))
            continue
        if not same_text(data, codec, text):
            wrong.append((sentence, cut, name))
    assert len(wrong) <= 0.02 * len(snippets), wrong


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("增长8.2%".encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + "增长8.2%".encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + "增长8.2%".encode("utf-16-be"), "utf-16-be"),
        ("\ufeff增长8.2%".encode("gb18030"), "gb18030"),
    ],
)
def test_byte_order_mark_decides_and_is_removed(data, name):
    assert decode_bytes(data, where="x") == ("增长8.2%", name)


def test_names_and_plain_ascii():
    assert detect_encoding(SENTENCES[0].encode("gbk"), where="x") == "gb18030"
    assert detect_encoding(b"GDP 5.8%\r\n", where="x") == "utf-8"
    assert decode_bytes(b"a\r\nb\rc\n", where="x")[0] == "a\r\nb\rc\n"


def test_encoding_shows_behind_a_long_ascii_head():
    data = b"GDP 5.8\n" * 20000 + SENTENCES[0].encode("gb18030")
    assert decode_bytes(data, where="x") == ("GDP 5.8\n" * 20000 + SENTENCES[0], "gb18030")


def test_broken_bytes_in_utf8_are_replaced_and_counted():
    text = "\n".join(SENTENCES)
    data = bytearray(text.encode())
    place = len(SENTENCES[0].encode()) + 1 + data[len(SENTENCES[0].encode()) + 1 :].index("其".encode())
    data[place] = 0xFF
    ledger = Ledger()
    got, name = decode_bytes(bytes(data), where="a.txt", ledger=ledger)
    assert name == "utf-8"
    assert got.splitlines()[0] == SENTENCES[0]
    assert got.replace("\ufffd", "") == text.replace("其", "", 1)
    assert ledger.counts["undecodable_bytes"] == got.count("\ufffd") > 0
    assert ledger.examples["undecodable_bytes"] == [f"a.txt: byte {place} (utf-8)"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16-le"])
def test_cut_last_character_is_counted_once(encoding):
    sentence = sentences_for(encoding)[0]
    ledger = Ledger()
    text, _ = decode_bytes(sentence.encode(encoding)[:-1], where="x", ledger=ledger)
    assert text == sentence[:-1] + "\ufffd"
    assert ledger.counts["undecodable_bytes"] == 1


def test_replacement_characters_of_the_text_itself_do_not_count():
    ledger = Ledger()
    decode_bytes("坏字\ufffd\ufffd。全市增长".encode()[:-1], where="x", ledger=ledger)
    assert ledger.counts["undecodable_bytes"] == 1


@pytest.mark.parametrize(
    "data",
    [
        bytes(1000),
        b"\0\0\0\1" * 50 + b"abc",
        random.Random(1).randbytes(2000),
        random.Random(2).randbytes(64),
        bytes(range(256)) * 4,
        "Les données de l'été".encode("latin-1"),
    ],
)
def test_binary_junk_and_other_encodings_are_refused(data):
    with pytest.raises(InputError, match=r"^a\.bin: binary data.*--encoding"):
        decode_bytes(data, where="a.bin")


@pytest.mark.parametrize(("head", "what"), [(b"%PDF-1.7 ", "a PDF"), (b"PK\x03\x04", "zip"), (b"\x1f\x8b\x08", "gzip")])
def test_known_binary_formats_are_named(head, what):
    with pytest.raises(InputError, match=f"b: this is .*{what}.*convert"):
        decode_bytes(head + b"abc" * 100, where="b")


def test_given_encoding_is_used_and_must_fit():
    assert decode_bytes("été".encode("latin-1"), where="x", encoding="latin-1") == ("été", "latin-1")
    with pytest.raises(InputError, match=r"x: \d+ places are not utf-8, the first at byte 9; .*--encoding"):
        decode_bytes(b"1-10 " + SENTENCES[0].encode("gbk"), where="x", encoding="utf-8")


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(data):
    try:
        text, name = decode_bytes(data, where="x")
    except InputError:
        return
    text.encode(name, "replace")
    assert not text.startswith("\ufeff")


AUTHORED = Path(__file__).parents[3] / "shared" / "annotation" / "authored_dev.jsonl"


@pytest.mark.skipif(not AUTHORED.exists(), reason="needs the shared folder")
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb18030 traditional", "cp950", "big5hkscs", "utf-16-le"])
def test_accuracy_on_authored_paragraphs(encoding, record_property):
    codec = encoding.split()[0]
    convert = opencc.OpenCC("s2tw").convert if codec in ("cp950", "big5hkscs") or "trad" in encoding else str
    rng = random.Random(3)
    right = total = 0
    for line in AUTHORED.read_text(encoding="utf-8").splitlines():
        text = convert(json.loads(line)["text"])
        for length in (len(text), 8, 12, 20, 40, 80):
            start = rng.randrange(max(1, len(text) - length))
            data = text[start : start + length].encode(codec, "ignore")
            if data.isascii() and codec != "utf-16-le":
                continue
            total += 1
            with suppress(InputError):
                right += same_text(data, codec, decode_bytes(data, where="x")[0])
    record_property("accuracy", right / total)
    assert right >= 0.99 * total, f"{right} of {total}"
