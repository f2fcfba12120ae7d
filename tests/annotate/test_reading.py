"""What people, pages and other tools may leave in a task: each fault is reported with its place, the rest is kept."""

import copy
import json

import pytest
from annotate_examples import EXAMPLE, SOME, STRINGS, documents
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.annotate.problems import CODES
from zhibiao.annotate.tasks import from_task, to_task
from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.spans import RawSpan


def region(name, start, end, text, *, label="VALUE", **more):
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def choice(name, control, *choices):
    value = {"start": 0, "end": 1, "text": "", "choices": list(choices)}
    return {"id": name, "from_name": control, "to_name": "text", "type": "choices", "value": value}


def relation(start, end, *labels, direction="right"):
    return {"type": "relation", "from_id": start, "to_id": end, "direction": direction, "labels": list(labels)}


def task(text, *results, **data):
    by = {"id": 2, "email": "li@example.com"}
    annotation = {"id": 31, "completed_by": by, "was_cancelled": False, "result": list(results)}
    return {"id": 7, "data": {"text": text, "id": "a#1", **data}, "annotations": [annotation]}


def read(text, *results, **data):
    """The row, and the problems as (code, region)."""
    pulled = from_task(task(text, *results, **data))
    (row,) = pulled.texts
    return row, [(problem.code, problem.region) for problem in pulled.problems]


def spans(row):
    return [(entity.id, entity.label, row.text[entity.span.start : entity.span.end]) for entity in row.entities]


TEXT = "全市146个,增长5.7%。"
VALUE = region("T1", 2, 5, "146")
UNIT = region("T2", 5, 6, "个", label="UNIT")


@pytest.mark.parametrize(
    ("result", "code", "where", "message"),
    [
        (region("x", 9, 12, "5.7", label="MONEY"), "unknown-label", (9, 12, "5.7"), "one of .* got 'MONEY'"),
        (
            {**UNIT, "value": {**UNIT["value"], "labels": []}},
            "several-labels",
            (5, 6, "个"),
            r"got \[\]",
        ),
        (region("x", 9, 40, "5.7"), "out-of-range", (9, 40, "5.7"), "offsets from 0 to 14 .* mark it again"),
        (region("x", -3, 2, "全市"), "out-of-range", (-3, 2, "全市"), "start < end"),
        (region("x", 5, 5, ""), "out-of-range", (5, 5, ""), "start < end"),
        (region("x", 9, 11, "5.7"), "text-differs", (9, 11, "5.7"), "'5.7' is expected, the offsets cover '5.'"),
        (region("x", "a", 11, "5.7"), "bad-result", (None, None, "5.7"), "start='a'.*mark it again"),
        (region("x", "/p[1]/text()[1]", 11, "5.7"), "bad-result", (None, None, "5.7"), r"start='/p\[1\]"),
        (region("x", 9, None, "5.7"), "bad-result", (None, None, "5.7"), "end=None"),
        (region("x", 9, 12, "5.7", meta={"text": ["谁?"]}), "region-note", (9, 12, "5.7"), "'谁\\?'.* is a note"),
        (region("x", 4, 6, "6个"), "overlap", (4, 6, "6个"), r"overlaps T2 UNIT \[5, 6\) '个'; delete one"),
        (region("T1", 9, 12, "5.7"), "duplicate-id", (9, 12, "5.7"), "the first one counts"),
        (region("x", 2, 5, "146"), "duplicate-region", (2, 5, "146"), "T1 is the same"),
        (relation("T1", "x", "unit"), "missing-region", (2, 5, "146"), "'unit'.* leads from 'T1' to 'x'; 'x' is not"),
        (relation("T2", "T2", "unit"), "no-value", (5, 6, "个"), "'unit'.* leads to T2 UNIT '个'; one end is a value"),
        (relation("T1", "T2"), "no-type", (2, 5, "146"), "T2 UNIT '个' has none; choose one"),
        (relation("T1", "T2", "price"), "unknown-type", (2, 5, "146"), r"T2 UNIT '个': .* got \['price'\]"),
        (choice("T1", "measure", "sum"), "unknown-choice", (0, 1, ""), "measure is one of .* got 'sum'"),
        (choice("T1", "trend", "up", "down"), "several-choices", (0, 1, ""), "exactly one choice of trend"),
        (choice("T2", "trend", "up"), "misplaced-choice", (5, 6, "个"), "only a VALUE has trend, got up of a UNIT"),
        (choice("x", "trend", "up"), "missing-region", (0, 1, ""), "trend up of a region that is not there"),
        (choice("T1", "sentiment", "good"), "unknown-control", (0, 1, ""), "from_name='sentiment' type='choices'"),
        ("nonsense", "bad-result", (None, None, ""), "a result is an object, got 'nonsense'"),
        ({"from_name": "label", "id": "x"}, "bad-result", (None, None, ""), "a region has a value"),
        (
            {"id": "x", "from_name": "note", "type": "textarea", "value": {"text": ["嗯"]}},
            "unknown-control",
            (None, None, ""),
            "type='textarea' value=.*嗯",
        ),
        ({**region("x", 9, 12, "5.7"), "from_name": "todo"}, "unknown-control", (9, 12, "5.7"), "from_name='todo'"),
    ],
)
def test_a_fault_is_reported_with_its_place_and_the_rest_is_kept(result, code, where, message):
    good = [VALUE, UNIT, relation("T1", "T2", "unit"), choice("T1", "bound", "exact")]
    pulled = from_task(task(TEXT, *good, result))
    (problem,) = pulled.problems
    assert (problem.code, problem.task, problem.id, problem.annotation) == (code, "7", "a#1", "31")
    assert problem.annotator == "li@example.com"
    assert (problem.start, problem.end, problem.text) == where
    with pytest.raises(AnnotationError, match=message):
        raise AnnotationError(str(problem))
    (row,) = pulled.texts
    assert spans(row)[:2] == [("T1", "VALUE", "146"), ("T2", "UNIT", "个")]
    assert len(row.entities) == (3 if code == "region-note" else 2)
    assert row.relations == (Relation("T1", "T2", "unit"),)
    assert row.attributes == (Attributes("T1", "", "", "", "exact"),)


