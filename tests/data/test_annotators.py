"""Merging and comparing several annotators' files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from data_examples import CLAUSES, LEVEL, RANGE, STEEL, build, problems, surfaces

from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.agreement import agreement
from zhibiao.data.kappa import attribute_kappas, cohen_kappa
from zhibiao.data.merge import Policy, merge_annotations

FULL = build("{Y1:今年},{C1:全市}{I1:工业投资}{V1:5}{U1:亿元},比{B1:上年}多", {1: LEVEL})
SHORT = build("{Y1:今年},{C1:全市}工业{I1:投资}{V1:5}{U1:亿元},比上年多", {1: "level none target min"})
OTHER = build("今年,全市{I1:工业投资}{V1:5}{U1:亿元},比{B1:上年}多", {1: "growth up target exact"})


def merged(policy: Policy, *sides: AnnotatedText) -> tuple[set[str], str]:
    """The surfaces of the spans and the attributes of the one VALUE."""
    result = merge_annotations({f"a{i}": [side] for i, side in enumerate(sides)}, policy=policy).paragraphs[0]
    given = result.attributes[0]
    return set(surfaces(result).values()), f"{given.measure} {given.trend} {given.status} {given.bound}"


@pytest.mark.parametrize(
    ("policy", "spans", "attributes"),
    [
        (Policy.FIRST, "今年 全市 工业投资 5 亿元 上年", "level none actual exact"),
        (Policy.MAJORITY, "今年 全市 工业投资 5 亿元 上年", "level none target exact"),
        (Policy.UNION, "今年 全市 工业投资 5 亿元 上年", "level none target exact"),
        (Policy.INTERSECTION, "5 亿元", "level none target exact"),
    ],
)
def test_policies(policy: Policy, spans: str, attributes: str, tmp_path: Path) -> None:
    assert merged(policy, FULL, SHORT, OTHER) == (set(spans.split()), attributes)
    result = merge_annotations({"a": [FULL], "b": [SHORT], "c": [OTHER]}, policy=policy)
    assert problems(result.paragraphs[0], tmp_path) == []


def test_two_annotators_under_each_policy() -> None:
    assert merged(Policy.FIRST, SHORT, FULL)[0] == {"今年", "全市", "投资", "5", "亿元"}
    assert merged(Policy.UNION, SHORT, FULL)[0] == {"今年", "全市", "投资", "5", "亿元", "上年"}
    assert merged(Policy.MAJORITY, SHORT, FULL)[0] == {"今年", "全市", "5", "亿元"}
    assert merged(Policy.MAJORITY, SHORT, FULL)[1] == "level none target min"


def test_conflicts_name_who_said_what_and_what_was_taken() -> None:
    result = merge_annotations({"x": [FULL], "y": [SHORT], "z": [FULL]})
    found = {(c.kind, c.name, c.text): (dict(c.votes), c.decision) for c in result.conflicts}
    assert found["span", "label", "工业投资"] == ({"INDICATOR": ("x", "z"), "-": ("y",)}, "INDICATOR")
    assert found["attribute", "status", "5"] == ({"actual": ("x", "z"), "target": ("y",)}, "actual")
    assert found["relation", "indicator", "5"][0] == {"工业投资 [5, 9)": ("x", "z"), "投资 [7, 9)": ("y",)}
    assert ("relation", "unit", "5") not in found
    assert merge_annotations({"x": [FULL], "y": [FULL]}).conflicts == ()


def test_the_adjudicated_paragraph_is_final() -> None:
    result = merge_annotations({"x": [FULL, STEEL], "y": [OTHER, STEEL]}, adjudicated=[SHORT])
    assert result.paragraphs[0] is SHORT
    assert surfaces(result.paragraphs[1]) == surfaces(STEEL)
    taken = {(c.name, c.text): c.decision for c in result.conflicts}
    assert taken["status", "5"] == "target"
    assert taken["label", "今年"] == "YEAR"


@pytest.mark.parametrize("example", [STEEL, CLAUSES, RANGE])
@pytest.mark.parametrize("policy", Policy)
def test_equal_annotations_merge_to_themselves(example: AnnotatedText, policy: Policy) -> None:
    (same,) = merge_annotations({"a": [example], "b": [example]}, policy=policy).paragraphs
    assert same.entities == example.entities
    assert set(same.relations) == set(example.relations)
    assert same.attributes == example.attributes
    assert same.meta == example.meta


def test_a_paragraph_that_one_annotated_is_decided_by_that_one() -> None:
    result = merge_annotations({"x": [FULL], "y": [STEEL]})
    assert [p.id for p in result.paragraphs] == [FULL.id, STEEL.id]
    assert result.conflicts == ()


def test_different_texts_are_an_error_with_their_place() -> None:
    other = replace(FULL, text=FULL.text.replace("5", "6"))
    with pytest.raises(
        AnnotationError, match=r"id=d-01#1: the texts differ from character 9 on: x has '5亿元,比上年多', y has '6"
    ):
        merge_annotations({"x": [FULL], "y": [other]})
    with pytest.raises(AnnotationError, match="x: id=d-01#1 occurs twice"):
        merge_annotations({"x": [FULL, FULL]})
    with pytest.raises(ConfigError, match="at least one"):
        merge_annotations({})


def test_kappa_of_the_textbook() -> None:
    # Two readers, 50 grant proposals: 20 both yes, 15 both no, 5 and 10 against each other.
    assert cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)
    assert cohen_kappa(np.array([[1.0, 1.0], [1.0, 1.0]])) == 0.0
    assert cohen_kappa(np.array([[3.0, 0.0], [0.0, 2.0]])) == 1.0
    assert cohen_kappa(np.array([[0.0, 2.0], [2.0, 0.0]])) == -1.0
    assert cohen_kappa(np.array([[7.0]])) is None
    assert cohen_kappa(np.zeros((2, 2))) is None


def test_kappa_equals_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(5)
    for _ in range(20):
        a, b = rng.integers(0, 4, size=(2, 60))
        table = np.zeros((4, 4))
        np.add.at(table, (a, b), 1)
        assert cohen_kappa(table) == pytest.approx(metrics.cohen_kappa_score(a, b))


def test_agreement_of_identical_annotations_is_one() -> None:
    result = agreement([STEEL, CLAUSES, RANGE], [RANGE, STEEL, CLAUSES], resamples=50)
    assert {result.report.levels[level].total.f1 for level in ("spans", "relations", "records")} == {1.0}
    assert {kappa.kappa for kappa in result.kappas.values()} == {1.0}
    assert result.disagreements == ()
    assert result.kappas["measure"].count == 17
    assert result.kappas["status"].interval is not None


def test_disagreements_are_listed_in_their_sentence() -> None:
    result = agreement([FULL, STEEL], [SHORT], names=("anna", "bo"), resamples=0)
    assert (result.first_only, result.second_only) == (("su-01#1",), ())
    assert {(m.kind, m.name) for m in result.disagreements} == {
        ("span_boundary", "INDICATOR"),
        ("span_missed", "BASELINE"),
        ("relation_tail", "indicator"),
        ("relation_missed", "baseline"),
        ("attribute", "status"),
        ("attribute", "bound"),
    }
    assert result.report.levels["spans"].total.f1 == pytest.approx(8 / 11)
    lines = result.lines()
    assert "d-01#1 [9, 10) attribute status: anna: actual; bo: target: 今年,全市工业投资【5】亿元,比上年多" in lines
    markdown = result.to_markdown()
    assert "## Disagreements (6)" in markdown and "1 paragraphs only in anna" in markdown
    raw = json.loads(json.dumps(result.to_json()))
    assert raw["kappa"]["status"]["values"] == 1 and raw["kappa"]["status"]["kappa"] == 0.0
    assert raw["disagreements"][0]["sentence"]


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(AnnotationError, match=r"share no paragraph id: d-01#1 against su-01#1"):
        agreement([FULL], [STEEL], names=("a", "b"))
    assert attribute_kappas([], resamples=10, seed=0)["trend"].kappa is None
