"""Labels, relation types and attributes, read from ``schema.yaml``, their only source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from zhibiao.core.errors import SchemaError


@dataclass(frozen=True, slots=True)
class Label:
    """One span label with its Chinese caption, its definition and its colour (``#rrggbb``)."""

    id: str
    name: str
    definition: str
    color: str


@dataclass(frozen=True, slots=True)
class RelationType:
    """One relation type; ``tails`` are the labels it may end in, the usual one first."""

    id: str
    name: str
    tails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttributeType:
    """One attribute of a head span; ``values`` maps each allowed value to its definition."""

    id: str
    name: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Schema:
    """What is annotated: ordered labels, relation types and attributes."""

    version: int
    head: str
    labels: Mapping[str, Label]
    relations: Mapping[str, RelationType]
    attributes: Mapping[str, AttributeType]

    @classmethod
    def load(cls, path: Path | None = None) -> Schema:
        """Read ``path``, or the schema that ships with the package.

        Raises SchemaError if the file lacks a part, has an unknown key or names a label it does not define.
        """
        if path is None:
            return default_schema()
        return _parse(path.read_text(encoding="utf-8"), str(path))


@cache
def default_schema() -> Schema:
    """The schema that ships with the package."""
    resource = resources.files("zhibiao") / "resources" / "schema.yaml"
    return _parse(resource.read_text(encoding="utf-8"), "schema.yaml")


def _keys(where: str, given: Any, expected: set[str]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise SchemaError(f"{where}: a mapping with {sorted(expected)} is expected, got {given!r}")
    if set(given) != expected:
        raise SchemaError(f"{where}: keys {sorted(expected)} are expected, got {sorted(given)}")
    return given


def _parse(source: str, where: str) -> Schema:
    try:
        raw = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise SchemaError(f"{where}: not valid YAML: {error}") from error
    top = _keys(where, raw, {"version", "labels", "head", "relations", "attributes"})
    labels = {
        key: Label(key, **_keys(f"{where}: labels.{key}", body, {"name", "definition", "color"}))
        for key, body in top["labels"].items()
    }
    relations = {}
    for key, body in top["relations"].items():
        fields = _keys(f"{where}: relations.{key}", body, {"name", "tails"})
        unknown = [tail for tail in fields["tails"] if tail not in labels]
        if unknown or not fields["tails"]:
            raise SchemaError(f"{where}: relations.{key}.tails: {unknown or 'empty'}; labels are {sorted(labels)}")
        relations[key] = RelationType(key, fields["name"], tuple(fields["tails"]))
    attributes = {}
    for key, body in top["attributes"].items():
        fields = _keys(f"{where}: attributes.{key}", body, {"name", "values"})
        attributes[key] = AttributeType(key, fields["name"], dict(fields["values"]))
    if top["head"] not in labels:
        raise SchemaError(f"{where}: head {top['head']!r} is none of the labels {sorted(labels)}")
    return Schema(top["version"], top["head"], labels, relations, attributes)
