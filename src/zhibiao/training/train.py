"""One training run: data → model → Trainer → checkpoint."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import EarlyStoppingCallback, TrainingArguments, set_seed
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema
from zhibiao.features.encode import CharacterVocabulary, ParagraphEncoder
from zhibiao.features.tags import TagSet
from zhibiao.models.joint import JointModel, TorchBackend
from zhibiao.pipeline.neural import ModelSystem
from zhibiao.training.calibrate import calibrate
from zhibiao.training.card import model_card
from zhibiao.training.checkpoint import Checkpoint, new_model, save_checkpoint
from zhibiao.training.config import Config, TrainingConfig
from zhibiao.training.examples import Example, ExampleSet, collate, make_examples
from zhibiao.training.gold import (
    GoldParagraph,
    count_forbidden,
    missing_labels,
    products,
    read_gold,
    read_texts,
    to_gold,
)
from zhibiao.training.loss import JointLoss
from zhibiao.training.measure import dev_metrics
from zhibiao.training.sampler import LengthSampler
from zhibiao.training.trainer import AVERAGED, BEST, METRIC, ModelTrainer

_LOG = logging.getLogger(__name__)
_LIBRARIES = ("torch", "transformers", "tokenizers", "numpy", "accelerate")


@dataclass(frozen=True, slots=True)
class Training:
    """What a run left: checkpoint folder, dev figures of the chosen weights, what was lost, how long it took."""

    folder: Path
    metrics: Mapping[str, float]
    ledger: Ledger
    seconds: float


def train(config: Config, output: Path, *, resume: bool = False, start: Checkpoint | None = None) -> Training:
    """Train as ``config`` says and write the chosen model to ``output / "model"``.

    ``resume`` goes on from the last epoch saved in ``output`` with the same result as a run that was never stopped.
    ``start`` continues from a checkpoint's weights instead of a fresh head on the configured encoder.

    Raises ConfigError if ``output`` already holds a run and ``resume`` is False, AnnotationError if, without ``start``,
    a label or relation type never occurs in the training data.
    """
    last = _last_checkpoint(output)
    if last and not resume:
        raise ConfigError(f"{output} already holds a run ({last}); resume it, or choose another folder")
    began = time.monotonic()
    if config.training.threads:
        torch.set_num_threads(config.training.threads)
    set_seed(config.training.seed)
    schema, schema_yaml = _schema(start)
    ledger = Ledger()
    texts = read_texts(training_files(config))[: config.data.limit or None]
    gold = _checked_gold(texts, config, schema, ledger, known=start is not None)
    model, encoder = (start.model, start.encoder) if start else _fresh(config, schema, gold)
    examples = make_examples(gold, encoder, TagSet(tuple(schema.labels)), ledger)
    _LOG.info("%d training windows, %d parameters", len(examples), sum(p.numel() for p in model.parameters()))
    loss = JointLoss(model, schema, config.loss)
    system = ModelSystem(TorchBackend(model), encoder, schema)
    dataset = _dataset(examples, texts, encoder, schema, config)
    trainer = ModelTrainer(
        loss=loss,
        sampler=LengthSampler(dataset.lengths, config.training.batch_size, config.training.seed),
        options=config.training,
        measure=lambda: dev_metrics(system, dev_files(config)),
        args=_arguments(config.training, output),
        train_dataset=dataset,
        eval_dataset=dataset,
        data_collator=collate,
        callbacks=[EarlyStoppingCallback(config.training.patience_epochs)],
    )
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    return _finish(Checkpoint(model, encoder, schema, schema_yaml, config), output, ledger, time.monotonic() - began)


def _last_checkpoint(output: Path) -> Path | None:
    """The last epoch that was saved whole; the one that a kill or a full disk cut short is written again."""
    whole = [path.parent for path in output.glob(f"{PREFIX_CHECKPOINT_DIR}-*/{AVERAGED}")]
    return max(whole, key=lambda folder: int(folder.name.rpartition("-")[2]), default=None)


def dev_files(config: Config) -> list[str]:
    """The configured development files, optional ones where they exist."""
    return [*config.data.dev, *(path for path in config.data.optional_dev if Path(path).is_file())]


def _schema(start: Checkpoint | None) -> tuple[Schema, str]:
    if start is not None:
        return start.schema, start.schema_yaml
    resource = resources.files("zhibiao") / "resources" / "schema.yaml"
    return Schema.load(), resource.read_text(encoding="utf-8")


def training_files(config: Config) -> list[str]:
    """The configured training files, optional ones where they exist."""
    return [*config.data.train, *(path for path in config.data.optional_train if Path(path).is_file())]


def _dataset(
    examples: list[Example], texts: list[AnnotatedText], encoder: ParagraphEncoder, schema: Schema, config: Config
) -> ExampleSet:
    """The examples with products of augmentation; a paragraph of several windows, which counts as several, has none."""
    count, seed = config.data.augmentations, config.training.seed
    if not count or len(examples) != len(texts):
        return ExampleSet(examples)
    tags = TagSet(tuple(schema.labels))
    made = [
        [e for product in found if len(e := make_examples([product], encoder, tags, Ledger())) == 1]
        for found in products(texts, schema, seed=seed, count=count)
    ]
    return ExampleSet(examples, [[e[0] for e in found] for found in made], share=config.data.augmented_share, seed=seed)


def _checked_gold(
    texts: list[AnnotatedText], config: Config, schema: Schema, ledger: Ledger, *, known: bool
) -> list[GoldParagraph]:
    """The gold of ``texts``; unless ``known``, because learned before, every label and type must occur in it."""
    gold = [to_gold(text, schema, ledger) for text in texts]
    missing = [] if known else missing_labels(gold, schema)
    if missing:
        raise AnnotationError(
            f"no {', '.join(missing)} in {', '.join(training_files(config))}: they could not be learned; add examples"
        )
    count_forbidden(gold, schema, ledger)
    return gold


def _fresh(config: Config, schema: Schema, gold: list[GoldParagraph]) -> tuple[JointModel, Any]:
    characters = CharacterVocabulary.from_texts((p.text for p in gold), min_count=config.model.min_character_count)
    return new_model(config, schema, characters)


def _arguments(options: TrainingConfig, output: Path) -> TrainingArguments:
    half = options.precision
    if half == "auto":
        half = "no" if not torch.cuda.is_available() else "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    if half not in ("no", "bf16", "fp16"):
        raise ConfigError(f"training.precision: auto, no, bf16 or fp16 is expected, got {half!r}")
    return TrainingArguments(
        output_dir=str(output),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_ratio,
        lr_scheduler_type="linear",
        max_grad_norm=options.max_grad_norm,
        bf16=half == "bf16",
        fp16=half == "fp16",
        seed=options.seed,
        data_seed=options.seed,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        logging_steps=10,
        report_to=["tensorboard"],
        metric_for_best_model=METRIC,
        greater_is_better=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        label_names=[],
        ddp_find_unused_parameters=True,
    )


def _finish(checkpoint: Checkpoint, output: Path, ledger: Ledger, seconds: float) -> Training:
    model, folder = checkpoint.model, output / "model"
    best = json.loads((output / "best.json").read_text())
    model.load_state_dict(load_file(str(output / BEST)))
    model.eval()
    system = ModelSystem(TorchBackend(model), checkpoint.encoder, checkpoint.schema)
    dev = read_gold(dev_files(checkpoint.config), checkpoint.schema, Ledger())
    checkpoint = replace(checkpoint, temperatures=calibrate(system, dev))
    provenance = {
        "versions": {name: metadata.version(name) for name in _LIBRARIES} | {"python": platform.python_version()},
        "data": {
            path: _sha256(Path(path)) for path in (*training_files(checkpoint.config), *dev_files(checkpoint.config))
        },
        "seconds": round(seconds),
        "best_step": best["step"],
    }
    losses = {"counts": dict(ledger.counts), "examples": ledger.examples}
    save_checkpoint(checkpoint, folder, {"metrics": best["metrics"], "ledger": losses, "provenance": provenance})
    (folder / "README.md").write_text(
        model_card(checkpoint.config, best["metrics"], ledger, provenance), encoding="utf-8"
    )
    return Training(folder, best["metrics"], ledger, seconds)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
