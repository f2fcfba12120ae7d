from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
from data_examples import CLAUSES, EXAMPLES, LEVEL, PLAIN, RANGE, STEEL, build, problems, surfaces
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment import TRANSFORMATIONS, augment, augment_all
from zhibiao.data.links import Links
from zhibiao.data.paragraphs import read_paragraphs
from zhibiao.lexicon.regions import Gazetteer
from zhibiao.text.normalize import normalize

CONTENT = ("regions", "periods", "numbers")
ORDER = ("enumerations", "clauses")
SPOILED = tuple(name for name in TRANSFORMATIONS if name not in CONTENT + ORDER)


def products(of: AnnotatedText, name: str, count: int = 30) -> list[AnnotatedText]:
    found = [augment(of, seed=seed, transformations=[name]) for seed in range(count)]
    return [product for product in found if product is not None]


def facts(annotated: AnnotatedText) -> set[tuple[tuple[str, str], ...]]:
    """The surfaces of each VALUE and its arguments, without regard to place or id."""
    links = Links.of(annotated)
    return {
        (("value", links.text(v)), *sorted((kind, links.text(tail)) for kind, tail in links.tails[v.id].items()))
        for v in links.values
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    example=st.sampled_from(EXAMPLES), seed=st.integers(0, 10**6), names=st.sets(st.sampled_from(list(TRANSFORMATIONS)))
)
def test_every_product_is_clean_and_reproducible(
    example: AnnotatedText, seed: int, names: set[str], tmp_path: Path
) -> None:
    chosen = sorted(names) if names else None
    product = augment(example, seed=seed, transformations=chosen)
    assert product == augment(example, seed=seed, transformations=chosen)
    if product is None:
        return
    assert problems(product, tmp_path) == []
    assert product.text != example.text
    assert product.id == f"{example.id}~1"
    assert set(product.relations) == set(example.relations)
    assert product.attributes == example.attributes
    assert sorted((e.id, e.label) for e in product.entities) == sorted((e.id, e.label) for e in example.entities)


def test_regions_become_others_of_their_kind_within_each_other() -> None:
    gazetteer = Gazetteer.default()
    found = products(STEEL, "regions")
    assert len({p.meta["city"] for p in found}) > 5
    for product in found:
        city, *districts = (s for e, s in surfaces(product).items() if product.entities[int(e[1:]) - 1].label == "CITY")
        home = [p for p in gazetteer.lookup(city) if p.level == "prefecture"]
        assert product.meta["city"] == city != "苏州市"
        assert [name[-1] for name in districts] == ["市", "市", "区"]
        assert len(set(districts)) == 3
        for name in districts:
            assert any(gazetteer.contains(home[0], place) for place in gazetteer.lookup(name))
        changed = {e.id for e in STEEL.entities if e.label != "CITY"}
        assert {k: v for k, v in surfaces(product).items() if k in changed} == {
            k: v for k, v in surfaces(STEEL).items() if k in changed
        }


@pytest.mark.parametrize("text", ["苏州市位于长江畔,", "长三角城市中,苏州市", "胶州湾北岸,青岛市"])
def test_a_place_bound_to_its_surroundings_keeps_its_name(text: str) -> None:
    example = build(text + "{C1:全市}{I1:产值}{V1:5}{U1:亿元}", {1: LEVEL}, city="苏州市")
    assert products(example, "regions", 10) == []


def test_a_name_that_reaches_over_the_edge_of_a_span_stays() -> None:
    example = build("{C1:山东}省的{I1:产值}{V1:5}{U1:亿元},{Y2:上半}年{I2:税收}{V2:6}{U2:亿元}", {1: LEVEL, 2: LEVEL})
    assert products(example, "regions", 10) == products(example, "periods", 10) == []


def test_years_move_by_one_distance_with_the_date() -> None:
    for product in products(STEEL, "periods"):
        year = int(surfaces(product)["T1"].removesuffix("年"))
        assert year != 2023
        assert product.meta["date"] == f"{year + 1}-01-18"


