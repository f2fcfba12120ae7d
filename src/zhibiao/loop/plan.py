"""What a round would learn from and go on from, settled before anything is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

from zhibiao import __version__
from zhibiao.core.codec import dumps, encode, read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.loop.intake import Intake
from zhibiao.loop.leaks import JudgedTexts
from zhibiao.loop.pool import Merged, merge
from zhibiao.loop.set_aside import SetAside
from zhibiao.loop.state import Start, State
from zhibiao.training.checkpoint import CONFIG, WEIGHTS
from zhibiao.training.config import Config, parse
from zhibiao.training.train import dev_files, training_files

_KEY_CHARS = 12
# An interval over paragraphs needs two; below that the gate would accept any model.
_LEAST_JUDGED = 2


@dataclass(frozen=True, slots=True)
class RoundOptions:
    """``first``: the checkpoint to begin with where the folder has no model yet. ``frozen``: the test of the gate.

    ``replay``: the share of the old training paragraphs that is learned again.
    """

    first: Path
    frozen: Path
    replay: float = 1.0
    epochs: int = 3
    resamples: int = 1000


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that the round depends on: what for, where, SHA-256 of its bytes, how many lines."""

    role: str
    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A round before it runs. ``merged`` is the pool with the new lines, without those that leak.

    ``key`` is a hash of all that the outcome depends on: the same key is the same round.
    """

    start: Start
    dev: tuple[Path, ...]
    old: tuple[Path, ...]
    data: tuple[DataFile, ...]
    merged: Merged
    intake: Intake
    set_aside: tuple[SetAside, ...]
    key: str

    @property
    def annotations(self) -> DataFile:
        """The pool as the round learns it."""
        return self.data[0]

    @property
    def something_new(self) -> bool:
        """False if the model that the round starts from has learned exactly this pool, or there is none."""
        return bool(self.merged.rows) and self.annotations.sha256 != self.start.learned


def make_plan(state: State, intake: Intake, options: RoundOptions) -> Plan:
    """The plan for ``intake``; nothing is written.

    Raises ConfigError if a file that the round needs is missing, CheckpointError if the model to start from is damaged.
    """
    start = state.start(options.first)
    config = _config(start.checkpoint)
    dev = tuple(Path(path) for path in dev_files(config))
    old = tuple(Path(path) for path in training_files(config)) if start.old is None else start.old
    for path in (options.frozen, *dev, *(old if options.replay > 0 else ())):
        if not path.is_file():
            raise ConfigError(f"{path}: no such file; paths are relative to {Path.cwd()}")
    if sum(bool(text.entities) for text in read_annotated(options.frozen)) < _LEAST_JUDGED:
        raise ConfigError(
            f"{options.frozen}: fewer than {_LEAST_JUDGED} paragraphs have spans: the gate would accept any model; "
            "name a test by --frozen"
        )
    merged, leaking = _merge(state, intake, JudgedTexts([options.frozen, *dev]))
    content = pool_bytes(merged.rows)
    data = (
        DataFile("new annotations", str(state.pool), _sha256(content), len(merged.rows)),
        *(_data_file("replay", path) for path in (old if options.replay > 0 else ())),
        *(_data_file("dev", path) for path in dev),
        _data_file("frozen test", options.frozen),
        _data_file("start", start.checkpoint / WEIGHTS, rows=False),
    )
    settings = (__version__, options.replay, options.epochs, [(file.role, file.sha256) for file in data])
    return Plan(
        start,
        dev,
        old,
        data,
        merged,
        intake,
        (*intake.set_aside, *leaking),
        _sha256(repr(settings).encode())[:_KEY_CHARS],
    )


def pool_bytes(rows: tuple[AnnotatedText, ...]) -> bytes:
    """The lines of the pool's file."""
    return "".join(f"{dumps(row)}\n" for row in rows).encode("utf-8")


def _merge(state: State, intake: Intake, judged: JudgedTexts) -> tuple[Merged, list[SetAside]]:
    """The pool with the new lines, and what leaks; lines of earlier rounds too, for the judging files may be new."""
    pool, new = state.read_pool(), list(intake.lines.values())
    held = {entry.id for entry in intake.set_aside if entry.id}
    everything = merge(pool, new, held=held).rows
    leaks = judged.leaks(everything)
    leaking = [
        SetAside(*leaks[row.id], intake.origins.get(row.id, str(state.pool)), id=row.id, row=encode(row))
        for row in everything
        if row.id in leaks
    ]
    without = ([row for row in rows if row.id not in leaks] for rows in (pool, new))
    return merge(*without, held=held), leaking


def _config(checkpoint: Path) -> Config:
    path = checkpoint / CONFIG
    try:
        return parse(Config, yaml.safe_load(path.read_text(encoding="utf-8")), str(path))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); name the folder of a checkpoint") from error


def _data_file(role: str, path: Path, *, rows: bool = True) -> DataFile:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    lines = content.split(b"\n") if rows else []
    return DataFile(role, str(path), _sha256(content), sum(bool(line.strip()) for line in lines))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
