"""A job through the pool to the answer of a route."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response

from zhibiao.serve.jobs import Job, to_bytes
from zhibiao.serve.schemas import Problem

_SHOWN_FAILURES = 10

# What OpenAPI says of every route that works on documents.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in {
        401: "No token, or a wrong one.",
        408: "The body came too slowly.",
        413: "The body is too large, or has too many documents.",
        422: "No JSON, or not of this form.",
        500: "A fault of the service; the log has it under the request id.",
        503: "Too much to do; nothing was begun. Try again after the seconds in Retry-After.",
        504: "The work took too long; send less at once.",
    }.items()
}


async def answer(request: Request, job: Job) -> Response:
    """The answer to ``job``; counts and logs what it did. Raises HTTPException (413) for too many documents."""
    state = request.app.state
    limit = state.settings.max_documents
    if len(job.documents) > limit:
        raise HTTPException(
            413, f"{len(job.documents)} documents; at most {limit} are taken at once, send them in parts"
        )
    results = await state.pool.run(job.pieces())
    failures = [failure for result in results for failure in result.failures]
    records = sum(result.records for result in results)
    state.metrics.count(len(job.documents), len(failures), records)
    facts = request.scope["state"]["facts"]
    facts.update(documents=len(job.documents), records=records)
    if failures:
        shown = [{"id": identifier, "kind": kind} for identifier, kind in failures[:_SHOWN_FAILURES]]
        facts.update(failed=len(failures), failures=shown)
    head = b'{"model_version": %b, "results": [' % to_bytes(job.model_version)
    body = head + b", ".join(one for result in results for one in result.results) + b"]}"
    return Response(body, media_type="application/json")
