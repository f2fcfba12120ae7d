"""``/extract``, ``/health`` and ``/metrics``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from zhibiao.serve.answers import PROBLEMS, answer, check_count
from zhibiao.serve.jobs import Job
from zhibiao.serve.metrics import CONTENT_TYPE
from zhibiao.serve.schemas import BatchIn, DocumentIn, ExtractOut, HealthOut

router = APIRouter()


@router.post("/extract", response_model=ExtractOut, response_model_exclude_none=True, responses=PROBLEMS)
async def extract(
    request: Request,
    body: BatchIn | DocumentIn,
    annotations: Annotated[bool, Query(description="Also spans, relations and attributes.")] = False,
    min_confidence: Annotated[float, Query(ge=0, le=1, description="Leave out less probable records.")] = 0.0,
) -> Response:
    """Records of one document or of many."""
    documents: list[Any] = body.documents if isinstance(body, BatchIn) else [body.model_dump()]
    check_count(request, len(documents))
    version = request.app.state.settings.model_version
    job = Job("extract", tuple(documents), version, annotations=annotations, min_confidence=min_confidence)
    return await answer(request, job)


@router.get("/health", responses={401: PROBLEMS[401]})
@router.get("/", include_in_schema=False)
async def health(request: Request) -> HealthOut:
    """Whether the service is up; needs no token, but a wrong one is refused."""
    return HealthOut(model_version=request.app.state.settings.model_version)


@router.get("/metrics", responses={200: {"content": {"text/plain": {}}}, 401: PROBLEMS[401]}, response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus metrics; they need the token, because they tell how much is read."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE)
