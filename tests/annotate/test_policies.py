"""Several annotators of one task: who counts, what a vote makes of them, how they are compared."""

import copy
from dataclasses import replace

import pytest
from annotate_examples import EXAMPLE, SOME, documents
from hypothesis import given

from zhibiao.annotate.policies import Policy, pairs_of_annotators
from zhibiao.annotate.tasks import from_task, to_task
from zhibiao.core.records import Attributes, Relation
from zhibiao.data.agreement import agreement

BASE = to_task(EXAMPLE, as_="annotations")["annotations"][0]["result"]


def annotation(number, by, results, created="2026-11-20T08:00:00Z", updated=None, **more):
    times = {"created_at": created, "updated_at": updated or created}
    return {"id": number, "completed_by": by, "result": results, "was_cancelled": False, **times, **more}


def task(*annotations):
    return {"id": 1, **to_task(EXAMPLE, as_=None), "annotations": list(annotations)}


def without(*regions):
    """The results of the example without some regions."""
    gone = set(regions)
    return [r for r in BASE if gone.isdisjoint({r.get("id"), r.get("from_id"), r.get("to_id")})]


def with_choice(region, control, value):
    results = copy.deepcopy(BASE)
    for result in results:
        if result.get("id") == region and result.get("from_name") == control:
            result["value"]["choices"] = [value]
    return results


def ids(row):
    return [entity.id for entity in row.entities]


class TestOneOfThem:
    early = annotation(5, 1, without("T8"), "2026-11-20T08:00:00Z", "2026-11-22T08:00:00.5Z")
    late = annotation(12, 2, BASE, "2026-11-21T08:00:00.000001Z", "2026-11-21T09:00:00Z")

    def test_the_latest_is_the_one_that_was_changed_last(self):
        assert ids(from_task(task(self.late, self.early)).texts[0]) == [f"T{n}" for n in range(1, 8)]

    def test_the_first_is_the_one_that_was_made_first(self):
        changed = {**self.late, "updated_at": "2026-11-25T08:00:00Z"}
        for order in ([changed, self.early], [self.early, changed]):
            assert "T8" not in ids(from_task(task(*order), policy=Policy.FIRST).texts[0])
            assert "T8" in ids(from_task(task(*order), policy=Policy.LATEST).texts[0])

    def test_a_moment_without_a_fraction_is_before_the_same_with_one(self):
        whole = annotation(1, 1, BASE, "2026-11-21T09:00:00Z")
        fraction = annotation(2, 2, without("T8"), "2026-11-21T09:00:00.3Z")
        assert "T8" not in ids(from_task(task(fraction, whole)).texts[0])

    def test_without_times_the_higher_number_is_the_later_one(self):
        nine, ten = ({"id": n, "result": r} for n, r in ((9, BASE), (10, without("T8"))))
        assert "T8" not in ids(from_task(task(ten, nine)).texts[0])
        assert "T8" in ids(from_task(task(ten, nine), policy=Policy.FIRST).texts[0])

    def test_a_cancelled_one_never_counts(self):
        skipped = {**self.early, "was_cancelled": True}
        pulled = from_task(task(skipped, self.late))
        assert "T8" in ids(pulled.texts[0])
        assert pulled.cancelled == 1

    def test_faults_of_annotations_that_do_not_count_are_not_reported(self):
        broken = annotation(1, 1, ["nonsense"], "2026-11-19T08:00:00Z")
        assert not from_task(task(broken, self.late)).problems
        assert from_task(task(broken, self.late), policy=Policy.FIRST).problems


class TestEvery:
    def test_each_annotator_has_a_row_with_the_latest_annotation(self):
        li, wang = {"id": 1, "email": "li@example.com"}, 4
        pulled = from_task(
            task(
                annotation(1, li, without("T8"), "2026-11-20T08:00:00Z"),
                annotation(2, wang, BASE, "2026-11-20T09:00:00Z"),
                annotation(3, li, [], "2026-11-21T08:00:00Z"),
            ),
            policy=Policy.EVERY,
        )
        assert [(row.meta["annotator"], len(row.entities)) for row in pulled.texts] == [("4", 8), ("li@example.com", 0)]
        assert {row.id for row in pulled.texts} == {EXAMPLE.id}
        assert pulled.texts[0].meta == {**EXAMPLE.meta, "annotator": "4"}
        assert pulled.empty == 1

    def test_annotations_without_an_annotator_are_different_ones(self):
        pulled = from_task(task(annotation(1, None, BASE), annotation(2, None, BASE)), policy=Policy.EVERY)
        assert [row.meta["annotator"] for row in pulled.texts] == ["annotation 1", "annotation 2"]

    def test_predictions_are_told_apart_by_their_model(self):
        made = [{"id": n, "model_version": v, "result": BASE} for n, v in ((1, "rules"), (2, "model"))]
        pulled = from_task({**task(), "predictions": made}, policy=Policy.EVERY, of="predictions")
        assert [row.meta["annotator"] for row in pulled.texts] == ["rules", "model"]


