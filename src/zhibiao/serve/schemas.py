"""The requests and answers of the service as OpenAPI shows them, with examples."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, WithJsonSchema

_DOCUMENT: dict[str, JsonValue] = {
    "id": "page-1",
    "text": "上半年,全市规模以上工业增加值同比增长8.3%,高于全省1.1个百分点。",
    "title": "宜昌市上半年经济运行情况",
    "date": "2024-07-22",
    "city": "宜昌市",
    "source": "宜昌市统计局",
}

_MAX_CONFIG_CHARS = 1024 * 1024


def _encodable(value: str) -> str:
    value.encode("utf-8")  # raises a ValueError for a lone surrogate, which neither XML nor an answer can hold
    return value


_Encodable = Annotated[str, AfterValidator(_encodable)]
_Config = Annotated[_Encodable, Field(max_length=_MAX_CONFIG_CHARS)]


class DocumentIn(BaseModel):
    """One document; also a line of an annotation file, whose ``meta`` may hold date, city and source."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_DOCUMENT]})

    text: str = Field(description="The text; lines are paragraphs. Offsets in the answer count its code points.")
    id: str | int | None = Field(None, description="Comes back in the answer; without one, document-N.")
    title: str | None = Field(None, description="Tells the place and the time that the text is about.")
    date: str | int | None = Field(None, description="When it was published, such as 2024-07-22 or 2024年7月22日.")
    city: str | None = Field(None, description="What 全市 stands for where the text does not say it.")
    source: str | None = None
    meta: dict[str, Any] | None = None


class BatchIn(BaseModel):
    """Several documents; one that cannot be read has its error in its place of the answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"documents": [_DOCUMENT]}]})

    documents: list[Annotated[Any, WithJsonSchema(DocumentIn.model_json_schema())]]


class DocumentError(BaseModel):
    """Why a document gave no records."""

    kind: str
    message: str


class DocumentOut(BaseModel):
    """What was found in one document, or its ``error``.

    ``records`` and ``annotations`` are what ``zhibiao extract`` writes into records.jsonl and with --format
    annotations; ``ledger`` counts what was left out or could not be read.
    """

    id: str
    records: list[dict[str, Any]] | None = None
    annotations: dict[str, Any] | None = None
    ledger: dict[str, int] | None = None
    error: DocumentError | None = None


class ExtractOut(BaseModel):
    """One result a document, in the order of the request."""

    model_version: str
    results: list[DocumentOut]


class Problem(BaseModel):
    """An answer that is no success; ``problems`` lists what is wrong with a malformed request."""

    error: str
    request_id: str
    problems: list[str] | None = None


class HealthOut(BaseModel):
    """The service is up; ``model_class`` is a field of Label Studio's protocol."""

    status: str = "UP"
    model_class: str = "zhibiao"
    model_version: str


class SetupIn(BaseModel):
    """Label Studio's call when a project is connected; its ``access_token`` and ``hostname`` are not used."""

    model_config = ConfigDict(extra="ignore")

    project: str | int | None = None
    label_config: _Config | None = Field(None, alias="schema", description="The project's labeling interface.")


class SetupOut(BaseModel):
    """The name under which Label Studio keeps the predictions."""

    model_version: str


class PredictIn(BaseModel):
    """Label Studio's call for predictions; ``params`` (context, login, password) are not used."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"tasks": [{"id": 7, "data": _DOCUMENT}], "project": "3.1732233600"}]},
    )

    tasks: list[Any]
    project: str | int | None = None
    label_config: _Config | None = None


class PredictOut(BaseModel):
    """One prediction a task, in order: ``result``, ``score``, ``model_version``; an empty list for one that failed."""

    model_version: str
    results: list[dict[str, Any] | list[Any]]


class WebhookIn(BaseModel):
    """Label Studio's note that something happened; only the name of the event is read."""

    model_config = ConfigDict(extra="ignore")

    action: _Encodable


class WebhookOut(BaseModel):
    """The event was counted."""

    status: str = "ok"
    action: str
    message: str


class VersionsOut(BaseModel):
    """The versions among which Label Studio lets a user choose."""

    versions: list[str]
