"""Request bodies within limits of size, time and memory; read before the routes see them."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zhibiao.serve.errors import error_response
from zhibiao.serve.metrics import Metrics
from zhibiao.serve.settings import Settings

# A refused body is read on up to this many times the limit: a client that is cut off while it sends sees no answer.
_READ_ON_FACTOR = 4


class Refusal(Exception):  # noqa: N818
    """The answer to a request that is not passed on."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        """Take the ``status``, the ``message`` and the ``headers`` (with _ for -)."""
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Body:
    """The body of one request as it comes; ``declared`` is its size if the client gave it, ``gone`` that it left."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "")
        self.declared = int(declared) if declared.isdecimal() else 0
        self.gone = False
        self._receive = receive
        self._ended = False
        self._waits = "expect" in headers

    async def chunk(self) -> bytes | None:
        """The next part, None at the end."""
        if self._ended:
            return None
        message = await self._receive()
        self.gone = message["type"] == "http.disconnect"
        self._ended = self.gone or not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def discard(self, settings: Settings) -> bool:
        """Read on to the end without keeping anything; False if that would take too long, or was not begun."""
        allowance = _READ_ON_FACTOR * settings.max_body_bytes
        if self._waits or self.declared > allowance:
            return self._ended
        try:
            async with asyncio.timeout(settings.body_timeout_s):
                while allowance > 0 and (chunk := await self.chunk()) is not None:
                    allowance -= len(chunk)
        except TimeoutError:
            return False
        return self._ended


async def refuse(scope: Scope, body: Body, send: Send, settings: Settings, refusal: Refusal) -> None:
    """Answer ``refusal``, if the client is still there."""
    if refusal.status != 408 and await body.discard(settings):
        headers = refusal.headers
    else:
        headers = refusal.headers | {"Connection": "close"}
    if not body.gone:
        response = error_response(refusal.status, str(refusal), scope["state"]["request_id"], headers=headers)
        await response(scope, _nothing_more, send)


class BodyLimit:
    """Reads each body before the routes see it: 413 if it is too large, 408 if it comes too slowly.

    While all bodies and unsent answers together fill the memory for them, further bodies get a 503.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, share = Body(scope, receive), _Share(self)
        try:
            whole = await self._read(body, share)
            if not body.gone:
                await self._app(scope, _replay(whole, receive), share.holding(send))
        except Refusal as refusal:
            share.release()
            await refuse(scope, body, send, self._settings, refusal)
        finally:
            share.release()

    def hold(self, size: int) -> None:
        """Count ``size`` bytes more, or less if it is negative."""
        self._held += size
        self._metrics.held.set(self._held)

    async def _read(self, body: Body, share: _Share) -> bytes:
        """The whole body. Raises Refusal."""
        settings, chunks, size = self._settings, [], 0
        self._check(body.declared)
        try:
            async with asyncio.timeout(settings.body_timeout_s):
                while (chunk := await body.chunk()) is not None:
                    size += len(chunk)
                    self._check(size)
                    if chunk and self._held + len(chunk) > settings.held_bodies * settings.max_body_bytes:
                        message = "requests and answers fill the memory that they may; send this request again later"
                        raise Refusal(503, message, Retry_After=str(settings.retry_after_s))
                    share.hold(len(chunk))
                    chunks.append(chunk)
        except TimeoutError as error:
            raise Refusal(408, f"the body did not come within {settings.body_timeout_s:g} s") from error
        return b"".join(chunks)

    def _check(self, size: int) -> None:
        limit = self._settings.max_body_bytes
        if size > limit:
            raise Refusal(413, f"the body has more than {limit} bytes; send the documents in several requests")


class _Share:
    """What one request holds of the memory for all."""

    def __init__(self, limit: BodyLimit) -> None:
        self._limit, self._size = limit, 0

    def hold(self, size: int) -> None:
        self._size += size
        self._limit.hold(size)

    def release(self) -> None:
        self.hold(-self._size)

    def holding(self, send: Send) -> Send:
        async def send_held(message: Message) -> None:
            size = len(message.get("body", b""))
            self.hold(size)
            await send(message)
            self.hold(-size)

        return send_held


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives ``body`` in one piece, then what comes after it (that the client left)."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}
