"""Augmented texts must stay true of themselves: no sum, season, place or order that the rest of the text belies."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from data_examples import GROWTH, LEVEL, build, surfaces

from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment import augment
from zhibiao.data.augment.figures import read_figure, scaled
from zhibiao.data.links import Links

SHARE = "share none actual exact"
RANK = "rank none actual exact"
CHANGE = "change up actual exact"


def products(of: AnnotatedText, name: str, count: int = 30) -> list[AnnotatedText]:
    found = [augment(of, seed=seed, transformations=[name]) for seed in range(count)]
    return [product for product in found if product is not None]


def values(annotated: AnnotatedText) -> list[Decimal]:
    own = surfaces(annotated)
    return [Decimal(own[e.id].rstrip("余多")) for e in annotated.entities if e.label == "VALUE"]


def test_sums_shares_and_gaps_hold_to_the_last_place() -> None:
    example = build(
        "{I1:进出口总值}{V1:3258.4}{U1:亿元},增长{V2:18.7}{U2:%},比{B3:全省}高{V3:2.9}{U3:个百分点}。{I4:出口}{V4:2836.1}{U4:亿元},{I5:进口}{V5:422.3}"
        "{U5:亿元},占{B6:进出口}的{V6:13.0}{U6:%};{B7:全省}增长{V7:15.8}{U7:%}。",
        {1: LEVEL, 2: GROWTH, 3: CHANGE, 4: LEVEL, 5: LEVEL, 6: SHARE, 7: GROWTH},
        links="V2I1 V3I1",
    )
    found = [values(product) for product in products(example, "numbers")]
    assert len({numbers[0] for numbers in found}) > 3
    assert len({numbers[1] for numbers in found}) > 3
    for total, growth, gap, exports, imports, share, other in found:
        assert total == exports + imports
        assert growth - other == gap
        assert abs(imports / total * 100 - share) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("number", "factor", "new"), [("8.1", "1.23", "10.0"), ("0", "1.5", "0"), ("40", "0.62", "25")]
)
def test_a_number_is_rounded_to_the_nearest_of_its_kind(number: str, factor: str, new: str) -> None:
    links = Links.of(build(f"增长{{V1:{number}}}{{U1:%}}", {1: GROWTH}))
    figure = read_figure(links, links.values[0])
    assert figure is not None
    assert figure.written(scaled(figure, Decimal(factor))) == new


def test_what_is_broken_through_stays_below_what_is_reached() -> None:
    example = build(
        "{I1:产值}突破{V1:2000}{U1:亿元},达到{V2:2086.4}{U2:亿元}", {1: "level none actual min", 2: LEVEL}, links="V2I1"
    )
    found = [values(product) for product in products(example, "numbers")]
    assert found
    assert all(passed < reached for passed, reached in found)


def test_a_part_stays_below_a_whole_that_is_no_value() -> None:
    example = build(
        "监测的90家企业均已复工,{I1:满产企业}{V1:80}{U1:家},{I2:产值}{V2:52.3}{U2:亿元}", {1: LEVEL, 2: LEVEL}
    )
    found = [values(product)[0] for product in products(example, "numbers")]
    assert found
    assert max(found) <= 90


def test_what_is_given_for_one_stays_while_totals_move() -> None:
    example = build(
        "{I1:免税购物}{V1:23.6}{U1:亿元},{I2:人数}{V2:29.8}{U2:万人次},{I3:人均消费}{V3:7919}{U3:元},{I4:苹果}每公斤{V4:6.5}{U4:元},"
        "{I5:投资强度}{V5:184}{U5:万元/亩},每千人口{I6:医师}{V6:2.6}{U6:人}、{I7:床位}{V7:7.2}{U7:张},{I8:万元产值用水量}{V8:42}{U8:立方米},"
        "{I9:路程}缩短{V9:2}{U9:个小时},每吨{I10:钢}、{I11:铁}分别卖{V10:3610}{U10:元}、{V11:3790}{U11:元}",
        dict.fromkeys(range(1, 12), LEVEL),
    )
    found = [values(product) for product in products(example, "numbers")]
    assert found
    assert all(numbers[2:] == values(example)[2:] for numbers in found)
    assert len({numbers[0] for numbers in found}) > 3


def test_points_between_shares_stay_and_points_between_growth_move() -> None:
    example = build(
        "{I1:投资}增长{V1:12.4}{U1:%},高于{B2:全省}{V2:3.2}{U2:个百分点}。{I3:完成率}仅{V3:78.4}{U3:%},比{B4:全市}低{V4:17.9}{U4:个百分点}。",
        {1: GROWTH, 2: CHANGE, 3: LEVEL, 4: "change down actual exact"},
        links="V2I1 V4I3",
    )
    found = [values(product) for product in products(example, "numbers")]
    assert len({numbers[1] for numbers in found}) > 3
    assert {(numbers[2], numbers[3]) for numbers in found} == {(Decimal("78.4"), Decimal("17.9"))}
    assert max(numbers[0] for numbers in found) < Decimal("12.4") * Decimal("1.4")


@pytest.mark.parametrize(
    "text",
    [
        "{I1:出口额}由{Y1:2019年}的{V1:2.1}{U1:亿元}增加到{Y2:2024年}的{V2:7.4}{U2:亿元},年均增长{V3:28.7}{U3:%}",
        "{I1:产值}{V1:120}{U1:亿元},{I2:新能源}{V2:60}{U2:亿元},增长{V3:31.5}{U3:%},贡献率达42%",
    ],
)
def test_growth_that_other_numbers_lead_to_stays(text: str) -> None:
    example = build(text, {1: LEVEL, 2: LEVEL, 3: GROWTH}, links="V2I1 V3I1" if "I2" not in text else "V3I2")
    found = [values(product) for product in products(example, "numbers")]
    assert found
    assert {numbers[2] for numbers in found} == {values(example)[2]}


def test_a_count_whose_items_are_named_stays() -> None:
    example = build("{I1:投资项目}{V1:3}{U1:个},分别落户嘉善、海盐、平湖", {1: LEVEL})
    assert products(example, "numbers", 10) == []


def test_ranks_of_different_sentences_keep_their_distance() -> None:
    example = build(
        "甲县居{B1:全市}{V1:第2}{U1:位}。乙县居{B2:全市}{V2:第3}{U2:位}。丙县居{B3:全市}{V3:第4}{U3:位}。",
        dict.fromkeys((1, 2, 3), RANK),
    )
    found = [[int(s[1:]) for s in surfaces(p).values() if s.startswith("第")] for p in products(example, "numbers")]
    assert {tuple(ranks) for ranks in found} == {(1, 2, 3), (3, 4, 5)}


@pytest.mark.parametrize(
    "text",
    [
        "苹果丰收,{Y1:前三季度},{I1:外销量}增长{V1:14.8}{U1:%}",
        "{Y1:一季度}{I1:项目}完成投资{V1:71.5}{U1:亿元},占年度计划的23.9%",
        "{Y1:上半年}{I1:投资}{V1:71.5}{U1:亿元},快于时序进度",
        "{Y1:前三季度},{I1:投资}{V1:71.5}{U1:亿元};前10个月出口平稳",
        "棉花采收收尾,{Y1:1至9月}{I1:产值}{V1:71.5}{U1:亿元}",
    ],
)
def test_a_season_and_the_state_of_a_plan_keep_their_time(text: str) -> None:
    assert products(build(text, {1: LEVEL}, date="2023-07-20"), "periods", 12) == []


@pytest.mark.parametrize(
    "text",
    [
        "{Y1:2023年}{I1:收入}{V1:5}{U1:亿元},比{B1:2019年同期}多",
        "{Y1:2023年}{I1:收入}{V1:5}{U1:亿元},恢复至2019年的九成",
        "{Y1:2024年}{I1:收入}{V1:5}{U1:亿元},截至2月29日",
        "{Y1:2024年}{I1:收入}{V1:5}{U1:亿元},第十批集采落地",
    ],
)
def test_a_year_with_a_meaning_of_its_own_stays(text: str) -> None:
    example = build(text, {1: LEVEL})
    assert {surfaces(p)["T1"] for p in products(example, "periods", 10)} <= {surfaces(example)["T1"]}


def test_what_is_new_moves_to_later_years_only() -> None:
    example = build("到{Y1:2023年},“东数西算”{I1:项目}{V1:5}{U1:个}", {1: LEVEL})
    years = {int(surfaces(product)["T1"][:4]) for product in products(example, "periods")}
    assert years
    assert min(years) > 2023


@pytest.mark.parametrize(
    ("city", "text"),
    [
        ("鞍山市", "钢城鞍山稳住阵脚,"),
        ("绍兴市", "绍兴滨海新区灯火通明,"),
        ("三亚市", "三亚把亚龙湾连成一线,"),
        ("石家庄市", "石家庄发往沪上的货多了,"),
        ("合肥市", "合肥居省会城市第4,"),
        ("青岛市", "青岛发力海洋经济,"),
        ("长春市", "长春迎来一场大雪,"),
        ("大庆市", "大庆油田稳产,"),
        ("合肥市", "合肥在全国城市中排第2位,"),
        ("潍坊市", "潍坊内燃机占全国同类产品的五分之一,"),
    ],
)
def test_a_sentence_that_fits_one_place_keeps_it(city: str, text: str) -> None:
    plain = build("{C1:全市}{I1:产值}{V1:5}{U1:亿元}", {1: LEVEL}, city=city)
    example = build(text + "{C1:全市}{I1:产值}{V1:5}{U1:亿元}", {1: LEVEL}, city=city)
    assert plain.meta["city"] == city
    assert products(build(f"{city}{plain.text}", {}, city=city), "regions", 5)
    assert products(example, "regions", 10) == []


TWO = "{I1:装机}{V1:5}{U1:座};{I2:产量}{V2:6}{U2:吨}"


@pytest.mark.parametrize(
    "marked",
    [
        "一周速读。1.{I1:装机}{V1:5}{U1:座};2.{I2:产量}{V2:6}{U2:吨}",
        "第一产业{I1:用电}{V1:5}{U1:座};第二产业{I2:用电}{V2:6}{U2:吨}",
        "一是{I1:装机}{V1:5}{U1:座};二是{I2:产量}{V2:6}{U2:吨}",
        "{I1:装机}{V1:5}{U1:座};市能源局负责人介绍,{I2:产量}{V2:6}{U2:吨}",
        "{I1:装机}{V1:5}{U1:座};值得注意的是,{I2:产量}{V2:6}{U2:吨}",
        "食品中,{I1:蔬菜}{V1:5}{U1:座};{I2:猪肉}{V2:6}{U2:吨}",
        "{I1:装机}{V1:5}{U1:座};降幅收窄,{I2:产量}{V2:6}{U2:吨}",
        "{I1:装机}{V1:5}{U1:座},前三季度全州平稳;西双版纳站{I2:客流}{V2:6}{U2:吨}",
    ],
)
def test_clauses_that_have_a_place_in_an_order_stay(marked: str) -> None:
    assert products(build(TWO, {1: LEVEL, 2: LEVEL}), "clauses", 3)
    assert products(build(marked, {1: LEVEL, 2: LEVEL}), "clauses", 10) == []


@pytest.mark.parametrize(
    "marked",
    [
        "增速居前两位的是{C1:武进区}、{C2:新北区},分别增长{V1:9}{U1:%}和{V2:8}{U2:%}",
        "{I1:汽车}、{I2:医药}“一降一升”,分别为{V1:-9}{U1:%}和{V2:8}{U2:%}",
        "{I1:黑色金属}、{I2:水泥制造业}分别增长{V1:9}{U1:%}和{V2:8}{U2:%}",
    ],
)
def test_a_list_whose_order_is_told_or_whose_last_item_serves_all_stays(marked: str) -> None:
    plain = "{C1:武进区}、{C2:新北区}分别增长{V1:9}{U1:%}和{V2:8}{U2:%}"
    assert products(build(plain, {1: GROWTH, 2: GROWTH}), "enumerations", 3)
    assert products(build(marked, {1: GROWTH, 2: GROWTH}), "enumerations", 5) == []


def test_a_lost_comma_never_joins_spans_or_makes_a_counted_noun() -> None:
    example = build(
        "{Y1:2024年},{Y2:上半年},全市在建,{I1:技改项目}{V1:50}{U1:个},企业反映良好,{I2:产值}{V2:5}{U2:亿元}",
        {1: LEVEL, 2: LEVEL},
    )
    found = products(example, "lost_punctuation", 60)
    assert found
    for product in found:
        assert "2024年,上半年" in product.text
        assert not re.search("个企业|在建技改|良好产值", product.text)
    assert any("个 企业" in product.text or "个　企业" in product.text for product in found)


def test_only_ranges_get_another_mark() -> None:
    text = "2024-05-20电话0731-8890,由60%到75%,“{Y1:1—9月}”{I1:产值}{V1:5}{U1:亿元}"
    found = products(build(text, {1: LEVEL}), "punctuation")
    assert len({surfaces(product)["T1"] for product in found}) > 3
    assert all(p.text.startswith("2024-05-20电话0731-8890,由60%到75%,") for p in found)


def test_no_blank_beside_quotes_or_signs() -> None:
    example = build("“343”集群{I1:产值}{V1:5}{U1:亿元},由{V2:-4.3}{U2:%}回升", {1: LEVEL, 2: GROWTH})
    found = products(example, "blanks")
    assert any("产值 " in product.text or "产值" + "\u3000" in product.text for product in found)
    assert all("“343”" in product.text and not re.search(r"-\s", product.text) for product in found)


def test_pinyin_is_always_or_never_given_with_a_character() -> None:
    text = "产业发展为产业强县,实现产业总值,园区业态,各项任务,资产总额,产能"
    kinds = set()
    for product in products(AnnotatedText("p#1", text), "pinyin"):
        assert "為" in product.text
        for char in "產業發":
            read = len(re.findall(rf"{char}[(（]", product.text))
            assert read in (0, product.text.count(char))
            kinds.add(bool(read))
    assert kinds == {True, False}
