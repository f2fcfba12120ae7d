"""The folder that a retraining loop lives in: annotations, rounds, models, and the pointer to the current model."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from zhibiao.core.errors import CheckpointError, ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.paragraphs import read_paragraphs, write_paragraphs
from zhibiao.io.sinks import atomic_file
from zhibiao.pipeline.pointer import MODEL_KEY, model_folder
from zhibiao.pipeline.version import model_hash

CHECKPOINT, LEARNED = "checkpoint", "learned.json"


@dataclass(frozen=True, slots=True)
class Start:
    """What a round goes on from.

    ``model`` is judged against the new one: an exported model, or the checkpoint itself where none was exported here.
    ``learned`` is the hash of the pool that it has learned, ``old`` the files that it had learned before the loop began
    (None: those that its own configuration names).
    """

    name: str
    checkpoint: Path
    model: Path
    learned: str = ""
    old: tuple[Path, ...] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The places in the folder ``root``."""

    root: Path

    @property
    def pointer(self) -> Path:
        """The file that points to the current model."""
        return self.root / "current"

    @property
    def pool(self) -> Path:
        """Every new annotation that was taken in."""
        return self.root / "annotations.jsonl"

    @property
    def set_aside(self) -> Path:
        """What was set aside and is still open."""
        return self.root / "set_aside.jsonl"

    @property
    def models(self) -> Path:
        """One folder for each model that passed the gate."""
        return self.root / "models"

    @property
    def rounds(self) -> Path:
        """One folder for each round: its data, training run and report."""
        return self.root / "rounds"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes out while the block runs; the system ends the lock of a process that was killed.

        Raises ConfigError at once if another process is at work here.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise ConfigError(f"{self.root}: another `zhibiao retrain` is at work here; wait until it ends") from None
        try:
            yield
        finally:
            lock.release()

    def start(self, first: Path) -> Start:
        """The current model, or the checkpoint ``first`` where there is none yet.

        Raises CheckpointError if the pointer is damaged, ConfigError if there is neither.
        """
        if self.pointer.is_file():
            folder = model_folder(self.pointer)
            learned = _read_learned(folder / CHECKPOINT / LEARNED)
            old = tuple(map(Path, learned["old"]))
            return Start(folder.name, folder / CHECKPOINT, folder, learned["annotations"], old)
        if os.path.lexists(self.pointer):
            raise CheckpointError(
                f"{self.pointer}: a file such as {{{MODEL_KEY!r}: 'models/NAME'}} is expected; write one, or move away "
                "what is there"
            )
        if not first.is_dir():
            raise ConfigError(
                f"{first}: there is no checkpoint; name the one to begin with by --from, such as the folder RUN/model "
                "of a run of `zhibiao train`"
            )
        return Start(str(first), first, first)

    def read_pool(self) -> list[AnnotatedText]:
        """The annotations so far. Raises AnnotationError if the file was damaged."""
        return read_paragraphs(self.pool) if self.pool.is_file() else []

    def write_pool(self, rows: tuple[AnnotatedText, ...]) -> None:
        """Replace the annotations in one step."""
        write_paragraphs(self.pool, rows)

    def publish(self, bundle: Path, day: date) -> Path:
        """Move the finished folder ``bundle`` to its place among the models, ``DATE-HASH``; nothing uses it yet."""
        self.models.mkdir(exist_ok=True)
        place = self.models / f"{day.isoformat()}-{model_hash(bundle)}"
        if place.exists():  # the same model, from a round that was killed between this step and the next
            shutil.rmtree(bundle)
            return place
        return bundle.replace(place)

    def switch(self, model: Path) -> None:
        """Make ``model``, a folder in ``models``, the current one in one step."""
        content = {MODEL_KEY: f"{self.models.name}/{model.name}"}
        with atomic_file(self.pointer) as file:
            file.write(json.dumps(content).encode() + b"\n")


def _read_learned(path: Path) -> dict[str, Any]:
    try:
        learned: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{path}: cannot be read ({error}); let `current` point to a model that `zhibiao retrain` made"
        ) from error
    return learned
