"""Relation scores of pairs (VALUE, candidate argument)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from zhibiao.models.sizes import ModelSizes


class SpanStates(nn.Module):
    """A span's state: those of its first and last character, projected."""

    def __init__(self, hidden: int, size: int, dropout: float) -> None:
        super().__init__()
        self.project = nn.Linear(2 * hidden, size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, spans: Tensor) -> Tensor:
        """(n, size) from states (chars, hidden) and ``spans`` (n, 2), half-open."""
        edges = torch.cat([states[spans[:, 0]], states[spans[:, 1] - 1]], dim=-1)
        return nn.functional.gelu(self.project(self.dropout(edges)))


class PairScorer(nn.Module):
    """Bilinear score plus a small network over both states and the pair's features, for each relation type."""

    def __init__(self, sizes: ModelSizes, *, dropout: float) -> None:
        super().__init__()
        self.value = SpanStates(sizes.hidden, sizes.span, dropout)
        self.tail = SpanStates(sizes.hidden, sizes.span, dropout)
        self.query = nn.Linear(sizes.span, sizes.n_types * sizes.bilinear)
        self.key = nn.Linear(sizes.span, sizes.n_types * sizes.bilinear)
        self.mix_value = nn.Linear(sizes.span, sizes.pair)
        self.mix_tail = nn.Linear(sizes.span, sizes.pair, bias=False)
        self.mix_features = nn.Linear(sizes.pair_features, sizes.pair, bias=False)
        self.out = nn.Linear(sizes.pair, sizes.n_types)
        self.none_hidden = nn.Linear(sizes.span + sizes.value_features, sizes.pair)
        self.none_out = nn.Linear(sizes.pair, sizes.n_types)
        self.dropout = nn.Dropout(dropout)
        self.n_types, self.bilinear = sizes.n_types, sizes.bilinear

    def forward(
        self, states: Tensor, values: Tensor, tails: Tensor, pair_features: Tensor, value_features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores (n_values, n_tails, n_types) and scores of no argument (n_values, n_types), not normalised."""
        v, a = self.value(states, values), self.tail(states, tails)
        query = self.query(v).reshape(-1, self.n_types, self.bilinear)
        key = self.key(a).reshape(-1, self.n_types, self.bilinear)
        bilinear = torch.einsum("vtd,atd->vat", query, key) / self.bilinear**0.5
        mixed = self.mix_value(v).unsqueeze(1) + self.mix_tail(a).unsqueeze(0) + self.mix_features(pair_features)
        scores = bilinear + self.out(self.dropout(nn.functional.gelu(mixed)))
        none = nn.functional.gelu(self.none_hidden(torch.cat([v, value_features], dim=-1)))
        return scores, self.none_out(self.dropout(none))
