#!/usr/bin/env python3
"""What 20 corrected paragraphs do for a model that never saw their kind: retrain_study.py CONFIG.yaml --output DIR.

A model is trained without any paragraph of a pattern (zhibiao.data.patterns) and then retrained on COUNT of them, with
and without replay of its old data. Scored on the frozen test and on COUNT other paragraphs of the pattern, which share
no document, city or near-duplicate with anything learned. A study that was stopped is taken up where it was.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ConfigError, ZhibiaoError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.paragraphs import write_paragraphs
from zhibiao.data.patterns import PATTERNS, patterns, value_patterns
from zhibiao.data.split import split_corpus
from zhibiao.evaluation.match import view
from zhibiao.evaluation.metrics import CountTable, Score
from zhibiao.evaluation.paired import compare
from zhibiao.evaluation.report import EXACT_LEVELS
from zhibiao.evaluation.scoring import evaluate
from zhibiao.loop.leaks import JudgedTexts
from zhibiao.training.config import Config, load_config
from zhibiao.training.gold import read_texts
from zhibiao.training.measure import load_any, predict
from zhibiao.training.retrain import RetrainOptions, retrain
from zhibiao.training.train import train, training_files

WEAK, CORRECTED, HELD_OUT = "weak.jsonl", "corrected.jsonl", "held_out.jsonl"
REPLAY = {"before": None, "after, replay": 1.0, "after, no replay": 0.0}


def main() -> int:
    """Parse, train, retrain, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--without", choices=sorted(PATTERNS), default="rank", metavar="PATTERN")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--share", type=float, default=1.0, help="of the other paragraphs that the first model sees")
    parser.add_argument("--frozen", type=Path, default=Path("data/gold/test.jsonl"))
    parser.add_argument("--epochs", type=int, default=3, help="of retraining")
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--set", action="append", default=[], dest="overrides", metavar="section.key=value")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        config = load_config(args.config, args.overrides)
        files = _cut(config, args)
        models = _train(config, files, args)
        print("\n".join(_table(models, {"frozen test": args.frozen, "held out": files[HELD_OUT]}, args)))
    except ZhibiaoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _cut(config: Config, args: argparse.Namespace) -> dict[str, Path]:
    """The three files: what the first model learns, what is corrected, what is held out."""
    texts = read_texts(training_files(config))[: config.data.limit or None]
    kind = [text for text in texts if args.without in patterns(text)]
    seed = config.training.seed
    halves = split_corpus(kind, ratios={CORRECTED: 0.5, HELD_OUT: 0.5}, seed=seed)
    short = [name for name, half in halves.items() if len(half) < args.count]
    if short:
        raise ConfigError(f"{len(kind)} paragraphs of {args.without} are too few for twice {args.count}; lower --count")
    args.output.mkdir(parents=True, exist_ok=True)
    files = {name: args.output / name for name in (WEAK, CORRECTED, HELD_OUT)}
    for name, half in halves.items():
        write_paragraphs(files[name], random.Random(seed).sample(half, args.count))
    others = [text for text in texts if args.without not in patterns(text)]
    leaks = JudgedTexts([files[HELD_OUT]]).leaks(others)
    rest = [text for text in others if text.id not in leaks]
    random.Random(seed).shuffle(rest)
    kept = rest[: round(args.share * len(rest))]
    write_paragraphs(files[WEAK], kept)
    print(
        f"{args.without}: {PATTERNS[args.without]}; {len(kind)} of {len(texts)} paragraphs. The first model learns "
        f"{len(kept)}, without the pattern and without the {len(leaks)} near the {args.count} that are held out.\n"
    )
    return files


def _train(config: Config, files: dict[str, Path], args: argparse.Namespace) -> dict[str, Path]:
    """The checkpoint of each row of ``REPLAY``."""
    models = {}
    for number, (name, share) in enumerate(REPLAY.items()):
        run = args.output / f"run{number}"
        models[name] = run / "model"
        if (models[name] / "README.md").is_file():  # written last
            continue
        if share is None:
            data = replace(config.data, train=(str(files[WEAK]),), optional_train=(), limit=0)
            train(replace(config, data=data), run, resume=run.is_dir())
        else:
            options = RetrainOptions(share, args.epochs)
            retrain(models["before"], [files[CORRECTED]], run, options=options, resume=run.is_dir())
    return models


def _table(models: dict[str, Path], files: dict[str, Path], args: argparse.Namespace) -> list[str]:
    columns = [*EXACT_LEVELS, f"records of {args.without}"]
    head = ["| file | model | " + " | ".join(f"{name} (95%)" for name in columns) + " |"]
    lines = [*head, "|---" * (2 + len(columns)) + "|"]
    systems = {name: load_any(folder) for name, folder in models.items()}
    for file, path in files.items():
        gold = list(read_annotated(path))
        predicted = {name: predict(system, gold) for name, system in systems.items()}
        for name, side in predicted.items():
            report = evaluate(gold, side, resamples=args.resamples)
            scores = [*(report.levels[level].total for level in EXACT_LEVELS), _of_kind(gold, side, args)]
            lines.append(f"| {file} | {name} | {' | '.join(map(_cell, scores))} |")
        for name in list(REPLAY)[1:]:
            found = compare(gold, predicted[name], predicted["before"], resamples=args.resamples)
            cells = [
                f"{d.difference:+.3f} ({d.interval[0]:+.3f}..{d.interval[1]:+.3f}, p {d.p:.3f})"
                for d in (found[level] for level in EXACT_LEVELS)
            ]
            lines.append(f"| {file} | {name} - before | {' | '.join(cells)} | |")
    return lines


def _of_kind(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText], args: argparse.Namespace) -> Score:
    """Of the gold VALUEs that show the pattern, the share whose whole record was found (as tp / gold)."""
    found = {text.id: view(text).records for text in predicted}
    units = []
    for text in gold:
        records = {record[0]: record for record in view(text).records}
        spans = {entity.id: (entity.span.start, entity.span.end) for entity in text.entities}
        wanted = [records[spans[key]] for key, names in value_patterns(text).items() if args.without in names]
        right = sum(record in found[text.id] for record in wanted)
        units.append({("kind", ""): (right, len(wanted), len(wanted))})
    return CountTable.from_units(units).scores(resamples=args.resamples, seed=0)["kind", ""]


def _cell(score: Score) -> str:
    interval = f" ({score.interval[0]:.3f}..{score.interval[1]:.3f})" if score.interval else ""
    return f"{score.f1:.3f}{interval}"


if __name__ == "__main__":
    sys.exit(main())
