"""Push, pull and status against a server in memory: what is sent, and what is made of its faults."""

import json
import logging
import shutil
import ssl
import subprocess
import sys
import traceback
from dataclasses import replace

import pytest
from annotate_examples import EXAMPLE, SCHEMA
from fake_server import TOKEN, FakeLabelStudio, running

from zhibiao.annotate.calls import MissingError, RefusedError
from zhibiao.annotate.connect import ConnectOptions
from zhibiao.annotate.credentials import Token, read_token
from zhibiao.annotate.interface import labeling_config
from zhibiao.annotate.policies import Policy
from zhibiao.annotate.pull import PullOptions, PullSummary, convert, next_since, parse_since, project_tasks
from zhibiao.annotate.push import Pushed, PushOptions, push
from zhibiao.annotate.results import to_results
from zhibiao.annotate.setup import require_interface, set_up
from zhibiao.annotate.status import project_status
from zhibiao.annotate.tasks import task_data
from zhibiao.core.errors import ConfigError, ServerError

pytest.importorskip("label_studio_sdk")

from zhibiao.annotate.client import LabelStudioServer

TEXTS = [replace(EXAMPLE, id=f"a#{number}", text=EXAMPLE.text + "。" * number) for number in range(7)]


@pytest.fixture
def fake():
    with running() as (fake, url):
        fake.url = url
        fake.projects[1] = {
            "id": 1,
            "title": "p",
            "label_config": labeling_config(SCHEMA),
            "model_version": "",
            "maximum_annotations": 1,
        }
        fake._last = 100
        yield fake


@pytest.fixture
def waits():
    return []


@pytest.fixture
def server(fake, waits):
    return connect(fake.url, sleep=waits.append)


def connect(url, *, token=TOKEN, **options):
    return LabelStudioServer(url, Token(token, "LABEL_STUDIO_API_KEY"), ConnectOptions(**options))


def send(server, texts=TEXTS, version="m1", batch=3):
    faults = []
    *_, pushed = push(server, 1, texts, PushOptions(version, batch=batch), report=faults.append)
    return pushed, faults


def take(server, policy=Policy.LATEST, since=None):
    summary, problems = PullSummary(), []
    options = PullOptions(policy, since=since)
    rows = list(convert(project_tasks(server, 1, since=since), options, summary, report=problems.append))
    return rows, summary, problems


# Push


def test_push_creates_a_task_with_a_prediction_for_each_text_once(fake, server):
    pushed, faults = send(server)
    assert (pushed, faults) == (Pushed(created=7), [])
    assert fake.ids() == [text.id for text in TEXTS]
    first = fake.task(next(iter(fake.tasks)))
    assert first["data"] == task_data(TEXTS[0])
    assert first["predictions"][0]["result"] == to_results(TEXTS[0])
    assert fake.projects[1]["model_version"] == "m1"
    before = json.dumps([fake.tasks, fake.predictions])
    assert send(server) == (Pushed(unchanged=7), [])
    assert json.dumps([fake.tasks, fake.predictions]) == before


def test_push_in_batches(fake, server):
    send(server, batch=3)
    assert [path for method, path in fake.requests if method == "POST"] == ["/api/projects/1/import"] * 3


def test_push_of_another_version_adds_it_and_of_the_same_replaces_what_differs(fake, server):
    send(server)
    assert send(server, version="m2")[0] == Pushed(updated=7)
    assert fake.projects[1]["model_version"] == "m2"
    changed = [replace(TEXTS[0], entities=(), relations=(), attributes=()), *TEXTS[1:]]
    assert send(server, changed)[0] == Pushed(updated=1, unchanged=6)
    [number] = [task["id"] for task in fake.tasks.values() if task["data"]["id"] == "a#0"]
    mine = fake.task(number)["predictions"]
    assert [(p["model_version"], len(p["result"])) for p in mine] == [("m2", len(to_results(TEXTS[0]))), ("m1", 0)]


