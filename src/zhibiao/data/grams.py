"""Character n-grams of folded text, and the share of them that documents have in common."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from zhibiao.core.records import AnnotatedText
from zhibiao.evaluation.pairing import document_id

_FIGURE_RE = re.compile(r"\d+(?:[.,]\d+)*")


def fold_text(text: str) -> str:
    """What is compared between texts: NFKC, lower case, every figure in digits as one 0, letters and numerals only.

    Punctuation, symbols and blanks go (Unicode categories other than L and N), so that a copied sentence with other
    figures or commas is still the same sentence.
    """
    figures = _FIGURE_RE.sub("0", unicodedata.normalize("NFKC", text).lower())
    return "".join(char for char in figures if unicodedata.category(char)[0] in "LN")


def shingles(text: str, size: int) -> set[str]:
    """The distinct character ``size``-grams of ``fold_text(text)``; the whole of it if it is shorter; none if empty."""
    folded = fold_text(text)
    return {folded[i : i + size] for i in range(max(1, len(folded) - size + 1))} if folded else set()


@dataclass(frozen=True, slots=True)
class SharedGrams:
    """Character ``size``-grams within paragraphs: how many there are, and how many occur in more than one document."""

    size: int
    distinct: int
    shared_distinct: int
    occurrences: int
    shared_occurrences: int

    @property
    def share_of_distinct(self) -> float:
        """Share of the distinct n-grams that more than one document has; 0.0 where there are none."""
        return self.shared_distinct / self.distinct if self.distinct else 0.0

    @property
    def share_of_occurrences(self) -> float:
        """The same over all occurrences of n-grams; 0.0 where there are none."""
        return self.shared_occurrences / self.occurrences if self.occurrences else 0.0


def shared_grams(paragraphs: Iterable[AnnotatedText], *, size: int = 8) -> SharedGrams:
    """Count the n-grams of ``fold_text`` of each paragraph; documents are told apart by the id before ``#``."""
    counts: Counter[str] = Counter()
    owner: dict[str, str] = {}
    shared: set[str] = set()
    for paragraph in paragraphs:
        document, folded = document_id(paragraph.id), fold_text(paragraph.text)
        for start in range(len(folded) - size + 1):
            gram = folded[start : start + size]
            counts[gram] += 1
            if owner.setdefault(gram, document) != document:
                shared.add(gram)
    return SharedGrams(size, len(counts), len(shared), counts.total(), sum(counts[gram] for gram in shared))
