"""What splits of one corpus must not have in common: documents, cities, near-duplicate paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import DEFAULT_THRESHOLD, near_duplicates
from zhibiao.data.paragraphs import read_splits
from zhibiao.evaluation.pairing import document_id


@dataclass(frozen=True, slots=True)
class CrossPair:
    """Two paragraphs with the splits they are in, their estimated and their exact Jaccard similarity."""

    splits: tuple[str, str]
    ids: tuple[str, str]
    estimated: float
    exact: float

    def to_json(self) -> dict[str, Any]:
        """The same as values that ``json.dumps`` takes."""
        return {"splits": list(self.splits), "ids": list(self.ids), "estimated": self.estimated, "exact": self.exact}


@dataclass(frozen=True, slots=True)
class Leakage:
    """Documents and cities that several splits have, with those splits, and near-duplicates across splits."""

    documents: Mapping[str, tuple[str, ...]]
    cities: Mapping[str, tuple[str, ...]]
    near_duplicates: tuple[CrossPair, ...]

    def __bool__(self) -> bool:
        return bool(self.documents or self.cities or self.near_duplicates)

    def lines(self) -> Iterator[str]:
        """One printable line a problem, each with a stable code."""
        for code, found in (("shared-document", self.documents), ("shared-city", self.cities)):
            for name, splits in found.items():
                yield f"{' and '.join(splits)}: error {code}: {name} is in both; keep it in one split"
        for pair in self.near_duplicates:
            where = " and ".join(f"{split}: id={key}" for split, key in zip(pair.splits, pair.ids, strict=True))
            yield f"{where}: error near-duplicate: Jaccard similarity {pair.exact:.3f} of character 5-grams"

    def to_json(self) -> dict[str, Any]:
        """The same as values that ``json.dumps`` takes."""
        return {
            "documents": {key: list(splits) for key, splits in self.documents.items()},
            "cities": {key: list(splits) for key, splits in self.cities.items()},
            "near_duplicates": [pair.to_json() for pair in self.near_duplicates],
        }


def leakage(splits: Mapping[str, Sequence[AnnotatedText]], *, threshold: float = DEFAULT_THRESHOLD) -> Leakage:
    """What the splits (by name) share; paragraphs without ``meta.city`` belong to no city.

    Raises ConfigError unless 0 < threshold <= 1.
    """
    documents: dict[str, dict[str, None]] = defaultdict(dict)
    cities: dict[str, dict[str, None]] = defaultdict(dict)
    owners: list[str] = []
    paragraphs: list[AnnotatedText] = []
    for name, members in splits.items():
        for paragraph in members:
            documents[document_id(paragraph.id)][name] = None
            if city := paragraph.meta.get("city"):
                cities[city][name] = None
            owners.append(name)
            paragraphs.append(paragraph)
    pairs = tuple(
        CrossPair((owners[p.first], owners[p.second]), (p.first_id, p.second_id), p.estimated, p.exact)
        for p in near_duplicates(paragraphs, threshold=threshold)
        if owners[p.first] != owners[p.second]
    )
    return Leakage(_in_several(documents), _in_several(cities), pairs)


def check_splits(paths: Iterable[Path], *, threshold: float = DEFAULT_THRESHOLD) -> Leakage:
    """``leakage`` of the files of one corpus, each a split named by its file.

    Raises InputError or AnnotationError if one cannot be read; check each with ``check_file`` first.
    """
    return leakage(read_splits(paths), threshold=threshold)


def _in_several(found: Mapping[str, Mapping[str, None]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(splits) for name, splits in found.items() if len(splits) > 1}
