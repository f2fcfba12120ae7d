"""Features of every character: what the rules, the gazetteer, the period and the number patterns say, and its class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.spans import Span
from zhibiao.features.rules import RuleView
from zhibiao.lexicon import units
from zhibiao.lexicon.numbers import NUMBER_RE
from zhibiao.lexicon.periods import find_periods
from zhibiao.lexicon.regions import Gazetteer

RULES, REGION, PERIOD, NUMBER, CLASS = range(5)
"""The channels, in order."""

_CLASSES = (
    ",",
    "。!?",
    "、",
    ";",
    ":",
    "(",
    ")",
    '“"”‘’',
    "《》",
    ".",
    "-—~–",
    "%‰",
    "一二三四五六七八九十百千万亿两零〇半几第首",
    "比较于占超达为至到由从",
    "和及与或并其",
)
_CLASS_OF = {char: index for index, chars in enumerate(_CLASSES, 1) for char in chars}
_DIGIT, _LATIN, _SPACE, _OTHER = (len(_CLASSES) + i for i in range(1, 5))
_REGION, _PLACE = 1, 3
_PERIOD = 1
_NUMBER, _UNIT = 1, 3


@dataclass(frozen=True)
class CharacterFeatures:
    """Channel sizes and extraction; ``labels`` gives the rule channel its order."""

    labels: tuple[str, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of values of each channel, 0 (nothing) included."""
        return (1 + 2 * len(self.labels), 5, 3, 5, _OTHER + 1)

    def extract(self, text: str, rules: RuleView) -> NDArray[np.int64]:
        """(len(text), 5) feature values; in each channel but CLASS 0 is nothing, then begin, inside of each kind."""
        values = np.zeros((len(text), len(self.sizes)), dtype=np.int64)
        self.mark_rules(values, rules)
        for match in Gazetteer.default().find(text):
            _mark(values, REGION, match.span, _PLACE)
        for mention in rules.regions:
            _mark(values, REGION, Span(*mention.piece), _REGION)
        for period in find_periods(text):
            _mark(values, PERIOD, period, _PERIOD)
        for number in NUMBER_RE.finditer(text):
            _mark(values, NUMBER, Span(*number.span()), _NUMBER)
            unit = units.UNIT_RE.match(text, number.end())
            if unit is not None and unit.end() > unit.start():
                _mark(values, NUMBER, Span(*unit.span()), _UNIT)
        values[:, CLASS] = [_class(char) for char in text]
        return values

    def mark_rules(self, values: NDArray[np.int64], rules: RuleView) -> None:
        """Write the spans of ``rules`` into the rule channel of ``values`` in place of what stands there."""
        values[:, RULES] = 0
        for span, label in rules.spans.items():
            _mark(values, RULES, span, 1 + 2 * self.labels.index(label))


def _mark(values: NDArray[np.int64], channel: int, span: Span, begin: int) -> None:
    values[span.start, channel] = begin
    values[span.start + 1 : span.end, channel] = begin + 1


def _class(char: str) -> int:
    known = _CLASS_OF.get(char)
    if known is not None:
        return known
    if char.isdigit():
        return _DIGIT
    if char.isascii() and char.isalpha():
        return _LATIN
    return _SPACE if char.isspace() else 0 if "\u4e00" <= char <= "\u9fff" else _OTHER
