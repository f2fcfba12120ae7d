"""Export of a checkpoint to a runtime bundle: three ONNX graphs, tokenizer, schema, settings; parity checked."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from zhibiao.core.errors import ExportError
from zhibiao.core.records import Annotation
from zhibiao.export.quantize import quantize_weights
from zhibiao.models.joint import TorchBackend
from zhibiao.pipeline.neural import ModelSystem
from zhibiao.pipeline.onnx_backend import ATTRIBUTES, PAIRS, SETTINGS, TAGGER, load_system
from zhibiao.training.checkpoint import SCHEMA, TOKENIZER, Checkpoint

_OPSET = 17
_SAMPLE_CHARS, _SAMPLE_PIECES, _SAMPLE_VALUES, _SAMPLE_TAILS = 24, 17, 3, 5
_LOG = logging.getLogger(__name__)


def export(checkpoint: Checkpoint, folder: Path, *, quantize: bool, probe: Sequence[str]) -> float:
    """Write the bundle ``folder`` and return its size in bytes.

    ``probe``: paragraphs on which the bundle must give the same annotations as torch; with ``quantize`` (int8 weights)
    only the float bundle, made on the way, has to. Raises ExportError if it does not, and leaves
    nothing.
    """
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary) / "plain"
        _write(checkpoint, plain)
        _check_parity(checkpoint, plain, probe)
        if quantize:
            for name in (TAGGER, PAIRS, ATTRIBUTES):
                quantize_weights(plain / name, plain / name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(plain, folder)
    return float(sum(path.stat().st_size for path in folder.iterdir()))


def _write(checkpoint: Checkpoint, folder: Path) -> None:
    folder.mkdir(parents=True)
    model = checkpoint.model.eval().cpu()
    model.tagger.encoder.set_attn_implementation("eager")
    for name, module, inputs, outputs, axes in _graphs(checkpoint):
        with warnings.catch_warnings():
            # The newer exporter needs onnxscript and specialises on sizes; parity is checked on every export.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                tuple(inputs.values()),
                str(folder / name),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes=axes,
                opset_version=_OPSET,
                dynamo=False,
            )
    checkpoint.encoder.tokenizer.save(str(folder / TOKENIZER), pretty=False)
    (folder / SCHEMA).write_text(checkpoint.schema_yaml, encoding="utf-8")
    settings = {
        "format": 1,
        "characters": checkpoint.encoder.vocabulary.characters,
        "max_pieces": checkpoint.encoder.max_pieces,
        "overlap_pieces": checkpoint.encoder.overlap_pieces,
        "temperatures": asdict(checkpoint.temperatures),
    }
    (folder / SETTINGS).write_text(json.dumps(settings, ensure_ascii=False) + "\n", encoding="utf-8")


Graph = tuple[str, nn.Module, dict[str, Tensor], tuple[str, ...], dict[str, dict[int, str]]]


def _graphs(checkpoint: Checkpoint) -> list[Graph]:
    model, sizes = checkpoint.model, checkpoint.model.sizes
    chars, pieces = (2, _SAMPLE_CHARS), (2, _SAMPLE_PIECES)
    tagger = {
        "piece_ids": torch.ones(pieces, dtype=torch.long),
        "piece_mask": torch.ones(pieces, dtype=torch.long),
        "char_pieces": torch.zeros(chars, dtype=torch.long),
        "char_ids": torch.zeros(chars, dtype=torch.long),
        "char_places": torch.zeros(chars, dtype=torch.long),
        "char_features": torch.zeros((*chars, len(sizes.channels)), dtype=torch.long),
        "char_mask": torch.ones(chars),
    }
    by_char = {name: {0: "batch", 1: "chars"} for name in (*tagger, "logits", "states")}
    by_char |= {name: {0: "batch", 1: "pieces"} for name in ("piece_ids", "piece_mask")}
    states = torch.randn(_SAMPLE_CHARS, sizes.hidden)
    values = torch.tensor([[i, i + 1] for i in range(_SAMPLE_VALUES)])
    tails = torch.tensor([[i, i + 2] for i in range(_SAMPLE_TAILS)])
    value_features = torch.zeros(_SAMPLE_VALUES, sizes.value_features)
    pairs = {
        "states": states,
        "values": values,
        "tails": tails,
        "pair_features": torch.zeros(_SAMPLE_VALUES, _SAMPLE_TAILS, sizes.pair_features),
        "value_features": value_features,
    }
    one = {"states": {0: "chars"}, "values": {0: "values"}, "value_features": {0: "values"}}
    both = {"tails": {0: "tails"}, "pair_features": {0: "values", 1: "tails"}, "none": {0: "values"}}
    return [
        (TAGGER, model.tagger, tagger, ("logits", "states"), by_char),
        (PAIRS, model.pairs, pairs, ("scores", "none"), {**one, **both, "scores": {0: "values", 1: "tails"}}),
        (
            ATTRIBUTES,
            model.attributes,
            {"states": states, "values": values, "value_features": value_features},
            ("scores",),
            {**one, "scores": {0: "values"}},
        ),
    ]


def _check_parity(checkpoint: Checkpoint, folder: Path, probe: Sequence[str]) -> None:
    torch_system = ModelSystem(
        TorchBackend(checkpoint.model), checkpoint.encoder, checkpoint.schema, checkpoint.temperatures
    )
    ours, theirs = torch_system.annotate(probe), load_system(folder).annotate(probe)
    for text, one, other in zip(probe, ours, theirs, strict=True):
        if decisions(one) != decisions(other):
            raise ExportError(
                f"ONNX and torch differ on {text[:60]!r}: {decisions(one)} / {decisions(other)}; not exported"
            )


def decisions(annotation: Annotation) -> Mapping[str, object]:
    """An annotation without its probabilities, which differ in the last digits between backends."""
    return {
        "spans": [(e.id, e.label, e.span) for e in annotation.entities],
        "relations": [(r.head, r.tail, r.type) for r in annotation.relations],
        "attributes": [(a.entity, a.measure, a.trend, a.status, a.bound) for a in annotation.attributes],
    }
