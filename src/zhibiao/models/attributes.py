"""Attribute scores of VALUEs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from zhibiao.models.pairs import SpanStates
from zhibiao.models.sizes import ModelSizes

_LEFT_CHARS, _RIGHT_CHARS = 160, 32
_FAR = -1e4


class AttributeHead(nn.Module):
    """The value's state, its surroundings by attention with a learned bias for each distance, and its features."""

    def __init__(self, sizes: ModelSizes, *, dropout: float) -> None:
        super().__init__()
        self.value = SpanStates(sizes.hidden, sizes.span, dropout)
        self.query = nn.Linear(sizes.span, sizes.span)
        self.key = nn.Linear(sizes.hidden, sizes.span)
        self.content = nn.Linear(sizes.hidden, sizes.span)
        self.distance = nn.Parameter(torch.zeros(sizes.context_heads, _LEFT_CHARS + _RIGHT_CHARS + 3))
        self.hidden = nn.Linear(2 * sizes.span + sizes.value_features, sizes.pair)
        self.out = nn.Linear(sizes.pair, sizes.n_attribute_values)
        self.dropout = nn.Dropout(dropout)
        self.heads = sizes.context_heads

    def forward(self, states: Tensor, values: Tensor, value_features: Tensor) -> Tensor:
        """(n_values, n_attribute_values), not normalised; ``values`` (n_values, 2) are half-open."""
        v = self.value(states, values)
        size = v.shape[-1] // self.heads
        query = self.query(v).reshape(-1, self.heads, size)
        key = self.key(states).reshape(-1, self.heads, size)
        content = self.content(states).reshape(-1, self.heads, size)
        offset = torch.arange(states.shape[0], device=states.device).unsqueeze(0) - values[:, :1]
        place = offset.clamp(-_LEFT_CHARS - 1, _RIGHT_CHARS + 1)
        far = (place == -_LEFT_CHARS - 1) | (place == _RIGHT_CHARS + 1)
        bias = self.distance[:, place + _LEFT_CHARS + 1]
        scores = torch.einsum("vhd,chd->hvc", query, key) / size**0.5 + bias
        weights = scores.masked_fill(far.unsqueeze(0), _FAR).softmax(dim=-1)
        context = torch.einsum("hvc,chd->vhd", weights, content).reshape(v.shape)
        mixed = self.hidden(self.dropout(torch.cat([v, context, value_features], dim=-1)))
        scores_of_values: Tensor = self.out(self.dropout(nn.functional.gelu(mixed)))
        return scores_of_values
