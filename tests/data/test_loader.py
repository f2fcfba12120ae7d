from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import EXAMPLES, STEEL, write

from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import RawEntity
from zhibiao.core.spans import RawSpan
from zhibiao.data import loader

datasets = pytest.importorskip("datasets")


def test_files_become_typed_splits_and_come_back_unchanged(tmp_path: Path) -> None:
    paths = {
        "train": [write(tmp_path / "a.jsonl", list(EXAMPLES[:2])), write(tmp_path / "b.jsonl", list(EXAMPLES[2:]))],
        "dev": write(tmp_path / "c.jsonl", [STEEL]),
    }
    loaded = loader.load_dataset(paths)
    assert {name: split.num_rows for name, split in loaded.items()} == {"train": 4, "dev": 1}
    assert loaded["train"].features == loader.features()
    assert loaded["train"].features["entities"].feature["label"].names[0] == "VALUE"
    assert loader.from_dataset(loaded["train"]) == list(EXAMPLES)


def test_surfaces_scores_and_meta_survive() -> None:
    entity = RawEntity("T1", "VALUE", RawSpan(0, 1), surface="1", score=0.25)
    given = replace(
        STEEL, text="１", meta={"anything": "x", "city": ""}, entities=(entity,), relations=(), attributes=()
    )
    assert loader.from_dataset(loader.to_dataset([given])) == [given]
    assert loader.to_dataset([]).features == loader.features()


def test_what_the_schema_lacks_is_named() -> None:
    wrong = replace(STEEL, entities=(RawEntity("T1", "PLACE", RawSpan(0, 1)),), relations=(), attributes=())
    with pytest.raises(AnnotationError, match="id=su-01#1: label 'PLACE' is none of"):
        loader.to_dataset([wrong])


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(loader, "import_module", missing)
    with pytest.raises(ConfigError, match=r"install zhibiao\[train\]"):
        loader.features()
