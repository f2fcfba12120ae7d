"""A job through the pool to the answer of a route."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response

from zhibiao.serve.jobs import Job, JobResult, to_bytes
from zhibiao.serve.middleware import CLIENT_GONE
from zhibiao.serve.schemas import Problem

_SHOWN_FAILURES = 10
_SHOWN_ID_CHARS = 64

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


def check_count(request: Request, documents: int) -> None:
    """Raise HTTPException (413) if these are more than one request may bring."""
    limit = request.app.state.settings.max_documents
    if documents > limit:
        raise HTTPException(413, f"{documents} documents; at most {limit} are taken at once, send them in parts")


async def answer(request: Request, job: Job) -> Response:
    """The answer to ``job``; counts and logs what it did. Without a client what was not begun is given up."""
    state = request.app.state
    results = await _while_connected(request, state.pool.run(job.pieces()))
    if results is None:
        return Response(status_code=CLIENT_GONE)
    failures = [failure for result in results for failure in result.failures]
    records = sum(result.records for result in results)
    state.metrics.count(len(job.documents), len(failures), records)
    facts = request.scope["state"]["facts"]
    facts.update(documents=len(job.documents), records=records)
    if failures:
        shown = [{"id": identifier[:_SHOWN_ID_CHARS], "kind": kind} for identifier, kind in failures[:_SHOWN_FAILURES]]
        facts.update(failed=len(failures), failures=shown)
    head = b'{"model_version": %b, "results": [' % to_bytes(job.model_version)
    body = head + b", ".join(one for result in results for one in result.results) + b"]}"
    return Response(body, media_type="application/json")


async def _while_connected(request: Request, work: Coroutine[Any, Any, list[JobResult]]) -> list[JobResult] | None:
    """The result of ``work``; None if the client leaves before: its work must not hold up those who still wait."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.wait({working, leaving})


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
