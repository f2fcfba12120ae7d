"""Annotation files as Hugging Face ``datasets`` with typed features, and back (extra ``train``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhibiao.core.codec import ATTRIBUTE_NAMES, decode, encode
from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import Schema, default_schema
from zhibiao.data.paragraphs import read_paragraphs

if TYPE_CHECKING:
    from types import ModuleType

    from datasets import Dataset, DatasetDict, Features


def _datasets() -> ModuleType:
    try:
        return import_module("datasets")
    except ImportError as error:
        raise ConfigError("the loader needs the package datasets; install zhibiao[train]") from error


def features(schema: Schema | None = None) -> Features:
    """The typed columns of a paragraph; offsets are half-open in code points of ``text``.

    Labels, relation types and attribute values are classes in the order of the schema; ``meta`` is a list of keys and
    values, since a document may bring any; ``surface`` and ``score`` are null where they are not set. Raises
    ConfigError if ``datasets`` is not installed.
    """
    library, schema = _datasets(), schema or default_schema()
    value, kinds, lists = library.Value, library.ClassLabel, library.List
    return library.Features(
        {
            "id": value("string"),
            "text": value("string"),
            "meta": lists({"key": value("string"), "value": value("string")}),
            "entities": lists(
                {
                    "id": value("string"),
                    "label": kinds(names=list(schema.labels)),
                    "start": value("int32"),
                    "end": value("int32"),
                    "surface": value("string"),
                    "score": value("float64"),
                }
            ),
            "relations": lists(
                {"head": value("string"), "tail": value("string"), "type": kinds(names=list(schema.relations))}
            ),
            "attributes": lists(
                {
                    "entity": value("string"),
                    **{name: kinds(names=list(schema.attributes[name].values)) for name in ATTRIBUTE_NAMES},
                }
            ),
        }
    )


def load_dataset(paths: Mapping[str, Path | Sequence[Path]], *, schema: Schema | None = None) -> DatasetDict:
    """The paragraphs of each split, in memory: ``{"train": path, "dev": [path, path]}``.

    Raises ConfigError if ``datasets`` is not installed, InputError or AnnotationError if a file cannot be read or has
    a label, type or attribute value that the schema lacks (with the id of the paragraph).
    """
    splits = {}
    for name, given in paths.items():
        files = [given] if isinstance(given, Path) else given
        paragraphs = [paragraph for path in files for paragraph in read_paragraphs(path)]
        splits[name] = to_dataset(paragraphs, schema=schema)
    return _datasets().DatasetDict(splits)


def to_dataset(paragraphs: Iterable[AnnotatedText], *, schema: Schema | None = None) -> Dataset:
    """One dataset of ``paragraphs`` with ``features``; raises as ``load_dataset`` does."""
    schema = schema or default_schema()
    rows = [_row(paragraph, schema) for paragraph in paragraphs]
    columns = features(schema)
    # By column, because an empty list of rows would bring no columns.
    dataset: Dataset = _datasets().Dataset.from_dict({k: [row[k] for row in rows] for k in columns}, features=columns)
    return dataset


def from_dataset(dataset: Dataset, *, schema: Schema | None = None) -> list[AnnotatedText]:
    """The paragraphs of a dataset that ``to_dataset`` made, exactly as they went in (scores of relations left out)."""
    schema = schema or default_schema()
    labels, kinds = list(schema.labels), list(schema.relations)
    values = {name: list(schema.attributes[name].values) for name in ATTRIBUTE_NAMES}
    paragraphs = []
    for row in dataset:
        raw: dict[str, Any] = {**row, "meta": {item["key"]: item["value"] for item in row["meta"]}}
        raw["entities"] = [{**item, "label": labels[item["label"]]} for item in row["entities"]]
        raw["relations"] = [{**item, "type": kinds[item["type"]]} for item in row["relations"]]
        raw["attributes"] = [
            {"entity": item["entity"], **{name: values[name][item[name]] for name in ATTRIBUTE_NAMES}}
            for item in row["attributes"]
        ]
        paragraphs.append(decode(raw))
    return paragraphs


def _row(paragraph: AnnotatedText, schema: Schema) -> dict[str, Any]:
    row = encode(paragraph)
    known = [
        ("label", schema.labels, [item["label"] for item in row["entities"]]),
        ("relation type", schema.relations, [item["type"] for item in row["relations"]]),
        *(
            (name, schema.attributes[name].values, [item[name] for item in row["attributes"]])
            for name in ATTRIBUTE_NAMES
        ),
    ]
    for what, allowed, given in known:
        for name in given:
            if name not in allowed:
                raise AnnotationError(
                    f"id={paragraph.id}: {what} {name!r} is none of {list(allowed)}; `zhibiao check` lists all problems"
                )
    row["meta"] = [{"key": key, "value": value} for key, value in row["meta"].items()]
    row["entities"] = [{"surface": None, "score": None, **item} for item in row["entities"]]
    return row
