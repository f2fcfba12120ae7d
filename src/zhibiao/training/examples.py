"""Gold paragraphs as training examples, and batches of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from zhibiao.core.ledger import Ledger
from zhibiao.core.spans import Span
from zhibiao.features.batch import pad_windows
from zhibiao.features.encode import EncodedWindow, ParagraphEncoder
from zhibiao.features.rules import RuleView, rule_view
from zhibiao.features.tags import TagSet
from zhibiao.training.gold import GoldParagraph

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """One paragraph: ``window`` holds all of it, ``tags`` (n_chars,) its gold tags."""

    gold: GoldParagraph
    rules: RuleView
    window: EncodedWindow
    tags: NDArray[np.int64]


def make_examples(
    paragraphs: Sequence[GoldParagraph], encoder: ParagraphEncoder, tags: TagSet, ledger: Ledger
) -> list[Example]:
    """One example per window; a gold relation or span that crosses windows is counted and left out of training."""
    made = []
    for paragraph in paragraphs:
        rules = rule_view(paragraph.text)
        windows = encoder.encode(paragraph.text, rules)
        for index, window in enumerate(windows):
            if len(windows) > 1:
                part = _cut(paragraph, window, index, ledger)
                rules_part = rule_view(part.text)
                whole = EncodedWindow(0, len(part.text), window.piece_ids, window.char_pieces, window.char_ids,
                                      window.char_places, window.char_features, window.owned)  # fmt: skip
                made.append(Example(part, rules_part, whole, tags.encode(part.spans, len(part.text))))
            else:
                made.append(Example(paragraph, rules, window, tags.encode(paragraph.spans, len(paragraph.text))))
    return made


def _cut(paragraph: GoldParagraph, window: EncodedWindow, index: int, ledger: Ledger) -> GoldParagraph:
    def moved(span: Span) -> Span | None:
        inside = window.start <= span.start and span.end <= window.end
        return Span(span.start - window.start, span.end - window.start) if inside else None

    spans = tuple((new, label) for span, label in paragraph.spans if (new := moved(span)) is not None)
    links: dict[tuple[Span, str], Span] = {}
    for (value, kind), tail in paragraph.links.items():
        head, target = moved(value), moved(tail)
        if head is not None and target is not None:
            links[head, kind] = target
        elif head is not None:
            ledger.add("gold_relation_across_training_windows", f"{paragraph.id} {kind}")
    attributes = {new: a for span, a in paragraph.attributes.items() if (new := moved(span)) is not None}
    return GoldParagraph(f"{paragraph.id}/{index}", paragraph.text[window.start : window.end], spans, links, attributes)


class ExampleSet(Dataset[dict[str, Any]]):
    """Examples as the Trainer takes them; in an epoch a product of augmentation may stand in for an example."""

    def __init__(
        self,
        examples: Sequence[Example],
        products: Sequence[Sequence[Example]] = (),
        *,
        share: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.examples, self._products = examples, products
        self._share, self._seed, self.epoch = share, seed, 0
        self.lengths = [len(e.window.piece_ids) for e in examples]

    def set_epoch(self, epoch: int) -> None:
        """Choose the stand-ins of ``epoch``."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, index: int) -> dict[str, Any]:
        generator = np.random.default_rng((self._seed, self.epoch, index))
        products = self._products[index] if self._products else ()
        if products and generator.random() < self._share:
            return {"example": products[int(generator.integers(len(products)))]}
        return {"example": self.examples[index]}


def collate(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Padded tensors of the tagger's inputs, gold tags (padding -100), and the examples themselves."""
    examples = [item["example"] for item in items]
    batch = pad_windows([e.window for e in examples])
    tags = np.full(batch.char_ids.shape, IGNORED, dtype=np.int64)
    for row, example in zip(tags, examples, strict=True):
        row[: len(example.tags)] = example.tags
    inputs = {f.name: torch.from_numpy(getattr(batch, f.name)) for f in fields(batch)}
    return {"inputs": inputs, "tags": torch.from_numpy(tags), "examples": examples}
