#!/usr/bin/env python3
"""Go on from a checkpoint: retrain.py CHECKPOINT --data NEW.jsonl --frozen TEST.jsonl --output DIR.

Exit code 1: the new model fell on the frozen test and was refused.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from zhibiao.core.errors import ZhibiaoError
from zhibiao.training.retrain import gate, retrain


def main() -> int:
    """Parse, retrain, print the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--frozen", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--replay", type=float, default=1.0)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        done = retrain(
            args.checkpoint, args.data, args.output, replay=args.replay, epochs=args.epochs, resume=args.resume
        )
        verdict = gate(args.checkpoint, done.folder, args.frozen)
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for fall in verdict.falls:
        print(f"fell: {fall.kind} {fall.before:.3f} -> {fall.after:.3f}, below {fall.bound:.3f}")
    for name, places in (("lost", verdict.lost), ("gained", verdict.gained)):
        print(f"{name}: {len(places)}")
        for place in places:
            print(f"  {place}")
    print(f"{'accepted' if verdict.accepted else 'refused'}: {done.folder}")
    return 0 if verdict.accepted else 1


if __name__ == "__main__":
    sys.exit(main())
