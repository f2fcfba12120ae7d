#!/usr/bin/env python3
"""Cut the vocabulary of a Unigram-tokenised BERT to its most frequent pieces and store it in half precision.

    cut_encoder.py SOURCE TARGET --corpus FILE.txt[.xz] --pieces 7500

A piece that goes is covered by shorter ones; a rare character that goes is read as <unk> (the model still sees it
through its character embedding). Special tokens and printable ASCII stay.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import sys
from collections import Counter
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

WORD_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"
_BATCH_LINES = 2000


def count_pieces(tokenizer: Tokenizer, corpus: Path) -> Counter[int]:
    """How often each piece occurs in the lines of ``corpus``."""
    opener = lzma.open if corpus.suffix == ".xz" else open
    counts: Counter[int] = Counter()
    with opener(corpus, "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    for start in range(0, len(lines), _BATCH_LINES):
        for encoding in tokenizer.encode_batch(lines[start : start + _BATCH_LINES]):
            counts.update(encoding.ids)
    return counts


def cut(source: Path, target: Path, counts: Counter[int], n_pieces: int) -> float:
    """Write the cut encoder to ``target``; returns the share of the corpus's pieces that it keeps."""
    state = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    vocab = state["model"]["vocab"]
    special = {token["id"] for token in state["added_tokens"]}
    needed = special | {i for i, (piece, _) in enumerate(vocab) if len(piece) == 1 and piece.isascii()}
    ranked = [i for i, _ in counts.most_common() if i not in needed and i < len(vocab)]
    kept = sorted(needed | set(ranked[: n_pieces - len(needed)]))
    new_id = {old: new for new, old in enumerate(kept)}
    state["model"]["vocab"] = [vocab[i] for i in kept if i < len(vocab)]
    state["model"]["unk_id"] = new_id[state["model"]["unk_id"]]
    for token in state["added_tokens"]:
        token["id"] = new_id[token["id"]]
    for name, token in state["post_processor"]["special_tokens"].items():
        token["ids"] = [new_id[i] for i in token["ids"]]
        state["post_processor"]["special_tokens"][name] = token
    target.mkdir(parents=True, exist_ok=True)
    (target / "tokenizer.json").write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    shutil.copyfile(source / "tokenizer_config.json", target / "tokenizer_config.json")
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    config.update(vocab_size=len(kept), pad_token_id=new_id[config["pad_token_id"]], dtype="float16")
    (target / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    weights = load_file(str(source / "model.safetensors"))
    rows = torch.tensor(kept)
    for name, tensor in weights.items():
        tensor = (
            tensor[rows] if tensor.shape[:1] == (len(vocab),) or tensor.shape[:1] == (config_size(source),) else tensor
        )
        weights[name] = tensor.half().contiguous()
    save_file(weights, str(target / "model.safetensors"), metadata={"format": "pt"})
    return sum(counts[i] for i in kept) / max(1, counts.total())


def config_size(source: Path) -> int:
    """The vocabulary size of the source encoder."""
    return int(json.loads((source / "config.json").read_text(encoding="utf-8"))["vocab_size"])


def main() -> int:
    """Parse, count, cut, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=7500)
    args = parser.parse_args()
    counts = count_pieces(Tokenizer.from_file(str(args.source / "tokenizer.json")), args.corpus)
    share = cut(args.source, args.target, counts, args.pieces)
    print(f"{args.target}: {args.pieces} pieces, {share:.2%} of the corpus's pieces kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