def test_push_without_predictions(fake, server):
    assert send(server, version=None)[0] == Pushed(created=7)
    assert send(server, version=None)[0] == Pushed(unchanged=7)
    assert not fake.predictions
    assert send(server)[0] == Pushed(updated=7)


def test_push_leaves_out_what_cannot_be_sent(fake, server):
    fake.add_task(1, {**task_data(TEXTS[0]), "text": "改过的正文"})
    fake.add_task(1, {"text": "别人的任务"})
    texts = [*TEXTS[:3], TEXTS[2], replace(TEXTS[3], text="x")]
    pushed, faults = send(server, texts)
    assert pushed == Pushed(created=2, skipped=3)
    assert [(fault.code, fault.id) for fault in faults] == [
        ("other-text", "a#0"),
        ("duplicate-id", "a#2"),
        ("unsendable", "a#3"),
    ]
    assert str(faults[0]).startswith("task 101 id=a#0: error other-text: the task has another text")


@pytest.mark.parametrize("known", [False, True])
def test_a_text_that_the_server_refuses_does_not_stop_the_others(fake, server, known):
    if known:
        send(server, version="m0")
    fake.refuse = lambda data: data["id"] == "a#4"
    pushed, [fault] = send(server)
    assert pushed == (Pushed(updated=6, skipped=1) if known else Pushed(created=6, skipped=1))
    assert (fault.code, fault.id, "refused data" in fault.message) == ("refused", "a#4", True)


def test_requests_that_are_too_large_are_halved(fake, server):
    fake.limit = 3 * len(json.dumps(to_results(TEXTS[0])))
    assert send(server, batch=7)[0] == Pushed(created=7)
    assert fake.ids() == [text.id for text in TEXTS]


@pytest.mark.parametrize("fault", ["before", "after", (503, {"detail": "busy"}), (500, "<h1>database is locked</h1>")])
@pytest.mark.parametrize("request_", [("POST", "import$"), ("GET", "tasks"), ("PATCH", "projects")])
def test_passing_faults_neither_lose_nor_double_a_text(fake, server, waits, fault, request_):
    fake.fail(*request_, fault, fault)
    assert send(server) == (Pushed(created=7), [])
    assert sorted(fake.ids()) == [text.id for text in TEXTS]
    assert waits == pytest.approx([1, 1] if request_[0] == "POST" and fault == "after" else [1, 2], rel=0.11)


@pytest.mark.parametrize("fault", ["before", "after"])
def test_passing_faults_do_not_double_predictions(fake, server, fault):
    send(server, version="m0")
    fake.fail("POST", "import/predictions", fault)
    fake.fail("DELETE", "predictions", fault)
    assert send(server)[0] == Pushed(updated=7)
    changed = [replace(text, entities=(), relations=(), attributes=()) for text in TEXTS]
    fake.fail("DELETE", "predictions", fault)
    assert send(server, changed)[0] == Pushed(updated=7)
    assert sorted(p["model_version"] for p in fake.predictions.values()) == ["m0"] * 7 + ["m1"] * 7


def test_an_import_that_is_carried_out_late_leaves_no_doubles(fake, server):
    # The first import is answered with an error and has not taken effect yet when the push looks again.
    fake.fail("POST", "import$", "after")
    listing = fake.get_tasks
    seen = []

    def late(match, query, body):
        seen.append(1)
        return (200, {"tasks": [], "total": 0}) if len(seen) == 2 else listing(match, query, body)

    fake.ROUTES = tuple(
        (method, pattern, (lambda _, *rest: late(*rest)) if action is FakeLabelStudio.get_tasks else action)
        for method, pattern, action in fake.ROUTES
    )
    assert send(server)[0] == Pushed(created=7, removed=3)
    assert sorted(fake.ids()) == [text.id for text in TEXTS]


def test_doubles_that_were_worked_on_are_kept_and_named(fake, server):
    data = [task_data(text) for text in TEXTS]
    worked = [fake.add_task(1, data[0], [{"result": []}]), fake.add_task(1, data[0], drafts=[{"result": []}])]
    fake.add_task(1, data[0])
    idle, busy = fake.add_task(1, data[1]), fake.add_task(1, data[1], [{"result": []}])
    pushed, [fault] = send(server)
    assert (pushed.removed, pushed.created) == (2, 5)
    assert {*worked, busy} <= fake.tasks.keys()
    assert idle not in fake.tasks
    assert (fault.code, fault.id) == ("duplicate-task", "a#0")


