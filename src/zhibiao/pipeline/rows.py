"""Records as JSON objects and as flat rows with typed columns for CSV and Parquet."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from zhibiao.core.decimals import plain
from zhibiao.core.records import Baseline, Period, Quantity, Record, Region
from zhibiao.io.sinks import ColumnType

ROLES = ("value", "unit", "indicator", "region", "year", "baseline")

_MENTION_PARTS: tuple[tuple[str, ColumnType], ...] = (
    ("surface", "string"),
    ("start", "integer"),
    ("end", "integer"),
    ("norm_start", "integer"),
    ("norm_end", "integer"),
)

# The columns of CSV and Parquet, in order.
COLUMNS: dict[str, ColumnType] = {
    "document_id": "string",
    "record_id": "string",
    "region_name": "string",
    "region_code": "string",
    "region_level": "string",
    "region_path": "string",
    "region_evidence": "string",
    "indicator": "string",
    "value": "decimal",
    "unit": "string",
    "dimension": "string",
    "number": "decimal",
    "scale": "decimal",
    "lower": "decimal",
    "upper": "decimal",
    "approximate": "boolean",
    "measure": "string",
    "trend": "string",
    "status": "string",
    "bound": "string",
    "period_start": "string",
    "period_end": "string",
    "period_kind": "string",
    "period_relative": "boolean",
    "baseline_type": "string",
    "baseline_period_start": "string",
    "baseline_period_end": "string",
    "baseline_region_name": "string",
    "baseline_region_code": "string",
    "confidence": "number",
    "sentence": "string",
    "sentence_start": "integer",
    "sentence_end": "integer",
    **{f"{role}_{part}": kind for role in ROLES for part, kind in _MENTION_PARTS},
    "unresolved": "string",
}


def to_json(record: Record) -> dict[str, Any]:
    """The nested form (JSON Lines): ``start``/``end`` are raw offsets, ``norm_*`` those in normalised text."""
    return {
        "document_id": record.document_id,
        "record_id": record.id,
        "region": _plain(record.region),
        "indicator": record.indicator,
        "quantity": _plain(record.quantity),
        "measure": record.measure,
        "trend": record.trend,
        "status": record.status,
        "bound": record.bound,
        "period": _plain(record.period),
        "baseline": _plain(record.baseline),
        "confidence": round(record.confidence, 4),
        "sentence": {"text": record.sentence, "start": record.sentence_raw.start, "end": record.sentence_raw.end},
        "mentions": {
            role: {
                "surface": mention.surface,
                "start": mention.raw.start,
                "end": mention.raw.end,
                "norm_start": mention.span.start,
                "norm_end": mention.span.end,
                "score": round(mention.score, 4),
            }
            for role, mention in record.mentions.items()
        },
        "unresolved": dict(record.unresolved),
    }


def to_row(record: Record) -> dict[str, Any]:
    """The flat form: one value for each of ``COLUMNS``, None where there is none."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    quantity, region, period, baseline = record.quantity, record.region, record.period, record.baseline
    row.update(
        document_id=record.document_id,
        record_id=record.id,
        indicator=record.indicator,
        measure=record.measure,
        trend=record.trend,
        status=record.status,
        bound=record.bound,
        confidence=round(record.confidence, 4),
        sentence=record.sentence,
        sentence_start=record.sentence_raw.start,
        sentence_end=record.sentence_raw.end,
        unresolved="; ".join(f"{name}: {reason}" for name, reason in record.unresolved.items()),
    )
    if region:
        row.update(_prefixed("region", asdict(region) | {"path": "/".join(region.path)}))
    if quantity:
        row.update(asdict(quantity))
    if period:
        row.update(_prefixed("period", asdict(period)))
    if baseline:
        row["baseline_type"] = baseline.type
        if baseline.period:
            row.update(baseline_period_start=baseline.period.start, baseline_period_end=baseline.period.end)
        if baseline.region:
            row.update(baseline_region_name=baseline.region.name, baseline_region_code=baseline.region.code)
    for role, mention in record.mentions.items():
        row[f"{role}_surface"] = mention.surface
        row[f"{role}_start"], row[f"{role}_end"] = mention.raw.start, mention.raw.end
        row[f"{role}_norm_start"], row[f"{role}_norm_end"] = mention.span.start, mention.span.end
    return row


def _prefixed(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_{key}": value for key, value in fields.items()}


def _plain(item: Quantity | Period | Region | Baseline | None) -> dict[str, Any] | None:
    """The fields of ``item`` as JSON has them; decimals as strings, so that no digit is lost to binary floats."""
    return None if item is None else asdict(item, dict_factory=lambda pairs: {k: _value(v) for k, v in pairs})


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return list(value) if isinstance(value, tuple) else value
