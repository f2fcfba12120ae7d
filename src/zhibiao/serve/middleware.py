"""The outer layers around the routes: log and count every answer, check the token."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zhibiao.serve.auth import CHALLENGE, is_authorised
from zhibiao.serve.body import Body, Refusal, refuse
from zhibiao.serve.errors import error_response
from zhibiao.serve.logs import event
from zhibiao.serve.metrics import Metrics
from zhibiao.serve.settings import Settings

# Answered without a token; whoever sends one has it checked, so that Label Studio can tell a wrong password at once.
OPEN_PATHS = frozenset({"/", "/health", "/docs", "/openapi.json"})
CLIENT_GONE = 499  # nginx's number for a client that left before its answer
_SHOWN_METHOD_CHARS = 16
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class RequestLog:
    """Gives each request an id (the client's X-Request-ID if it is a plain one), logs and counts its answer.

    What the routes put into ``scope["state"]["facts"]`` goes into the log. An exception that nobody caught is logged
    and becomes a 500.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, paths: Iterable[str]) -> None:
        self._app, self._metrics, self._paths = app, metrics, frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {}).update(request_id=request_id, facts={})
        route = scope["path"] if scope["path"] in self._paths else "other"
        status, started = CLIENT_GONE, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with self._metrics.in_flight.track_inprogress():
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as error:
                event("error", level=logging.ERROR, error=error, request_id=request_id, route=route)
                if status != CLIENT_GONE:  # the answer has begun; the server can only cut it off
                    raise
                message = "an internal error; the log has it under this request id"
                await error_response(500, message, request_id)(scope, receive, send_with_id)
            finally:
                self._report(scope, route, status, time.perf_counter() - started)

    def _report(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        self._metrics.requests.labels(route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        state = scope["state"]
        event(
            "request",
            request_id=state["request_id"],
            method=scope["method"][:_SHOWN_METHOD_CHARS],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            **state["facts"],
        )


class TokenCheck:
    """Lets nobody in without the token but to the open paths; the body of a refused request is not kept."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http" and not self._may_pass(scope):
            message = "a token is expected: Authorization: Bearer TOKEN, or basic with the token as the password"
            refusal = Refusal(401, message, WWW_Authenticate=CHALLENGE)
            await refuse(scope, Body(scope, receive), send, self._settings, refusal)
        else:
            await self._app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        header = Headers(scope=scope).get("authorization")
        if not self._settings.token or (header is None and scope["path"] in OPEN_PATHS):
            return True
        return is_authorised(header, self._settings.token)