class TestMajority:
    def test_what_more_than_half_have_is_taken_under_the_ids_and_surfaces_that_it_had(self):
        named = replace(EXAMPLE.entities[0], id="时期", surface="1-8月")
        year = Relation("T4", "时期", "year")
        relations = (*EXAMPLE.relations[:3], year, *EXAMPLE.relations[4:])
        example = replace(EXAMPLE, entities=(named, *EXAMPLE.entities[1:]), relations=relations)
        sent = to_task(example, as_="annotations")
        results = sent["annotations"][0]["result"]
        fewer = [r for r in results if r.get("id") != "T8" and r.get("to_id") != "T8"]
        given = [annotation(n, n, r) for n, r in enumerate((results, fewer, fewer), 1)]
        pulled = from_task({"id": 1, "data": sent["data"], "annotations": given}, policy=Policy.MAJORITY)
        (row,) = pulled.texts
        assert row.entities == example.entities[:-1]
        assert set(row.relations) == set(example.relations) - {Relation("T7", "T8", "unit")}
        assert row.attributes == example.attributes
        assert {(c.kind, c.text) for c in pulled.conflicts} == {("span", "个"), ("relation", "12")}

    def test_the_most_frequent_value_of_an_attribute_is_taken(self):
        min_ = with_choice("T4", "bound", "min")
        given = [annotation(n, n, r) for n, r in enumerate((BASE, min_, min_), 1)]
        pulled = from_task(task(*given), policy=Policy.MAJORITY)
        assert pulled.texts[0].attributes[0] == Attributes("T4", "level", "none", "actual", "min")
        (conflict,) = pulled.conflicts
        assert conflict.votes == {"exact": ("1",), "min": ("2", "3")}

    def test_ids_that_two_annotators_gave_to_different_spans_stay_different(self):
        def shifted(names):
            results = copy.deepcopy(BASE)
            for result in results:
                for key in {"id", "from_id", "to_id"} & result.keys():
                    result[key] = names.get(result[key], result[key])
            return results

        swapped = shifted({"T5": "T8", "T8": "T5"})
        given = [annotation(n, n, r) for n, r in enumerate((without("T8"), swapped, swapped), 1)]
        (row,) = from_task(task(*given), policy=Policy.MAJORITY).texts
        assert len(set(ids(row))) == 8
        units = [r for r in row.relations if r.type == "unit"]
        assert [r.head for r in units] == ["T4", "T7"]
        span = {entity.id: entity.span for entity in row.entities}
        assert [span[r.tail] for r in units] == [EXAMPLE.entities[4].span, EXAMPLE.entities[7].span]

    def test_one_annotator_is_taken_as_is(self):
        assert from_task(task(annotation(1, 1, BASE)), policy=Policy.MAJORITY).texts == (EXAMPLE,)

    def test_two_who_disagree_leave_what_both_have(self):
        pulled = from_task(task(annotation(1, 1, BASE), annotation(2, 2, [])), policy=Policy.MAJORITY)
        assert ids(pulled.texts[0]) == []
        assert pulled.conflicts
        assert pulled.empty == 0


@pytest.mark.parametrize("policy", [Policy.LATEST, Policy.FIRST])
@SOME
@given(document=documents())
def test_annotators_who_agree_give_the_document(policy, document):
    sent = to_task(document, as_="annotations")
    sent["annotations"] = [{**sent["annotations"][0], "id": n, "completed_by": n} for n in (1, 2, 3)]
    assert from_task(sent, policy=policy).texts == (document,)


@SOME
@given(document=documents())
def test_a_vote_of_annotators_who_agree_drops_nothing_but_what_no_value_needs(document):
    sent = to_task(document, as_="annotations")
    sent["annotations"] = [{**sent["annotations"][0], "id": n, "completed_by": n} for n in (1, 2, 3)]
    pulled = from_task(sent, policy=Policy.MAJORITY)
    assert not pulled.conflicts
    (row,) = pulled.texts
    assert {(e.id, e.label, e.span, e.surface) for e in row.entities} <= {
        (e.id, e.label, e.span, e.surface) for e in document.entities
    }
    heads = {e.id for e in document.entities if e.label == "VALUE"}
    assert heads <= set(ids(row))
    assert {a.entity for a in row.attributes} == {a.entity for a in document.attributes}


def test_two_annotators_can_be_compared():
    other = replace(EXAMPLE, id="yangzhou-02#1")
    rows = []
    for example in (EXAMPLE, other):
        given = [annotation(1, "li", BASE), annotation(2, "wang", without("T8")), annotation(3, "xu", BASE)]
        rows += from_task({**to_task(example, as_=None), "annotations": given}, policy=Policy.EVERY).texts
    rows = [row for row in rows if row.meta["annotator"] != "xu" or row.id == EXAMPLE.id]
    pairs = list(pairs_of_annotators(rows))
    assert [names for names, _, _ in pairs] == [("li", "wang"), ("li", "xu"), ("wang", "xu")]
    for names, first, second in pairs:
        assert [row.id for row in first] == [row.id for row in second]
        assert {row.meta["annotator"] for row in first} == {names[0]}
        assert len(first) == (1 if "xu" in names else 2)
    names, first, second = pairs[0]
    result = agreement(first, second, names=names, resamples=0)
    assert result.report.levels["spans"].total.f1 == pytest.approx(2 * 14 / (14 + 16))
    assert {m.text for m in result.disagreements} >= {"个"}


def test_annotators_who_share_no_row_are_no_pair():
    rows = [replace(EXAMPLE, id=f"{name}#1", meta={"annotator": name}) for name in ("li", "wang")]
    assert list(pairs_of_annotators(rows)) == []