def test_months_move_together_and_cumulative_ones_keep_their_start() -> None:
    found = products(RANGE, "periods")
    assert found
    for product in found:
        own = surfaces(product)
        end = int(re.fullmatch(r"1至(\d+)月", own["T1"])[1])
        assert own["T8"] == f"1至{end - 1}月"
        assert end != 9
        assert int(product.meta["date"][5:7]) == end + 1


def test_quarters_keep_their_order() -> None:
    example = build(
        "{Y1:上半年},{C1:全市}{I1:投资}增长{V1:5}{U1:%},比{B2:一季度}加快{V2:2}{U2:个百分点}。",
        {1: "growth up actual exact", 2: "change up actual exact"},
        links="V2I1 V2C1 V2Y1",
        date="2024-07-20",
    )
    seen = {(surfaces(p)["T1"], surfaces(p)["T6"], p.meta["date"]) for p in products(example, "periods")}
    assert seen == {("前三季度", "一季度", "2024-10-20"), ("前三季度", "上半年", "2024-10-20")}


@pytest.mark.parametrize("text", ["“十四五”以来,2023年", "恢复到2019年", "二〇二三年和2022年"])
def test_a_year_that_means_something_stays(text: str) -> None:
    assert products(build(text + "{I1:产值}{V1:5}{U1:亿元}", {1: LEVEL}), "periods", 10) == []


def test_numbers_keep_their_format_units_and_order() -> None:
    found = products(STEEL, "numbers")
    assert len({p.text for p in found}) > 10
    for product in found:
        own, before = surfaces(product), surfaces(STEEL)
        values = {e.id for e in STEEL.entities if e.label == "VALUE"}
        assert {k: v for k, v in own.items() if k not in values} == {k: v for k, v in before.items() if k not in values}
        for key in values:
            assert len(own[key].partition(".")[2]) == len(before[key].partition(".")[2])
            assert re.fullmatch(r"第[1-5]|\d{1,3}(,\d{3})*(\.\d+)?|\d+\.\d", own[key])
        amounts = [Decimal(own[key].replace(",", "")) for key in ("T4", "T19", "T21", "T23")]
        assert amounts == sorted(amounts, reverse=True)
        share_of_first = amounts[1] / amounts[0] - Decimal("78.6") / Decimal("986.4")
        assert abs(share_of_first) < Decimal("0.001")
        assert int(own["T26"].replace(",", "")) % 100 == 0


def test_ranges_stay_in_order_and_numerals_stay() -> None:
    found = products(RANGE, "numbers")
    assert found
    for product in found:
        own = surfaces(product)
        assert Decimal(own["T4"]) < Decimal(own["T6"])
        assert (own["T12"], own["T14"]) == ("三分之一", "三十")


@pytest.mark.parametrize(
    "text",
    [
        "40个行业大类中{V1:28}{U1:个}{I1:行业}增长",
        "{I1:产值}首次突破{V1:100}{U1:亿元}",
        "{I1:每百元收入中的成本}{V1:84.7}{U1:元}",
    ],
)
def test_a_number_that_others_explain_stays(text: str) -> None:
    assert products(build(text, {1: LEVEL}), "numbers", 10) == []


@pytest.mark.parametrize("example", [STEEL, CLAUSES])
@pytest.mark.parametrize("name", ORDER)
def test_another_order_states_the_same_facts(example: AnnotatedText, name: str) -> None:
    for product in products(example, name):
        assert facts(product) == facts(example)
        assert sorted(product.text) == sorted(example.text)


def test_enumerations_and_clauses_are_found() -> None:
    assert any(
        "吴江区、昆山市、张家港市技改投资分别为61.4亿元、78.6亿元和66.9亿元" in p.text
        for p in products(STEEL, "enumerations")
    )
    assert {p.text[-31:-1] for p in products(CLAUSES, "clauses")} == {
        ";储能规模不低于60万千瓦;加氢站12座,氢燃料车辆1500台以上"[-30:]
    }


