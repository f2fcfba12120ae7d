"""One round: train from the current model, export, judge the exported model, and use it only if nothing fell."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from zhibiao.core.codec import read_annotated
from zhibiao.evaluation.paired import compare
from zhibiao.evaluation.scoring import evaluate
from zhibiao.export.onnx import export
from zhibiao.io.sinks import atomic_file
from zhibiao.loop.plan import Plan, RoundOptions, pool_bytes
from zhibiao.loop.report import NOTHING_NEW, REFUSED, FileFigures, RoundReport
from zhibiao.loop.set_aside import update_open, write_entries
from zhibiao.loop.state import CHECKPOINT, LEARNED, State
from zhibiao.pipeline.extractor import System
from zhibiao.text.normalize import normalize
from zhibiao.training.checkpoint import load_checkpoint
from zhibiao.training.measure import load_any, predict
from zhibiao.training.retrain import Gate, RetrainOptions, judge, retrain
from zhibiao.training.trainer import BEST

REPORT = "report.json"
_TRAINED, _DATA, _RUN, _BUNDLE = "trained.json", "annotations.jsonl", "run", "bundle"
# Enough to find a broken export; the gate, which judges the exported model, finds the rest.
_PROBE = 50
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended (``accepted``, ``refused``, ``nothing new``), where its report is, and the new model.

    With ``nothing new`` there is no report, and ``model`` is the one that an earlier, same round made, if any.
    """

    verdict: str
    report: Path | None = None
    model: str = ""


def run_round(state: State, plan: Plan, options: RoundOptions) -> Outcome:
    """Carry out ``plan``; the current model changes in the last step and only if the gate accepts the new one.

    A round that was stopped is taken up where it was: training goes on from its last epoch. A round that was refused is
    not run again. Raises ExportError if the exported model does not compute what the trained one does, and what
    training raises.
    """
    state.write_pool(plan.merged.rows)
    intake = plan.intake
    update_open(state.set_aside, plan.set_aside, files=intake.files, ids={*intake.lines, *intake.rows})
    if not plan.something_new:
        return Outcome(NOTHING_NEW)
    folder = state.rounds / plan.key
    if (earlier := _earlier(state, folder)) is not None:
        return earlier
    _drop_unfinished(state, keep=folder)
    folder.mkdir(parents=True, exist_ok=True)
    report = _Round(state, plan, options, folder).run()
    return Outcome(report.verdict, folder / "report.md", report.model)


def _earlier(state: State, folder: Path) -> Outcome | None:
    """How the round in ``folder`` ended, None if it did not: it is new, was stopped, or its model was thrown away."""
    if not (folder / REPORT).is_file():
        return None
    report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    if report["verdict"] == REFUSED:
        return Outcome(REFUSED, folder / "report.md", report["model"])
    if (folder / _RUN / "model").is_dir():  # it goes with the last step, after the switch
        return None
    if (state.models / report["model"]).is_dir():  # it was current until someone went back to an earlier one
        return Outcome(NOTHING_NEW, model=report["model"])
    shutil.rmtree(folder)
    return None


def _drop_unfinished(state: State, *, keep: Path) -> None:
    for folder in state.rounds.iterdir() if state.rounds.is_dir() else ():
        if folder != keep and folder.is_dir() and not (folder / REPORT).is_file():
            _LOG.info("%s: dropped; it was stopped, and its data or settings were not those of now", folder)
            shutil.rmtree(folder)


class _Round:
    def __init__(self, state: State, plan: Plan, options: RoundOptions, folder: Path) -> None:
        self._state, self._plan, self._options, self._folder = state, plan, options, folder
        self._seconds: dict[str, float] = {}

    def run(self) -> RoundReport:
        """Everything, from the data of the round to the switch."""
        plan, folder = self._plan, self._folder
        (folder / _DATA).write_bytes(pool_bytes(plan.merged.rows))
        write_entries(folder / self._state.set_aside.name, plan.set_aside)
        trained = self._train()
        with self._timed("export"):
            self._export()
        with self._timed("gate"):
            gate, figures = self._judge()
        name = str(folder / _RUN / "model")
        if gate.accepted:
            model = self._state.publish(self._complete(), datetime.now(UTC).date())
            name = model.name
        report = RoundReport(plan, self._options, gate, figures, trained, self._seconds, name)
        self._write(report)
        if gate.accepted:
            self._state.switch(model)
        for path in [self._folder / _RUN / "model"] if gate.accepted else [self._folder / _BUNDLE]:
            shutil.rmtree(path)
        return report

    def _train(self) -> dict[str, Any]:
        done = self._folder / _TRAINED
        if not done.is_file():
            options = RetrainOptions(self._options.replay, self._options.epochs, old=self._plan.old)
            run = self._folder / _RUN
            result = retrain(
                self._plan.start.checkpoint, [self._folder / _DATA], run, options=options, resume=run.is_dir()
            )
            losses = dict(result.ledger.counts)
            _write_json(done, {"metrics": dict(result.metrics), "losses": losses, "seconds": result.seconds})
        self._tidy()
        trained: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        self._seconds["training"] = trained["seconds"]
        return trained

    def _export(self) -> None:
        texts = (text for path in self._plan.dev for text in read_annotated(path))
        probe = [normalize(text.text).text for text in islice(texts, _PROBE)]
        checkpoint = load_checkpoint(self._folder / _RUN / "model")
        export(checkpoint, self._folder / _BUNDLE, quantize=True, probe=probe)

    def _judge(self) -> tuple[Gate, tuple[FileFigures, ...]]:
        old, new = load_any(self._plan.start.model), load_any(self._folder / _BUNDLE)
        resamples = self._options.resamples
        frozen = list(read_annotated(self._options.frozen))
        before, after = predict(old, frozen), predict(new, frozen)
        gate = judge(frozen, before, after, resamples=resamples)
        differences = compare(frozen, after, before, resamples=resamples)
        test = FileFigures("frozen test", str(self._options.frozen), gate.before, gate.after, differences)
        return gate, (test, *(self._dev_figures(path, old, new) for path in self._plan.dev))

    def _dev_figures(self, path: Path, old: System, new: System) -> FileFigures:
        gold, resamples = list(read_annotated(path)), self._options.resamples
        before, after = predict(old, gold), predict(new, gold)
        one, other = (evaluate(gold, side, resamples=resamples) for side in (before, after))
        return FileFigures("dev", str(path), one, other, compare(gold, after, before, resamples=resamples))

    def _complete(self) -> Path:
        """The exported model with the checkpoint to go on from next time."""
        bundle = self._folder / _BUNDLE
        shutil.copytree(self._folder / _RUN / "model", bundle / CHECKPOINT)
        learned = {"annotations": self._plan.annotations.sha256, "old": [str(path) for path in self._plan.old]}
        _write_json(bundle / CHECKPOINT / LEARNED, {**learned, "round": self._plan.key})
        return bundle

    def _write(self, report: RoundReport) -> None:
        with atomic_file(self._folder / "report.md") as file:
            file.write(report.to_markdown().encode("utf-8", "backslashreplace"))
        _write_json(self._folder / REPORT, report.to_json())

    def _tidy(self) -> None:
        """Remove what only a stopped training needs."""
        run = self._folder / _RUN
        for path in run.glob("checkpoint-*"):
            shutil.rmtree(path)
        (run / BEST).unlink(missing_ok=True)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._seconds[step] = time.monotonic() - began


def _write_json(path: Path, content: Any) -> None:
    with atomic_file(path) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")
