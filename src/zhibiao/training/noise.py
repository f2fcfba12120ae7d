"""Errors put into the rules' view of training text: the rules were written with that text at hand and are better there
than they will be elsewhere; a model that saw them only so would trust them too much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhibiao.core.records import Attributes
from zhibiao.core.spans import Span
from zhibiao.features.rules import RuleLink, RuleView

_FIXED = ("VALUE", "UNIT")
_MAX_SHIFT = 3


def disturb(rules: RuleView, generator: np.random.Generator, *, spans: float, links: float, length: int) -> RuleView:
    """``rules`` with a share ``spans`` of the arguments' edges moved, and a share ``links`` of the links led to another
    span of the same label or taken away, and of the attributes exchanged with another value's.

    ``length`` of the text in characters bounds the moved edges.
    """
    moved = _moved(rules, generator, spans, length)
    labels = {moved.get(span, span): label for span, label in rules.spans.items()}
    by_label: dict[str, list[Span]] = {}
    for span, label in labels.items():
        by_label.setdefault(label, []).append(span)
    kept: list[RuleLink] = []
    for link in rules.links:
        tail = moved.get(link.tail, link.tail)
        if link.type != "unit" and generator.random() < links:
            others = [span for span in by_label[labels[tail]] if span != tail]
            if not others or generator.random() < 0.4:
                continue
            others.sort(key=lambda span: abs(span.start - tail.start))
            tail = others[min(len(others) - 1, int(generator.geometric(0.5)) - 1)]
        kept.append(replace(link, tail=tail))
    return RuleView(labels, tuple(kept), _exchanged(rules, generator, links / 2), rules.regions)


def _moved(rules: RuleView, generator: np.random.Generator, share: float, length: int) -> dict[Span, Span]:
    """New edges for some spans; none comes to overlap another."""
    taken = np.zeros(length, dtype=bool)
    for span in rules.spans:
        taken[span.start : span.end] = True
    moved: dict[Span, Span] = {}
    for span, label in rules.spans.items():
        if label in _FIXED or generator.random() >= share:
            continue
        shift = int(generator.integers(1, _MAX_SHIFT + 1)) * int(generator.choice([-1, 1]))
        start, end = (span.start + shift, span.end) if generator.random() < 0.7 else (span.start, span.end + shift)
        if not 0 <= start < end <= length:
            continue
        taken[span.start : span.end] = False
        if taken[start:end].any():
            taken[span.start : span.end] = True
            continue
        taken[start:end] = True
        moved[span] = Span(start, end)
    return moved


def _exchanged(rules: RuleView, generator: np.random.Generator, share: float) -> dict[Span, Attributes]:
    values = list(rules.attributes)
    return {
        value: rules.attributes[values[int(generator.integers(len(values)))]] if generator.random() < share else own
        for value, own in rules.attributes.items()
    }
