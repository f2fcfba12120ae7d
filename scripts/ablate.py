#!/usr/bin/env python3
"""What parts of a trained model are worth, without training again: ablate.py MODEL FILE.jsonl ...

MODEL is a checkpoint folder or an exported bundle. Rows: the model; without the rules' view; the rules alone.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from zhibiao.core.errors import ZhibiaoError
from zhibiao.features.rules import RuleView
from zhibiao.rules.system import RuleSystem
from zhibiao.training.measure import load_any, report

LEVELS = ("spans", "relations", "records")


def main() -> int:
    """Parse, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args()
    try:
        model = load_any(args.model)
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    systems = {
        "model": model,
        "model without the rules' view": replace(model, rules=lambda _: RuleView()),
        "rules": RuleSystem(),
    }
    print(f"| system | {' | '.join(path.stem for path in args.files)} |")
    print("|---" * (len(args.files) + 1) + "|")
    for name, system in systems.items():
        cells = []
        for path in args.files:
            found = report(system, path)
            cells.append(" / ".join(f"{found.levels[level].total.f1:.3f}" for level in LEVELS))
        print(f"| {name} | {' | '.join(cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
