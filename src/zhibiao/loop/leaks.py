"""New texts that the files which judge a model know already: learned, they would make its figures too good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import near_duplicates
from zhibiao.evaluation.pairing import document_id
from zhibiao.lexicon.regions import Gazetteer


class JudgedTexts:
    """The texts of the files that judge a model, by document, by city and by what they say."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Read ``files``. Raises InputError or AnnotationError if one cannot be read."""
        self._texts: list[AnnotatedText] = []
        self._files: list[Path] = []
        self._documents: dict[str, Path] = {}
        self._cities: dict[str, Path] = {}
        for path in files:
            for text in read_annotated(path):
                self._texts.append(text)
                self._files.append(path)
                self._documents.setdefault(document_id(text.id), path)
                for key in _city_keys(text):
                    self._cities.setdefault(key, path)

    def leaks(self, rows: Sequence[AnnotatedText]) -> dict[str, tuple[str, str]]:
        """Reason and message by id for those of ``rows`` that share a document, a city or a near-duplicate text."""
        found: dict[str, tuple[str, str]] = {}
        for pair in near_duplicates([*rows, *self._texts]):
            if pair.first < len(rows) <= pair.second:
                path = self._files[pair.second - len(rows)]
                message = f"{pair.second_id} in {path} is much like it (Jaccard similarity {pair.exact:.2f})"
                found.setdefault(pair.first_id, ("near-duplicate", message))
        for row in rows:
            document = document_id(row.id)
            cities = [self._cities[key] for key in _city_keys(row) if key in self._cities]
            if document in self._documents:
                message = f"{self._documents[document]} has the document {document}, too"
                found[row.id] = ("shared-document", message)
            elif cities:
                found.setdefault(row.id, ("shared-city", f"{cities[0]} has texts of {row.meta['city']}"))
        return found


def _city_keys(text: AnnotatedText) -> list[str]:
    """What stands for the city of ``text``: the codes that its name may mean (咸宁 and 咸宁市 are one), or the name."""
    name = text.meta.get("city", "").strip()
    codes = [place.code for place in Gazetteer.default().lookup(name) if place.code]
    return codes or ([name] if name else [])
