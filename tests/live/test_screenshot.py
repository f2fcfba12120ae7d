"""The picture of docs/annotate.md can be taken again; needs playwright, which no other test does."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="pip install playwright && playwright install chromium")

pytestmark = pytest.mark.live

SCRIPT = Path(__file__).parents[2] / "scripts" / "screenshot_label_studio.py"


def test_the_labeling_page_shows_spans_relations_and_attributes(label_studio, tmp_path):
    projects = {project.id for project in label_studio.client().projects.list()}
    picture = tmp_path / "page.png"
    command = [sys.executable, SCRIPT, "--url", label_studio.url, "--data", label_studio.data, "--output", picture]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert struct.unpack(">2L", picture.read_bytes()[16:24]) == (1400, 800)
    assert {project.id for project in label_studio.client().projects.list()} == projects
