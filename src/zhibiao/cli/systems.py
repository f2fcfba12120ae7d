"""The systems a user can name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from zhibiao.core.errors import ConfigError
from zhibiao.pipeline.extractor import System


class SystemName(StrEnum):
    """What stands between normalised text and records."""

    RULES = "rules"
    MODEL = "model"


def make_system(name: SystemName, model: Path | None = None) -> System:
    """A ready system of that name; ``model`` is the folder of an exported model.

    Raises ConfigError if a model is asked for and none is named, CheckpointError if the folder holds no usable one.
    """
    match name:
        case SystemName.RULES:
            from zhibiao.rules.system import RuleSystem

            return RuleSystem()
        case SystemName.MODEL:
            if model is None:
                raise ConfigError(
                    "--system model needs --model FOLDER, a model that `zhibiao train` and `zhibiao export` made; this "
                    "version brings none along"
                )
            from zhibiao.pipeline.onnx_backend import load_system  # slow to load, and not always needed

            return load_system(model)
