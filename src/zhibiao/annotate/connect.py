"""The connection to a Label Studio server: address, certificates, the SDK's client."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from zhibiao.annotate.calls import DEFAULT_ATTEMPTS, proxy_variables
from zhibiao.annotate.credentials import Token
from zhibiao.core.errors import ConfigError

DEFAULT_TIMEOUT_S = 60.0
_REFRESH_PATH = "/api/token/refresh/"


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """How to reach a server: seconds to wait for an answer, a file of certificates to trust, attempts of each call.

    Proxies are taken from the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). ``sleep`` waits between attempts.
    """

    timeout_s: float = DEFAULT_TIMEOUT_S
    ca_bundle: Path | None = None
    attempts: int = DEFAULT_ATTEMPTS
    sleep: Callable[[float], None] = time.sleep


def checked_url(url: str) -> str:
    """``url`` with one slash at its end, so that the SDK keeps its path. Raises ConfigError if it is none."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"--url {url}: an address such as https://label.example.com is expected")
    if parts.username or parts.password:
        raise ConfigError("--url: leave user and password out of the address; the token says who you are")
    if parts.query or parts.fragment or "/projects/" in parts.path:
        raise ConfigError(f"--url {url}: the address of the server is expected, not that of a page in it")
    return url.strip().rstrip("/") + "/"


def require_sdk() -> None:
    """Raises ConfigError if the SDK is not installed."""
    try:
        import label_studio_sdk  # noqa: F401
    except ImportError as error:
        raise ConfigError(f"label-studio-sdk is needed ({error}): pip install 'zhibiao[annotate]'") from None


def sdk_client(url: str, token: Token, options: ConnectOptions) -> Any:
    """The SDK's client for ``url``.

    Raises ConfigError if ``ca_bundle`` cannot be read, or for a proxy in the environment that cannot be used.
    """
    import httpx
    from label_studio_sdk import LabelStudio

    trusted = _trusted(options.ca_bundle)
    try:
        # No redirects: a redirected POST becomes a GET, and an import would seem to have worked.
        http = httpx.Client(
            verify=trusted,
            timeout=options.timeout_s,
            follow_redirects=False,
            event_hooks={"response": [_check_refresh]},
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        socks = isinstance(error, ImportError)
        remedy = (
            "a SOCKS proxy needs `pip install socksio`" if socks else "an address such as http://host:3128 is expected"
        )
        names = ", ".join(proxy_variables()) or "the system's settings"
        raise ConfigError(f"the proxy of {names} cannot be used: {remedy}; or unset it") from None
    make: Any = LabelStudio  # it has no types
    return make(base_url=url, api_key=token.value, timeout=options.timeout_s, httpx_client=http)


def _check_refresh(response: Any) -> None:
    """Raises ApiError for a refused refresh of a personal access token, whose answer the SDK takes for JSON unseen.

    What a proxy says while the server restarts is none.
    """
    if response.status_code == 200 or not response.request.url.path.endswith(_REFRESH_PATH):
        return
    from label_studio_sdk.core.api_error import ApiError

    response.read()
    try:
        body = response.json()
    except ValueError:
        body = response.text
    raise ApiError(status_code=response.status_code, headers=dict(response.headers), body=body)


def _trusted(ca_bundle: Path | None) -> ssl.SSLContext | bool:
    if ca_bundle is None:
        return True
    try:
        return ssl.create_default_context(cafile=os.fspath(ca_bundle))
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"--ca-bundle {ca_bundle}: no certificates (PEM) can be read: {error}") from error
