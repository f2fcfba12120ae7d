#!/usr/bin/env python3
"""Train a model: train.py CONFIG.yaml --output DIR [--set section.key=value ...] [--resume]."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from zhibiao.core.errors import ZhibiaoError
from zhibiao.training.config import load_config
from zhibiao.training.train import train


def main() -> int:
    """Parse, train, print the dev figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="section.key=value")
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        done = train(load_config(args.config, args.overrides), args.output, resume=args.resume)
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for kind, count in sorted(done.ledger.counts.items()):
        print(f"lost: {kind} {count} {done.ledger.examples.get(kind, [])[:2]}")
    for name, value in done.metrics.items():
        print(f"{name} {value:.4f}")
    print(f"{done.folder} in {done.seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
