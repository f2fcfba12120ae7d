"""Typed training configuration from YAML: an unknown key is an error that names the nearest valid one."""

from __future__ import annotations

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml

from zhibiao.core.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Annotation files (JSON Lines); the model is chosen by the mean of the records F1 of the ``dev`` files.

    The ``optional`` ones are used where they exist and named in the model card. Of each training paragraph
    ``augmentations`` products are made (zhibiao.data.augment); in every epoch one of them stands in for it with a
    probability of ``augmented_share``. ``limit`` keeps the first paragraphs only (0: all). Relative paths are relative
    to the folder the command runs in.
    """

    train: tuple[str, ...]
    dev: tuple[str, ...]
    optional_train: tuple[str, ...] = ()
    optional_dev: tuple[str, ...] = ()
    augmentations: int = 0
    augmented_share: float = 0.5
    limit: int = 0


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """``encoder``: a folder or a hub name for AutoModel. Widths as in ModelSizes."""

    encoder: str = "hfl/chinese-macbert-base"
    hidden: int = 240
    span: int = 128
    pair: int = 160
    bilinear: int = 24
    dropout: float = 0.2
    min_character_count: int = 2
    max_pieces: int = 512
    overlap_pieces: int = 128


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Weights of the parts of the loss, and what is hidden from the model while it learns."""

    tags: float = 4.0
    relations: float = 1.0
    predicted_relations: float = 0.5
    attributes: float = 1.0
    rule_dropout: float = 0.15
    rule_span_noise: float = 0.05
    rule_link_noise: float = 0.08
    feature_noise: float = 0.02
    predicted_from_epoch: int = 2


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Schedule and optimiser. ``averaging`` is the decay of the running mean of the weights (0: none)."""

    epochs: int = 12
    batch_size: int = 8
    learning_rate: float = 1e-4
    head_learning_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup_ratio: float = 0.06
    max_grad_norm: float = 1.0
    averaging: float = 0.99
    patience_epochs: int = 6
    evaluate_from_epoch: int = 1
    seed: int = 1
    precision: str = "auto"
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Config:
    """One training run."""

    data: DataConfig
    model: ModelConfig = field(default_factory=ModelConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)


def load_config(path: Path, overrides: Sequence[str] = ()) -> Config:
    """The configuration in ``path`` with ``overrides`` (``training.epochs=3``; values are YAML).

    Raises ConfigError for a file that is no mapping, an unknown key or a value of the wrong type.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is no YAML: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: a mapping is expected, got {type(raw).__name__}")
    for override in overrides:
        _override(raw, override)
    return parse(Config, raw, str(path))


def _override(raw: dict[str, Any], override: str) -> None:
    key, equals, value = override.partition("=")
    if not equals or not key:
        raise ConfigError(f"--set {override}: expected section.key=value")
    *sections, last = key.split(".")
    at = raw
    for section in sections:
        at = at.setdefault(section, {})
        if not isinstance(at, dict):
            raise ConfigError(f"--set {override}: {section} is no section")
    at[last] = yaml.safe_load(value)


def parse(kind: type[T], raw: Any, where: str) -> T:
    """``raw`` as the dataclass ``kind``; ``where`` is ``file`` or ``file:section`` for the message."""
    if not isinstance(raw, Mapping):
        raise ConfigError(f"{where}: a mapping is expected, got {raw!r:.60}")
    hints = typing.get_type_hints(kind)
    for key in raw:
        if key not in hints:
            near = difflib.get_close_matches(str(key), hints, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; valid keys: {', '.join(hints)}"
            raise ConfigError(f"{where}:{key}: unknown key{hint}")
    missing = [
        f.name
        for f in dataclasses.fields(kind)  # type: ignore[arg-type]
        if f.name not in raw and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ConfigError(f"{where}: {', '.join(missing)} must be given")
    return kind(**{key: _value(hints[key], value, f"{where}:{key}") for key, value in raw.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return parse(kind, value, where)
    if isinstance(kind, types.GenericAlias) and kind.__origin__ is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{where}: a list of strings is expected, got {value!r:.60}")
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is float and isinstance(value, str):
        with suppress(ValueError):
            return float(value)  # YAML reads 1e-4 as a string
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ConfigError(f"{where}: {kind.__name__} is expected, got {value!r:.60}")
    return value


def to_dict(config: Config) -> dict[str, Any]:
    """Plain lists and mappings, as YAML and JSON take them."""
    plain = dataclasses.asdict(config)
    plain["data"] = {key: list(value) if isinstance(value, tuple) else value for key, value in plain["data"].items()}
    return plain
