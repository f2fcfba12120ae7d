"""The Label Studio ML backend protocol, with the requests of Label Studio 1.23 (label_studio/ml/api_connector.py)."""

import json

import pytest
from serve_examples import BEARER, PAGE, TEXT, doc

from zhibiao import Document, Extractor, RuleSystem
from zhibiao.annotate.interface import labeling_config
from zhibiao.annotate.tasks import to_prediction
from zhibiao.core.schema import default_schema

CONFIG = labeling_config(default_schema())
PROJECT = "3.1732233600"


def predict(client, tasks, config=CONFIG, **more):
    params = {"login": None, "password": None, "context": None}
    body = {"tasks": tasks, "project": PROJECT, "label_config": config, "params": params, **more}
    return client.post("/predict", json=body)


def setup(client, config):
    hidden = {"hostname": "http://localhost:8080", "access_token": "another-secret", "extra_params": None}
    return client.post("/setup", json={"project": PROJECT, "schema": config, **hidden})


def task(number, **data):
    return {"id": number, "data": data, "project": 3, "annotations": [], "predictions": []}


def test_health_as_label_studio_asks_for_it(rules):
    expected = {"status": "UP", "model_class": "zhibiao", "model_version": "rules-test"}
    assert rules.get("/health").json() == rules.get("/").json() == expected


def test_setup_tells_the_version(rules):
    assert setup(rules, CONFIG).json() == {"model_version": "rules-test"}
    assert rules.get("/versions").json() == {"versions": ["rules-test"]}


def test_one_prediction_a_task_with_spans_relations_and_attributes(rules):
    answer = predict(rules, [task(1, **PAGE), task(2, text="没有数字。")]).json()
    assert answer["model_version"] == "rules-test"
    first, second = answer["results"]
    assert first["model_version"] == "rules-test"
    assert 0 < first["score"] <= 1
    assert second["result"] == []
    spans = {item["id"]: item for item in first["result"] if item["type"] == "labels"}
    assert {item["value"]["text"] for item in spans.values()} >= {"8.3", "%", "规模以上工业增加值", "全省"}
    relations = [item for item in first["result"] if item["type"] == "relation"]
    assert relations
    assert all(item["from_id"] in spans and item["to_id"] in spans for item in relations)
    choices = [item for item in first["result"] if item["type"] == "choices"]
    assert {item["from_name"] for item in choices} == {"measure", "trend", "status", "bound"}


def test_predictions_are_those_that_push_sends_for_the_text_as_the_server_has_it(rules):
    text = "💩𠮷\r\n" + TEXT
    page = PAGE | {"text": text}
    (prediction,) = predict(rules, [task(1, **page)]).json()["results"]
    annotated = Extractor(RuleSystem()).extract(Document(**page)).to_annotated()
    assert prediction == to_prediction(annotated, model_version="rules-test", verbatim=True)
    shift = {item["value"]["start"] - text.index(item["value"]["text"]) for item in prediction["result"][:1]}
    assert shift <= {0, 2}  # in code points or in UTF-16, of the text with its line end


def test_a_task_that_fails_gets_no_prediction_and_the_others_theirs(rules):
    tasks = [task(1, words="no text"), task(2, **PAGE), {"id": 3}, 4]
    results = predict(rules, tasks).json()["results"]
    assert [bool(result) for result in results] == [False, True, False, False]
    assert results[0] == []


@pytest.mark.parametrize("identifier", [12.0, 0, True, ["a"], {"b": 1}, None, ""])
def test_any_id_of_a_task_gets_its_prediction(rules, identifier):
    (result,) = predict(rules, [task(1, **PAGE | {"id": identifier})]).json()["results"]
    assert result["result"]


def test_context_of_interactive_annotation_is_ignored(rules):
    context = {"params": {"context": {"result": []}}}
    assert predict(rules, [task(1, **PAGE)], **context).json() == predict(rules, [task(1, **PAGE)]).json()


@pytest.mark.parametrize("config", ["<View></View>", "<View><Text name='text' value='$text'/></View>", "no XML"])
def test_an_interface_that_does_not_fit_is_refused(rules, config):
    for answer in (setup(rules, config), predict(rules, [task(1, **PAGE)], config)):
        assert answer.status_code == 422
        assert "zhibiao annotate init" in answer.json()["error"]
        assert answer.json()["problems"]


@pytest.mark.parametrize("action", ["ANNOTATION_CREATED", "START_TRAINING", "whatever"])
def test_webhooks_are_counted_and_train_nothing(rules, action):
    counted = action if action != "whatever" else "other"
    answer = rules.post("/webhook", json={"action": action, "project": {"id": 3}, "annotation": doc("x")})
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert "zhibiao retrain" in answer.json()["message"]
    assert f'zhibiao_webhook_events_total{{action="{counted}"}} 1.0' in rules.get("/metrics").text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/predict", {}),
        ("/predict", {"tasks": "x"}),
        ("/predict", {"tasks": [], "label_config": CONFIG.ljust(1024 * 1024 + 1)}),
        ("/setup", {"schema": 7}),
        ("/setup", {"schema": "<View>\ud800</View>"}),
        ("/webhook", {"project": 3}),
        ("/webhook", {"action": "\ud800"}),
    ],
)
def test_malformed_calls(rules, path, body):
    content, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
    answer = rules.post(path, content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["problems"]


def test_predictions_that_fail_inside_are_empty(obedient):
    body = {"tasks": [{"id": 1, "data": doc("fail")}, {"id": 2, "data": doc("fine")}]}
    results = obedient.post("/predict", json=body, headers=BEARER).json()["results"]
    assert results[0] == []
    assert results[1]["result"] == []
