"""Sizes of everything that is learned; models know sizes, not label names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelSizes:
    """Numbers of inputs and outputs (fixed by schema, vocabulary and features) and widths (free to choose)."""

    n_tags: int
    n_types: int
    n_attribute_values: int
    n_characters: int
    n_places: int
    channels: tuple[int, ...]
    pair_features: int
    value_features: int
    hidden: int = 240
    span: int = 128
    pair: int = 160
    bilinear: int = 24
    context_heads: int = 4
    character: int = 48
    place: int = 16
    channel: int = 12
