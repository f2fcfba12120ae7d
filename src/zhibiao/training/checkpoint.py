"""A checkpoint folder: weights, tokenizer, schema, character vocabulary, resolved configuration, provenance, card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel

from zhibiao.core.errors import CheckpointError
from zhibiao.core.schema import Schema
from zhibiao.features.characters import CharacterFeatures
from zhibiao.features.encode import N_PLACES, CharacterVocabulary, ParagraphEncoder
from zhibiao.features.pairs import PairFeatureExtractor
from zhibiao.features.tags import TagSet
from zhibiao.models.joint import JointModel, TorchBackend
from zhibiao.models.sizes import ModelSizes
from zhibiao.pipeline.neural import ModelSystem, Temperatures
from zhibiao.training.config import Config, parse, to_dict

WEIGHTS, TOKENIZER, SCHEMA = "model.safetensors", "tokenizer.json", "schema.yaml"
CONFIG, ENCODER, PARTS = "config.yaml", "encoder/config.json", "parts.json"
FILES = (WEIGHTS, TOKENIZER, SCHEMA, CONFIG, ENCODER, PARTS)
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model with everything it needs to read text."""

    model: JointModel
    encoder: ParagraphEncoder
    schema: Schema
    schema_yaml: str
    config: Config
    temperatures: Temperatures = field(default_factory=Temperatures)


def sizes_for(schema: Schema, characters: CharacterVocabulary, config: Config) -> ModelSizes:
    """Sizes that follow from the schema, the vocabulary and the configuration."""
    pairs = PairFeatureExtractor(schema)
    labels = tuple(schema.labels)
    return ModelSizes(
        n_tags=TagSet(labels).size,
        n_types=len(schema.relations),
        n_attribute_values=sum(len(kind.values) for kind in schema.attributes.values()),
        n_characters=characters.size,
        n_places=N_PLACES,
        channels=CharacterFeatures(labels).sizes,
        pair_features=pairs.pair_size,
        value_features=pairs.value_size,
        hidden=config.model.hidden,
        span=config.model.span,
        pair=config.model.pair,
        bilinear=config.model.bilinear,
    )


def new_model(config: Config, schema: Schema, characters: CharacterVocabulary) -> tuple[JointModel, ParagraphEncoder]:
    """An untrained model on the configured encoder, and what turns text into its input.

    Raises CheckpointError if the encoder cannot be loaded or has no fast tokenizer.
    """
    name = config.model.encoder
    folder = Path(name)
    try:
        local = folder.is_dir()
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER)) if local else Tokenizer.from_pretrained(name)
        encoder = AutoModel.from_pretrained(name, dtype=torch.float32)
    except Exception as error:  # the hub's and the tokenizer's own errors share no class
        raise CheckpointError(
            f"encoder {name!r} cannot be loaded: {error}; give a folder with config.json, model.safetensors and "
            f"tokenizer.json, or a hub name on a machine that reaches one (model.encoder)"
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    _drop_pooler(encoder)
    model = JointModel(encoder, sizes_for(schema, characters, config), dropout=config.model.dropout)
    return model, paragraph_encoder(tokenizer, characters, schema, config)


def paragraph_encoder(
    tokenizer: Tokenizer, characters: CharacterVocabulary, schema: Schema, config: Config
) -> ParagraphEncoder:
    """What turns paragraphs into windows for a model of this configuration."""
    return ParagraphEncoder(
        tokenizer,
        characters,
        CharacterFeatures(tuple(schema.labels)),
        max_pieces=config.model.max_pieces,
        overlap_pieces=config.model.overlap_pieces,
    )


def _drop_pooler(encoder: torch.nn.Module) -> None:
    if getattr(encoder, "pooler", None) is not None:
        setattr(encoder, "pooler", None)  # noqa: B010 - as an assignment it contradicts nn.Module's types


def save_checkpoint(checkpoint: Checkpoint, folder: Path, extras: Mapping[str, Any]) -> None:
    """Write ``folder``; ``extras`` become JSON files of those names (metrics, ledger, provenance, ...).

    Weights are stored in half precision, which loses nothing that the scores show and halves the size.
    """
    (folder / "encoder").mkdir(parents=True, exist_ok=True)
    weights = {name: t.detach().half().cpu().contiguous() for name, t in checkpoint.model.state_dict().items()}
    save_file(weights, str(folder / WEIGHTS), metadata={"format": "pt"})
    checkpoint.encoder.tokenizer.save(str(folder / TOKENIZER), pretty=False)
    (folder / SCHEMA).write_text(checkpoint.schema_yaml, encoding="utf-8")
    (folder / CONFIG).write_text(
        yaml.safe_dump(to_dict(checkpoint.config), allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    checkpoint.model.tagger.encoder.config.to_json_file(str(folder / ENCODER))
    parts = {
        "format": FORMAT,
        "characters": checkpoint.encoder.vocabulary.characters,
        "temperatures": asdict(checkpoint.temperatures),
        "sizes": asdict(checkpoint.model.sizes),
    }
    for name, content in {"parts": parts, **extras}.items():
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


def load_checkpoint(folder: Path, *, schema: Path | None = None) -> Checkpoint:
    """The model in ``folder``, in evaluation mode.

    Raises CheckpointError if a file is missing or damaged, if the weights do not fit, or if ``schema`` (the caller's)
    differs from the checkpoint's.
    """
    for name in FILES:
        if not (folder / name).is_file():
            raise CheckpointError(f"{folder}: no {name}; a checkpoint holds {', '.join(FILES)}")
    own = Schema.load(folder / SCHEMA)
    if schema is not None and Schema.load(schema) != own:
        raise CheckpointError(
            f"{schema} differs from the schema that {folder} was trained with ({folder / SCHEMA}); train a new model"
        )
    try:
        parts = json.loads((folder / PARTS).read_text(encoding="utf-8"))
        config = parse(Config, yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8")), str(folder / CONFIG))
        characters = CharacterVocabulary(parts["characters"])
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        encoder = AutoModel.from_config(AutoConfig.from_pretrained(str(folder / "encoder")), dtype=torch.float32)  # type: ignore[no-untyped-call]
        _drop_pooler(encoder)
        model = JointModel(encoder, sizes_for(own, characters, config), dropout=config.model.dropout)
        weights = {name: tensor.float() for name, tensor in load_file(str(folder / WEIGHTS)).items()}
        model.load_state_dict(weights)
    except (SafetensorError, RuntimeError, KeyError, ValueError) as error:
        raise CheckpointError(f"{folder} is damaged or does not fit this version: {error}") from error
    model.eval()
    return Checkpoint(
        model,
        paragraph_encoder(tokenizer, characters, own, config),
        own,
        (folder / SCHEMA).read_text(encoding="utf-8"),
        config,
        Temperatures(**parts["temperatures"]),
    )


def load_model_system(folder: Path) -> ModelSystem:
    """The model in ``folder`` as a system, in torch. Raises CheckpointError as ``load_checkpoint`` does."""
    checkpoint = load_checkpoint(folder)
    return ModelSystem(TorchBackend(checkpoint.model), checkpoint.encoder, checkpoint.schema, checkpoint.temperatures)
