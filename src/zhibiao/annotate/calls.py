"""Calls to the server: repeated where that may help, and errors as sentences that hold no token."""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from zhibiao.annotate.credentials import Token
from zhibiao.core.errors import ServerError

DEFAULT_ATTEMPTS = 5
_MAX_DELAY_S = 30.0
_MAX_DETAIL = 600
_UNAVAILABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_LARGE = 413
_TITLE_RE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)

Result = TypeVar("Result")


class RefusedError(ServerError):
    """The server understood a request and refuses its content; ``status`` is the HTTP status (400 or 413)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class MissingError(ServerError):
    """What a request is about is not on the server (HTTP status 404)."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """One call that failed; ``status`` is 0 if no answer came, ``foreign`` if the answer is no JSON."""

    status: int
    detail: str
    retry_after_s: float = 0.0
    hopeless: bool = False
    foreign: bool = False

    @property
    def passing(self) -> bool:
        return not self.hopeless and (self.status == 0 or self.status in _UNAVAILABLE)


class Caller:
    """Makes calls through the SDK for the server at ``url``.

    A call that gets no answer, or one that says that the server is busy, is repeated up to ``attempts`` times in all,
    after 1, 2, 4 ... seconds. ``sleep`` waits for a number of seconds.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        attempts: int = DEFAULT_ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._token = token
        self._attempts = attempts
        self._sleep = sleep

    def call(
        self, what: str, action: Callable[[], Result], *, before_repeating: Callable[[], Result | None] | None = None
    ) -> Result:
        """The result of ``action``; ``what`` names it in messages (``listing the tasks of project 7``).

        A request that got no answer may have been carried out all the same. ``before_repeating`` is for those that must
        not be carried out twice: it looks, and what it returns is the result of the call, unless that is None.

        Raises RefusedError, MissingError or ServerError; none of them refers to the exception of the SDK, which holds
        the request with its token.
        """
        failure = _Failure(0, "no attempt was made")
        for attempt in range(1, self._attempts + 1):
            outcome = _outcome(action)
            if not isinstance(outcome, _Failure):
                return outcome
            failure = outcome
            if not failure.passing or attempt == self._attempts:
                break
            self._sleep(max(failure.retry_after_s, _delay_s(attempt)))
            if before_repeating is not None:
                found = before_repeating()
                if found is not None:
                    return found
        raise self._error(what, failure)

    def _error(self, what: str, failure: _Failure) -> ServerError:
        where = f"{self._url}: {what}"
        detail = self._token.hide(failure.detail)
        status = failure.status
        if status == 0:
            if failure.hopeless:
                return ServerError(f"{where}: {detail}")
            return ServerError(
                f"{where}: no answer after {self._attempts} attempts ({detail}); "
                f"check the address and that the server runs, then run the command again{_proxy_hint()}"
            )
        if status == 401:
            return ServerError(
                f"{where}: the token from {self._token.origin} is not accepted ({detail}); make a new one in "
                "Label Studio (Account & Settings), and see there which kind the organization allows, personal access "
                "tokens or legacy tokens"
            )
        if status == 403:
            return ServerError(f"{where}: the user of the token may not do this ({detail}); ask for the right to")
        if status == 404 and failure.foreign:
            return MissingError(
                f"{where}: there is no Label Studio at this address ({detail or 'an empty answer'}); give the "
                "address that the browser shows before /projects"
            )
        if status == 404:
            return MissingError(f"{where}: there is no such thing on this server ({detail}); check the number")
        if status in _REDIRECTS:
            return ServerError(f"{where}: the server says that its address is another ({detail}); use that as --url")
        if status in (400, _TOO_LARGE):
            return RefusedError(f"{where}: refused: {detail}", status)
        if failure.passing:
            return ServerError(
                f"{where}: status {status} after {self._attempts} attempts ({detail}); see the server's log, "
                f"then run the command again{_proxy_hint()}"
            )
        return ServerError(
            f"{where}: status {status} is not how Label Studio answers ({detail}); check that the address is one of "
            f"Label Studio, version 1.17 or later{_proxy_hint()}"
        )


def proxy_variables() -> list[str]:
    """The variables of the environment that name a proxy."""
    return sorted(
        n for n, value in os.environ.items() if n.lower() in ("http_proxy", "https_proxy", "all_proxy") and value
    )


def _proxy_hint() -> str:
    names = ", ".join(proxy_variables())
    return f" (through the proxy of {names}, unless NO_PROXY names the host of the server)" if names else ""


def _delay_s(attempt: int) -> float:
    return min(2.0 ** (attempt - 1), _MAX_DELAY_S) * random.uniform(0.9, 1.1)


def _outcome(action: Callable[[], Result]) -> Result | _Failure:
    """The result, or what went wrong in words: the exceptions themselves hold the request."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError

    try:
        return action()
    except ApiError as error:
        return _Failure(
            error.status_code or 0,
            _detail(error),
            _retry_after_s(error.headers),
            hopeless=not error.status_code,
            foreign=isinstance(error.body, str),
        )
    except httpx.TransportError as error:
        return _transport_failure(error)
    except ValueError as error:  # an answer without the form that the SDK expects
        return _Failure(200, f"{type(error).__name__}: {error}"[:_MAX_DETAIL])


def _transport_failure(error: Exception) -> _Failure:
    reason = f"{type(error).__name__}: {error}"
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return _Failure(
            0,
            f"the certificate of the server cannot be verified ({reason}); name with --ca-bundle the certificate of "
            "its authority, or its own if it is self-signed",
            hopeless=True,
        )
    if "Timeout" in type(error).__name__:
        reason = f"{reason[:_MAX_DETAIL]}; --timeout gives it longer"
    return _Failure(0, reason[:_MAX_DETAIL])


def _detail(error: Any) -> str:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code in _REDIRECTS:
        return str(headers.get("location", "")).split("/api/")[0]
    body = error.body
    if hasattr(body, "model_dump"):
        body = body.model_dump()
    if isinstance(body, dict):
        told = {name: body[name] for name in ("detail", "validation_errors") if body.get(name)}
        body = told.get("detail") if set(told) == {"detail"} else told or body
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    title = _TITLE_RE.search(text) if text.startswith("<") else None
    if title:
        return f"an HTML page, {title[1].strip()[:_MAX_DETAIL]!r}"
    return text if len(text) <= _MAX_DETAIL else f"{text[:_MAX_DETAIL]} ..."


def _retry_after_s(headers: dict[str, str] | None) -> float:
    given = {name.lower(): value for name, value in (headers or {}).items()}.get("retry-after", "")
    return min(float(given), 2 * _MAX_DELAY_S) if given.isdecimal() else 0.0
