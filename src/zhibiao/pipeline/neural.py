"""The trained model as a system: windows → tags → spans → pairs → relations, attributes. Numpy around a backend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.records import Annotation
from zhibiao.core.schema import Schema
from zhibiao.core.spans import Span
from zhibiao.decode.assemble import assemble, choose_attributes, choose_tails
from zhibiao.decode.spans import ScoredSpan, decode_spans
from zhibiao.features.batch import WindowBatch, pad_windows
from zhibiao.features.encode import EncodedWindow, ParagraphEncoder, merge_windows
from zhibiao.features.pairs import PairFeatureExtractor, PairFeatures
from zhibiao.features.rules import RuleView, rule_view
from zhibiao.features.tags import TagSet
from zhibiao.pipeline.parts import join_parts, split_long

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_NUMBER_LIKE = re.compile(r"[\d一二三四五六七八九十百千万亿两半几首零〇双倍俩仨廿]")
_VALUES_AT_ONCE = 64
_REACH_CHARS = 3000


class Backend(Protocol):
    """What computes scores; torch and ONNX give the same numbers up to rounding."""

    def tag(self, batch: WindowBatch) -> tuple[Floats, Floats]:
        """Tag logits (batch, chars, n_tags) and character states (batch, chars, hidden)."""

    def link(
        self, states: Floats, values: Integers, tails: Integers, pair_features: Floats, value_features: Floats
    ) -> tuple[Floats, Floats]:
        """Relation scores (n_values, n_tails, n_types) and scores of none (n_values, n_types)."""

    def describe(self, states: Floats, values: Integers, value_features: Floats) -> Floats:
        """Attribute scores (n_values, n_attribute_values)."""


@dataclass(frozen=True, slots=True)
class Temperatures:
    """Divisors of the scores, fitted on dev, that make probabilities match frequencies.

    ``record_slope`` and ``record_bias`` do so for whole records, whose parts are not independent.
    """

    spans: float = 1.0
    relations: float = 1.0
    attributes: float = 1.0
    record_slope: float = 1.0
    record_bias: float = 0.0


@dataclass(frozen=True)
class ModelSystem:
    """Implements zhibiao.pipeline.extractor.System; thread-safe if the backend is.

    ``rules`` gives the rules' view of a paragraph, an input of the model. A paragraph of more than ``max_chars`` is
    read in parts that end with a sentence, without links between them; ``max_chars_at_once`` are held at a time.
    """

    backend: Backend
    encoder: ParagraphEncoder
    schema: Schema
    temperatures: Temperatures = Temperatures()
    batch_size: int = 8
    name: str = "model"
    rules: Callable[[str], RuleView] = rule_view
    max_chars: int = 20_000
    max_chars_at_once: int = 100_000

    def annotate(self, paragraphs: Sequence[str]) -> list[Annotation]:
        """One annotation per paragraph of normalised text, with offsets in that paragraph."""
        cuts = [split_long(text, self.max_chars) for text in paragraphs]
        parts = [text[cut.start : cut.end] for text, of in zip(paragraphs, cuts, strict=True) for cut in of]
        found = iter([annotation for batch in self._batches(parts) for annotation in self._annotate(batch)])
        return [join_parts([(cut.start, next(found)) for cut in of]) for of in cuts]

    def _batches(self, parts: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        chars = 0
        for part in parts:
            if batch and chars + len(part) > self.max_chars_at_once:
                yield batch
                batch, chars = [], 0
            batch.append(part)
            chars += len(part)
        yield batch

    def _annotate(self, parts: Sequence[str]) -> list[Annotation]:
        found = [Annotation()] * len(parts)
        worth = [i for i, text in enumerate(parts) if may_hold_value(text)]
        views = {i: self.rules(parts[i]) for i in worth}
        for i, logits, states in self.tagged(worth, parts, views):
            found[i] = self._annotation(parts[i], views[i], logits, states)
        return found

    def tagged(
        self, worth: Sequence[int], paragraphs: Sequence[str], views: dict[int, RuleView]
    ) -> Iterator[tuple[int, Floats, Floats]]:
        """Index, tag logits and character states of each paragraph of ``worth``; windows batched by length, merged."""
        windows = {i: self.encoder.encode(paragraphs[i], views[i]) for i in worth}
        order = sorted(
            ((i, k) for i in worth for k in range(len(windows[i]))), key=lambda at: len(windows[at[0]][at[1]].piece_ids)
        )
        done: dict[tuple[int, int], tuple[Floats, Floats]] = {}
        for start in range(0, len(order), self.batch_size):
            keys = order[start : start + self.batch_size]
            batch: list[EncodedWindow] = [windows[i][k] for i, k in keys]
            logits, states = self.backend.tag(pad_windows(batch))
            for row, (key, window) in enumerate(zip(keys, batch, strict=True)):
                size = window.end - window.start
                done[key] = logits[row, :size], states[row, :size]
        for i in worth:
            parts = [done[i, k] for k in range(len(windows[i]))]
            length = len(paragraphs[i])
            yield (
                i,
                merge_windows(windows[i], [part[0] for part in parts], length),
                merge_windows(windows[i], [part[1] for part in parts], length),
            )

    def _annotation(self, text: str, rules: RuleView, logits: Floats, states: Floats) -> Annotation:
        tags = TagSet(tuple(self.schema.labels))
        spans = decode_spans(logits, tags, temperature=self.temperatures.spans)
        return annotate_spans(self, text, rules, spans, states)


def annotate_spans(
    system: ModelSystem, text: str, rules: RuleView, spans: Sequence[ScoredSpan], states: Floats
) -> Annotation:
    """Relations and attributes for ``spans`` (in order) of one paragraph, on its character states."""
    schema, temperatures = system.schema, system.temperatures
    values = [s.span for s in spans if s.label == schema.head]
    tails = [(s.span, s.label) for s in spans if s.label != schema.head]
    if not values:
        return Annotation()
    chosen, probabilities, attributes = [], [], []
    for start in range(0, len(values), _VALUES_AT_ONCE):
        part = values[start : start + _VALUES_AT_ONCE]
        near = [
            i for i, (span, _) in enumerate(tails)
            if part[0].start - _REACH_CHARS <= span.start <= part[-1].end + _REACH_CHARS
        ]  # fmt: skip
        features = PairFeatureExtractor(schema).extract(text, part, [tails[i] for i in near], rules)
        scores, none = _linked(system.backend, states, part, [tails[i][0] for i in near], features)
        best, probability = choose_tails(scores, none, features.allowed, temperature=temperatures.relations)
        chosen.append(np.where(best >= 0, np.array([*near, -1])[best], -1))
        probabilities.append(probability)
        described = system.backend.describe(states, edges(part), features.values)
        attributes += choose_attributes(described, schema, temperature=temperatures.attributes)
    scaling = (temperatures.record_slope, temperatures.record_bias)
    return assemble(spans, np.concatenate(chosen), np.concatenate(probabilities), attributes, schema, scaling=scaling)


def _linked(
    backend: Backend, states: Floats, values: Sequence[Span], tails: Sequence[Span], features: PairFeatures
) -> tuple[Floats, Floats]:
    """Scores of the pairs and of none; without any candidate one that is thrown away (onnxruntime dies of none)."""
    if tails:
        return backend.link(states, edges(values), edges(tails), features.pairs, features.values)
    blank = np.zeros((len(values), 1, features.pairs.shape[2]), dtype=np.float32)
    scores, none = backend.link(states, edges(values), edges([Span(0, 1)]), blank, features.values)
    return scores[:, :0], none


def edges(spans: Sequence[Span]) -> Integers:
    """(n, 2) starts and ends."""
    return np.array([(span.start, span.end) for span in spans], dtype=np.int64).reshape(len(spans), 2)


def may_hold_value(text: str) -> bool:
    """False for a paragraph without any digit or numeral: it is skipped."""
    return _NUMBER_LIKE.search(text) is not None
