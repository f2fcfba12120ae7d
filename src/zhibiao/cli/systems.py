"""The systems a user can name."""

from __future__ import annotations

from enum import StrEnum

from zhibiao.pipeline.extractor import System
from zhibiao.rules.system import RuleSystem


class SystemName(StrEnum):
    """What stands between normalised text and records."""

    RULES = "rules"


def make_system(name: SystemName) -> System:
    """A ready system of that name."""
    match name:
        case SystemName.RULES:
            return RuleSystem()
