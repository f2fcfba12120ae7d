from dataclasses import replace

from loop_examples import LINES, PAGE, annotated, write

from zhibiao.core.records import RawEntity, Relation
from zhibiao.core.schema import default_schema
from zhibiao.core.spans import RawSpan
from zhibiao.data.check import check_file
from zhibiao.loop.lines import source_row, split_row


def surfaces(row):
    return [(e.id, e.label, row.text[e.span.start : e.span.end]) for e in row.entities]


def test_a_page_becomes_a_row_for_each_line_and_nothing_is_lost(tmp_path):
    page = annotated("p", PAGE.replace("\n", "\r\n \r\n"), city="随州市")
    cut = split_row(page, origin="f")
    assert [row.id for row in cut.rows] == ["p#1", "p#2", "p#3"]
    assert tuple(row.text for row in cut.rows) == LINES
    assert [s for row in cut.rows for s in surfaces(row)] == surfaces(page)
    assert sum(len(row.relations) for row in cut.rows) == len(page.relations) > 4
    assert sum(len(row.attributes) for row in cut.rows) == len(page.attributes) > 2
    assert not cut.rows[1].entities
    assert not cut.set_aside
    assert all(row.meta["city"] == "随州市" and source_row(row) == "p" for row in cut.rows)
    assert not check_file(write(tmp_path / "r.jsonl", *cut.rows), default_schema()).errors


def test_a_row_of_one_line_stays_as_it_is():
    row = annotated("p#3", LINES[0] + "\n")
    assert split_row(row, origin="f").rows == (row,)
    assert source_row(row) == "p#3"


def test_page_furniture_goes_but_not_with_something_marked_in_it():
    text = f"责任编辑:王小明\n{LINES[0]}\n来源:随州日报"
    page = annotated("p", text)
    cut = split_row(page, origin="f")
    assert [row.id for row in cut.rows] == ["p#2"]
    assert cut.furniture == 2
    marked = replace(page, entities=(RawEntity("X1", "CITY", RawSpan(len(text) - 4, len(text) - 2)), *page.entities))
    cut = split_row(marked, origin="f")
    assert [(entry.reason, entry.id, entry.row["text"]) for entry in cut.set_aside] == [
        ("furniture-line", "p#3", "来源:随州日报")
    ]


def test_a_relation_into_another_line_goes_with_an_argument_that_nothing_needs_any_more():
    page = annotated("p", PAGE)
    year = next(e for e in page.entities if e.label == "YEAR")
    value = next(e for e in page.entities if e.span.start > PAGE.index(LINES[2]) and e.label == "VALUE")
    others = tuple(r for r in page.relations if r.tail != year.id)
    cut = split_row(replace(page, relations=(*others, Relation(value.id, year.id, "year"))), origin="f")
    assert [entry.reason for entry in cut.set_aside] == ["relation-crosses-lines"]
    assert year.id not in {e.id for row in cut.rows for e in row.entities}
    assert sum(len(row.relations) for row in cut.rows) == len(others)


def test_lines_that_a_span_joins_are_set_aside():
    page = annotated("p", PAGE)
    end = len(LINES[0])
    joined = replace(page, entities=(*page.entities, RawEntity("X1", "INDICATOR", RawSpan(end - 1, end + 3))))
    cut = split_row(joined, origin="f")
    assert [row.id for row in cut.rows] == ["p#3"]
    assert [(entry.reason, entry.id) for entry in cut.set_aside] == [("crosses-lines", "p#1"), ("crosses-lines", "p#2")]
    assert cut.set_aside[0].row["entities"]
