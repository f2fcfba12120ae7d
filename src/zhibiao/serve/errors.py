"""Refusals and failures as JSON: what, the request's id, and for malformed requests every place."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from zhibiao.serve.logs import event
from zhibiao.serve.pool import BusyError
from zhibiao.serve.settings import Settings
from zhibiao.serve.worker import WorkerError

_MAX_PROBLEMS = 50


def error_response(
    status: int, message: str, request_id: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The body of every answer that is no success: ``error``, ``request_id``, and ``more``."""
    content = {"error": message, "request_id": request_id, **more}
    return JSONResponse(content, status, headers=dict(headers or {}))


class MalformedError(Exception):
    """A request that is JSON of the right form and still cannot be served; ``problems`` says why, one by one."""

    def __init__(self, message: str, problems: list[str]) -> None:
        """Take the ``message`` and the ``problems``."""
        super().__init__(message)
        self.problems = problems


def add_error_handlers(app: FastAPI, settings: Settings) -> None:
    """Turn what routes raise into answers: 422 malformed, 503 busy, 504 timeout, 500, and what HTTP itself says."""
    retry = {"Retry-After": str(settings.retry_after_s)}

    def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        # Without the input, which FastAPI would send back whole.
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}{_reason(e)}" for e in error.errors()[:_MAX_PROBLEMS]]
        media = request.headers.get("content-type", "")
        if "json" not in media.lower():
            problems.insert(0, f"Content-Type: application/json is expected, got {media[:64]!r}")
        message = "the request does not have the form that /openapi.json describes"
        return error_response(422, message, request_id(request), problems=problems)

    def unusable(request: Request, error: Exception) -> Response:
        assert isinstance(error, MalformedError)
        return error_response(422, str(error), request_id(request), problems=error.problems)

    def busy(request: Request, error: Exception) -> Response:
        return error_response(503, str(error), request_id(request), headers=retry)

    def unanswered(request: Request, error: Exception) -> Response:
        assert isinstance(error, WorkerError)
        request.app.state.metrics.worker_errors.labels(error.reason).inc()
        event("worker", level=logging.ERROR, request_id=request_id(request), reason=error.reason, message=str(error))
        status = 504 if error.reason == "timeout" else 500
        return error_response(status, str(error).partition("\n")[0], request_id(request))

    def too_deep(request: Request, _: Exception) -> Response:
        return error_response(422, "the request is nested too deeply", request_id(request))

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 400:
            # FastAPI says so where a body is neither JSON nor a JSON error it expects: bad UTF-8, too deep nesting.
            message = "the body cannot be read as JSON; UTF-8, no compression and no deep nesting are expected"
            return error_response(422, message, request_id(request))
        return error_response(error.status_code, str(error.detail), request_id(request), headers=error.headers)

    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(MalformedError, unusable)
    app.add_exception_handler(BusyError, busy)
    app.add_exception_handler(WorkerError, unanswered)
    # Of a value that could be parsed but not be handed to a worker.
    app.add_exception_handler(RecursionError, too_deep)
    app.add_exception_handler(HTTPException, http)


def request_id(request: Request) -> str:
    """The id that the outermost layer gave the request."""
    return str(request.scope["state"]["request_id"])


def _reason(error: Mapping[str, Any]) -> str:
    reason = error.get("ctx", {}).get("error")
    return f" ({reason})" if reason else ""
