"""A real Label Studio server, started by scripts/label_studio.sh in a folder and on a port of its own."""

import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "label_studio.sh"


@dataclass(frozen=True)
class Server:
    """A server that a test may kill and start again; its data stay."""

    url: str
    environment: dict
    data: Path

    @property
    def token_file(self):
        return self.data / "token"

    def script(self, command):
        done = subprocess.run(["bash", SCRIPT, command], env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0 or command == "status", done.stdout + done.stderr
        return done

    def start(self):
        return self.script("start")

    def kill(self):
        """As a crash would, in the middle of whatever it does."""
        pid = int((self.data / "server.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            time.sleep(0.01)

    def client(self):
        from label_studio_sdk import LabelStudio

        return LabelStudio(base_url=self.url, api_key=self.token_file.read_text().strip())

    def annotate(self, command, *arguments, token_file=None):
        """``zhibiao annotate COMMAND`` against this server."""
        from zhibiao.cli import app

        where = ["--url", self.url, "--token-file", token_file or self.token_file, "--attempts", "2"]
        return CliRunner().invoke(app, ["annotate", command, *map(str, [*arguments, *where])])


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    pytest.importorskip("label_studio_sdk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path_factory.mktemp("label-studio")
    places = {"ZHIBIAO_LABEL_STUDIO_DATA": str(data), "ZHIBIAO_LABEL_STUDIO_PORT": str(port)}
    # Else Label Studio talks to no ML backend on its own machine, see docs/serve.md.
    loopback = {"ML_BLOCK_LOCAL_IP": "false", "SSRF_PROTECTION_ENABLED": "false"}
    server = Server(f"http://127.0.0.1:{port}", {**os.environ, **places, **loopback}, data)
    try:
        server.start()
        yield server
    finally:
        server.script("stop")


@pytest.fixture
def label_studio(server):
    """The server, started again where an earlier test left it dead."""
    server.start()
    return server


@pytest.fixture(scope="session")
def gold():
    """60 paragraphs of the development set with their gold annotations, by id."""
    rows = [json.loads(line) for line in (ROOT / "data" / "gold" / "dev.jsonl").read_text("utf-8").splitlines()[:60]]
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="session")
def predicted(gold, tmp_path_factory):
    """A file with what the rules find in them."""
    from zhibiao.cli import app

    folder = tmp_path_factory.mktemp("predicted")
    texts = [{"id": row["id"], "text": row["text"], "city": row["meta"].get("city", "")} for row in gold.values()]
    (folder / "texts.jsonl").write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    output = folder / "predicted.jsonl"
    done = CliRunner().invoke(
        app, ["extract", str(folder / "texts.jsonl"), "--format", "annotations", "-o", str(output), "-q"]
    )
    assert done.exit_code == 0, done.output
    return output
