"""Scored spans, relation scores and attribute scores as one annotation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.records import Annotation, Attributes, Entity, Relation
from zhibiao.core.schema import Schema
from zhibiao.decode.spans import ScoredSpan, log_softmax

_FORBIDDEN = -1e4
_LEAST = 1e-9


def choose_tails(
    scores: NDArray[np.float32], none: NDArray[np.float32], allowed: NDArray[np.bool_], *, temperature: float = 1.0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each value and type the best tail (-1: none) and its probability among all tails and none.

    ``scores``: (n_values, n_tails, n_types); ``none``: (n_values, n_types); ``allowed`` as ``scores``.
    """
    table = np.concatenate([none[:, None, :], np.where(allowed, scores, _FORBIDDEN)], axis=1)
    log_probabilities = log_softmax(table / np.float32(temperature), axis=1)
    chosen = log_probabilities.argmax(axis=1)
    return chosen - 1, np.exp(np.take_along_axis(log_probabilities, chosen[:, None, :], axis=1)[:, 0])


def choose_attributes(
    scores: NDArray[np.float32], schema: Schema, *, temperature: float = 1.0
) -> list[tuple[tuple[str, ...], float]]:
    """The values of every attribute, in the schema's order, and the probability of all together, for each row.

    ``scores``: (n_values, sum of the numbers of attribute values).
    """
    names: list[list[str]] = [[] for _ in scores]
    log_probability = np.zeros(len(scores))
    at = 0
    for kind in schema.attributes.values():
        options = tuple(kind.values)
        part = log_softmax(scores[:, at : at + len(options)] / np.float32(temperature))
        at += len(options)
        best = part.argmax(axis=1)
        log_probability += part[np.arange(len(scores)), best]
        for row, index in zip(names, best, strict=True):
            row.append(options[index])
    return [(tuple(row), float(np.exp(p))) for row, p in zip(names, log_probability, strict=True)]


def assemble(
    spans: Sequence[ScoredSpan],
    chosen: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    attributes: Sequence[tuple[tuple[str, ...], float]],
    schema: Schema,
    *,
    scaling: tuple[float, float] = (1.0, 0.0),
) -> Annotation:
    """The annotation of one paragraph; spans that are no argument of a value are left out (GUIDELINES section 1).

    ``chosen`` and ``probabilities`` (n_values, n_types) index the spans that are no values, in order. ``scaling`` makes
    the probability of a record of the product of its parts' (``scaled``).
    """
    values = [s for s in spans if s.label == schema.head]
    tails = [s for s in spans if s.label != schema.head]
    used = {int(i) for i in chosen.ravel() if i >= 0}
    kept = sorted([*values, *(tails[i] for i in used)], key=lambda s: s.span)
    ids = {s.span: f"T{i}" for i, s in enumerate(kept, 1)}
    relations: list[Relation] = []
    attached: list[Attributes] = []
    for row, (value, (names, probability)) in enumerate(zip(values, attributes, strict=True)):
        whole = value.score
        for column, kind in enumerate(schema.relations):
            score = float(probabilities[row, column])
            if chosen[row, column] >= 0:
                tail = tails[chosen[row, column]]
                relations.append(Relation(ids[value.span], ids[tail.span], kind, score * tail.score))
                whole *= score * tail.score
            else:
                probability *= score
        record = scaled(whole * probability, *scaling)
        attached.append(Attributes(ids[value.span], *_ordered(names, schema), score=probability, record_score=record))
    entities = tuple(Entity(ids[s.span], s.label, s.span, s.score) for s in kept)
    return Annotation(entities, tuple(relations), tuple(attached))


def scaled(probability: float, slope: float, bias: float) -> float:
    """``probability`` with its log odds times ``slope`` plus ``bias`` (Platt 1999)."""
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return 1 / (1 + math.exp(-slope * math.log(p / (1 - p)) - bias))


def _ordered(names: Sequence[str], schema: Schema) -> tuple[str, str, str, str]:
    by_name = dict(zip(schema.attributes, names, strict=True))
    return by_name["measure"], by_name["trend"], by_name["status"], by_name["bound"]