@pytest.mark.parametrize(
    "marked",
    [
        "{C1:全市}{I1:粗钢}、{I2:水泥产量}分别下降{V1:5}{U1:%}、{V2:6}{U2:%}",
        "{C1:全市}{I1:甲}、{I2:乙}分别增长{V1:5}{U1:个}、{V2:6}{U2:个百分点}",
        "{C1:全市}{I1:光伏}{V1:5}{U1:座};其中{I2:风电}{V2:6}{U2:座}",
        "分行业看,{I1:光伏}{V1:5}{U1:座};{I2:风电}{V2:6}{U2:座}",
        "{C1:甲市}{I1:光伏}{V1:5}{U1:座};{C2:乙市}{I2:风电}{V2:6}{U2:座},{C3:全市}{I3:水电}{V3:7}{U3:座};较此增加",
    ],
)
def test_an_order_that_carries_meaning_stays(marked: str) -> None:
    example = build(marked, {n: LEVEL for n in (1, 2, 3) if f"V{n}" in marked})
    if "甲市" in marked:
        example = build(marked, {1: LEVEL, 2: LEVEL, 3: LEVEL}, links="V3C2") if "{C3" not in marked else example
    assert all(facts(p) == facts(example) for name in ORDER for p in products(example, name, 5))
    assert [p.text for name in ORDER for p in products(example, name, 5) if "甲市" not in marked] == []


@pytest.mark.parametrize("name", [n for n in SPOILED if n not in ("punctuation",)])
def test_spoiled_text_is_mended_by_the_normaliser(name: str) -> None:
    clean = surfaces(STEEL)
    for product in products(STEEL, name, 12):
        normal = normalize(product.text)
        for entity in product.entities:
            span = normal.map.to_normalised(entity.span)
            mended = normal.text[span.start : span.end]
            assert mended.replace(" ", "") == clean[entity.id].replace(" ", "")


def test_pinyin_follows_characters_and_never_parts_a_number_from_its_unit() -> None:
    texts = [product.text for product in products(STEEL, "pinyin")]
    assert any("業(yè)" in text or "業（yè）" in text for text in texts)
    assert not any(re.search(r"\d[(（]", text) for text in texts)


def test_the_mark_names_what_was_done_in_order() -> None:
    product = augment(STEEL, seed=1, transformations=["width", "numbers"])
    assert product is not None
    assert product.meta["augmented"] == "numbers+width"
    assert augment(PLAIN, seed=1, transformations=["numbers"]) is None


def test_variants_differ_and_depend_on_the_seed() -> None:
    first = list(augment_all(EXAMPLES, seed=3, per_paragraph=5))
    assert first == list(augment_all(EXAMPLES, seed=3, per_paragraph=5))
    assert [p.text for p in first] != [p.text for p in augment_all(EXAMPLES, seed=4, per_paragraph=5)]
    assert len({(p.id, p.text) for p in first}) == len(first) > 12


def test_an_unknown_transformation_is_named_with_its_neighbour() -> None:
    with pytest.raises(ConfigError, match=r"'number'; did you mean numbers\?"):
        augment(STEEL, seed=1, transformations=["number"])
    with pytest.raises(ConfigError, match="per_paragraph"):
        list(augment_all([STEEL], seed=1, per_paragraph=-1))


AUTHORED = Path(__file__).parents[3] / "shared" / "annotation" / "authored_train.jsonl"


@pytest.mark.slow
@pytest.mark.skipif(not AUTHORED.exists(), reason="the authored paragraphs are not here")
def test_two_thousand_products_are_clean(tmp_path: Path) -> None:
    made = list(augment_all(read_paragraphs(AUTHORED), seed=7, per_paragraph=8))
    assert len(made) >= 2000
    assert [line for product in made for line in problems(product, tmp_path)] == []
    assert random.Random(0).choice(made).meta["augmented"]
