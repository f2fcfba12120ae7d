"""Documents to candidates for annotation: predicted, measured, and set aside until it is known which are chosen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from zhibiao.annotate.diversity import least, line_signatures
from zhibiao.annotate.gain import measure_gain
from zhibiao.annotate.results import check_sendable
from zhibiao.annotate.select import Candidate, Reason
from zhibiao.annotate.sent import SentText
from zhibiao.core.codec import dumps
from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import AnnotatedText, Document, Region
from zhibiao.core.schema import default_schema
from zhibiao.io.readers import Failure
from zhibiao.pipeline.batch import BatchSummary
from zhibiao.pipeline.extractor import Extraction, Extractor, System
from zhibiao.resolve.regions import RegionResolver


class Spool:
    """Annotated texts on disk, in a file without a name that is gone when the run is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def add(self, text: AnnotatedText) -> int:
        """Write ``text``; its place."""
        place = self._file.tell()
        self._file.write(dumps(text).encode() + b"\n")
        return place

    def copy(self, place: int, file: BinaryIO) -> None:
        """Write the text at ``place`` to ``file`` as a line of JSON; nothing can be added after that."""
        self._file.seek(place)
        file.write(self._file.readline())


@contextmanager
def open_spool(folder: Path) -> Iterator[Spool]:
    """A spool on the disk of ``folder``. Raises ConfigError if nothing can be written there."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        except OSError as error:
            reason = f"cannot be written ({error.strerror}); the folder must exist and be writable"
            raise ConfigError(f"{folder}: {reason}") from error
        yield Spool(file)


@dataclass(frozen=True, slots=True)
class Scorer:
    """Predicts with ``extractor`` and measures the gain with the opinion of ``second``; texts go to ``spool``."""

    extractor: Extractor
    second: System | None
    spool: Spool

    def score_all(self, items: Iterable[Document | Failure], summary: BatchSummary) -> Iterator[Candidate | Failure]:
        """One candidate or failure for each item, in order, counted in ``summary``; holds one document at a time."""
        for item in items:
            outcome = item if isinstance(item, Failure) else self._score(item, summary)
            summary.failures += isinstance(outcome, Failure)
            yield outcome

    def _score(self, document: Document, summary: BatchSummary) -> Candidate | Failure:
        try:
            extraction = self.extractor.extract(document, ledger=summary.ledger)
            annotated = extraction.to_annotated()
            candidate = self._candidate(extraction, annotated)
        except Exception as error:  # whatever one document does must not end the batch
            place = document.origin or document.id
            what = f"{place}: {type(error).__name__} in document {document.id!r}: {error}; please report it"
            return Failure(place, what, "internal")
        summary.documents += 1
        summary.records += len(extraction.records)
        summary.characters += len(document.text)
        return candidate if candidate.reason else replace(candidate, place=self.spool.add(annotated))

    def _candidate(self, extraction: Extraction, annotated: AnnotatedText) -> Candidate:
        document, normalized = extraction.document, extraction.normalized.text
        home = RegionResolver(document, normalized).home
        gain = measure_gain(extraction, self.second)
        reason, detail = _objection(annotated) if gain.records or gain.others else (Reason.NO_VALUE, "")
        signatures = [] if reason else list(line_signatures(normalized, extraction.lines))
        return Candidate(
            id=document.id,
            origin=document.origin,
            region=province(home) if home else "",
            source=document.source,
            gain=gain,
            signature=least(signatures) if signatures else None,
            reason=reason,
            detail=detail,
        )


def province(region: Region) -> str:
    """The name of the province that ``region`` is or lies in, or of the country if it is none of China."""
    return region.path[:2][-1]


def _objection(text: AnnotatedText) -> tuple[Reason | None, str]:
    try:
        check_sendable(text, SentText(text.text), default_schema())
    except AnnotationError as error:
        return Reason.UNSENDABLE, str(error)
    return None, ""
