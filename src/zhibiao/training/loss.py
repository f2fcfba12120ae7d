"""The joint loss: tags, relations on gold and on predicted spans, attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from zhibiao.core.schema import Schema
from zhibiao.core.spans import Span
from zhibiao.decode.spans import log_softmax, viterbi
from zhibiao.features.characters import CharacterFeatures
from zhibiao.features.pairs import PairFeatureExtractor, overlap_share
from zhibiao.features.rules import RuleView
from zhibiao.features.tags import TagSet
from zhibiao.models.joint import JointModel
from zhibiao.pipeline.neural import edges
from zhibiao.training.config import LossConfig
from zhibiao.training.examples import IGNORED, Example
from zhibiao.training.noise import disturb

_FORBIDDEN = -1e4
_NEARLY = 0.5


class JointLoss(nn.Module):
    """Wraps the model; ``forward`` takes a collated batch and returns the loss and its parts."""

    def __init__(self, model: JointModel, schema: Schema, config: LossConfig) -> None:
        super().__init__()
        self.model = model
        self.schema, self.settings = schema, config
        self.tags = TagSet(tuple(schema.labels))
        self.characters = CharacterFeatures(tuple(schema.labels))
        self.extractor = PairFeatureExtractor(schema)
        self.options = [tuple(kind.values) for kind in schema.attributes.values()]
        self.epoch = 0.0

    def forward(self, inputs: Mapping[str, Tensor], tags: Tensor, examples: Sequence[Example]) -> dict[str, Any]:
        """The weighted loss and, detached, its parts."""
        config = self.settings
        views = self._views(examples)
        inputs = {**inputs, "char_features": self._features(inputs["char_features"], examples, views)}
        logits, states = self.model.tagger(**inputs)
        tag_loss = nn.functional.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=IGNORED)
        parts: dict[str, list[Tensor]] = {"relations": [], "predicted_relations": [], "attributes": []}
        predict = self.epoch >= config.predicted_from_epoch and config.predicted_relations > 0
        for row, (example, rules) in enumerate(zip(examples, views, strict=True)):
            values = [span for span, label in example.gold.spans if label == self.schema.head]
            if not values:
                continue
            own = states[row, : len(example.tags)]
            tails = [(span, label) for span, label in example.gold.spans if label != self.schema.head]
            relations, attributes = self._paragraph(own, example, values, tails, rules)
            parts["relations"].append(relations)
            parts["attributes"].append(attributes)
            if predict:
                found = self._predicted(logits[row, : len(example.tags)])
                values = [span for span, label in found if label == self.schema.head and span in set(values)]
                tails = [(span, label) for span, label in found if label != self.schema.head]
                if values:
                    parts["predicted_relations"].append(self._paragraph(own, example, values, tails, rules)[0])
        loss = config.tags * tag_loss
        for name, items in parts.items():
            if items:
                loss = loss + getattr(config, name) * torch.cat(items).mean()
        return {"loss": loss, "tag_loss": tag_loss.detach()}

    def _views(self, examples: Sequence[Example]) -> list[RuleView]:
        """What the model is told of the rules: nothing for some paragraphs, disturbed for the others."""
        config = self.settings
        generator = np.random.default_rng(int(torch.randint(2**31, ()).item()))
        return [
            RuleView()
            if generator.random() < config.rule_dropout
            else disturb(
                e.rules, generator, spans=config.rule_span_noise, links=config.rule_link_noise, length=len(e.tags)
            )
            for e in examples
        ]

    def _features(self, features: Tensor, examples: Sequence[Example], views: Sequence[RuleView]) -> Tensor:
        """Character features with these views in the rule channel; a few characters lose all of theirs."""
        array = features.cpu().numpy().copy()
        for row, (example, view) in enumerate(zip(examples, views, strict=True)):
            self.characters.mark_rules(array[row, : len(example.tags)], view)
        changed = torch.from_numpy(array).to(features.device)
        kept = torch.rand(features.shape[:2], device=features.device) >= self.settings.feature_noise
        return changed * kept.unsqueeze(-1)

    def _predicted(self, logits: Tensor) -> list[tuple[Span, str]]:
        scores = log_softmax(logits.detach().float().cpu().numpy())
        return self.tags.decode(viterbi(scores, self.tags))

    def _paragraph(
        self,
        states: Tensor,
        example: Example,
        values: Sequence[Span],
        tails: Sequence[tuple[Span, str]],
        rules: RuleView,
    ) -> tuple[Tensor, Tensor]:
        """Losses of every (value, type) and of every (value, attribute)."""
        features = self.extractor.extract(example.gold.text, values, tails, rules)
        at = [torch.from_numpy(edges(spans)).to(states.device) for spans in (values, [span for span, _ in tails])]
        value_features = torch.from_numpy(features.values).to(states.device)
        scores, none = self.model.pairs(states, *at, torch.from_numpy(features.pairs).to(states.device), value_features)
        allowed = torch.from_numpy(features.allowed).to(states.device)
        table = torch.cat([none.unsqueeze(1), scores.masked_fill(~allowed, _FORBIDDEN)], dim=1)
        wanted = torch.from_numpy(self._targets(example, values, tails, features.allowed)).to(states.device)
        relations = nn.functional.cross_entropy(table.transpose(1, 2).flatten(0, 1), wanted.flatten(), reduction="none")
        described = self.model.attributes(states, at[0], value_features)
        return relations, self._attribute_losses(described, example, values)

    def _targets(
        self, example: Example, values: Sequence[Span], tails: Sequence[tuple[Span, str]], allowed: np.ndarray
    ) -> np.ndarray:
        """(n_values, n_types) index of the right tail plus 1; 0 is none. A tail that nearly is the gold one counts."""
        wanted = np.zeros((len(values), len(self.schema.relations)), dtype=np.int64)
        for row, value in enumerate(values):
            for column, kind in enumerate(self.schema.relations):
                gold = example.gold.links.get((value, kind))
                if gold is None:
                    continue
                shares = [
                    overlap_share(span, gold) if allowed[row, i, column] else 0.0 for i, (span, _) in enumerate(tails)
                ]
                if shares and max(shares) >= _NEARLY:
                    wanted[row, column] = 1 + int(np.argmax(shares))
        return wanted

    def _attribute_losses(self, scores: Tensor, example: Example, values: Sequence[Span]) -> Tensor:
        losses, at = [], 0
        for name, options in zip(self.schema.attributes, self.options, strict=True):
            wanted = [
                options.index(getattr(example.gold.attributes[v], name)) if v in example.gold.attributes else IGNORED
                for v in values
            ]
            target = torch.tensor(wanted, device=scores.device)
            part = scores[:, at : at + len(options)]
            losses.append(nn.functional.cross_entropy(part, target, reduction="none", ignore_index=IGNORED))
            at += len(options)
        return torch.cat(losses)