def test_a_problem_can_be_read_on_one_line():
    (problem,) = from_task(task(TEXT, region("x", 9, 12, "5.7", label="MONEY"))).problems
    place = "task 7 id=a#1 annotation 31 by li@example.com x [9, 12) '5.7': error unknown-label: "
    assert str(problem).startswith(place)
    assert (problem.severity, "\n" in str(problem)) == ("error", False)


def test_the_relation_of_a_region_that_was_left_out_is_reported_too():
    row, problems = read(TEXT, VALUE, region("T2", 4, 6, "6个", label="UNIT"), relation("T1", "T2", "unit"))
    assert problems == [("overlap", "T2"), ("missing-region", "T1")]
    assert spans(row) == [("T1", "VALUE", "146")]
    assert not row.relations


def test_spans_that_were_marked_with_the_control_of_another_interface_alone_are_not_an_empty_page():
    others = [{**result, "from_name": "ner"} for result in (VALUE, UNIT)]
    assert read(TEXT, *others)[1] == [("unknown-labels", "T1"), ("unknown-labels", "T2")]


def test_ids_that_are_numbers_are_ids():
    row, problems = read(
        TEXT, {**VALUE, "id": 1}, {**UNIT, "id": 2}, relation(1, 2, "unit"), {**choice("", "trend", "none"), "id": 1}
    )
    assert spans(row) == [("T1", "VALUE", "146"), ("T2", "UNIT", "个")]
    assert row.relations == (Relation("T1", "T2", "unit"),)
    assert row.attributes == (Attributes("T1", "", "none", "", ""),)
    assert not problems


@SOME
@given(bounds=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4)), max_size=9))
def test_of_overlapping_regions_the_first_in_the_list_counts_wherever_it_stands(bounds):
    text = "0123456789abcde"
    taken, lost = [], 0
    for start, length in bounds:
        free = all(start >= other + more or start + length <= other for other, more in taken)
        lost += not free
        taken += [(start, length)] if free else []
    results = [region(f"x{n}", s, s + length, text[s : s + length]) for n, (s, length) in enumerate(bounds)]
    row, problems = read(text, *results)
    assert [(e.span.start, e.span.end) for e in row.entities] == sorted((s, s + length) for s, length in taken)
    assert len(problems) == lost


def test_a_region_marked_twice_is_one_entity_with_the_relations_and_choices_of_both():
    twice = region("k9", 2, 5, "146")
    results = [VALUE, UNIT, twice, relation("k9", "T2", "unit"), choice("k9", "trend", "none")]
    row, problems = read(TEXT, *results)
    assert problems == [("duplicate-region", "k9")]
    assert row.relations == (Relation("T1", "T2", "unit"),)
    assert row.attributes == (Attributes("T1", "", "none", "", ""),)


