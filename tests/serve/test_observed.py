"""Request ids, logs, metrics and the description of the service."""

import io
import json
import logging

import pytest
from fastapi.testclient import TestClient
from serve_examples import BEARER, TEXT, TOKEN, doc, settings

from zhibiao.core.errors import ConfigError
from zhibiao.serve.app import create_app
from zhibiao.serve.logs import LOG, JsonFormatter


@pytest.fixture
def log():
    """What the service logs, a list of objects that grows."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    LOG.addHandler(handler)
    level = LOG.level
    LOG.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    LOG.removeHandler(handler)
    LOG.setLevel(level)


def figure(text, name):
    (line,) = [line for line in text.splitlines() if line.startswith(name + " ")]
    return float(line.split()[-1])


def test_a_plain_request_id_comes_back_and_another_is_replaced(obedient, log):
    given = obedient.get("/health", headers={"X-Request-ID": "trace-1.a:b"})
    assert given.headers["X-Request-ID"] == "trace-1.a:b"
    for bad in ("a b", "x" * 65, 'a"}', "ä".encode()):
        replaced = obedient.get("/health", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
        assert len(replaced) == 32
    assert log()[0]["request_id"] == "trace-1.a:b"


def test_each_request_is_one_log_line_without_text_or_token(rules, log):
    documents = [doc(TEXT), {"id": "bad"}]
    rules.post("/extract", json={"documents": documents}, headers={"X-Request-ID": "r1"})
    rules.post("/extract", json=doc(TEXT), headers={"Authorization": "Bearer not-the-token-at-all"})
    served, refused = log()
    assert served | {"time": 0, "milliseconds": 0} == {
        "time": 0, "level": "info", "logger": "zhibiao.serve", "event": "request", "request_id": "r1",
        "method": "POST", "route": "/extract", "status": 200, "milliseconds": 0, "documents": 2, "records": 3,
        "failed": 1, "failures": [{"id": "bad", "kind": "field"}],
    }  # fmt: skip
    assert refused["status"] == 401
    everything = json.dumps(log(), ensure_ascii=False)
    assert TOKEN not in everything
    assert "not-the-token" not in everything
    assert TEXT[:6] not in everything
    assert TOKEN not in repr(settings())


def test_what_a_client_names_is_cut_in_the_log(rules, log):
    rules.post("/extract", json={"documents": [{"id": "名" * 1000}]})
    rules.post("/setup", json={"project": "p" * 1000, "schema": "<View/>"})
    rules.request("M" * 1000, "/health")
    assert max(len(value) for entry in log() for value in entry.values() if isinstance(value, str)) <= 64
    assert [len(one["id"]) for entry in log() for one in entry.get("failures", ())] == [64]


def test_metrics_count_requests_documents_and_records(rules):
    before = rules.get("/metrics").text
    rules.post("/extract", json={"documents": [doc(TEXT), {"id": "bad"}]})
    rules.get("/some/secret/path")
    answer = rules.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    after = answer.text

    def gained(name):
        return figure(after, name) - (figure(before, name) if name in before else 0)

    assert gained('zhibiao_requests_total{route="/extract",status="200"}') == 1
    assert gained('zhibiao_requests_total{route="other",status="404"}') == 1
    assert gained('zhibiao_request_seconds_count{route="/extract"}') == 1
    assert gained('zhibiao_documents_total{outcome="done"}') == 1
    assert gained('zhibiao_documents_total{outcome="failed"}') == 1
    assert gained("zhibiao_records_total") == 3
    assert figure(after, "zhibiao_queue_depth") == 0
    assert figure(after, "zhibiao_requests_in_flight") == 1  # this one
    assert figure(after, "zhibiao_workers_busy") == 0
    assert 'zhibiao_model_info{model_version="rules-test"} 1.0' in after
    assert "secret" not in after


def test_the_description_has_every_route_its_statuses_and_examples(rules):
    description = rules.get("/openapi.json").json()
    paths = description["paths"]
    assert set(paths) == {"/extract", "/health", "/metrics", "/setup", "/predict", "/webhook", "/versions"}
    assert set(paths["/extract"]["post"]["responses"]) == {"200", "401", "408", "413", "422", "500", "503", "504"}
    assert all("401" in one["responses"] for operations in paths.values() for one in operations.values())
    assert "503" in paths["/setup"]["post"]["responses"]
    schemas = description["components"]["schemas"]
    assert schemas["DocumentIn"]["examples"][0]["city"] == "宜昌市"
    assert schemas["PredictIn"]["examples"][0]["tasks"][0]["data"]["id"] == "page-1"
    assert paths["/extract"]["post"]["security"] == [{"bearer": []}, {"basic": []}]
    assert paths["/health"]["get"]["security"] == []
    for example in (schemas["DocumentIn"]["examples"][0], schemas["BatchIn"]["examples"][0]):
        (result,) = rules.post("/extract", json=example).json()["results"]
        assert len(result["records"]) == 2
    (prediction,) = rules.post("/predict", json=schemas["PredictIn"]["examples"][0]).json()["results"]
    assert prediction["result"]


def test_without_a_token_everybody_is_served_and_the_description_asks_for_none():
    client = TestClient(create_app(settings(token="")))  # not started: no route here needs a worker
    assert client.get("/versions").json() == {"versions": ["test-1"]}
    assert "securitySchemes" not in client.get("/openapi.json").json()["components"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"token": "short"}, "16 are expected"),
        ({"token": "口令" * 10}, "ASCII"),
        ({"token": "two\nlines-of-a-token"}, "one line"),
        ({"request_timeout_s": float("nan")}, "request_timeout_s"),
        ({"workers": 0}, "workers 0"),
        ({"work_timeout_s": 0}, "work_timeout_s"),
        ({"held_bodies": 0}, "held_bodies 0"),
        ({"model_version": ""}, "model_version"),
    ],
)
def test_settings_that_cannot_work(changes, message):
    with pytest.raises(ConfigError, match=message):
        settings(**changes)


def test_the_token_is_asked_for_with_both_schemes(obedient):
    assert obedient.get("/metrics", headers=BEARER).status_code == 200
    assert obedient.get("/metrics").headers["WWW-Authenticate"].count("realm") == 2
