"""The main path with a system made for the test: what it finds at known places comes out at the right raw places."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.core.ledger import Ledger
from zhibiao.core.records import Annotation, Attributes, Document, Entity, Relation
from zhibiao.core.spans import Span
from zhibiao.io.readers import Failure
from zhibiao.pipeline.batch import BatchSummary, extract_all
from zhibiao.pipeline.extractor import Extractor
from zhibiao.pipeline.rows import COLUMNS, to_json, to_row
from zhibiao.rules.system import RuleSystem


class Percentages:
    """Finds ``<number>%`` and nothing else."""

    name = "percentages"

    def annotate(self, paragraphs):
        return [self._one(paragraph) for paragraph in paragraphs]

    @staticmethod
    def _one(paragraph):
        if "爆炸" in paragraph:
            raise RuntimeError("boom")
        entities, relations, attributes = [], [], []
        for n, match in enumerate(re.finditer(r"(\d+(?:\.\d+)?)(%)", paragraph)):
            entities += [Entity(f"V{n}", "VALUE", Span(*match.span(1))), Entity(f"U{n}", "UNIT", Span(*match.span(2)))]
            relations.append(Relation(f"V{n}", f"U{n}", "unit"))
            attributes.append(Attributes(f"V{n}", "growth", "up", "actual", "exact"))
        return Annotation(tuple(entities), tuple(relations), tuple(attributes))


@pytest.mark.parametrize(
    ("raw", "places"),
    [
        ("增长9.5%。\n下降3%。", ["9.5", "3"]),
        ("增長(zhǎng)９．５％,增(zēng)速3%", ["９．５", "3"]),
        ("\ufeff增长9. 5 %\r\n\r\n再增\u200b1\u200b2%", ["9. 5", "1\u200b2"]),
    ],
)
def test_spans_are_reported_where_they_stand_in_the_raw_text(raw, places):
    extraction = Extractor(Percentages()).extract(Document("d", raw))
    annotated = extraction.to_annotated()
    values = [e for e in annotated.entities if e.label == "VALUE"]
    assert [raw[e.span.start : e.span.end] for e in values] == places
    assert [e.surface for e in values] == [
        re.sub(r"\s|\u200b", "", p).translate({0xFF19: "9", 0xFF15: "5", 0xFF0E: "."}) for p in places
    ]
    assert [e.id for e in annotated.entities] == [f"T{i}" for i in range(1, len(annotated.entities) + 1)]
    assert [r.id for r in extraction.records] == [f"d@{e.span.start}-{e.span.end}" for e in values]


def test_furniture_yields_nothing_and_is_counted():
    ledger = Ledger()
    raw = "首页 | 新闻 | 视频\n来源:互联网 浏览次数:1268次\n全市出口增长9%。\n责任编辑:张三\n鄂ICP备12345678号-1"
    extraction = Extractor(RuleSystem()).extract(Document("d", raw), ledger=ledger)
    assert [r.mentions["value"].surface for r in extraction.records] == ["9"]
    assert ledger.counts["furniture_line"] == 4


def test_one_document_that_breaks_does_not_end_the_batch():
    items = [
        Document("a", "增长1%"),
        Document("b", "爆炸2%", origin="f.txt"),
        Failure("x", "gone", "not_found"),
        Document("c", "增长3%"),
    ]
    summary = BatchSummary()
    outcomes = list(extract_all(items, Extractor(Percentages()), summary))
    assert [isinstance(o, Failure) for o in outcomes] == [False, True, True, False]
    assert "RuntimeError in document 'b': boom" in outcomes[1].error
    assert outcomes[1].origin == "f.txt"
    assert (summary.documents, summary.failures, summary.records) == (2, 2, 2)
    assert summary.skipped


def test_rows_have_every_column_and_agree_with_the_nested_form():
    text = "苏州市统计局\n上半年,全市工业投资986.4亿元,同比增长9.7%。"
    document = Document("d", text, date="2024-07-20")
    records = Extractor(RuleSystem()).extract(document).records
    assert len(records) == 2
    for record in records:
        row, nested = to_row(record), to_json(record)
        assert list(row) == list(COLUMNS)
        assert row["region_path"] == "中国/江苏省/苏州市"
        assert str(row["value"]) == nested["quantity"]["value"]
        assert row["region_code"] == nested["region"]["code"] == "320500"
        assert row["period_end"] == nested["period"]["end"] == "2024-06-30"
        assert (
            text[row["indicator_start"] : row["indicator_end"]]
            == nested["mentions"]["indicator"]["surface"]
            == "工业投资"
        )


MESSY = st.text(
    alphabet=st.sampled_from(
        "全市工业投资同比增长下降高于个百分点亿元万家占比重,。;:()%%0123456789０９．第一二三两约超余"
        " \t\r\n\u3000\u200b長(zhǎng)網際路“”-—?\ufffd\ud800𠮷"
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(MESSY)
def test_any_text_gives_spans_inside_it_with_the_raw_characters_they_stand_for(raw):
    extraction = Extractor(RuleSystem()).extract(Document("d", raw))
    for entity in extraction.to_annotated().entities:
        assert 0 <= entity.span.start < entity.span.end <= len(raw)
    for record in extraction.records:
        for mention in record.mentions.values():
            assert extraction.normalized.text[mention.span.start : mention.span.end] == mention.surface
