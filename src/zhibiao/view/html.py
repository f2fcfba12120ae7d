"""A self-contained HTML page: each source text with its spans and links, its records beside it."""

from __future__ import annotations

import json
from html import escape
from importlib import resources

from zhibiao.core.records import Entity, Record
from zhibiao.core.schema import Schema
from zhibiao.core.spans import RawSpan
from zhibiao.pipeline.extractor import Extraction
from zhibiao.view.cells import baseline_cell, indicator_cell, period_cell, quantity_cell, region_cell

_COLUMNS = ("指标", "数值", "地区", "时期", "比较", "属性")
_CLASSES = ("indicator", "value", "region", "period", "baseline", "attributes")
_EXPECTED = ("indicator", "region", "period")  # a value without a baseline is nothing to wonder at


def page_head(schema: Schema) -> str:
    """Style sheet and legend; page_document and page_foot follow, so that a long batch is written as it is read."""
    keys = "".join(
        f'<span class="key"><span class="e" style="--c:{label.color}">{escape(label.name)}</span> {label.id}</span>'
        for label in schema.labels.values()
    )
    return f"{_resource('page_head.html')}<header><b>zhibiao 指标</b>{keys}</header>\n"


def page_foot() -> str:
    """The script that draws the links."""
    return _resource("page_foot.html")


def _resource(name: str) -> str:
    return (resources.files("zhibiao") / "resources" / name).read_text(encoding="utf-8")


def page_document(extraction: Extraction, schema: Schema, number: int) -> str:
    """One document; ``number`` tells it from the others on the page."""
    document = extraction.document
    known = " · ".join(part for part in (document.title, document.date, document.city, document.source) if part)
    rows = "".join(_row(record, entity) for record, entity in zip(extraction.records, _values(extraction), strict=True))
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    return (
        f'<article data-d="{number}:"><h2>{escape(document.id)}<small>{escape(known)}</small></h2>\n'
        f'<div class="text"><svg></svg>{_text(extraction, schema)}</div>\n'
        f'<div class="records"><table><tr>{head}</tr>{rows}</table></div></article>\n'
    )


def _values(extraction: Extraction) -> list[Entity]:
    return [entity for entity in extraction.annotation.entities if entity.label == "VALUE"]


def _text(extraction: Extraction, schema: Schema) -> str:
    """The raw text with a marked span per entity; furniture is greyed."""
    raw, offsets = extraction.document.text, extraction.normalized.map
    links: dict[str, dict[str, str]] = {e.id: {} for e in _values(extraction)}
    for relation in extraction.annotation.relations:
        links[relation.head][relation.type] = relation.tail
    marks: list[tuple[RawSpan, str]] = []
    for entity in extraction.annotation.entities:
        label = schema.labels[entity.label]
        title = f'title="{label.id} {label.name}"'
        data = f" data-links='{escape(json.dumps(links[entity.id]))}'" if entity.id in links else ""
        marks.append(
            (
                offsets.to_raw(entity.span),
                f'<span class="e" style="--c:{label.color}" data-e="{entity.id}" {title}{data}>',
            )
        )
    marks.extend(
        (offsets.to_raw(line.span), f'<span class="furniture" title="{escape(line.reason)}">')
        for line in extraction.lines
        if line.kind == "furniture"
    )
    pieces, at = [], 0
    for span, tag in sorted(marks, key=lambda mark: mark[0]):
        if span.start < at:  # two spans inside one indivisible replacement stand at the same place
            continue
        pieces += [escape(raw[at : span.start]), tag, escape(raw[span.start : span.end]), "</span>"]
        at = span.end
    pieces.append(escape(raw[at:]))
    return "".join(pieces).encode("utf-8", "replace").decode("utf-8")


def _row(record: Record, entity: Entity) -> str:
    attributes = " ".join((record.measure, record.trend, record.status, record.bound))
    cells = (
        indicator_cell(record),
        quantity_cell(record),
        region_cell(record),
        period_cell(record),
        baseline_cell(record),
        (attributes, f"{record.confidence:.2f}"),
    )
    gap = "<span class=gap>—</span>"
    columns = "".join(
        f'<td class="{name}">{escape(main) or (gap if name in _EXPECTED else "")}'
        f'<span class="sub">{escape(sub)}</span></td>'
        for name, (main, sub) in zip(_CLASSES, cells, strict=True)
    )
    return f'<tr data-v="{entity.id}">{columns}</tr>'
