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


def make_system(name: SystemName, model: Path | None = None, *, threads: int = 0) -> System:
    """A ready system of that name; ``model`` is the folder of an exported model, by default the one in the package.

    A model computes with ``threads`` threads, 0 for one a core.

    Raises ConfigError if a model is named for the rules, CheckpointError if the folder holds no usable one.
    """
    match name:
        case SystemName.RULES:
            if model is not None:
                raise ConfigError(f"--model {model}: the rules need none; leave it out, or say --system model")
            from zhibiao.rules.system import RuleSystem

            return RuleSystem()
        case SystemName.MODEL:
            from zhibiao.pipeline.onnx_backend import load_system  # slow to load, and not always needed

            return load_system(model, threads=threads)
