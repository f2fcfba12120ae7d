"""Many documents through one extractor: a document that fails is reported and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.readers import Failure
from zhibiao.pipeline.extractor import Extraction, Extractor


@dataclass
class BatchSummary:
    """What a batch did; ``ledger`` counts what was lost or left out inside the documents that were read."""

    documents: int = 0
    failures: int = 0
    records: int = 0
    characters: int = 0
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def skipped(self) -> bool:
        """True if any input gave no output."""
        return bool(self.failures or self.ledger.counts["skipped_file_type"])


def extract_all(
    items: Iterable[Document | Failure], extractor: Extractor, summary: BatchSummary
) -> Iterator[Extraction | Failure]:
    """One extraction or failure for each item, in order, counted in ``summary``; holds one document at a time."""
    for item in items:
        outcome = item if isinstance(item, Failure) else _extract(item, extractor, summary.ledger)
        if isinstance(outcome, Failure):
            summary.failures += 1
        else:
            summary.documents += 1
            summary.records += len(outcome.records)
            summary.characters += len(outcome.document.text)
        yield outcome


def _extract(document: Document, extractor: Extractor, ledger: Ledger) -> Extraction | Failure:
    try:
        return extractor.extract(document, ledger=ledger)
    except Exception as error:  # whatever one document does must not end the batch
        place = document.origin or document.id
        what = f"{place}: {type(error).__name__} in document {document.id!r}: {error}; please report it"
        return Failure(place, what, "internal")