@pytest.mark.parametrize(
    ("link", "problems"),
    [
        (relation("T1", "T2", "unit"), []),
        (relation("T2", "T1", "unit", direction="left"), []),
        (relation("T1", "T2", "unit", direction="bi"), []),
        (relation("T2", "T1", "unit", direction="bi"), []),
        (relation("T2", "T1", "unit"), [("turned-relation", "T1")]),
        (relation("T1", "T2", "unit", direction="left"), [("turned-relation", "T1")]),
    ],
)
def test_a_relation_leads_from_the_value_whichever_way_the_arrow_was_drawn(link, problems):
    row, found = read(TEXT, VALUE, UNIT, link)
    assert row.relations == (Relation("T1", "T2", "unit"),)
    assert found == problems


def test_a_relation_between_two_values_follows_the_arrow():
    other = region("T3", 9, 12, "5.7")
    assert read(TEXT, VALUE, other, relation("T3", "T1", "baseline"))[0].relations == (
        Relation("T3", "T1", "baseline"),
    )
    left = relation("T3", "T1", "baseline", direction="left")
    assert read(TEXT, VALUE, other, left)[0].relations == (Relation("T1", "T3", "baseline"),)


def test_a_relation_that_is_there_twice_is_one():
    row, problems = read(
        TEXT, VALUE, UNIT, relation("T1", "T2", "unit"), relation("T2", "T1", "unit", direction="left")
    )
    assert row.relations == (Relation("T1", "T2", "unit"),)
    assert problems == [("duplicate-relation", "T1")]


def test_the_first_of_two_answers_counts_and_the_same_answer_twice_is_no_fault():
    up, down = choice("T1", "trend", "up"), choice("T1", "trend", "down")
    assert read(TEXT, VALUE, up, up)[1] == []
    row, problems = read(TEXT, VALUE, up, down)
    assert row.attributes == (Attributes("T1", "", "up", "", ""),)
    assert problems == [("duplicate-choice", "T1")]


def test_ids_of_a_page_become_the_next_free_ones_in_the_order_of_the_spans():
    late, early = region("hV3xq_1", 9, 12, "5.7"), region("a0-9", 0, 2, "全市", label="CITY")
    row, problems = read(TEXT, late, region("T2", 2, 5, "146"), early, region("", 12, 13, "%", label="UNIT"))
    assert [entity.id for entity in row.entities] == ["T1", "T2", "T3", "T4"]
    assert [name for name, *_ in spans(row)] == ["T1", "T2", "T3", "T4"]
    assert not problems


EMOJI = "💩𠮷市增长5.7%"


@pytest.mark.parametrize(
    ("start", "end", "text", "covered"),
    [
        (5, 8, "5.7", "5.7"),  # code points, as Label Studio 1.23 writes them
        (7, 10, "5.7", "5.7"),  # UTF-16, as other tools do: only the text tells
        (5, 8, None, "5.7"),  # nothing tells: code points
        (5.0, "8", "5.7", "5.7"),
        (9, 11, None, "7%"),  # in code points it would end beyond the text
    ],
)
def test_offsets_are_read_in_the_unit_in_which_they_cover_the_text_that_the_region_names(start, end, text, covered):
    row, problems = read(EMOJI, region("T1", start, end, text))
    assert [s for *_, s in spans(row)] == [covered]
    assert not problems


@pytest.mark.parametrize("text", ["5", None])
def test_offsets_that_fit_in_both_units_are_read_in_the_one_of_the_other_regions(text):
    row, _ = read("💩55%,5.7%", region("T1", 2, 3, text), region("T2", 6, 9, "5.7"))
    assert [entity.span for entity in row.entities] == [RawSpan(1, 2), RawSpan(5, 8)]
    row, _ = read("💩55%,5.7%", region("T1", 2, 3, text), region("T2", 5, 8, "5.7"))
    assert [entity.span for entity in row.entities] == [RawSpan(2, 3), RawSpan(5, 8)]


def test_offsets_that_fit_the_text_in_no_unit_are_reported_with_what_they_cover_in_each():
    (problem,) = from_task(task(EMOJI, region("T1", 6, 9, "5.7"))).problems
    assert problem.code == "text-differs"
    assert "the offsets cover '.7%' or '长5.'" in problem.message


def test_offsets_inside_a_surrogate_pair_are_no_offsets():
    assert read("💩1", region("T1", 1, 3, "1"))[1] == [("out-of-range", "T1")]


def test_a_page_writes_line_ends_as_backslash_n_and_may_leave_blanks_out():
    row, problems = read("地区 生产\n\n总值5", region("T1", 0, 9, r"地区生产\n\n总值", label="INDICATOR"))
    assert spans(row) == [("T1", "INDICATOR", "地区 生产\n\n总值")]
    assert not problems


