"""The Label Studio ML backend protocol (label-studio-ml-backend, label_studio_ml/api.py; Label Studio 1.23 calls it).

Nothing is trained here: `/webhook` counts events, `zhibiao retrain` trains, and a restart serves the new model.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from zhibiao.annotate.interface import config_problems
from zhibiao.core.schema import default_schema
from zhibiao.serve.answers import PROBLEMS, answer, check_count
from zhibiao.serve.errors import MalformedError, request_id
from zhibiao.serve.jobs import Job
from zhibiao.serve.logs import event
from zhibiao.serve.schemas import PredictIn, PredictOut, SetupIn, SetupOut, VersionsOut, WebhookIn, WebhookOut

_SHOWN_PROJECT_CHARS = 64
_UNWORKED: dict[int | str, dict[str, Any]] = {status: PROBLEMS[status] for status in (401, 408, 413, 422, 503)}

router = APIRouter(tags=["Label Studio"])


@router.post("/setup", responses=_UNWORKED)
async def setup(request: Request, body: SetupIn) -> SetupOut:
    """A project is connected, or Label Studio asks for the version: 422 if predictions would not fit its interface."""
    _check(request, body.label_config, body.project)
    return SetupOut(model_version=request.app.state.settings.model_version)


@router.post("/predict", response_model=PredictOut, responses=PROBLEMS)
async def predict(request: Request, body: PredictIn) -> Response:
    """One prediction for each task, as `zhibiao annotate push` would send it."""
    _check(request, body.label_config, body.project)
    check_count(request, len(body.tasks))
    documents = tuple(_document(task) for task in body.tasks)
    return await answer(request, Job("predict", documents, request.app.state.settings.model_version))


@router.post("/webhook", responses=_UNWORKED)
async def webhook(request: Request, body: WebhookIn) -> WebhookOut:
    """Count the event; START_TRAINING trains nothing either."""
    request.app.state.metrics.count_webhook(body.action)
    return WebhookOut(
        action=body.action[:64], message="counted; nothing is trained in a request, run `zhibiao retrain`"
    )


@router.get("/versions", responses={401: PROBLEMS[401]})
async def versions(request: Request) -> VersionsOut:
    """The one version that is served."""
    return VersionsOut(versions=[request.app.state.settings.model_version])


def _check(request: Request, label_config: str | None, project: object) -> None:
    """Raise MalformedError if a project with this interface could not take the predictions."""
    problems = _problems(label_config) if label_config else ()
    if problems:
        message = "the project's labeling interface does not fit the schema; `zhibiao annotate init` sets one that does"
        shown = str(project)[:_SHOWN_PROJECT_CHARS]
        event("interface", level=logging.WARNING, request_id=request_id(request), project=shown, problems=problems)
        raise MalformedError(message, list(problems))


@lru_cache(maxsize=16)
def _problems(label_config: str) -> tuple[str, ...]:
    return tuple(config_problems(label_config, default_schema()))


def _document(task: Any) -> Any:
    """The document of one task: its data, named by its id there or else by the task's.

    Label Studio takes any value as an id; an imported table has 12.0 where ids are missing in other rows.
    """
    data = task.get("data") if isinstance(task, Mapping) else None
    if not isinstance(data, Mapping):
        return task
    given = data.get("id")
    name = str(given) if isinstance(given, str | int | float) and given != "" else f"task-{task.get('id')}"
    return {**data, "id": name}
