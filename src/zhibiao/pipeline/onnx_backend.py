"""The trained model on onnxruntime; neither torch nor transformers."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from zhibiao.core.errors import CheckpointError
from zhibiao.core.schema import Schema
from zhibiao.features.batch import WindowBatch
from zhibiao.features.characters import CharacterFeatures
from zhibiao.features.encode import CharacterVocabulary, ParagraphEncoder
from zhibiao.pipeline.neural import ModelSystem, Temperatures
from zhibiao.pipeline.pointer import model_folder

TAGGER, PAIRS, ATTRIBUTES, SETTINGS = "tagger.onnx", "pairs.onnx", "attributes.onnx", "settings.json"
_FILES = (TAGGER, PAIRS, ATTRIBUTES, SETTINGS, "tokenizer.json", "schema.yaml")

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


class OnnxBackend:
    """The Backend of zhibiao.pipeline.neural on three ONNX graphs; sessions are thread-safe."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # 8-bit weights are turned into floats once, when the session is made, and not in every run.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        self._sessions = {
            name: onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
            for name in (TAGGER, PAIRS, ATTRIBUTES)
        }

    def tag(self, batch: WindowBatch) -> tuple[Floats, Floats]:
        """Tag logits and character states."""
        inputs = {f.name: getattr(batch, f.name) for f in fields(batch)}
        logits, states = self._sessions[TAGGER].run(["logits", "states"], inputs)
        return logits, states

    def link(
        self, states: Floats, values: Integers, tails: Integers, pair_features: Floats, value_features: Floats
    ) -> tuple[Floats, Floats]:
        """Relation scores and scores of none."""
        inputs = {
            "states": np.ascontiguousarray(states), "values": values, "tails": tails,
            "pair_features": pair_features, "value_features": value_features,
        }  # fmt: skip
        scores, none = self._sessions[PAIRS].run(["scores", "none"], inputs)
        return scores, none

    def describe(self, states: Floats, values: Integers, value_features: Floats) -> Floats:
        """Attribute scores."""
        inputs = {"states": np.ascontiguousarray(states), "values": values, "value_features": value_features}
        (scores,) = self._sessions[ATTRIBUTES].run(["scores"], inputs)
        return np.asarray(scores, dtype=np.float32)


def load_system(folder: Path | None = None, *, threads: int = 0) -> ModelSystem:
    """The model of an exported bundle, by default the one that ships; ``threads`` 0 leaves their number to onnxruntime.

    ``folder`` may be the pointer to one (``model_folder``). Raises CheckpointError if a file is missing or damaged.
    """
    folder = Path(str(resources.files("zhibiao") / "resources" / "model")) if folder is None else model_folder(folder)
    for name in _FILES:
        if not (folder / name).is_file():
            raise CheckpointError(f"{folder}: no {name}; export the checkpoint again")
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        backend = OnnxBackend(folder, threads=threads)
        characters, temperatures = settings["characters"], Temperatures(**settings["temperatures"])
    except Exception as error:  # onnxruntime and tokenizers raise classes of their own
        raise CheckpointError(f"{folder} is damaged: {error}; export the checkpoint again") from error
    schema = Schema.load(folder / "schema.yaml")
    encoder = ParagraphEncoder(
        tokenizer,
        CharacterVocabulary(characters),
        CharacterFeatures(tuple(schema.labels)),
        max_pieces=settings["max_pieces"],
        overlap_pieces=settings["overlap_pieces"],
    )
    return ModelSystem(backend, encoder, schema, temperatures)
