"""Going on from a checkpoint with new annotations: replay of old ones, and a gate that keeps a worse model out."""

from __future__ import annotations

import math
import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zhibiao.core.codec import dumps, read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.evaluation.match import EMPTY, view
from zhibiao.evaluation.report import Report
from zhibiao.evaluation.scoring import NOTHING, evaluate
from zhibiao.pipeline.extractor import System
from zhibiao.training.checkpoint import load_checkpoint, load_model_system
from zhibiao.training.config import Config
from zhibiao.training.measure import predict
from zhibiao.training.train import Training, train, training_files

MIXED = "mixed.jsonl"
_LEVELS = ("spans", "relations")
# Of the new paragraphs in an epoch, repetitions included.
_LEAST_SEEN = 100
_LEAST_SHARE = 0.2
_MOST_REPEATS = 8
_QUOTED_CHARS = 60


@dataclass(frozen=True, slots=True)
class Fall:
    """A label, relation type or level whose F1 fell below the old model's interval (its lower end: ``bound``)."""

    kind: str
    before: float
    after: float
    bound: float


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on a new model: it is accepted if nothing fell.

    ``lost`` and ``gained`` name the records of the frozen test that only the old, only the new model has right;
    ``before`` and ``after`` are the two models' reports.
    """

    falls: tuple[Fall, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    before: Report
    after: Report

    @property
    def accepted(self) -> bool:
        """True if no label or relation type, and not the records as a whole, fell beyond the interval."""
        return not self.falls


@dataclass(frozen=True, slots=True)
class RetrainOptions:
    """How to go on from a checkpoint: ``replay`` is the share of the old paragraphs that is learned again with the new.

    The old ones are those of the files ``old``, by default those that the checkpoint was trained on; an old paragraph
    with the id of a new one is left out. New paragraphs are repeated, up to eight times, until an epoch has 100 of them
    and they are a fifth of it: a few that are seen as seldom as each of the old ones change nothing (docs/retrain.md
    has the figures). ``rate_factor`` scales the learning rates.
    """

    replay: float = 1.0
    epochs: int = 3
    rate_factor: float = 0.3
    old: tuple[Path, ...] | None = None


def retrain(
    folder: Path,
    data: Sequence[Path],
    output: Path,
    *,
    options: RetrainOptions | None = None,
    resume: bool = False,
) -> Training:
    """Go on from the checkpoint in ``folder`` with ``data``.

    Raises ConfigError if there is nothing new, or no old data where replay is asked for (they make it forget).
    """
    options = options or RetrainOptions()
    start = load_checkpoint(folder)
    new = [text for path in data for text in read_annotated(path)]
    if not new:
        raise ConfigError(f"{', '.join(map(str, data)) or 'no file'}: nothing to learn from")
    kept = _replayed(start.config, options, {text.id for text in new})
    output.mkdir(parents=True, exist_ok=True)
    mixed = output / MIXED
    repeated = new * _repeats(len(new), len(kept))
    mixed.write_text("".join(dumps(text) + "\n" for text in (*repeated, *kept)), encoding="utf-8")
    return train(_retrain_config(start.config, mixed, options), output, start=start, resume=resume)


def _replayed(config: Config, options: RetrainOptions, new_ids: Container[str]) -> list[AnnotatedText]:
    if options.replay <= 0:
        return []
    files = [Path(path) for path in training_files(config)] if options.old is None else options.old
    if missing := ", ".join(str(path) for path in files if not path.is_file()):
        raise ConfigError(f"no {missing}: without its old data the model forgets; give them back, or set replay to 0")
    old = [text for path in files for text in read_annotated(path)]
    if options.old is None:
        old = old[: config.data.limit or None]
    old = [text for text in {text.id: text for text in old}.values() if text.id not in new_ids]
    random.Random(config.training.seed).shuffle(old)
    return old[: round(options.replay * len(old))]


def _repeats(new: int, old: int) -> int:
    """How often each of the ``new`` paragraphs is seen in an epoch with ``old`` others."""
    wanted = max(_LEAST_SEEN, _LEAST_SHARE / (1 - _LEAST_SHARE) * old)
    return min(_MOST_REPEATS, math.ceil(wanted / new))


def _retrain_config(config: Config, mixed: Path, options: RetrainOptions) -> Config:
    training = config.training
    return replace(
        config,
        data=replace(config.data, train=(str(mixed),), optional_train=(), limit=0),
        loss=replace(config.loss, predicted_from_epoch=0),
        training=replace(
            training,
            epochs=options.epochs,
            evaluate_from_epoch=1,
            learning_rate=training.learning_rate * options.rate_factor,
            head_learning_rate=training.head_learning_rate * options.rate_factor,
        ),
    )


def gate(old: Path, new: Path, frozen: Path, *, resamples: int = 1000) -> Gate:
    """Compare two checkpoints on the frozen test file."""
    return judge_systems(load_model_system(old), load_model_system(new), frozen, resamples=resamples)


def judge_systems(old: System, new: System, frozen: Path, *, resamples: int) -> Gate:
    """The gate for any two systems."""
    gold = list(read_annotated(frozen))
    return judge(gold, predict(old, gold), predict(new, gold), resamples=resamples)


def judge(
    gold: Sequence[AnnotatedText], before: Sequence[AnnotatedText], after: Sequence[AnnotatedText], *, resamples: int
) -> Gate:
    """The gate for what two systems predicted on the frozen test ``gold``."""
    reports = [evaluate(gold, side, resamples=resamples) for side in (before, after)]
    lost, gained = _flips(gold, before, after)
    return Gate(_falls(*reports), lost, gained, *reports)


def _falls(before: Report, after: Report) -> tuple[Fall, ...]:
    # The records as a whole stand for the attributes, which no label or relation type tells of.
    pairs = [("records", before.levels["records"].total, after.levels["records"].total)]
    for level in _LEVELS:
        now = after.levels[level].by_kind
        pairs += [(kind, score, now.get(kind, NOTHING)) for kind, score in before.levels[level].by_kind.items()]
    return tuple(
        Fall(kind, score.f1, new.f1, score.interval[0])
        for kind, score, new in pairs
        if score.interval and new.f1 < score.interval[0]
    )


def _flips(
    gold: Sequence[AnnotatedText], before: Sequence[AnnotatedText], after: Sequence[AnnotatedText]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sides: list[Mapping[str, AnnotatedText]] = [{t.id: t for t in side} for side in (before, after)]
    lost, gained = [], []
    for text in gold:
        had, has = (view(side[text.id]).records if text.id in side else EMPTY.records for side in sides)
        for record in view(text).records:
            (start, end), *_ = record
            place = f"{text.id} [{start}, {end}) {text.text[max(0, start - _QUOTED_CHARS) : end]!r}"
            if record in had and record not in has:
                lost.append(place)
            elif record in has and record not in had:
                gained.append(place)
    return tuple(lost), tuple(gained)