def test_a_lost_server_is_named_and_a_second_push_completes_the_first(fake, server, waits):
    with pytest.raises(ServerError, match=r"importing tasks into project 1: no answer after 5 attempts .*again"):
        for pushed in push(server, 1, TEXTS, PushOptions("m1", batch=3), report=pytest.fail):
            if pushed.created == 3:
                fake.fail("POST", "import$", *["before"] * 5)
    assert waits == pytest.approx([1, 2, 4, 8], rel=0.11)
    assert (pushed.created, len(fake.tasks)) == (3, 3)
    assert send(server)[0] == Pushed(created=4, unchanged=3)


def test_imports_in_the_background_are_waited_for(fake, server, waits):
    fake.editions_import = ["in_progress", "completed"]
    assert send(server, TEXTS[:1])[0] == Pushed(created=1)
    assert waits == [1]
    fake.editions_import = ["failed"]
    with pytest.raises(RefusedError, match="no space left"):
        server.import_tasks(1, [{"data": task_data(TEXTS[1])}], before_repeating=list)


def test_tasks_that_vanish_during_a_push_are_missed(fake, server):
    with pytest.raises(ServerError, match=r"7 of the 7 new tasks are gone: a#0, a#1"):
        for _ in push(server, 1, TEXTS, PushOptions(None), report=pytest.fail):
            fake.tasks.clear()


# Answers of the server


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        ((403, {"detail": "You do not have permission"}), ServerError, "may not do this .You do not have permission"),
        ((404, {"detail": "Not found."}), MissingError, "no such thing on this server"),
        ((301, None, {"Location": "https://label.example.com/api"}), ServerError, "another .https://label.example.com"),
        ((200, "<html>Sign in</html>"), ServerError, "is not how Label Studio answers .<html>Sign in"),
        ((418, {"detail": "teapot"}), ServerError, "status 418"),
        ((400, {"detail": "x", "validation_errors": {"title": ["empty"]}}), RefusedError, r"refused: .*title.*empty"),
    ],
)
def test_answers_that_do_not_help_are_one_sentence(fake, server, waits, fault, kind, told):
    fake.fail("GET", "projects/1", fault)
    with pytest.raises(kind, match=rf"{fake.url}/: reading project 1: .*{told}"):
        server.project(1)
    assert waits == []


def test_a_busy_server_says_how_long_to_wait(fake, server, waits):
    fake.fail("GET", "projects/1", (429, {"detail": "slow down"}, {"Retry-After": "17"}))
    assert server.project(1).title == "p"
    assert waits == [17]


def test_a_server_that_is_not_there(waits):
    server = connect("http://127.0.0.1:9", sleep=waits.append, attempts=2)
    with pytest.raises(ServerError, match=r"no answer after 2 attempts \(ConnectError.*\); check the address"):
        server.version()


def test_the_token_is_in_no_message_traceback_or_log(fake, waits, caplog):
    secret = "fedcba9876543210fedcba9876543210fedcba98"
    caplog.set_level(logging.DEBUG)
    server = connect(fake.url, token=secret, sleep=waits.append)
    fake.fail("GET", "whoami", (400, {"detail": f"Token {secret} is odd"}))
    told = [repr(Token(secret, "x"))]
    for action in (server.whoami, lambda: server.project(1), lambda: send(server)):
        with pytest.raises(ServerError) as caught:
            action()
        assert caught.value.__context__ is caught.value.__cause__ is None
        told += traceback.format_exception(caught.value)
    assert "LABEL_STUDIO_API_KEY is not accepted (Invalid token.)" in told[-1]
    assert secret not in "".join(told) + caplog.text
    assert "Token *** is odd" in "".join(told)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("label.example.com", "an address such as"),
        ("ftp://label.example.com", "an address such as"),
        ("https://me:secret@label.example.com", "leave user and password out"),
        ("https://label.example.com/projects/7/data", "not that of a page"),
    ],
)
def test_addresses_that_cannot_be_right(url, told):
    with pytest.raises(ConfigError, match=told) as caught:
        connect(url)
    assert "secret" not in str(caught.value)


