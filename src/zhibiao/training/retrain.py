"""Going on from a checkpoint with new annotations: replay of old ones, and a gate that keeps a worse model out."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zhibiao.core.codec import dumps, read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.evaluation.match import EMPTY, view
from zhibiao.evaluation.report import Report
from zhibiao.evaluation.scoring import evaluate
from zhibiao.pipeline.extractor import System
from zhibiao.training.checkpoint import load_checkpoint, load_model_system
from zhibiao.training.measure import predict
from zhibiao.training.train import Training, train, training_files

_LEVELS = ("spans", "relations")
_QUOTED_CHARS = 60


@dataclass(frozen=True, slots=True)
class Fall:
    """A label or relation type whose F1 fell below the old model's interval (its lower end: ``bound``)."""

    kind: str
    before: float
    after: float
    bound: float


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on a new model: it is accepted if nothing fell.

    ``lost`` and ``gained`` name the records of the frozen test that only the old, only the new model has right.
    """

    falls: tuple[Fall, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """True if no label or relation type fell beyond its interval."""
        return not self.falls


def retrain(
    folder: Path,
    data: Sequence[Path],
    output: Path,
    *,
    replay: float = 1.0,
    epochs: int = 3,
    rate_factor: float = 0.3,
    resume: bool = False,
) -> Training:
    """Go on from the checkpoint in ``folder`` with ``data`` and a share ``replay`` of its old training paragraphs.

    Raises ConfigError if there is nothing new, or no old data where replay is asked for (they make it forget).
    """
    start = load_checkpoint(folder)
    new = [text for path in data for text in read_annotated(path)]
    if not new:
        raise ConfigError(f"{', '.join(map(str, data)) or 'no file'}: nothing to learn from")
    old_files = [Path(path) for path in training_files(start.config)]
    if replay > 0 and not all(path.is_file() for path in old_files):
        missing = ", ".join(str(path) for path in old_files if not path.is_file())
        raise ConfigError(f"no {missing}: without its old data the model forgets; give them back, or set replay to 0")
    old = [text for path in old_files if path.is_file() for text in read_annotated(path)]
    random.Random(start.config.training.seed).shuffle(old)
    output.mkdir(parents=True, exist_ok=True)
    mixed = output / "mixed.jsonl"
    kept = old[: round(replay * len(old))]
    mixed.write_text("".join(dumps(text) + "\n" for text in (*new, *kept)), encoding="utf-8")
    options = start.config.training
    config = replace(
        start.config,
        data=replace(start.config.data, train=(str(mixed),), optional_train=()),
        loss=replace(start.config.loss, predicted_from_epoch=0),
        training=replace(
            options,
            epochs=epochs,
            evaluate_from_epoch=1,
            learning_rate=options.learning_rate * rate_factor,
            head_learning_rate=options.head_learning_rate * rate_factor,
        ),
    )
    return train(config, output, start=start, resume=resume)


def gate(old: Path, new: Path, frozen: Path, *, resamples: int = 1000) -> Gate:
    """Compare two checkpoints on the frozen test file."""
    return judge_systems(load_model_system(old), load_model_system(new), frozen, resamples=resamples)


def judge_systems(old: System, new: System, frozen: Path, *, resamples: int) -> Gate:
    """The gate for any two systems."""
    gold = list(read_annotated(frozen))
    before, after = predict(old, gold), predict(new, gold)
    reports = [evaluate(gold, side, resamples=resamples) for side in (before, after)]
    lost, gained = _flips(gold, before, after)
    return Gate(_falls(*reports), lost, gained)


def _falls(before: Report, after: Report) -> tuple[Fall, ...]:
    found = []
    for level in _LEVELS:
        for kind, score in before.levels[level].by_kind.items():
            now = after.levels[level].by_kind.get(kind)
            f1 = now.f1 if now else 0.0
            if score.interval and f1 < score.interval[0]:
                found.append(Fall(kind, score.f1, f1, score.interval[0]))
    return tuple(found)


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
