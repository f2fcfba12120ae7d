"""An annotated text that goes to Label Studio and comes back is the same text, whatever it is."""

import json
import random

import pytest
from annotate_examples import EXAMPLE, SCHEMA, SOME, documents
from hypothesis import example, given
from hypothesis import strategies as st

from zhibiao.annotate.sent import SentText
from zhibiao.annotate.tasks import from_task, to_prediction, to_task
from zhibiao.core.codec import dumps
from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.core.spans import RawSpan


def through_json(task):
    return json.loads(json.dumps(task, ensure_ascii=False).encode("utf-8"))


# Spans that touch line ends of two characters on both sides.
BETWEEN_LINES = AnnotatedText(
    "a#1",
    "一\r\n5.7\r\n%\r3\r\n",
    {},
    (
        RawEntity("T1", "VALUE", RawSpan(3, 6)),
        RawEntity("T2", "UNIT", RawSpan(8, 9)),
        RawEntity("T3", "VALUE", RawSpan(10, 11)),
    ),
)


@pytest.mark.parametrize("kind", ["annotations", "predictions"])
@SOME
@given(document=documents())
@example(document=BETWEEN_LINES)
def test_the_trip_is_the_identity(kind, document):
    pulled = from_task(through_json(to_task(document, as_=kind, model_version="rules")), of=kind)
    assert pulled.texts == (document,)
    assert dumps(pulled.texts[0]) == dumps(document)
    assert not pulled.problems


@SOME
@given(document=documents(), seed=st.randoms(use_true_random=False))
def test_the_order_of_results_does_not_matter(document, seed):
    task = to_task(document, as_="annotations")
    seed.shuffle(task["annotations"][0]["result"])
    assert from_task(task).texts == (document,)


@SOME
@given(document=documents(), seed=st.integers())
def test_ids_that_a_page_makes_become_the_next_free_ones_and_nothing_else_changes(document, seed):
    """What a person does who marks a text anew: every region has a random id, offsets are the same."""
    task = to_task(document, as_="annotations")
    task["data"].pop("kept", None)
    made, rng = {}, random.Random(seed)
    for item in task["annotations"][0]["result"]:
        for key in {"id", "from_id", "to_id"} & item.keys():
            item[key] = made.setdefault(item[key], f"{rng.getrandbits(60):012x}")
    (text,), problems = (pulled := from_task(task)).texts, pulled.problems
    by_span = sorted(document.entities, key=lambda entity: entity.span)
    name = {entity.id: f"T{number}" for number, entity in enumerate(by_span, 1)}
    assert not problems
    assert [(e.id, e.label, e.span, e.score) for e in text.entities] == [
        (name[e.id], e.label, e.span, e.score) for e in by_span
    ]
    assert {(r.head, r.tail, r.type) for r in text.relations} == {
        (name[r.head], name[r.tail], r.type) for r in document.relations
    }
    assert len(text.relations) == len(document.relations)
    assert {a.entity for a in text.attributes} == {name[a.entity] for a in document.attributes}


@SOME
@given(document=documents())
def test_the_text_that_is_sent_has_one_kind_of_line_end_and_every_offset_covers_the_same(document):
    data = to_task(document, as_="annotations")["data"]
    assert "\r" not in data["text"]
    assert data["text"].split("\n") == document.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    sent = SentText(document.text)
    for entity in document.entities:
        start, end = sent.to_sent(entity.span)
        covered = document.text[entity.span.start : entity.span.end].replace("\r\n", "\n").replace("\r", "\n")
        assert sent.text[start:end] == covered
        assert sent.to_original(start, end) == entity.span


@SOME
@given(text=st.lists(st.sampled_from(["\r\n", "\r", "\n", "a", "💩"]), max_size=30).map("".join))
def test_line_ends_are_put_back(text):
    sent = SentText(text)
    assert SentText.received(sent.text, sent.line_ends).original == text


@SOME
@given(document=documents())
def test_what_is_sent_again_is_the_same(document):
    task = to_task(document, as_="predictions", model_version="m")
    (pulled,) = from_task(task, of="predictions").texts
    assert to_task(pulled, as_="predictions", model_version="m") == task


def test_an_example_as_the_server_gets_it():
    task = to_task(EXAMPLE, as_="predictions", model_version="rules 1.0", score=0.5)
    assert task["data"]["text"] == EXAMPLE.text
    assert task["data"]["id"] == "yangzhou-01#1"
    assert task["data"]["city"] == "扬州市"
    assert "kept" not in task["data"]
    prediction = task["predictions"][0]
    assert (prediction["model_version"], prediction["score"]) == ("rules 1.0", 0.5)
    value = {"start": 19, "end": 22, "text": "146"}
    where = {"id": "T4", "to_name": "text"}
    assert prediction["result"][3:5] == [
        {**where, "from_name": "label", "type": "labels", "value": {**value, "labels": ["VALUE"]}},
        {**where, "from_name": "measure", "type": "choices", "value": {**value, "choices": ["level"]}},
    ]
    assert prediction["result"][-1] == {
        "type": "relation",
        "from_id": "T7",
        "to_id": "T6",
        "direction": "right",
        "labels": ["baseline"],
    }
    assert {item.get("from_name") for item in prediction["result"]} == {None, "label", *SCHEMA.attributes}


def test_two_relations_of_the_same_regions_are_one_result_because_a_page_drops_the_second():
    text = EXAMPLE
    both = type(EXAMPLE.relations[0])("T7", "T6", "region")
    text = type(text)(text.id, text.text, text.meta, text.entities, (*text.relations, both), text.attributes)
    task = to_task(text, as_="annotations")
    linked = [r for r in task["annotations"][0]["result"] if r["type"] == "relation"]
    assert [r["labels"] for r in linked if r["to_id"] == "T6"] == [["baseline", "region"]]
    assert from_task(task).texts == (text,)


def test_the_score_of_a_prediction_is_the_mean_of_its_entities():
    scored = [type(e)(e.id, e.label, e.span, None, n / 10) for n, e in enumerate(EXAMPLE.entities[:3])]
    text = type(EXAMPLE)("a#1", EXAMPLE.text, {}, tuple(scored))
    assert to_prediction(text, model_version="m")["score"] == pytest.approx(0.1)
    assert [item["score"] for item in to_prediction(text, model_version="m")["result"]] == [0.0, 0.1, 0.2]
    assert "score" not in to_prediction(EXAMPLE, model_version="m")


def test_a_prediction_for_a_text_that_is_on_the_server_keeps_its_line_ends():
    text = type(EXAMPLE)("a#1", "一\r\n二5.7%", {}, (type(EXAMPLE.entities[0])("T1", "VALUE", RawSpan(4, 7)),))
    (region,) = to_prediction(text, model_version="m", verbatim=True)["result"]
    assert (region["value"]["start"], region["value"]["end"], region["value"]["text"]) == (4, 7, "5.7")
    task = {"id": 5, "data": {"text": text.text, "id": "a#1"}, "predictions": [{"result": [region]}]}
    assert from_task(task, of="predictions").texts == (text,)
