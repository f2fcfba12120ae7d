"""Every request that is not served gets the right status, a reason and its id, and takes nobody else down."""

import asyncio
import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from serve_examples import BEARER, TOKEN, doc, settings

from zhibiao.serve.app import create_app
from zhibiao.serve.body import BodyLimit
from zhibiao.serve.jobs import Job
from zhibiao.serve.metrics import Metrics
from zhibiao.serve.pool import WorkerPool

JSON = BEARER | {"Content-Type": "application/json"}
PROTECTED = [("POST", "/extract"), ("POST", "/setup"), ("POST", "/predict"), ("POST", "/webhook")]
PROTECTED += [("GET", "/metrics"), ("GET", "/versions"), ("GET", "/nowhere")]


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def extract(client, text, **options):
    return client.post("/extract", json=doc(text), headers=BEARER, **options)


def served_again(client):
    """Whether the service answers, as soon as its new worker has started."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if extract(client, "fine").status_code == 200:
            return True
    return False


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    return answer.json()["error"]


@pytest.mark.parametrize(("method", "path"), PROTECTED)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": TOKEN},
        {"Authorization": f"Digest {TOKEN}"},
        {"Authorization": "Basic ÄÖ"},
        {"Authorization": "Basic " + base64.b64encode(TOKEN.encode()).decode()},
        basic("anybody", "wrong"),
        basic(TOKEN, ""),
    ],
)
def test_without_the_token_nothing_is_served(obedient, method, path, headers):
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = obedient.request(method, path, headers=encoded, content=b"{}")
    assert "token" in refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("headers", [BEARER, basic("label-studio", TOKEN), {"Authorization": f"bearer  {TOKEN}"}])
def test_the_token_may_come_as_bearer_or_as_a_password(obedient, headers):
    assert obedient.post("/extract", json=doc("fine"), headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/health", "/openapi.json", "/docs"])
def test_open_paths_need_no_token_but_check_one_that_is_sent(obedient, path):
    assert obedient.get(path).status_code == 200
    assert obedient.get(path, headers=BEARER).status_code == 200
    refused(obedient.get(path, headers=basic("label-studio", "wrong")), 401)


def test_unknown_paths_and_methods(obedient):
    refused(obedient.get("/nowhere", headers=BEARER), 404)
    refused(obedient.get("/extract", headers=BEARER), 405)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "body"),
        (b"{", "JSON"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b'{"title": "x"}', "text"),
        (b'{"text": 7}', "text"),
        (b'{"documents": {}}', "documents"),
        (b'{"documents": [], "unknown": 1}', "unknown"),
        ('{"text": "全市"}'.encode("gb18030"), "UTF-8"),
        (b"[" * 15_000, "nesting"),
        (b'{"text": "x", "meta": {"a": ' + b"[" * 600 + b"]" * 600 + b"}}", "nested"),
    ],
)
def test_malformed_bodies(obedient, body, place):
    answer = obedient.post("/extract", content=body, headers=JSON)
    refused(answer, 422)
    assert place in json.dumps(answer.json())


def test_a_malformed_body_is_not_sent_back(obedient):
    answer = obedient.post("/extract", content=b'{"text": ["a secret"]}', headers=JSON)
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_malformed_options_and_types(obedient):
    refused(obedient.post("/extract?min_confidence=2", json=doc("fine"), headers=BEARER), 422)
    for headers in (BEARER, BEARER | {"Content-Type": "application/x-www-form-urlencoded"}):  # curl's for --data
        answer = obedient.post("/extract", content=b'{"text": "fine"}', headers=headers)
        refused(answer, 422)
        assert "application/json is expected" in answer.json()["problems"][0]


def test_too_large_by_its_declared_size(obedient):
    answer = extract(obedient, "大" * 10_000)
    assert "20000 bytes" in refused(answer, 413)


def test_too_large_without_a_declared_size(obedient):
    def parts():
        for _ in range(30):
            yield b" " * 1000

    answer = obedient.post("/extract", content=parts(), headers=JSON)
    assert "Content-Length" not in answer.request.headers
    refused(answer, 413)


def test_the_largest_body_is_served(obedient):
    body = json.dumps(doc("x")).encode().ljust(20_000)
    assert obedient.post("/extract", content=body, headers=JSON).status_code == 200


def test_too_many_documents(obedient):
    documents = {"documents": [doc("fine")] * 6}
    assert "at most 5" in refused(obedient.post("/extract", json=documents, headers=BEARER), 413)
    tasks = {"tasks": [{"id": 1, "data": doc("fine")}] * 6}
    assert "at most 5" in refused(obedient.post("/predict", json=tasks, headers=BEARER), 413)


def test_work_that_takes_too_long_is_ended_and_the_next_request_served(obedient):
    started = time.monotonic()
    assert "not done within 2 s" in refused(extract(obedient, "sleep 30"), 504)
    assert time.monotonic() - started < 20
    assert served_again(obedient)


def test_a_worker_that_dies_costs_its_request_only(obedient):
    assert served_again(obedient)
    assert "exit code 7" in refused(extract(obedient, "exit"), 500)
    assert served_again(obedient)
    figures = obedient.get("/metrics", headers=BEARER).text
    assert 'zhibiao_worker_errors_total{reason="died"} 1.0' in figures


def test_a_full_queue_and_a_long_wait_send_clients_away(obedient):
    assert served_again(obedient)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: extract(obedient, "sleep 1.2"), range(6)))
    # One is answered, one begun too late to be done in 2 s, one not begun in that time, three sent away at once.
    assert sorted(answer.status_code for answer in answers) == [200, 503, 503, 503, 503, 504]
    busy = [answer for answer in answers if answer.status_code == 503]
    assert sorted("waiting already" in refused(answer, 503) for answer in busy) == [False, True, True, True]
    assert sorted("no worker was free" in refused(answer, 503) for answer in busy) == [False, False, False, True]
    assert all(answer.headers["Retry-After"] == "5" for answer in busy)
    assert served_again(obedient)
    assert "zhibiao_queue_depth 0.0" in obedient.get("/metrics", headers=BEARER).text


def test_work_for_a_client_that_left_is_given_up(tmp_path):
    """A client with a short timeout that asks again and again must not keep the workers from those who wait."""
    service = create_app(settings(token=""))
    pool, begun = service.state.pool, tmp_path / "begun"

    async def run():
        waits = asyncio.create_task(pool.run([Job("extract", (doc("sleep 1"),), "v")]))
        await asyncio.sleep(0.1)
        body = [part(json.dumps(doc(f"meet {begun} {begun}")).encode(), more=False)]
        sent = await _call(service, body, path="/extract", headers=[(b"content-type", b"application/json")])
        left = not waits.done(), pool.waiting
        await waits
        await pool.run([Job("extract", (doc("fine"),), "v")])
        return left, sent

    pool.start()
    try:
        left, sent = asyncio.run(run())
    finally:
        pool.close()
    assert left == (True, 0)
    assert sent[0]["status"] == 499
    assert not begun.exists()


async def _call(layer, messages, *, path="/", delay=0.0, headers=()):
    """Status and sent messages of one request at ``layer``, whose body comes as ``messages``."""
    sent = []

    async def receive():
        await asyncio.sleep(delay)
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": list(headers)}
    scope |= {"state": {"request_id": "r"}}
    await layer(scope, receive, send)
    return sent


def _layer(application=None, **changes):
    values = settings(**changes)

    async def read_all(scope, receive, send):
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return BodyLimit(application or read_all, settings=values, metrics=Metrics(WorkerPool(values), "v"))


def part(body, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_that_comes_too_slowly():
    sent = asyncio.run(_call(_layer(body_timeout_s=0.05), [part(b"x"), part(b"y")], delay=0.04))
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_client_that_leaves_gets_no_answer():
    assert asyncio.run(_call(_layer(), [part(b"x"), {"type": "http.disconnect"}])) == []


def test_bodies_share_the_memory_for_all():
    async def run():
        entered, leave = asyncio.Event(), asyncio.Event()

        async def hold(scope, receive, send):
            entered.set()
            await leave.wait()

        layer = _layer(hold, max_body_bytes=100, held_bodies=1)
        first = asyncio.create_task(_call(layer, [part(b"x" * 100, more=False)]))
        await entered.wait()
        second = await _call(layer, [part(b"x" * 100, more=False)])
        leave.set()
        await first
        third = asyncio.create_task(_call(layer, [part(b"x" * 100, more=False)]))
        return second, await third

    second, third = asyncio.run(run())
    assert second[0]["status"] == 503
    assert (b"retry-after", b"5") in second[0]["headers"]
    assert third == []


def test_a_refused_body_is_read_to_its_end_unless_it_is_huge():
    messages = [part(b"x" * 10) for _ in range(3)] + [part(b"", more=False)]
    sent = asyncio.run(_call(_layer(max_body_bytes=10), messages))
    assert sent[0]["status"] == 413
    assert messages == []
    assert (b"connection", b"close") not in sent[0]["headers"]
    huge = [part(b"x" * 10)]
    sent = asyncio.run(_call(_layer(max_body_bytes=10), huge, headers=[(b"content-length", b"1000")]))
    assert sent[0]["status"] == 413
    assert len(huge) == 1
    assert (b"connection", b"close") in sent[0]["headers"]
