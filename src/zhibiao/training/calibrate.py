"""Probabilities fitted on dev: temperatures for spans, arguments and attributes (Guo et al. 2017), a line in log odds
for whole records (Platt 1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import Annotation
from zhibiao.core.spans import Span
from zhibiao.evaluation.reliability import log_loss
from zhibiao.features.batch import WindowBatch
from zhibiao.pipeline.neural import Backend, ModelSystem, Temperatures
from zhibiao.training.gold import GoldParagraph

Outcomes = tuple[list[float], list[bool]]
_FEWEST_OUTCOMES = 10
_NEWTON_STEPS = 25
_GRID = (0.75, 0.9, 1.0, 1.15, 1.35, 1.6, 2.0, 2.5, 3.2, 4.0)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judged:
    """Probability and outcome of every predicted span, argument of a right VALUE, attribute set and record."""

    spans: Outcomes
    relations: Outcomes
    attributes: Outcomes
    records: Outcomes


class _Remembering:
    """A backend that computes nothing twice; only the temperatures change between rounds."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._known: dict[tuple[object, ...], object] = {}

    def tag(self, batch: WindowBatch) -> tuple[Floats, Floats]:
        key = ("tag", batch.piece_ids.tobytes())
        return self._once(key, lambda: self._backend.tag(batch))  # type: ignore[return-value]

    def link(self, *arrays: NDArray[np.generic]) -> tuple[Floats, Floats]:
        return self._once(("link", *(a.tobytes() for a in arrays)), lambda: self._backend.link(*arrays))  # type: ignore[arg-type, return-value]

    def describe(self, *arrays: NDArray[np.generic]) -> Floats:
        return self._once(("describe", *(a.tobytes() for a in arrays)), lambda: self._backend.describe(*arrays))  # type: ignore[arg-type, return-value]

    def _once(self, key: tuple[object, ...], compute: Callable[[], object]) -> object:
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]


def calibrate(system: ModelSystem, gold: Sequence[GoldParagraph]) -> Temperatures:
    """The temperatures that make the predictions on ``gold`` most probable, one after the other."""
    system = replace(system, backend=_Remembering(system.backend))
    texts = [paragraph.text for paragraph in gold]
    best = Temperatures()
    for name in ("spans", "relations", "attributes"):
        losses = []
        for temperature in _GRID:
            tried = replace(best, **{name: temperature})
            found = replace(system, temperatures=tried).annotate(texts)
            losses.append(log_loss(*getattr(judge(found, gold), name)))
        best = replace(best, **{name: _GRID[int(np.argmin(losses))]})
    slope, bias = fit_line(*judge(replace(system, temperatures=best).annotate(texts), gold).records)
    return replace(best, record_slope=slope, record_bias=bias)


def fit_line(probabilities: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Slope and bias in log odds that make ``right`` most probable, by Newton's method with Platt's smoothed targets.

    The identity where outcomes of only one kind, or too few of them, say nothing.
    """
    p = np.clip(np.array(probabilities, dtype=np.float64), 1e-9, 1 - 1e-9)
    y = np.array(right, dtype=bool)
    if min(y.sum(), (~y).sum()) < _FEWEST_OUTCOMES:
        return 1.0, 0.0
    wanted = np.where(y, (y.sum() + 1) / (y.sum() + 2), 1 / ((~y).sum() + 2))
    inputs = np.stack([np.log(p / (1 - p)), np.ones(len(p))], axis=1)
    line = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        q = 1 / (1 + np.exp(-inputs @ line))
        curvature = inputs.T @ (inputs * (q * (1 - q))[:, None]) + 1e-6 * np.eye(2)
        line = line - np.linalg.solve(curvature, inputs.T @ (q - wanted))
    return float(line[0]), float(line[1])


def judge(found: Sequence[Annotation], gold: Sequence[GoldParagraph]) -> Judged:
    """What of ``found`` is right, by the guideline's exact measures."""
    judged = Judged(([], []), ([], []), ([], []), ([], []))
    for annotation, paragraph in zip(found, gold, strict=True):
        _judge_paragraph(annotation, paragraph, judged)
    return judged


def _judge_paragraph(annotation: Annotation, paragraph: GoldParagraph, judged: Judged) -> None:
    gold_spans = set(paragraph.spans)
    wanted: dict[Span, dict[str, Span]] = {span: {} for span, _ in paragraph.spans}
    for (head, kind), tail in paragraph.links.items():
        wanted[head][kind] = tail
    entities = {e.id: e for e in annotation.entities}
    for entity in annotation.entities:
        _note(judged.spans, entity.score, (entity.span, entity.label) in gold_spans)
    links: dict[str, dict[str, tuple[Span, float]]] = {}
    for relation in annotation.relations:
        links.setdefault(relation.head, {})[relation.type] = (entities[relation.tail].span, relation.score)
    for attributes in annotation.attributes:
        value = entities[attributes.entity]
        own = links.get(value.id, {})
        is_value = (value.span, value.label) in gold_spans
        expected = wanted.get(value.span, {}) if is_value else {}
        if is_value:
            for kind, (tail, score) in own.items():
                _note(judged.relations, score, expected.get(kind) == tail)
        given = paragraph.attributes.get(value.span)
        same = given is not None and all(getattr(given, n) == getattr(attributes, n) for n in ATTRIBUTE_NAMES)
        if is_value:
            _note(judged.attributes, attributes.score, same and set(expected) <= set(own))
        right = is_value and same and expected == {kind: tail for kind, (tail, _) in own.items()}
        product = value.score * attributes.score * float(np.prod([score for _, score in own.values()]))
        _note(judged.records, product if attributes.record_score is None else attributes.record_score, right)


def _note(outcomes: Outcomes, probability: float, right: bool) -> None:
    outcomes[0].append(probability)
    outcomes[1].append(right)
