#!/usr/bin/env python3
"""Annotate the texts of annotation files: predict.py MODEL FILE.jsonl --output PRED.jsonl.

MODEL is a checkpoint folder (torch) or an exported bundle (ONNX). The output has the ids and texts of the input.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhibiao.core.codec import dumps, read_annotated
from zhibiao.core.errors import ZhibiaoError
from zhibiao.training.measure import load_any, predict


def main() -> int:
    """Parse, predict, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    try:
        predicted = predict(load_any(args.model), list(read_annotated(args.file)))
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    args.output.write_text("".join(dumps(text) + "\n" for text in predicted), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
