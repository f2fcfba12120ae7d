#!/usr/bin/env python3
"""Figures of a model and of the rules: evaluate.py MODEL FILE.jsonl ... [--facts GOLD.jsonl PAGES] [--json OUT].

MODEL is a checkpoint folder (torch) or an exported bundle (ONNX).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from zhibiao.core.errors import ZhibiaoError
from zhibiao.rules.system import RuleSystem
from zhibiao.training.measure import load_any
from zhibiao.training.study import study, to_markdown


def main() -> int:
    """Parse, evaluate, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--facts", type=Path, nargs=2, metavar=("GOLD", "PAGES"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--bootstrap", type=int, default=1000)
    args = parser.parse_args()
    try:
        model = load_any(args.model)
        found = study(
            {"model": model, "rules": RuleSystem()},
            args.files,
            resamples=args.bootstrap,
            facts=args.facts and tuple(args.facts),
        )
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    tables = to_markdown(found)
    print(tables)
    if args.json:
        args.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if args.markdown:
        args.markdown.write_text(tables, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
