"""``zhibiao serve`` as an operator runs it: a process, a port, a signal."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading

import httpx2
import pytest
from serve_examples import BEARER, PAGE, TEXT, TOKEN
from typer.testing import CliRunner

from zhibiao.cli import app
from zhibiao.core.errors import ConfigError

# Long enough that the signal comes while it is worked on.
LONG = {"documents": [{"text": (TEXT + "\n") * 300} for _ in range(4)]}


class Server:
    """A running service; ``event`` waits for a log line with that event."""

    def __init__(self, *options, **environment):
        command = [
            sys.executable,
            "-m",
            "zhibiao",
            "serve",
            "--system",
            "rules",
            "--port",
            "0",
            "--workers",
            "1",
            *options,
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=self._read, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.event('serving')['port']}"

    def _read(self):
        for line in self.process.stderr:
            self.lines.put(line)

    def event(self, name, **fields):
        while True:
            entry = json.loads(self.lines.get(timeout=60))
            self.seen.append(entry)
            if entry["event"] == name and entry.items() >= fields.items():
                return entry


@pytest.fixture
def server():
    running = Server(ZHIBIAO_TOKEN=TOKEN)
    yield running
    running.process.kill()
    running.process.wait()


def test_sigterm_lets_a_running_request_finish(server):
    answers = []
    client = httpx2.Client(base_url=server.url, headers=BEARER, timeout=60)
    assert client.post("/extract", json=PAGE).status_code == 200
    thread = threading.Thread(target=lambda: answers.append(client.post("/extract", json=LONG)))
    thread.start()
    busy = httpx2.Client(base_url=server.url, headers=BEARER)
    while "zhibiao_workers_busy 1.0" not in busy.get("/metrics").text:
        assert thread.is_alive()
    server.process.send_signal(signal.SIGTERM)
    server.event("Shutting down")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(server.url + "/health")
    thread.join(60)
    assert server.process.wait(30) == 0
    (answer,) = answers
    assert answer.status_code == 200
    assert [len(result["records"]) for result in answer.json()["results"]] == [900] * 4
    server.event("stopped")
    assert TOKEN not in json.dumps(server.seen)


def test_the_grace_ends_what_takes_too_long():
    running = Server("--grace", "0.2")
    try:
        answers = []

        def ask():
            try:
                answers.append(httpx2.post(running.url + "/extract", json={"text": (TEXT + "\n") * 30_000}, timeout=60))
            except httpx2.HTTPError as error:
                answers.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while "zhibiao_workers_busy 1.0" not in httpx2.get(running.url + "/metrics").text:
            assert thread.is_alive()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0
        thread.join(20)
        assert not (isinstance(answers[0], httpx2.Response) and answers[0].status_code == 200)
    finally:
        running.process.kill()


def run(*options, env=None):
    return CliRunner().invoke(app, ["serve", "--system", "rules", *options], env=env or {"ZHIBIAO_TOKEN": ""})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "127.host.invalid", "localhost.invalid", "::1f"])
def test_other_machines_are_let_in_with_a_token_only(host):
    assert "there is no token" in str(run("--host", host, "--port", "0").exception)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"\n", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\xff\xfe", "cannot be read"),
        (b"short\n", "16 are expected"),
    ],
)
def test_token_files_that_are_none(tmp_path, content, message):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    error = run("--token-file", str(path)).exception
    assert isinstance(error, ConfigError)
    assert message in str(error)


def test_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        error = run("--port", str(taken.getsockname()[1])).exception
    assert isinstance(error, ConfigError)
    assert "choose another --host or --port" in str(error)


@pytest.mark.parametrize(
    ("option", "value"),
    [("--log-level", "loud"), ("--workers", "-1"), ("--max-body", "inf"), ("--grace", "-1"), ("--timeout", "nan")],
)
def test_options_that_cannot_work(option, value):
    error = run(option, value).exception
    assert isinstance(error, ConfigError)
    assert value in str(error)


def test_a_model_folder_that_is_none(tmp_path):
    error = run("--system", "model", "--model", str(tmp_path / "none")).exception
    assert "none: cannot be read" in str(error)
