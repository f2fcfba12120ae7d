#!/usr/bin/env python3
"""Export a checkpoint to a runtime bundle: export.py CHECKPOINT BUNDLE [--float] [--probe FILE.jsonl]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ZhibiaoError
from zhibiao.export.onnx import export
from zhibiao.text.normalize import normalize
from zhibiao.training.checkpoint import load_checkpoint


def main() -> int:
    """Parse, export, print the size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--float", action="store_true", help="keep 32-bit weights")
    parser.add_argument("--probe", type=Path, help="annotated paragraphs on which torch and ONNX must agree")
    args = parser.parse_args()
    probe = [normalize(text.text).text for text in read_annotated(args.probe)] if args.probe else []
    try:
        size = export(load_checkpoint(args.checkpoint), args.bundle, quantize=not args.float, probe=probe)
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{args.bundle}: {size / 1e6:.1f} MB, {len(probe)} paragraphs alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
