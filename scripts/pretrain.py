#!/usr/bin/env python3
"""Continue masked-language-model training of an encoder: pretrain.py ENCODER TEXT.txt[.xz] --output DIR [--steps N].

TEXT has one paragraph a line. DIR becomes an encoder folder for `model.encoder` of a training configuration.
"""

from __future__ import annotations

import argparse
import lzma
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch.utils.data import Dataset
from transformers import (
    AutoModelForMaskedLM,
    DataCollatorForLanguageModeling,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)


class Blocks(Dataset[dict[str, list[int]]]):
    """Paragraphs joined and cut into blocks of ``size`` pieces."""

    def __init__(self, texts: Sequence[str], tokenizer: PreTrainedTokenizerFast, size: int) -> None:
        pieces = [i for of in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"] for i in of]
        inner = size - 2
        first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
        self._blocks = [[first, *pieces[i : i + inner], last] for i in range(0, len(pieces) - inner + 1, inner)]

    def __len__(self) -> int:
        return len(self._blocks)

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        return {"input_ids": self._blocks[index]}


def read_lines(path: Path, limit_chars: int) -> list[str]:
    """Paragraphs of ``path`` up to ``limit_chars`` characters."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        return [line for line in file.read(limit_chars).splitlines() if line.strip()]


def main() -> int:
    """Parse, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--pieces", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    parser.add_argument("--limit-chars", type=int, default=20_000_000)
    parser.add_argument("--held-out", type=int, default=500, help="last paragraphs, for the loss that is reported")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(str(args.encoder))
    # No text is seen often enough to be learned by heart: without dropout the same steps teach more (Geiping and
    # Goldstein, Cramming, 2023) in less time. The saved configuration keeps the encoder's rates for fine-tuning.
    model = AutoModelForMaskedLM.from_pretrained(str(args.encoder), dtype=torch.float32)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    lines = read_lines(args.text, args.limit_chars)
    if len(lines) <= args.held_out:
        parser.error(f"{args.text}: {len(lines)} paragraphs; more than --held-out {args.held_out} are needed")
    kept, held_out = (
        Blocks(part, tokenizer, args.pieces) for part in (lines[: -args.held_out], lines[-args.held_out :])
    )
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(args.output / "run"),
            max_steps=args.steps,
            per_device_train_batch_size=args.batch_size,
            learning_rate=args.learning_rate,
            warmup_steps=0.05,
            save_steps=500,
            save_total_limit=1,
            logging_steps=50,
            report_to=["tensorboard"],
        ),
        train_dataset=kept,
        eval_dataset=held_out,
        data_collator=DataCollatorForLanguageModeling(tokenizer=tokenizer),
    )
    trainer.train(resume_from_checkpoint=args.resume or None)
    held_out_loss = trainer.evaluate()
    model.half().save_pretrained(str(args.output))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(args.encoder / name, args.output / name)
    print(f"{args.output}: {held_out_loss}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
