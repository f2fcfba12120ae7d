"""What a worker process does with one request: documents in, the bytes of the answer out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from zhibiao.annotate.tasks import to_prediction
from zhibiao.core.codec import encode
from zhibiao.core.errors import AnnotationError
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Document
from zhibiao.io.document import OPTIONAL_FIELDS, ReadError, make_document
from zhibiao.io.readers import Failure
from zhibiao.pipeline.batch import BatchSummary, extract_all
from zhibiao.pipeline.extractor import Extraction, Extractor, System
from zhibiao.pipeline.rows import to_json

# A piece of work for one worker: small, so that requests take turns and a large one is shared by all workers.
_PIECE_DOCUMENTS = 16
_PIECE_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Job:
    """Documents of one request as they came; the first one is number ``first`` of the request.

    ``kind`` says what the answer holds: ``extract`` records and, with ``annotations``, spans and links; ``predict`` one
    Label Studio prediction a document.
    """

    kind: Literal["extract", "predict"]
    documents: tuple[Any, ...]
    model_version: str
    annotations: bool = False
    min_confidence: float = 0.0
    first: int = 0

    def pieces(self) -> list[Job]:
        """The same work in parts, in order."""
        pieces: list[Job] = []
        start = chars = 0
        for place, raw in enumerate(self.documents):
            size = len(raw["text"]) if isinstance(raw, Mapping) and isinstance(raw.get("text"), str) else 0
            if place > start and (place - start == _PIECE_DOCUMENTS or chars + size > _PIECE_CHARS):
                pieces.append(replace(self, documents=self.documents[start:place], first=self.first + start))
                start, chars = place, 0
            chars += size
        rest = self.documents[start:]
        return [*pieces, replace(self, documents=rest, first=self.first + start)] if rest else pieces


@dataclass(frozen=True, slots=True)
class JobResult:
    """The JSON of each document's result, the number of records, and the ids and kinds of the documents that failed."""

    results: tuple[bytes, ...]
    records: int
    failures: tuple[tuple[str, str], ...]


def run_job(system: System, job: Job) -> JobResult:
    """Extract every document of ``job``; one that fails has its error in its place, and the others go on."""
    extractor = Extractor(system, min_confidence=job.min_confidence)
    results: list[bytes] = []
    failures: list[tuple[str, str]] = []
    records = 0
    for place, raw in enumerate(job.documents, job.first):
        summary = BatchSummary()
        (outcome,) = extract_all([read_document(raw, place, summary.ledger)], extractor, summary)
        result = _result(outcome, job, summary.ledger)
        if isinstance(result, Failure):
            identifier = _identifier(raw, place)
            failures.append((identifier, result.kind))
            results.append(to_bytes(_failed(result, identifier, job)))
        else:
            results.append(to_bytes(result))
            records += summary.records
    return JobResult(tuple(results), records, tuple(failures))


def read_document(raw: object, place: int, ledger: Ledger) -> Document | Failure:
    """The document of one JSON value, read as a line of JSON Lines is; ``place`` is its index in the request."""
    origin = f"documents[{place}]"
    if not isinstance(raw, Mapping):
        return Failure(origin, f"{origin}: an object with 'text' is expected, got {type(raw).__name__}", "format")
    meta = raw["meta"] if isinstance(raw.get("meta"), Mapping) else {}
    fields = {name: raw.get(name) or meta.get(name) for name in OPTIONAL_FIELDS}
    fields |= {"text": raw.get("text"), "id": raw.get("id")}
    try:
        return make_document(fields, fallback_id=_fallback_id(place), origin=origin, encoding="utf-8", ledger=ledger)
    except ReadError as error:
        return Failure(origin, str(error), error.kind)


def to_bytes(value: object) -> bytes:
    """JSON in UTF-8; with a lone surrogate, which UTF-8 cannot hold, in ASCII with escapes."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False).encode("ascii")


def _fallback_id(place: int) -> str:
    return f"document-{place + 1}"


def _identifier(raw: object, place: int) -> str:
    given = raw.get("id") if isinstance(raw, Mapping) else None
    return str(given) if isinstance(given, str | int) and given != "" else _fallback_id(place)


def _result(outcome: Extraction | Failure, job: Job, ledger: Ledger) -> dict[str, Any] | Failure:
    if isinstance(outcome, Failure):
        return outcome
    if job.kind == "predict":
        try:
            return to_prediction(outcome.to_annotated(), model_version=job.model_version, verbatim=True)
        except AnnotationError as error:
            return Failure(outcome.document.origin, str(error), "annotation")
    result: dict[str, Any] = {
        "id": outcome.document.id,
        "records": [to_json(record) for record in outcome.records],
        "ledger": dict(ledger.counts),
    }
    if job.annotations:
        result["annotations"] = encode(outcome.to_annotated())
    return result


def _failed(failure: Failure, identifier: str, job: Job) -> dict[str, Any] | list[Any]:
    """The place of a document that failed; Label Studio makes no prediction of an empty list."""
    if job.kind == "predict":
        return []
    return {"id": identifier, "error": {"kind": failure.kind, "message": failure.error}}
