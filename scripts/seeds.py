#!/usr/bin/env python3
"""Mean F1 of trainings that differ in their seed: seeds.py MODEL ... --files FILE.jsonl ... [--facts GOLD.jsonl PAGES].

MODEL is a checkpoint folder (torch) or an exported bundle (ONNX). Each cell: mean (95% interval over other texts and
other seeds; every run).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ZhibiaoError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText, Document
from zhibiao.evaluation.paired import LEVELS, level_counts
from zhibiao.evaluation.runs import RunsScore, mean_of_runs
from zhibiao.evaluation.scoring import fact_table
from zhibiao.io.readers import ReadOptions, read_documents
from zhibiao.pipeline.extractor import Extractor
from zhibiao.pipeline.neural import ModelSystem
from zhibiao.training.measure import load_any, predict


def main() -> int:
    """Parse, predict, print one table a kind of figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--files", type=Path, nargs="+", required=True)
    parser.add_argument("--facts", type=Path, nargs=2, metavar=("GOLD", "PAGES"))
    args = parser.parse_args()
    try:
        models = [load_any(folder) for folder in args.models]
        _print_table("file", LEVELS, {path.name: _levels(models, path) for path in args.files})
        if args.facts:
            print()
            _print_table("facts", *_facts(models, *args.facts))
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _levels(models: list[ModelSystem], path: Path) -> list[RunsScore]:
    gold = list(read_annotated(path))
    return mean_of_runs([level_counts(gold, predict(model, gold)) for model in models])


def _facts(models: list[ModelSystem], path: Path, pages: Path) -> tuple[list[str], dict[str, list[RunsScore]]]:
    gold = list(read_annotated(path))
    found = read_documents([str(pages)], options=ReadOptions(), ledger=Ledger())
    documents = [item for item in found if isinstance(item, Document)]
    tables = [fact_table(gold, _annotated(model, documents)) for model in models]
    return [name for _, name in tables[0].keys], {path.name: mean_of_runs([table.counts for table in tables])}


def _annotated(model: ModelSystem, documents: list[Document]) -> list[AnnotatedText]:
    extractor = Extractor(model)
    return [extractor.extract(document).to_annotated() for document in documents]


def _print_table(first: str, names: tuple[str, ...] | list[str], rows: dict[str, list[RunsScore]]) -> None:
    print(f"| {first} | {' | '.join(names)} |")
    print("|---" * (len(names) + 1) + "|")
    for name, scores in rows.items():
        print(f"| {name} | {' | '.join(map(_cell, scores))} |")


def _cell(score: RunsScore) -> str:
    low, high = score.interval
    return f"{score.mean:.3f} ({low:.3f}..{high:.3f}; {', '.join(f'{f1:.3f}' for f1 in score.runs)})"


if __name__ == "__main__":
    sys.exit(main())
