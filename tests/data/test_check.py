"""The checker: one defect of each kind is found with its place, all at once, and no file makes it crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibiao.core.codec import decode
from zhibiao.core.errors import InputError
from zhibiao.core.schema import default_schema
from zhibiao.data.check import CheckReport, check_file
from zhibiao.data.paragraph_check import check_paragraph
from zhibiao.data.problems import CODES, Problem

SHARED = Path(__file__).parents[3] / "shared" / "annotation"
# Two slips in the annotation of real_train.jsonl: 提高4.0个百分点 and 提升6.3个百分点 are marked as level, yet up.
KNOWN = {("trend-contradicts", "train-a1-031#1", "T7"), ("trend-contradicts", "train-a3-039#1", "T32")}

Raw = dict[str, Any]
TEXT = "上半年,全市工业投资98.6亿元,同比增长9.7%; 项目达3至5个。"
SPANS = [
    ("T1", "YEAR", "上半年"),
    ("T2", "CITY", "全市"),
    ("T3", "INDICATOR", "工业投资"),
    ("T4", "VALUE", "98.6"),
    ("T5", "UNIT", "亿元"),
    ("T6", "BASELINE", "同比"),
    ("T7", "VALUE", "9.7"),
    ("T8", "UNIT", "%"),
    ("T9", "INDICATOR", "项目"),
    ("T10", "VALUE", "3"),
    ("T11", "VALUE", "5"),
    ("T12", "UNIT", "个"),
]
LINKS = [
    ("T4", "T5", "unit"),
    ("T4", "T3", "indicator"),
    ("T4", "T2", "region"),
    ("T4", "T1", "year"),
    ("T7", "T8", "unit"),
    ("T7", "T3", "indicator"),
    ("T7", "T6", "baseline"),
    ("T10", "T9", "indicator"),
    ("T10", "T12", "unit"),
    ("T11", "T12", "unit"),
]
MEASURES = {"T4": ("level", "none"), "T7": ("growth", "up"), "T10": ("level", "none"), "T11": ("level", "none")}


def clean() -> Raw:
    entities, at = [], 0
    for identifier, label, surface in SPANS:
        at = TEXT.index(surface, at)
        entities.append({"id": identifier, "label": label, "start": at, "end": at + len(surface)})
        at += len(surface)
    return {
        "id": "a#1",
        "text": TEXT,
        "meta": {"city": "某市"},
        "entities": entities,
        "relations": [{"head": head, "tail": tail, "type": kind} for head, tail, kind in LINKS],
        "attributes": [
            {"entity": key, "measure": measure, "trend": trend, "status": "actual", "bound": "exact"}
            for key, (measure, trend) in MEASURES.items()
        ],
    }


def check(tmp_path: Path, *lines: Raw | str | bytes) -> CheckReport:
    path = tmp_path / "file.jsonl"
    encoded = [json.dumps(line, ensure_ascii=False) if isinstance(line, dict) else line for line in lines]
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in encoded))
    return check_file(path, default_schema())


def entity(doc: Raw, identifier: str) -> Raw:
    return next(item for item in doc["entities"] if item["id"] == identifier)


def set_entity(identifier: str, **changes: Any) -> Callable[[Raw], None]:
    return lambda doc: entity(doc, identifier).update(changes)


def set_relation(number: int, **changes: Any) -> Callable[[Raw], None]:
    return lambda doc: doc["relations"][number].update(changes)


def set_attributes(number: int, **changes: Any) -> Callable[[Raw], None]:
    return lambda doc: doc["attributes"][number].update(changes)


def set_top(key: str, value: Any) -> Callable[[Raw], None]:
    return lambda doc: doc.update({key: value})


def without(key: str) -> Callable[[Raw], None]:
    return lambda doc: doc.pop(key)


def append(key: str, item: Any) -> Callable[[Raw], None]:
    return lambda doc: doc[key].append(item)


def unlink(number: int) -> Callable[[Raw], None]:
    return lambda doc: doc["relations"].pop(number)


ATTRIBUTES = {"measure": "level", "trend": "none", "status": "actual", "bound": "exact"}
NUMBER = {"id": "T13", "label": "CITY", "start": 0, "end": 3}


@dataclass(frozen=True)
class Defect:
    """A defect, the code it must give (and no other), and what the line must say beside the code."""

    code: str
    plant: Callable[[Raw], object]
    says: str


DEFECTS = [
    Defect("missing-key", without("id"), "'id' is missing"),
    Defect("missing-key", without("attributes"), "'attributes' is missing"),
    Defect("missing-key", lambda doc: entity(doc, "T5").pop("start"), "id=a#1 T5: error"),
    Defect("missing-key", lambda doc: doc["relations"][6].pop("type"), "id=a#1 T7 [21, 24) '9.7'"),
    Defect("missing-key", lambda doc: doc["attributes"][1].pop("bound"), "'bound' is missing"),
    Defect("wrong-type", set_top("id", 7), "id is a string, got 7"),
    Defect("wrong-type", set_top("text", ["a"]), "text is a string, got ['a']"),
    Defect("wrong-type", set_top("meta", "某市"), "meta is an object, got '某市'"),
    Defect("wrong-type", append("entities", 5), "entities[12] is an object, got 5"),
    Defect("wrong-type", set_entity("T5", start="14"), "start is an integer, got '14'"),
    Defect("wrong-type", set_entity("T5", end=16.0), "end is an integer, got 16.0"),
    Defect("wrong-type", set_entity("T1", start=False), "start is an integer, got False"),
    Defect("wrong-type", set_entity("T5", score="high"), "score is a number, got 'high'"),
    Defect("wrong-type", set_entity("T5", surface=5), "surface is a string, got 5"),
    Defect("wrong-type", set_relation(0, score=[1]), "score is a number, got [1]"),
    Defect("wrong-type", set_attributes(0, status=None), "status is a string, got None"),
    Defect("empty-id", set_top("id", ""), "at least one character"),
    Defect("empty-id", append("entities", {**NUMBER, "id": "", "start": 3, "end": 4}), "[3, 4) ','"),
    Defect("empty-text", set_top("text", " \n"), "some text is expected"),
    Defect("duplicate-entity-id", append("entities", {**NUMBER, "id": "T2", "start": 19, "end": 21}), "T2 [19, 21)"),
    Defect("unknown-label", set_entity("T2", label="TOWN"), "T2 [4, 6) '全市': error unknown-label: one of ['VALUE'"),
    Defect("empty-span", set_entity("T5", start=16, end=16), "T5 [16, 16)"),
    Defect("empty-span", set_entity("T5", start=16, end=14), "start < end is expected"),
    Defect("out-of-range", set_entity("T12", end=99), "T12 [33, 99) '': error out-of-range: offsets from 0 to 35"),
    Defect("out-of-range", set_entity("T1", start=-3), "[-3, 3)"),
    Defect("overlap", set_entity("T3", end=11), "T4 [10, 14) '98.6'"),
    Defect("surface-differs", set_entity("T2", surface="全省"), "got '全省'"),
    Defect("edge-blank", set_entity("T9", start=26), "T9 [26, 29) ' 项目'"),
    Defect("edge-punctuation", set_entity("T1", end=4), "T1 [0, 4) '上半年,'"),
    Defect("unknown-type", set_relation(3, type="when"), "got 'when'"),
    Defect("unknown-entity", append("relations", {"head": "T4", "tail": "T99", "type": "baseline"}), "names 'T99'"),
    Defect("unknown-entity", append("relations", {"head": "T98", "tail": "T1", "type": "year"}), "T98: error"),
    Defect("unknown-entity", append("attributes", {"entity": "T99", **ATTRIBUTES}), "the attributes name 'T99'"),
    Defect("head-label", append("relations", {"head": "T3", "tail": "T1", "type": "year"}), "got 'INDICATOR'"),
    Defect("tail-label", append("relations", {"head": "T7", "tail": "T3", "type": "year"}), "(T3, '工业投资')"),
    Defect("duplicate-relation", append("relations", {"head": "T4", "tail": "T1", "type": "year"}), "T4 [10, 14)"),
    Defect("unit-not-adjacent", set_relation(0, tail="T8"), "T8 [24, 25) '%'"),
    Defect("unit-not-adjacent", set_relation(4, tail="T5"), "T5 [14, 16) '亿元'"),
    Defect("unlinked-argument", unlink(3), "T1 [0, 3) '上半年': error"),
    Defect("attributes-missing", lambda doc: doc["attributes"].pop(), "T11 [32, 33) '5'"),
    Defect("attributes-misplaced", append("attributes", {"entity": "T2", **ATTRIBUTES}), "got a 'CITY'"),
    Defect("duplicate-attributes", append("attributes", {"entity": "T4", **ATTRIBUTES}), "'T4' already has"),
    Defect("unknown-attribute", set_attributes(0, tense="past"), "got 'tense'"),
    Defect("unknown-value", set_attributes(0, status="planned"), "got 'planned'"),
    Defect("trend-contradicts", set_attributes(0, trend="up"), "measure level has the trend none, got up"),
    Defect("trend-contradicts", set_attributes(1, trend="none"), "measure growth has the trend up or down, got none"),
]
# Defects that cannot but cause others: where the text or a span is lost, what needs it cannot be right either.
CAUSES_MORE = {"empty-text", "wrong-type", "unit-not-adjacent", "unknown-type", "missing-key", "empty-id"}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.code)
def test_a_planted_defect_is_found_with_its_place(tmp_path: Path, defect: Defect) -> None:
    doc = clean()
    defect.plant(doc)
    report = check(tmp_path, {**clean(), "id": "before#1"}, "", doc)
    found = [line for line in report.lines() if f" {defect.code}: " in line]
    assert len(found) == 1, list(report.lines())
    assert found[0].startswith(f"{report.path}:3: ")
    assert defect.says in found[0]
    if defect.code not in CAUSES_MORE:
        assert report.counts == {defect.code: 1}
    assert report.paragraphs == 2


def test_the_table_plants_every_code() -> None:
    elsewhere = {"not-utf8", "bad-json", "duplicate-id"}
    assert {defect.code for defect in DEFECTS} | elsewhere == set(CODES)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        (b'{"id": "a", ', "bad-json", "one JSON object is expected: "),
        (b"\xef\xbb\xbf{}", "bad-json", "BOM"),
        (b"[" * 100_000, "bad-json", "recursion"),
        (b'{"id": ' + b"9" * 5000 + b"}", "bad-json", "digits"),
        ('{"id": "浙"}'.encode("gb18030"), "not-utf8", r"b'\xd5\xe3"),
        (b'["a"]', "wrong-type", "a paragraph is an object, got ['a']"),
        (b"null", "wrong-type", "got None"),
    ],
)
def test_a_line_that_is_no_paragraph_is_named(tmp_path: Path, line: bytes, code: str, says: str) -> None:
    report = check(tmp_path, clean(), line)
    (problem,) = report.problems
    assert (problem.code, problem.line, problem.severity) == (code, 2, "error")
    assert says in problem.message


def test_a_repeated_id_names_the_line_of_the_first(tmp_path: Path) -> None:
    report = check(tmp_path, clean(), {**clean(), "id": "b"}, clean())
    assert list(report.lines()) == [f"{report.path}:3: id=a#1: error duplicate-id: line 1 has the same id"]


def test_the_byte_order_mark_of_windows_tools_is_no_problem(tmp_path: Path) -> None:
    assert not check(tmp_path, "\ufeff" + json.dumps(clean())).problems


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    doc = clean()
    singles = [
        d for d in DEFECTS if d.code in {"unknown-label", "surface-differs", "unknown-value", "trend-contradicts"}
    ]
    for defect in singles[:3]:
        defect.plant(doc)
    report = check(tmp_path, b"{", doc, {**clean(), "text": 5}, clean())
    assert {"bad-json", "unknown-label", "unknown-value", "wrong-type", "duplicate-id"} <= set(report.counts)
    assert sorted({problem.line for problem in report.problems}) == [1, 2, 3, 4]
    assert report.errors + report.warnings == len(list(report.lines())) == sum(report.counts.values())


def test_a_clean_file_has_no_problems_and_the_summary_counts(tmp_path: Path) -> None:
    report = check(tmp_path, clean())
    assert report.problems == () and list(report.lines()) == []
    assert report.summary() == f"{report.path}: 1 paragraphs, 0 errors, 0 warnings"
    doc = clean()
    set_entity("T2", surface="全省")(doc)
    unlink(3)(doc)
    report = check(tmp_path, doc)
    assert (report.errors, report.warnings) == (1, 1)
    assert report.summary().endswith("1 paragraphs, 1 errors, 1 warnings (surface-differs 1, unlinked-argument 1)")


def test_a_span_within_a_longer_one_does_not_hide_the_next_overlap() -> None:
    places = {"T1": (0, 9), "T2": (2, 3), "T3": (5, 6), "T4": (9, 10)}
    entities = [{"id": key, "label": "CITY", "start": a, "end": b} for key, (a, b) in places.items()]
    doc = {"id": "a", "text": "零一二三四五六七八九", "entities": entities}
    found = check_paragraph(doc, line=1, schema=default_schema())
    assert [problem.entity for problem in found if problem.code == "overlap"] == ["T2", "T3"]


def test_surfaces_are_compared_folded(tmp_path: Path) -> None:
    doc = clean()
    set_entity("T4", surface=" ９８．６ ")(doc)
    assert check(tmp_path, doc).problems == ()


@pytest.mark.parametrize("surface", ["“十四五”末", "台（套）", "(含)投资", "《规划》"])
def test_paired_brackets_at_an_edge_belong_to_the_span(surface: str) -> None:
    doc = {"id": "a", "text": surface, "entities": [{"id": "T1", "label": "YEAR", "start": 0, "end": len(surface)}]}
    codes = {problem.code for problem in check_paragraph(doc, line=1, schema=default_schema())}
    assert "edge-punctuation" not in codes


@pytest.mark.parametrize("surface", ["“十四五", "十四五”", "套）", "（含税", "）a", "a（", ")a(", "投资:", "、投资"])
def test_half_a_pair_or_a_mark_at_an_edge_is_warned_of(surface: str) -> None:
    doc = {"id": "a", "text": surface, "entities": [{"id": "T1", "label": "YEAR", "start": 0, "end": len(surface)}]}
    problems = check_paragraph(doc, line=1, schema=default_schema())
    assert [p.severity for p in problems if p.code == "edge-punctuation"] == ["warning"]


def test_lines_can_be_printed_whatever_the_text(tmp_path: Path) -> None:
    report = check(tmp_path, r'{"id": "a\ud800", "text": "\ud800\n", "entities": [{"id": "\udc00"}]}')
    for line in report.lines():
        line.encode("utf-8")
        assert "\n" not in line


@pytest.mark.parametrize("name", ["", "missing.jsonl"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        check_file(tmp_path / name, default_schema())


keys = st.sampled_from(["id", "text", "entities", "relations", "attributes", "meta", "label", "start", "end", "head"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["T1", "VALUE"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """The clean paragraph with any JSON value in up to three places."""
    doc = copy.deepcopy(clean())
    for _ in range(draw(st.integers(1, 3))):
        place: Any = doc
        key = draw(st.sampled_from(sorted(doc)))
        while isinstance(place[key], (list, dict)) and place[key] and draw(st.booleans()):
            place = place[key]
            key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        place[key] = draw(json_values)
    return doc


@given(json_values | spoiled())
def test_no_json_value_makes_it_crash(raw: Any) -> None:
    problems = check_paragraph(raw, line=1, schema=default_schema())
    assert all(problem.code in CODES and str(problem) for problem in problems)
    if not any(problem.severity == "error" for problem in problems):
        decode(raw)


@given(st.lists(st.binary(max_size=40), max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_it_crash(tmp_path: Path, lines: list[bytes]) -> None:
    report = check(tmp_path, *lines)
    assert all(isinstance(problem, Problem) for problem in report.problems)


@pytest.mark.parametrize("name", ["authored_train", "authored_dev", "real_train", "real_dev"])
def test_the_annotated_files_are_right_but_for_known_slips(name: str) -> None:
    path = SHARED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the annotated files are not at hand")
    problems = check_file(path, default_schema()).problems
    assert {(problem.code, problem.id, problem.entity) for problem in problems} <= KNOWN
