"""Thousands of damaged documents: no crash, and each has output or a line in the error file."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhibiao.cli import app

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "sample"
DOCUMENTS = {"rules": 5000, "model": 500}
ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-8-sig", "shift_jis", "latin-1")
BIG_CHARS = {"rules": 2_000_000, "model": 200_000}

pytestmark = pytest.mark.slow


def texts():
    return [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.glob("*")) if "gb18030" not in path.name]


def mutate(text, rng):
    """One damaged version of ``text``, as bytes."""
    kind = rng.randrange(9)
    data = text.encode(rng.choice(ENCODINGS), "replace")
    if kind == 0:
        start = rng.randrange(len(data))
        return data[start : start + rng.randrange(1, len(data))]
    if kind == 1:
        characters = list(text)
        rng.shuffle(characters)
        return "".join(characters).encode(rng.choice(ENCODINGS), "replace")
    if kind == 2:
        return rng.randbytes(rng.randrange(1, 2000))
    if kind == 3:
        damaged = bytearray(data)
        for _ in range(rng.randrange(1, 30)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        return bytes(damaged)
    if kind == 4:
        return b"" if rng.random() < 0.3 else b" \r\n\t" * rng.randrange(1, 50)
    if kind == 5:
        controls = [chr(c) for c in (*range(32), 0x7F, 0x200B, 0x202E, 0xFEFF, 0xFFFD, 0xE000)]
        return "".join(c + (rng.choice(controls) if rng.random() < 0.2 else "") for c in text).encode("utf-8")
    if kind == 6:
        lines = text.splitlines()
        rng.shuffle(lines)
        return "".join(lines).encode("gb18030")  # one line
    if kind == 7:
        return text.encode("utf-8").decode("gb18030", "replace").encode("utf-8")  # mojibake
    return "".join(rng.choice((c, c * 2, "", c + "(zhǎng)", "9.", "%", "亿元")) for c in text).encode(
        "utf-8", "replace"
    )


def read_lines(path):
    with path.open(encoding="utf-8", newline="\n") as lines:  # str.splitlines also splits at U+2028 and the like
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("system", ["rules", "model"])
def test_every_damaged_document_has_output_or_an_error(system, tmp_path):
    rng, sources = random.Random(20261121), texts()
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(DOCUMENTS[system]):
        suffix = rng.choice((".txt", ".txt", ".txt", ".html", ".md"))
        (folder / f"{number:05}{suffix}").write_bytes(mutate(rng.choice(sources), rng))
    filler = "".join(sources)
    one_line = (filler * (BIG_CHARS[system] // len(filler) + 1))[: BIG_CHARS[system]].replace("\n", "")
    (folder / "big.txt").write_text(one_line, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    command = ["extract", str(folder), "--system", system, "--format", "annotations", "-o", str(out), "-q"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 3, result.output  # empty files and binary junk are among them
    found, failed = read_lines(out), read_lines(tmp_path / "out.jsonl.errors.jsonl")
    assert not [f for f in failed if f["kind"] == "internal"]
    done = {doc["id"] for doc in found} | {Path(f["origin"]).stem for f in failed}
    assert done == {path.stem for path in folder.iterdir()}
    assert len(found) + len(failed) == DOCUMENTS[system] + 1
    assert any(doc["id"] == "big" and doc["entities"] for doc in found)


def test_memory_does_not_grow_with_the_number_of_documents():
    command = [sys.executable, str(ROOT / "scripts" / "bench_speed.py"), "--documents", "500", "--documents", "4000"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    small, large = (json.loads(line) for line in output.splitlines())
    assert large["documents"] == 8 * small["documents"]
    assert large["peak_mib"] < 1.15 * small["peak_mib"]