def test_an_address_keeps_its_path(fake):
    with pytest.raises(MissingError):
        connect(f"{fake.url}/label-studio").project(1)
    assert fake.requests == [("GET", "/label-studio/api/projects/1/")]


def test_an_address_that_is_none_of_label_studio(fake, server):
    page = "<!doctype html><html><head><title> Not found </title></head></html>"
    fake.fail(
        "GET", "projects/1/", (404, page), (404, None), (301, None, {"Location": "https://a.b/x/api/projects/1/"})
    )
    with pytest.raises(MissingError, match=r"no Label Studio at this address \(an HTML page, 'Not found'\)"):
        server.project(1)
    with pytest.raises(MissingError, match="no Label Studio at this address"):
        server.project(1)
    with pytest.raises(ServerError, match=r"\(https://a.b/x\); use that as --url"):
        server.project(1)


def personal_token():
    """A JWT that has not expired, as the SDK tells it from a legacy token."""
    import jwt

    return jwt.encode({"exp": 4_102_444_800, "token_type": "refresh"}, "k" * 32, algorithm="HS256")


def test_a_personal_access_token_survives_a_restart_of_the_server(fake, waits):
    fake.fail("POST", "token/refresh", (502, "<html><title>502 Bad Gateway</title></html>"), (503, None))
    fake.fail("POST", "token/refresh", (301, None, {"Location": "https://a.b/api/token/refresh/"}))
    server = connect(fake.url, token=personal_token(), sleep=waits.append)
    with pytest.raises(ServerError, match=r"its address is another \(https://a.b\)"):
        server.project(1)
    assert len(waits) == 2


def test_a_file_of_certificates_must_hold_some(tmp_path):
    with pytest.raises(ConfigError, match="no certificates"):
        connect("https://127.0.0.1:9", ca_bundle=tmp_path / "none.pem")
    (tmp_path / "bad.pem").write_text("x")
    with pytest.raises(ConfigError, match="no certificates"):
        connect("https://127.0.0.1:9", ca_bundle=tmp_path / "bad.pem")