def test_scores_that_are_none_are_dropped():
    scores = [0.25, 1, 1.5, "0.5", None, True]
    row, _ = read("123456", *(region(f"T{n}", n - 1, n, str(n), score=s) for n, s in enumerate(scores, 1)))
    assert [entity.score for entity in row.entities] == [0.25, 1, None, None, None, None]


class TestTask:
    def test_a_text_that_was_changed_on_the_server_is_reported_and_left_out(self):
        changed = to_task(EXAMPLE, as_="annotations")
        changed["data"]["text"] = changed["data"]["text"].replace("146", "147")
        pulled = from_task({"id": 9, **changed})
        assert pulled.texts == ()
        (problem,) = pulled.problems
        assert (problem.code, problem.task, problem.id) == ("text-changed", "9", EXAMPLE.id)
        assert "put the text back or push the document anew" in problem.message

    @pytest.mark.parametrize(
        ("broken", "message"),
        [
            ({"id": 4}, 'data with a text is expected, the field "text" that the page shows; got None'),
            ({"id": 4, "data": {"content": "5"}}, "got {'content': '5'}; rename the field"),
            ({"id": 4, "data": {"text": 5}}, "data with a text"),
            ({"id": 4, "data": {"text": "a\nb", "line_ends": "wn"}}, "does not describe the 1 line ends"),
            ({"id": 4, "data": {"text": "a\nb", "line_ends": "x"}}, "does not describe"),
            ({"id": 4, "data": {"text": "a\n\nb", "line_ends": "rn"}}, "does not describe"),
            ({"id": 4, "data": {"text": "a\rb", "line_ends": "lf"}}, "does not describe"),
            ({"id": 4, "data": {"text": "a\ud83d"}}, "text: a lone surrogate at 1"),
            (["no task"], "data with a text"),
        ],
    )
    def test_a_task_that_cannot_be_read_is_reported(self, broken, message):
        pulled = from_task(broken)
        assert pulled.texts == ()
        assert [problem.code for problem in pulled.problems] == ["bad-task"]
        assert message in pulled.problems[0].message

    @pytest.mark.parametrize("annotations", [None, [], [{"id": 3, "was_cancelled": True, "result": [VALUE]}]])
    def test_a_task_without_finished_annotations_gives_no_text(self, annotations):
        pulled = from_task({"id": 1, "data": {"text": TEXT}, "annotations": annotations})
        assert pulled.texts == ()
        assert not pulled.problems
        assert pulled.cancelled == len(annotations or [])

    def test_an_empty_annotation_says_that_there_is_nothing_and_is_kept(self):
        pulled = from_task(task(TEXT, city="扬州市", pages=3))
        assert pulled.texts == (AnnotatedText("a#1", TEXT, {"city": "扬州市", "pages": "3"}),)
        assert pulled.empty == 1

    def test_an_annotation_of_which_nothing_is_left_is_not_an_empty_one(self):
        pulled = from_task(task(TEXT, region("x", 2, 50, "146")))
        assert pulled.empty == 0
        assert pulled.texts[0].entities == ()

    def test_drafts_are_counted_and_left_out(self):
        pulled = from_task({**task(TEXT, VALUE), "drafts": [{"result": [UNIT]}, {"result": []}]})
        assert pulled.drafts == 2
        assert [entity.id for entity in pulled.texts[0].entities] == ["T1"]

    @pytest.mark.parametrize("annotations", [{"id": 1}, [5], [{"id": 1, "result": None}]])
    def test_an_annotation_that_cannot_be_read_is_reported(self, annotations):
        pulled = from_task({"id": 1, "data": {"text": TEXT}, "annotations": annotations})
        assert [problem.code for problem in pulled.problems] == ["bad-annotation"]

    def test_of_a_task_that_was_made_by_other_means_every_plain_value_is_kept(self):
        made = {"text": TEXT, "meta": {"site": "x"}, "city": "扬州市", "year": 2024, "gdp": 12.5, "tags": ["a"]}
        (row,) = from_task({**task(TEXT), "data": made}).texts
        assert row.meta == {"city": "扬州市", "year": "2024", "gdp": "12.5", "site": "x"}

    def test_a_task_that_was_made_by_other_means_is_read_as_it_stands(self):
        made = task("一\r\n二5.7", region("T1", 4, 7, "5.7"))
        made["data"] = {"text": made["data"]["text"], "region": "扬州"}
        (row,) = from_task(made).texts
        assert row == AnnotatedText(
            "task-7", "一\r\n二5.7", {"region": "扬州"}, (RawEntity("T1", "VALUE", RawSpan(4, 7)),)
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | STRINGS | st.sampled_from(["T1", "label"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "value", "labels", "start", "type", "from_name", "choices"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


def _places(value, path=()):
    """The path of everything within ``value``."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


@SOME
@given(document=documents(), data=st.data())
def test_nothing_in_a_task_makes_it_fail(document, data):
    damaged = {"id": 3, **copy.deepcopy(to_task(document, as_="annotations"))}
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(_places(damaged))))
        holder = damaged
        try:
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = data.draw(JSON)
        except (KeyError, IndexError, TypeError):
            continue
    pulled = from_task(damaged)
    for problem in pulled.problems:
        assert problem.code in CODES
        assert str(problem).count(problem.code)
    for row in pulled.texts:
        names = [entity.id for entity in row.entities]
        assert len(set(names)) == len(names)
        to_task(row, as_="annotations")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "全市\ud83d146个"}, "id='a#1'.*text: a lone surrogate at 2, .*remove or replace it"),
        ({"text": "全市\x00146个"}, "text: NUL at 2"),
        ({"id": "a\udc00"}, "id: a lone surrogate"),
        ({"meta": {"city": "\ud800"}}, "meta 'city': a lone surrogate"),
        ({"meta": {"\ud800": ""}}, "a lone surrogate at 0"),
        ({"entities": (RawEntity("T1\ud800", "VALUE", RawSpan(2, 5)),)}, "entity .*lone surrogate"),
        ({"entities": (RawEntity("T1", "VALUE", RawSpan(2, 5), "\ud800"),)}, "entity 'T1': a lone surrogate"),
        ({"entities": (RawEntity("T1", "MONEY", RawSpan(2, 5)),)}, "label is one of .* got 'MONEY'"),
        ({"entities": (RawEntity("T1", "VALUE", RawSpan(2, 50)),)}, "ends beyond the text of 6 characters"),
        ({"entities": (RawEntity("T1", "VALUE", RawSpan(2, 5), None, 1.5),)}, "a score from 0 to 1 .* got 1.5"),
        ({"entities": (RawEntity("T1", "VALUE", RawSpan(2, 5), None, float("nan")),)}, "got nan"),
        (
            {"entities": (RawEntity("T1", "VALUE", RawSpan(2, 5)), RawEntity("T1", "UNIT", RawSpan(4, 6)))},
            r"T1 \[4, 6\) '6个': it overlaps .*; entity id T1: given 2 times",
        ),
        ({"text": "a\r\nb", "entities": (RawEntity("T1", "VALUE", RawSpan(0, 2)),)}, "cuts the line end"),
        ({"relations": (Relation("T1", "T2", "price"),)}, "relation price from T1 to T2: one of .* is expected"),
        ({"relations": (Relation("T1", "T9", "unit"),)}, "leads from a VALUE to an entity of the text"),
        ({"relations": (Relation("T2", "T1", "unit"),)}, "leads from a VALUE"),
        ({"relations": (Relation("T1", "T2", "unit"),) * 2}, "given 2 times"),
        ({"attributes": (Attributes("T2", "level", "none", "actual", "exact"),)}, "T2: only a VALUE of the text"),
        ({"attributes": (Attributes("T1", "sum", "none", "actual", "exact"),)}, "measure is one of .* got 'sum'"),
        ({"attributes": (Attributes("T1", "", "", "", ""),)}, "attributes of T1: all are empty"),
        ({"attributes": (Attributes("T1", "level", "none", "", ""),) * 2}, "attributes of T1: given 2 times"),
    ],
)
@pytest.mark.parametrize("kind", ["annotations", "predictions"])
def test_what_cannot_be_sent_is_refused_by_name(kind, change, message):
    plain = {
        "id": "a#1",
        "text": "全市146个",
        "entities": (RawEntity("T1", "VALUE", RawSpan(2, 5)), RawEntity("T2", "UNIT", RawSpan(5, 6))),
    }
    with pytest.raises(AnnotationError, match=message):
        to_task(AnnotatedText(**{**plain, **change}), as_=kind)


def test_everything_that_cannot_be_sent_is_named_at_once():
    text = AnnotatedText("a#1", "146", {}, (RawEntity("T1", "MONEY", RawSpan(0, 9)),), (Relation("T1", "T2", "x"),))
    with pytest.raises(AnnotationError) as caught:
        to_task(text, as_=None)
    assert str(caught.value).count(";") == 3


def test_damaged_extras_do_not_change_what_was_marked():
    sent = json.loads(json.dumps(to_task(EXAMPLE, as_="annotations")))
    sent["data"]["kept"] = {"ids": {"T1": 5, "r1": "x"}, "surfaces": [["a"], 3], "entities": [7], "relations": [[1]]}
    assert from_task(sent).texts == (EXAMPLE,)
