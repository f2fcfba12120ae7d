"""The application: routes, layers and worker pool of one service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from zhibiao import __version__
from zhibiao.serve import label_studio, routes
from zhibiao.serve.body import BodyLimit
from zhibiao.serve.errors import add_error_handlers
from zhibiao.serve.metrics import Metrics
from zhibiao.serve.middleware import OPEN_PATHS, RequestLog, TokenCheck
from zhibiao.serve.pool import WorkerPool
from zhibiao.serve.settings import Settings

_DESCRIPTION = """Chinese regional-economy text in, normalised indicator records out; and predictions for Label Studio.

Offsets in `/extract` count Unicode code points of the text that was sent, in `/predict` what Label Studio counts.
Every answer has an `X-Request-ID` (yours, if you sent one of up to 64 letters, digits and `._:-`)."""


def create_app(settings: Settings) -> FastAPI:
    """The service for ``settings``; its workers start with it, unless ``app.state.pool`` was started before.

    Starting raises ConfigError or CheckpointError if the system cannot be loaded.
    """
    pool = WorkerPool(settings)
    metrics = Metrics(pool, settings.model_version)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(pool.start)
        try:
            yield
        finally:
            await run_in_threadpool(pool.close)

    app = FastAPI(
        title="zhibiao", version=__version__, description=_DESCRIPTION, lifespan=lifespan, redoc_url=None,
        docs_url="/docs", openapi_url="/openapi.json", swagger_ui_oauth2_redirect_url=None,
    )  # fmt: skip
    app.state.settings, app.state.pool, app.state.metrics = settings, pool, metrics
    app.include_router(routes.router)
    app.include_router(label_studio.router)
    add_error_handlers(app, settings)
    paths = OPEN_PATHS | set(app.openapi()["paths"])
    if settings.token:
        _describe_token(app.openapi())
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, settings=settings, metrics=metrics)
    app.add_middleware(TokenCheck, settings=settings)
    app.add_middleware(RequestLog, metrics=metrics, paths=paths)
    return app


def _describe_token(openapi: dict[str, Any]) -> None:
    """Say in ``openapi`` which routes need the token, and how it is sent."""
    openapi["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "basic": {"type": "http", "scheme": "basic", "description": "Any user; the token is the password."},
    }
    for path, operations in openapi["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if path in OPEN_PATHS else [{"bearer": []}, {"basic": []}]
