"""The same text in traditional characters, and with the readings in brackets that some pages add to them."""

from __future__ import annotations

import random
import re
import unicodedata
from importlib import import_module
from typing import TYPE_CHECKING

from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment.edit import Edit, rewrite
from zhibiao.data.augment.noise import quantity_joints
from zhibiao.text.charsets import converter

if TYPE_CHECKING:
    from types import ModuleType

_HAN_RUN_RE = re.compile("[㐀-鿿〇]+")
_CONFIGS = ("s2t", "s2tw")
# Pages with readings write 為, not 爲, and give them with a quarter to three quarters of the converted characters.
_PINYIN_CONFIG = "s2tw"
_READ_RATES = (0.25, 0.75)


def to_traditional(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Traditional characters by OpenCC's s2t or s2tw, run of Chinese characters by run.

    Neither configuration exchanges terms, so a run keeps its length and characters stand where they stood; a run that
    did not is left as it is. None if nothing is converted.
    """
    edits = _conversions(annotated.text, rng.choice(_CONFIGS))
    return rewrite(annotated, edits, inside=True) if edits else None


def add_pinyin(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Traditional characters, some followed by their reading as on some scraped pages: 業(yè), always or never so.

    A bracket at the end of a span stays outside of it; one that would part a number from its unit is left out. Readings
    are pypinyin's, in their context. None if nothing is converted. Raises ConfigError if pypinyin is not installed.
    """
    text = annotated.text
    joints = quantity_joints(annotated)
    left, right = rng.choice(("()", "()", "（）"))
    readings = _readings(text)
    edits = _conversions(text, _PINYIN_CONFIG)
    rate = rng.uniform(*_READ_RATES)
    read = {char: rng.random() < rate for char in sorted({edit.text for edit in edits})}
    brackets = [
        Edit(edit.end, edit.end, f"{left}{readings[edit.start]}{right}")
        for edit in edits
        if read[edit.text] and edit.end not in joints
    ]
    return rewrite(annotated, [*edits, *brackets], inside=True) if edits else None


def _conversions(text: str, config: str) -> list[Edit]:
    """One edit a character that ``config`` converts."""
    edits: list[Edit] = []
    for run in _HAN_RUN_RE.finditer(text):
        converted = converter(config).convert(run[0])
        if len(converted) == len(run[0]):
            pairs = zip(range(run.start(), run.end()), run[0], converted, strict=True)
            edits += [Edit(at, at + 1, new) for at, old, new in pairs if new != old]
    return edits


def _pypinyin() -> ModuleType:
    try:
        return import_module("pypinyin")
    except ImportError as error:
        raise ConfigError("readings in brackets need the package pypinyin; install zhibiao[train]") from error


def _readings(text: str) -> dict[int, str]:
    """The reading of each Chinese character with its tone mark, by its place."""
    library = _pypinyin()
    readings: dict[int, str] = {}
    for run in _HAN_RUN_RE.finditer(text):
        row = library.lazy_pinyin(run[0], style=library.Style.TONE)
        readings.update(zip(range(run.start(), run.end()), map(_composed, row), strict=True))
    return readings


def _composed(reading: str) -> str:
    return unicodedata.normalize("NFC", reading)
