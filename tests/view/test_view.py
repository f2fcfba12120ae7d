"""The page and the table show what the records say."""

import re

from rich.console import Console

from zhibiao.core.records import Document
from zhibiao.core.schema import Schema
from zhibiao.pipeline.extractor import Extractor
from zhibiao.rules.system import RuleSystem
from zhibiao.view.html import page_document, page_foot, page_head
from zhibiao.view.table import records_table

TEXT = "首页 | 新闻 | 视频\n苏州<b>市\n上半年,全市工业投資986.4亿元,同比增长9.7%,占全部投资的三分之一以上。"


def extraction():
    return Extractor(RuleSystem()).extract(Document("d<1>", TEXT, city="苏州市", date="2024-07-20"))


def test_the_page_holds_the_raw_text_with_marked_spans_links_and_records():
    schema = Schema.load()
    body = page_document(extraction(), schema, 0)
    shown = re.search(r"</svg>(.*?)</div>\n<div class=\"records\">", body, re.DOTALL)[1]
    plain = re.sub(r"<[^>]+>", "", shown).replace("&lt;", "<").replace("&gt;", ">")
    assert plain == TEXT
    assert '<span class="furniture"' in shown
    assert re.search(r"data-links=\'[^\']*indicator[^\']*\'>986\.4</span>", shown)
    assert body.count('<tr data-v="') == 3
    assert "98640000000 元" in body
    assert "苏州市 320500" in body
    assert "d&lt;1&gt;" in body
    assert "<html" in page_head(schema)
    assert page_foot().rstrip().endswith("</html>")


def test_a_lone_surrogate_does_not_break_the_page():
    broken = Extractor(RuleSystem()).extract(Document("d", "增长9%\ud800"))
    assert page_document(broken, Schema.load(), 0).encode("utf-8")


def test_the_table_shows_value_region_and_period():
    console = Console(width=200, record=True)
    console.print(records_table("t", extraction().records))
    text = console.export_text()
    assert "98640000000 元" in text
    assert "≥0.3333" in text
    assert "苏州市 320500" in text
    assert "2024-01-01 – 2024-06-30" in text
