"""A system's figures on annotation files, through the same path and metrics as the final report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.records import AnnotatedText, Document
from zhibiao.evaluation.report import Report
from zhibiao.evaluation.scoring import evaluate
from zhibiao.pipeline.extractor import Extractor, System
from zhibiao.pipeline.neural import ModelSystem
from zhibiao.pipeline.onnx_backend import SETTINGS, load_system
from zhibiao.pipeline.pointer import model_folder


def load_any(folder: Path) -> ModelSystem:
    """The model of a checkpoint (torch) or of an exported bundle (ONNX), or of a pointer to one.

    Raises CheckpointError as their loaders do.
    """
    folder = model_folder(folder)
    if (folder / SETTINGS).is_file():
        return load_system(folder)
    from zhibiao.training.checkpoint import load_model_system  # torch is needed for a checkpoint only

    return load_model_system(folder)


def predict(system: System, gold: Sequence[AnnotatedText]) -> list[AnnotatedText]:
    """The system's annotation of every gold text, from raw text on."""
    extractor = Extractor(system)
    predicted = []
    for text in gold:
        meta = text.meta
        document = Document(
            text.id, text.text, date=meta.get("date", ""), city=meta.get("city", ""), source=meta.get("source", "")
        )
        predicted.append(extractor.extract(document).to_annotated())
    return predicted


def report(system: System, path: Path, *, resamples: int = 0) -> Report:
    """The evaluation report of ``system`` on one annotation file."""
    gold = list(read_annotated(path))
    return evaluate(gold, predict(system, gold), resamples=resamples)


def dev_metrics(system: System, paths: Sequence[str]) -> dict[str, float]:
    """F1 of spans, relations and records for each file, and ``mean_records_f1``, the mean over the files."""
    metrics: dict[str, float] = {}
    for path in map(Path, paths):
        found = report(system, path)
        metrics |= {
            f"{path.stem}_{level}_f1": found.levels[level].total.f1 for level in ("spans", "relations", "records")
        }
    metrics["mean_records_f1"] = sum(metrics[f"{Path(p).stem}_records_f1"] for p in paths) / len(paths)
    return metrics
