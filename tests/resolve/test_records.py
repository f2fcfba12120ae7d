"""From linked spans to records: every field normalised, or empty with a reason, and in its place."""

from dataclasses import replace
from decimal import Decimal

from zhibiao.core.records import Annotation, Attributes, Document, Entity, Relation
from zhibiao.core.spans import Span
from zhibiao.resolve.records import Resolver
from zhibiao.text.lines import split_lines
from zhibiao.text.normalize import normalize

RAW = "苏州市工业运行\n上半年，全市完成工业投資９８６．４ 億元，同比增長9.7%；工業投資比2019年同期下降1.3個百分点。"


def annotate(text, *rows):
    """Entities by (id, label, surface); relations by (head, tail, type)."""
    entities, relations, attributes = [], [], []
    at = 0
    for row in rows:
        if len(row) == 5:
            attributes.append(Attributes(*row))
        elif row[1] in ("VALUE", "UNIT", "INDICATOR", "CITY", "BASELINE", "YEAR"):
            at = text.index(row[2], at)
            entities.append(Entity(row[0], row[1], Span(at, at + len(row[2])), 0.9))
            at += len(row[2])
        else:
            relations.append(Relation(*row, 0.5))
    return Annotation(tuple(entities), tuple(relations), tuple(attributes))


def records(raw, *rows, **known):
    document = Document("d1", raw, **known)
    normalized = normalize(raw)
    resolver = Resolver.build(document, normalized, split_lines(normalized.text))
    return resolver.resolve(annotate(normalized.text, *rows)), normalized


ROWS = (
    ("Y", "YEAR", "上半年"),
    ("C", "CITY", "全市"),
    ("I", "INDICATOR", "工业投资"),
    ("V1", "VALUE", "986.4"),
    ("U1", "UNIT", "亿元"),
    ("B", "BASELINE", "同比"),
    ("V2", "VALUE", "9.7"),
    ("U2", "UNIT", "%"),
    ("B3", "BASELINE", "2019年同期"),
    ("V3", "VALUE", "1.3"),
    ("V1", "U1", "unit"),
    ("V1", "I", "indicator"),
    ("V1", "C", "region"),
    ("V1", "Y", "year"),
    ("V2", "U2", "unit"),
    ("V2", "I", "indicator"),
    ("V2", "B", "baseline"),
    ("V3", "B3", "baseline"),
    ("V3", "Y", "year"),
    ("V1", "level", "none", "actual", "exact"),
    ("V2", "growth", "up", "actual", "exact"),
    ("V3", "change", "down", "actual", "min"),
)


def test_every_field_of_a_full_statement():
    (first, second, third), normalized = records(RAW, *ROWS, date="2024-07-20")
    assert first.quantity.value == Decimal("98640000000")
    assert (first.quantity.unit, first.quantity.dimension) == ("元", "currency")
    assert first.indicator == "工业投资"
    assert (first.region.code, first.region.path) == ("320500", ("中国", "江苏省", "苏州市"))
    assert (first.period.start, first.period.end) == ("2024-01-01", "2024-06-30")
    assert first.unresolved == {}
    assert first.sentence == normalized.text.partition("\n")[2]
    assert RAW[first.mentions["value"].raw.start : first.mentions["value"].raw.end] == "９８６．４"
    assert first.id == f"d1@{RAW.index('９')}-{RAW.index('４') + 1}"
    assert abs(first.confidence - 0.9 * 0.5**4) < 1e-9
    assert second.baseline.type == "year_on_year"
    assert third.quantity.value == Decimal("-1.3")
    assert (third.quantity.lower, third.quantity.upper) == (None, Decimal("-1.3"))
    assert (third.baseline.type, third.baseline.period.start) == ("period", "2019-01-01")


def test_what_is_missing_has_a_reason():
    (first, second, third), _ = records(RAW, *ROWS)
    assert first.period is None
    assert "no date found" in first.unresolved["period"]
    assert set(second.unresolved) == {"region", "period"}
    assert set(third.unresolved) == {"indicator", "region", "period"}
    assert third.indicator is None


def test_a_year_in_the_same_line_dates_a_period_that_leans_on_it():
    text = "2021年,全市增长9%,而上年同期为3%。"
    rows = (
        ("Y1", "YEAR", "2021年"),
        ("V1", "VALUE", "9"),
        ("Y2", "YEAR", "上年同期"),
        ("V2", "VALUE", "3"),
        ("V1", "Y1", "year"),
        ("V2", "Y2", "year"),
    )
    (_, second), _ = records(text, *rows, date="2024-03-01")
    assert second.period.start == "2020-01-01"


def test_a_target_lies_ahead_of_the_document():
    rows = (("Y", "YEAR", "全年"), ("V", "VALUE", "9"), ("V", "Y", "year"), ("V", "growth", "up", "target", "exact"))
    (record,), _ = records("力争全年增长9%。", *rows, date="2024-06-12")
    assert record.period.start == "2024-01-01"


def test_the_probability_of_a_whole_record_comes_before_the_product_of_its_parts():
    normalized = normalize(RAW)
    resolver = Resolver.build(Document("d1", RAW), normalized, split_lines(normalized.text))
    annotation = annotate(normalized.text, *ROWS)
    whole = tuple(replace(a, record_score=0.25 if a.entity == "V1" else None) for a in annotation.attributes)
    first, second, _ = resolver.resolve(replace(annotation, attributes=whole))
    assert first.confidence == 0.25
    assert abs(second.confidence - 0.9 * 0.5**3) < 1e-9
