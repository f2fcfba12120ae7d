"""The corpus that ships is clean, and its splits share nothing."""

from pathlib import Path

import pytest

from zhibiao.core.codec import read_annotated
from zhibiao.core.schema import Schema
from zhibiao.data.check import check_file
from zhibiao.data.leakage import check_splits

DATA = Path(__file__).parents[2] / "data"
SPLITS = [DATA / "gold" / f"{name}.jsonl" for name in ("train", "dev", "test")]


@pytest.mark.parametrize("path", [*SPLITS, *(DATA / "agreement").glob("*.jsonl")], ids=lambda path: path.stem)
def test_the_checker_finds_nothing(path):
    report = check_file(path, Schema.load())
    assert list(report.lines()) == []
    assert report.paragraphs >= 30


def test_the_splits_share_no_document_city_or_near_duplicate():
    assert list(check_splits(SPLITS).lines()) == []


def test_the_corpus_is_as_large_as_its_card_says():
    values = [sum(e.label == "VALUE" for p in read_annotated(path) for e in p.entities) for path in SPLITS]
    assert values == [5302, 715, 520]
