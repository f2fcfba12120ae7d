from pathlib import Path

import pytest

from zhibiao.core.errors import ConfigError
from zhibiao.training.config import load_config

CONFIGS = [p for p in (Path(__file__).parents[2] / "configs").glob("*.yaml") if p.name != "schema.yaml"]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.name)
def test_every_config_loads(path):
    assert load_config(path).training.epochs > 0


def written(tmp_path, text):
    path = tmp_path / "c.yaml"
    path.write_text("data: {train: [a.jsonl], dev: [b.jsonl]}\n" + text, encoding="utf-8")
    return path


def test_overrides_are_yaml(tmp_path):
    config = load_config(written(tmp_path, ""), ["training.epochs=3", "training.learning_rate=1e-5", "data.dev=[x, y]"])
    assert config.training.epochs == 3
    assert config.training.learning_rate == 1e-5
    assert config.data.dev == ("x", "y")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("training: {epoch: 3}", r"training:epoch: unknown key; did you mean 'epochs'"),
        ("trainings: {epochs: 3}", r"trainings: unknown key; did you mean 'training'"),
        ("training: {epochs: many}", r"training:epochs: int is expected, got 'many'"),
        ("training: {epochs: true}", r"int is expected, got True"),
        ("model: 3", r"model: a mapping is expected"),
    ],
)
def test_a_wrong_key_or_value_is_an_error(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message):
        load_config(written(tmp_path, text))


def test_missing_data_is_an_error(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("data: {train: [a]}", encoding="utf-8")
    with pytest.raises(ConfigError, match="dev must be given"):
        load_config(path)
    with pytest.raises(ConfigError, match=r"expected section\.key=value"):
        load_config(path, ["training"])
