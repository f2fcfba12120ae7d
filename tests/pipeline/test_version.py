"""Names of systems: equal for equal files, different for different ones."""

import shutil

import pytest

from zhibiao import __version__
from zhibiao.core.errors import CheckpointError
from zhibiao.pipeline.version import model_version, rules_version


def test_the_name_of_a_model_follows_its_files(tmp_path):
    first, second = tmp_path / "a" / "mine", tmp_path / "b" / "mine"
    first.mkdir(parents=True)
    (first / "tagger.onnx").write_bytes(b"weights")
    shutil.copytree(first, second)
    name = model_version(first)
    assert name.startswith("mine-")
    assert model_version(second) == name
    (second / "tagger.onnx").write_bytes(b"other weights")
    assert model_version(second) != name
    (first / "tagger.onnx").rename(first / "pairs.onnx")
    assert model_version(first) != name


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CheckpointError, match="none: cannot be read"):
        model_version(tmp_path / "none")


def test_the_rules_are_named_by_the_package():
    assert rules_version() == f"rules-{__version__}"
