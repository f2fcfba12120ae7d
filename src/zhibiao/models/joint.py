"""All learned parts as one module, and the backend that runs them without gradients."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import PreTrainedModel

from zhibiao.features.batch import WindowBatch
from zhibiao.models.attributes import AttributeHead
from zhibiao.models.pairs import PairScorer
from zhibiao.models.sizes import ModelSizes
from zhibiao.models.tagger import Tagger

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


class JointModel(nn.Module):
    """Tagger, pair scorer and attribute head; they share the character states."""

    def __init__(self, encoder: PreTrainedModel, sizes: ModelSizes, *, dropout: float) -> None:
        super().__init__()
        self.sizes = sizes
        self.tagger = Tagger(encoder, sizes, dropout=dropout)
        self.pairs = PairScorer(sizes, dropout=dropout)
        self.attributes = AttributeHead(sizes, dropout=dropout)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.tagger.head.weight.device


class TorchBackend:
    """The Backend of zhibiao.pipeline.neural in torch, in evaluation mode."""

    def __init__(self, model: JointModel) -> None:
        self._model = model

    def tag(self, batch: WindowBatch) -> tuple[Floats, Floats]:
        """Tag logits and character states."""
        arrays = {f.name: self._tensor(getattr(batch, f.name)) for f in fields(batch)}
        logits, states = self._run(self._model.tagger, **arrays)
        return logits, states

    def link(
        self, states: Floats, values: Integers, tails: Integers, pair_features: Floats, value_features: Floats
    ) -> tuple[Floats, Floats]:
        """Relation scores and scores of none."""
        arrays: tuple[NDArray[Any], ...] = (states, values, tails, pair_features, value_features)
        scores, none = self._run(self._model.pairs, *(self._tensor(array) for array in arrays))
        return scores, none

    def describe(self, states: Floats, values: Integers, value_features: Floats) -> Floats:
        """Attribute scores."""
        arrays: tuple[NDArray[Any], ...] = (states, values, value_features)
        (scores,) = self._run(self._model.attributes, *(self._tensor(array) for array in arrays))
        return scores

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._model.device)

    def _run(self, module: nn.Module, *args: Tensor, **kwargs: Tensor) -> tuple[Floats, ...]:
        was_training = self._model.training
        self._model.eval()
        try:
            with torch.no_grad():
                out = module(*args, **kwargs)
        finally:
            self._model.train(was_training)
        return tuple(t.float().cpu().numpy() for t in (out if isinstance(out, tuple) else (out,)))