def test_a_proxy_from_the_environment_is_used(fake, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", fake.url)
    monkeypatch.setenv("NO_PROXY", "")
    assert connect("http://label.example.invalid", attempts=1).version() == "1.23.2"


def test_a_proxy_that_cannot_be_used_is_named(fake, waits, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setitem(sys.modules, "socksio", None)
    for proxy, remedy in {"socks5://me:secret@127.0.0.1:9": "socksio", "http://me:secret@h:port": "3128"}.items():
        monkeypatch.setenv("HTTP_PROXY", proxy)
        with pytest.raises(ConfigError, match=f"proxy of HTTP_PROXY cannot be used: .*{remedy}") as caught:
            connect(fake.url)
        assert "secret" not in str(caught.value)
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    with pytest.raises(ServerError, match="through the proxy of HTTP_PROXY, unless NO_PROXY") as lost:
        connect(fake.url, sleep=waits.append).version()
    assert "secret" not in str(lost.value)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
def test_a_self_signed_certificate_must_be_named(tmp_path, waits):
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with running(tls=context) as (_, url):
        with pytest.raises(ServerError, match=r"certificate of the server cannot be verified .*--ca-bundle"):
            connect(url, sleep=waits.append).version()
        assert waits == []
        assert connect(url, ca_bundle=tmp_path / "cert.pem", attempts=1).version() == "1.23.2"


def test_without_the_sdk_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "label_studio_sdk", None)
    with pytest.raises(ConfigError, match=r"pip install 'zhibiao\[annotate\]'"):
        connect("http://127.0.0.1:9")


def test_tokens_from_a_file_or_the_environment(tmp_path):
    file = tmp_path / "token"
    file.write_bytes(b"\xef\xbb\xbfabc.def.ghi\r\n")
    assert read_token(file, {"LABEL_STUDIO_API_KEY": "other"}).value == "abc.def.ghi"
    assert read_token(None, {"LABEL_STUDIO_API_KEY": " legacy "}) == Token("legacy", "LABEL_STUDIO_API_KEY")
    for content, told in ((b"", "no access token"), (b"two words", "no access token"), ("密".encode(), "ASCII")):
        file.write_bytes(content)
        with pytest.raises(ConfigError, match=told if content != b"two words" else "one word") as caught:
            read_token(file, {})
        assert "two words" not in str(caught.value)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_token(tmp_path / "none", {})
    with pytest.raises(ConfigError, match="LABEL_STUDIO_API_KEY: no access token"):
        read_token(None, {})


# Project


def test_a_project_is_made_once_and_mended_when_it_lacks_something(fake, server):
    made = set_up(server, SCHEMA, title="new", annotators=2)
    assert (made.action, made.project.annotators) == ("created", 2)
    assert fake.projects[made.project.id]["enable_empty_annotation"]
    assert set_up(server, SCHEMA, title="new").action == "unchanged"
    assert set_up(server, SCHEMA, title="new", annotators=3).project.annotators == 3
    fake.projects[made.project.id]["label_config"] = labeling_config(SCHEMA).replace('alias="UNIT"', 'alias="OTHER"')
    with pytest.raises(ConfigError, match=rf"does not fit .*UNIT.*init --project {made.project.id}"):
        require_interface(server.project(made.project.id), SCHEMA)
    mended = set_up(server, SCHEMA, number=made.project.id)
    assert (mended.action, len(mended.problems)) == ("updated", 1)
    require_interface(mended.project, SCHEMA)


def test_a_project_that_was_made_without_an_answer_is_not_made_again(fake, server):
    fake.fail("POST", "projects/$", "after")
    made = set_up(server, SCHEMA, title="new")
    assert [p["id"] for p in fake.projects.values() if p["title"] == "new"] == [made.project.id]


def test_a_title_that_two_projects_have_is_no_name(fake, server):
    fake.projects[2] = {**fake.projects[1], "id": 2}
    with pytest.raises(ConfigError, match="projects 1, 2 are all called so"):
        set_up(server, SCHEMA, title="p")


# Pull


def test_pull_gives_back_what_was_annotated(fake, server):
    send(server)
    numbers = list(fake.tasks)
    fake.annotate(numbers[0], result=to_results(TEXTS[0]))
    fake.annotate(numbers[1], result=[])
    fake.annotate(numbers[2], result=[], was_cancelled=True)
    fake.tasks[numbers[3]]["drafts"] = [{"result": []}]
    rows, summary, problems = take(server)
    assert rows == [TEXTS[0], replace(TEXTS[1], entities=(), relations=(), attributes=())]
    assert (summary.tasks, summary.rows, summary.empty, summary.cancelled, summary.drafts) == (4, 2, 1, 1, 1)
    assert problems == []
    assert summary.annotators == {"one@example.com": 2}


def test_pull_since_gives_only_what_is_new(fake, server):
    send(server)
    numbers = list(fake.tasks)
    for number in numbers[:3]:
        fake.annotate(number, result=[])
    _, first, _ = take(server)
    fake.annotate(numbers[5], result=[])
    fake.tasks[numbers[6]]["updated_at"] = fake.now()  # something else than an annotation
    rows, second, _ = take(server, since=first.newest)
    assert [row.id for row in rows] == ["a#2", "a#5"]  # the newest of before comes again, nothing is missed
    assert second.newest > first.newest
    assert take(server, since=parse_since("2100-01-01"))[0] == []


def test_what_is_annotated_while_a_pull_reads_is_in_the_next_one(fake, server):
    send(server)
    numbers = list(fake.tasks)
    for number in numbers:
        fake.annotate(number, result=[])
    summary, options = PullSummary(), PullOptions(begun=server.newest_change(1))
    tasks = list(project_tasks(server, 1))
    fake.annotate(numbers[0], result=[])  # too late to be listed, and older than what comes behind it
    fake.annotate(numbers[6], result=[])
    tasks[6:] = [task for task in project_tasks(server, 1) if task["id"] == numbers[6]]
    assert len(list(convert(tasks, options, summary, report=pytest.fail))) == 7
    assert summary.newest > options.begun
    assert [row.id for row in take(server, since=next_since(summary, options))[0]] == ["a#0", "a#6"]
    fake.projects[2] = fake.projects[1] | {"id": 2}
    assert server.newest_change(2) is None


def test_since_is_a_moment():
    assert parse_since("2026-01-01T08:00:00+08:00") == parse_since("2026-01-01")
    with pytest.raises(ConfigError, match="--since yesterday"):
        parse_since("yesterday")


def test_pull_reads_every_page_while_tasks_are_deleted(fake, server):
    for number in range(250):
        fake.add_task(1, task_data(replace(EXAMPLE, id=str(number))), [{"result": []}])
    rows = []
    summary = PullSummary()
    for row in convert(project_tasks(server, 1), PullOptions(), summary, report=pytest.fail):
        rows.append(row.id)
        if row.id == "50":
            for number in list(fake.tasks)[:2]:
                del fake.tasks[number]
    assert len(rows) == len(set(rows)) == 250
    assert rows[-1] == "249"


def test_pull_of_a_row_that_has_two_finished_tasks(fake, server):
    for _ in range(2):
        fake.add_task(1, task_data(TEXTS[0]), [{"result": to_results(TEXTS[0])}])
    rows, _, [fault] = take(server)
    assert rows == [TEXTS[0]]
    assert (fault.code, fault.id, "tasks 101, 103" in fault.message) == ("duplicate-task", "a#0", True)


def test_a_server_lost_while_pulling(fake, server):
    for number in range(150):
        fake.add_task(1, task_data(replace(EXAMPLE, id=str(number))), [{"result": []}])
    rows = convert(project_tasks(server, 1), PullOptions(), PullSummary(), report=pytest.fail)
    assert next(rows).id == "0"
    fake.fail("GET", "tasks", *["before"] * 5)
    with pytest.raises(ServerError, match="listing the tasks of project 1: no answer after 5 attempts"):
        list(rows)
    assert len(take(server)[0]) == 150


def test_equal_counts_are_in_the_order_of_their_names(fake, server):
    for version in ("b", "a", "d", "c"):
        send(server, version=version)
    assert list(project_status(server, 1, SCHEMA).to_json()["predictions_by_model_version"]) == ["a", "b", "c", "d"]


def test_status_counts(fake, server):
    send(server)
    numbers = list(fake.tasks)
    fake.annotate(numbers[0], result=[])
    fake.annotate(numbers[0], result=[], by=2)
    fake.annotate(numbers[1], result=[], by=7, was_cancelled=True)
    fake.add_task(1, {"text": "别人的"})
    fake.add_task(1, task_data(TEXTS[0]), drafts=[{}])
    fake.projects[1]["label_config"] = labeling_config(SCHEMA).replace('alias="UNIT"', 'alias="OTHER"')
    status = project_status(server, 1, SCHEMA)
    assert status.to_json() == {
        "url": f"{fake.url}/",
        "version": "1.23.2",
        "project": 1,
        "title": "p",
        "model_version": "m1",
        "annotators_per_task": 1,
        "interface_lacks": ["Labels label: the value UNIT is missing"],
        "tasks": 9,
        "foreign": 1,
        "doubled": 1,
        "cancelled": 1,
        "drafts": 1,
        "tasks_by_annotations": {"0": 8, "2": 1},
        "annotations_by_annotator": {"one@example.com": 1, "two@example.com": 1},
        "predictions_by_model_version": {"m1": 7},
        "newest_annotation": status.newest.isoformat(),
    }
    assert [table.title for table in status.tables()] == ["Tasks: 9", "Annotators", "Predictions"]
