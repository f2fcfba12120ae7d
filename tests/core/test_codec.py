"""The JSON Lines form: what goes in comes out; what is wrong is named."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.core.codec import decode, dumps, encode, read_annotated
from zhibiao.core.errors import AnnotationError, InputError
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.spans import RawSpan

EXAMPLE = {
    "id": "yangzhou-01#1",
    "text": "1至8月,全市在建亿元以上工业项目共计146个,较1至7月增加12个。",
    "meta": {"city": "扬州市", "date": "2024-09-20", "source": "news"},
    "entities": [
        {"id": "T1", "label": "VALUE", "start": 19, "end": 22},
        {"id": "T2", "label": "UNIT", "start": 22, "end": 23},
    ],
    "relations": [{"head": "T1", "tail": "T2", "type": "unit"}],
    "attributes": [{"entity": "T1", "measure": "level", "trend": "none", "status": "actual", "bound": "exact"}],
}


def test_the_example_of_the_guideline_survives_both_ways():
    assert encode(decode(EXAMPLE)) == EXAMPLE


@st.composite
def annotated_texts(draw):
    text = draw(st.text(min_size=1, max_size=40))
    entities = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        score = draw(st.none() | st.sampled_from([0.0, 0.25, 1.0]))
        surface = draw(st.none() | st.text(max_size=5))
        entities.append(
            RawEntity(f"T{number}", draw(st.sampled_from(["VALUE", "UNIT"])), RawSpan(start, end), surface, score)
        )
    ids = [entity.id for entity in entities]
    relations = [Relation(draw(st.sampled_from(ids)), draw(st.sampled_from(ids)), "unit")] if ids else []
    attributes = [Attributes(ids[0], "level", "none", "actual", "exact")] if ids else []
    meta = {"city": draw(st.text(max_size=5))}
    return AnnotatedText(draw(st.text()), text, meta, tuple(entities), tuple(relations), tuple(attributes))


@given(annotated_texts())
def test_round_trip_is_the_identity_and_a_line_is_one_line(annotated):
    line = dumps(annotated)
    line.encode("utf-8")
    assert "\n" not in line
    assert decode(json.loads(line)) == annotated


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, "id and text are strings"),
        ({"text": 5}, "id and text are strings"),
        ({"entities": [{"id": "T1", "label": "VALUE", "start": 0}]}, "'end' is missing"),
        ({"entities": [{"id": "T1", "label": "VALUE", "start": 4, "end": 4}]}, "0 <= start < end"),
        ({"entities": 3}, "wrong type"),
        ({"entities": [{"id": "T1", "label": "VALUE", "start": 0.5, "end": 2}]}, "start cannot be 0.5"),
        ({"entities": [{"id": ["T1"], "label": "VALUE", "start": 0, "end": 2}]}, "id cannot be"),
        ({"attributes": [{"entity": "T1", "trend": None}]}, "trend cannot be None"),
        ({"relations": [{"head": "T1", "type": "unit"}]}, "'tail' is missing"),
        ({"meta": [1]}, "wrong type"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(AnnotationError, match=message):
        decode({**EXAMPLE, **change})


@pytest.mark.parametrize("line", ['{"id": "浙"}'.encode("gb18030"), b"[" * 100_000, b"9" * 5000])
def test_a_line_that_cannot_be_decoded_is_located(tmp_path, line):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(json.dumps(EXAMPLE).encode() + b"\n" + line)
    with pytest.raises(AnnotationError, match=r"gold\.jsonl:2: "):
        list(read_annotated(path))


def test_the_byte_order_mark_of_windows_tools_is_no_part_of_a_line(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(codecs.BOM_UTF8 + json.dumps(EXAMPLE).encode())
    assert [text.id for text in read_annotated(path)] == ["yangzhou-01#1"]


def test_a_broken_line_is_located(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(EXAMPLE) + "\n\n{broken\n", encoding="utf-8")
    reader = read_annotated(path)
    assert next(reader).id == "yangzhou-01#1"
    with pytest.raises(AnnotationError, match=r"gold\.jsonl:3: .*zhibiao check"):
        next(reader)


def test_a_file_that_cannot_be_opened_is_said_to_be_so(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read: .*name a JSON Lines file"):
        next(read_annotated(tmp_path / "none.jsonl"))
