"""What an operator can set of the service, checked when it is made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from zhibiao.core.errors import ConfigError
from zhibiao.pipeline.extractor import System

MIB = 1024 * 1024
MIN_TOKEN_CHARS = 16
_TOKEN = re.compile(r"[ -~]*")


@dataclass(frozen=True, slots=True)
class Settings:
    """All limits of one service; times in seconds, sizes in bytes. Raises ConfigError for values that cannot work.

    ``make_system`` is called once in each worker process, so it must be picklable. ``model_version`` goes into every
    answer. Without a ``token`` everybody who reaches the port is served.

    ``max_body_bytes`` bounds one request, ``held_bodies`` times that all bodies and unsent answers together,
    ``max_documents`` the documents (or tasks) of one request, ``max_waiting`` the requests that wait for one of the
    ``workers``. ``body_timeout_s`` is for a client to send a body, ``request_timeout_s`` for a request to wait and be
    worked on (Label Studio waits 100 s), ``work_timeout_s`` for a worker to answer a piece of it before it is ended,
    ``start_timeout_s`` for a worker to load the system. ``retry_after_s`` is what a client that is sent away is told.
    """

    make_system: Callable[[], System]
    model_version: str
    token: str = field(default="", repr=False)
    workers: int = 2
    max_body_bytes: int = 16 * MIB
    held_bodies: int = 8
    max_documents: int = 1000
    max_waiting: int = 256
    body_timeout_s: float = 30.0
    request_timeout_s: float = 90.0
    work_timeout_s: float = 60.0
    start_timeout_s: float = 120.0
    retry_after_s: int = 5

    def __post_init__(self) -> None:
        """Check what could not work."""
        for name in ("workers", "max_body_bytes", "held_bodies", "max_documents", "max_waiting", "retry_after_s"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} {getattr(self, name)}: at least 1 is expected")
        for name in ("body_timeout_s", "request_timeout_s", "work_timeout_s", "start_timeout_s"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} {getattr(self, name)}: a time above 0 is expected")
        if self.token and len(self.token) < MIN_TOKEN_CHARS:
            raise ConfigError(
                f"the token has {len(self.token)} characters; at least {MIN_TOKEN_CHARS} are expected, for "
                "example from `python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
            )
        if not _TOKEN.fullmatch(self.token):
            raise ConfigError(
                "the token has characters that clients cannot be relied on to send; one line of letters, digits and "
                "signs of ASCII is expected"
            )
        if not self.model_version:
            raise ConfigError("model_version is empty; name what makes the predictions")
