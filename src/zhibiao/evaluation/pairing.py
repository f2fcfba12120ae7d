"""Pairing gold and predicted paragraphs by id, and saying what found no partner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText

CONTEXT_CHARS = 12


@dataclass(frozen=True, slots=True)
class Pairing:
    """Gold and predicted paragraphs by id, and the ids that are on one side only or given more than once.

    Of an id given more than once the last paragraph counts, on either side. ``gold_only`` and ``predicted_only`` are
    paragraph ids, or document ids where only facts are asked, which are paired by document.
    """

    gold: Mapping[str, AnnotatedText]
    predicted: Mapping[str, AnnotatedText]
    gold_only: tuple[str, ...]
    predicted_only: tuple[str, ...]
    repeated_gold: tuple[str, ...]
    repeated_predicted: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence for each way in which the two sides do not fit together, with the first ids."""
        cases = (
            (self.gold_only, "gold id(s) without a prediction: everything in them counts as missed"),
            (self.predicted_only, "predicted id(s) that are not in the gold: left out of every figure"),
            (self.repeated_gold, "gold id(s) given more than once: the last paragraph counts"),
            (self.repeated_predicted, "predicted id(s) given more than once: the last paragraph counts"),
        )
        return tuple(f"{len(ids)} {what} ({_first(ids)})" for ids, what in cases if ids)


def document_id(paragraph_id: str) -> str:
    """The part before ``#``: the document that a paragraph belongs to."""
    return paragraph_id.split("#")[0]


def pair(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText], *, facts_only: bool = False) -> Pairing:
    """Pair two sides by paragraph id.

    Raises AnnotationError unless ``facts_only`` if the two texts of an id differ: offsets would mean something else.
    """
    by_gold, by_predicted = {doc.id: doc for doc in gold}, {doc.id: doc for doc in predicted}
    if not facts_only:
        _check_texts(by_gold, by_predicted)
    named = document_id if facts_only else str
    gold_ids, predicted_ids = {named(key): None for key in by_gold}, {named(key): None for key in by_predicted}
    return Pairing(
        gold=by_gold,
        predicted=by_predicted,
        gold_only=tuple(key for key in gold_ids if key not in predicted_ids),
        predicted_only=tuple(key for key in predicted_ids if key not in gold_ids),
        repeated_gold=_repeated(gold),
        repeated_predicted=_repeated(predicted),
    )


def _repeated(docs: Iterable[AnnotatedText]) -> tuple[str, ...]:
    return tuple(key for key, count in Counter(doc.id for doc in docs).items() if count > 1)


def _first(ids: Sequence[str], shown: int = 5) -> str:
    return ", ".join(ids[:shown]) + (", ..." if len(ids) > shown else "")


def _check_texts(gold: Mapping[str, AnnotatedText], predicted: Mapping[str, AnnotatedText]) -> None:
    shared = [key for key in gold if key in predicted]
    differing = [key for key in shared if gold[key].text != predicted[key].text]
    if not differing:
        return
    key = differing[0]
    expected, got = gold[key].text, predicted[key].text
    at = next((i for i, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b), min(len(expected), len(got)))
    window = slice(max(0, at - CONTEXT_CHARS), at + CONTEXT_CHARS)
    raise AnnotationError(
        f"{key}: the predicted text differs from the gold text from character {at} on: expected {expected[window]!r}, "
        f"got {got[window]!r} ({len(differing)} of {len(shared)} paired paragraphs differ); its offsets would mean "
        "something else: predict on the text of the gold file, or score the facts only"
    )
