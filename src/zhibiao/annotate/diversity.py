"""How much a document is like others: MinHash signatures of texts, and the nearest of a growing set of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import PERMUTATIONS, SHINGLE_CHARS, minhash
from zhibiao.data.grams import shingles
from zhibiao.evaluation.pairing import document_id
from zhibiao.text.lines import Line, split_lines
from zhibiao.text.normalize import normalize

Signature = NDArray[np.uint32]

_SHINGLES_AT_ONCE = 4096  # each has 128 hashes of 8 bytes while the least are looked for
_FIRST_ROWS = 64


class Signatures:
    """Signatures with names; grows."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._rows: Signature = np.empty((_FIRST_ROWS, PERMUTATIONS), dtype=np.uint32)

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name: str, signature: Signature) -> None:
        """Add one."""
        if len(self) == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[len(self)] = signature
        self._names.append(name)

    def nearest(self, signature: Signature, *, since: int = 0) -> tuple[float, str]:
        """The greatest estimated Jaccard similarity to those from number ``since`` on, and the name of that one.

        0.0 and an empty name if there are none, or none that has anything in common.
        """
        if since >= len(self):
            return 0.0, ""
        shares = (self._rows[since : len(self)] == signature).mean(axis=1)
        best = int(np.argmax(shares))
        return (float(shares[best]), self._names[since + best]) if shares[best] > 0 else (0.0, "")


def line_signatures(text: str, lines: Iterable[Line]) -> Iterator[Signature]:
    """The signature of each line that is no page furniture and has a letter or digit.

    ``text`` is normalised, ``lines`` are those of it. Shingles are character 5-grams of folded text.
    """
    for line in lines:
        if line.kind == "text":
            found = list(shingles(text[line.span.start : line.span.end], SHINGLE_CHARS))
            if found:
                parts = [found[i : i + _SHINGLES_AT_ONCE] for i in range(0, len(found), _SHINGLES_AT_ONCE)]
                yield minhash(parts).min(axis=0).astype(np.uint32)


def least(signatures: Iterable[Signature]) -> Signature:
    """The signature of all texts together: the least of each value. There must be one signature at least."""
    least_values: Signature = np.minimum.reduce(list(signatures))
    return least_values


def annotated_signatures(texts: Iterable[AnnotatedText]) -> Signatures:
    """The signatures of annotated texts: of each line, each text and each document (the part of the id before ``#``).

    So a page is known again whose paragraphs were annotated one by one, and a paragraph of a page that was annotated.
    """
    known = Signatures()
    documents: dict[str, Signature] = {}
    texts_of: Counter[str] = Counter()
    for text in texts:
        normalized = normalize(text.text).text
        lines = list(line_signatures(normalized, split_lines(normalized)))
        if not lines:
            continue
        whole = least(lines)
        for signature in lines if len(lines) > 1 else []:
            known.add(text.id, signature)
        known.add(text.id, whole)
        name = document_id(text.id)
        documents[name] = least([documents.get(name, whole), whole])
        texts_of[name] += 1
    for name, signature in documents.items():
        if texts_of[name] > 1:
            known.add(name, signature)
    return known
