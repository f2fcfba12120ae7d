"""Encoder, lift of piece states to characters, tag head."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from zhibiao.models.sizes import ModelSizes

_LIFT_WIDTH = 5
_REFINE_WIDTH = 3


class Lift(nn.Module):
    """Character states from piece states: the state of the covering piece, plus convolutions over it, the character,
    its place in the piece and its features."""

    def __init__(self, sizes: ModelSizes, piece_size: int, dropout: float) -> None:
        super().__init__()
        self.piece = nn.Linear(piece_size, sizes.hidden)
        self.character = nn.Embedding(sizes.n_characters, sizes.character)
        self.place = nn.Embedding(sizes.n_places, sizes.place)
        self.channels = nn.ModuleList(nn.Embedding(size, sizes.channel) for size in sizes.channels)
        width = sizes.hidden + sizes.character + sizes.place + sizes.channel * len(sizes.channels)
        self.wide = nn.Conv1d(width, sizes.hidden, _LIFT_WIDTH, padding=_LIFT_WIDTH // 2)
        self.refine = nn.Conv1d(sizes.hidden, sizes.hidden, _REFINE_WIDTH, padding=_REFINE_WIDTH // 2)
        self.norm = nn.LayerNorm(sizes.hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        piece_states: Tensor,
        char_pieces: Tensor,
        char_ids: Tensor,
        places: Tensor,
        features: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """(batch, chars, hidden) from (batch, pieces, d) and the character arrays; ``mask`` is 1.0 on characters."""
        own = self.piece(piece_states)
        own = torch.gather(own, 1, char_pieces.unsqueeze(-1).expand(-1, -1, own.shape[-1]))
        embedded = [channel(features[:, :, index]) for index, channel in enumerate(self.channels)]
        wide = torch.cat([own, self.character(char_ids), self.place(places), *embedded], dim=-1)
        wide = self.dropout(wide) * mask.unsqueeze(-1)
        states = own + nn.functional.gelu(self.wide(wide.transpose(1, 2))).transpose(1, 2)
        states = states * mask.unsqueeze(-1)
        states = states + nn.functional.gelu(self.refine(states.transpose(1, 2))).transpose(1, 2)
        out: Tensor = self.norm(states)
        return out


class Tagger(nn.Module):
    """Tag scores and character states of a batch of windows."""

    encoder: PreTrainedModel
    lift: Lift

    def __init__(self, encoder: PreTrainedModel, sizes: ModelSizes, *, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.lift = Lift(sizes, encoder.config.hidden_size, dropout)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(sizes.hidden, sizes.n_tags)

    def forward(
        self,
        piece_ids: Tensor,
        piece_mask: Tensor,
        char_pieces: Tensor,
        char_ids: Tensor,
        char_places: Tensor,
        char_features: Tensor,
        char_mask: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Logits (batch, chars, n_tags) and states (batch, chars, hidden), float32, not normalised."""
        pieces = self.encoder(input_ids=piece_ids, attention_mask=piece_mask).last_hidden_state
        states = self.lift(pieces, char_pieces, char_ids, char_places, char_features, char_mask)
        return self.head(self.dropout(states)), states
