from __future__ import annotations

import pytest
from data_examples import CLAUSES, LEVEL, PLAIN, RANGE, STEEL, build

from zhibiao.core.records import AnnotatedText
from zhibiao.data.patterns import PATTERNS, patterns, value_patterns

SHARE = "share none actual exact"
CASES = {
    "rank": build("{I1:产值}居{B1:全省}{V1:第2}{U1:位}", {1: "rank none actual exact"}),
    "negative_growth": build("{I1:产值}增速{V1:-3.2}{U1:%}", {1: "growth up actual exact"}),
    "estimate": build("{I1:产值}预计{V1:5}{U1:亿元}", {1: "level none estimate exact"}),
    "target": build("{I1:产值}力争{V1:5}{U1:亿元}", {1: "level none target exact"}),
    "range": build("增长{V1:7}{U1:%}至{V2:8}{U2:%}", {1: "growth up target min", 2: "growth up target max"}),
    "chinese_numeral": build("{I1:占比}{V1:三}{U1:成}", {1: SHARE}),
    "fraction": build("{I1:产值}占{B1:全省}{V1:五分之一}", {1: SHARE}),
    "respectively": build("{I1:轨道}、{I2:航空}分别增长{V1:5}{U1:%}、增长{V2:6}{U2:%}", {}),
    "county_list": build(
        "{C1:甲县}、{C2:乙县}、{C3:丙县}{I1:产值}分别为{V1:5}{U1:元}、{V2:6}{U2:元}和{V3:7}{U3:元}", {}
    ),
    "several_regions": build("{C1:甲县}{V1:5}{U1:元};{C2:乙县}{V2:6}{U2:元};{C3:丙县}{V3:7}{U3:元}", {}),
    "several_periods": build("{Y1:一月}{V1:5}{U1:元};{Y2:二月}{V2:6}{U2:元};{Y3:三月}{V3:7}{U3:元}", {}),
    "carried_indicator": build("{I1:产值}{V1:5}{U1:元},增长{V2:6}{U2:%},居{V3:第2}{U3:位}", {}, links="V2I1 V3I1"),
    "cross_sentence": build("{Y1:上半年}好。{I1:产值}{V1:5}{U1:元}。", {}),
    "number_before_noun": build("推动{V1:9064}{U1:家}{I1:企业}上云", {1: LEVEL}),
    "share": build("{I1:民间投资}占{V1:6}{U1:成}", {1: SHARE}),
    "share_of_share": build(
        "{I1:工业}占{B1:投资}{V1:5}{U1:成},{I2:技改}占{B2:工业}{V2:6}{U2:成}", {1: SHARE, 2: SHARE}
    ),
    "bound_min": build("超{V1:5}{U1:元}", {1: "level none actual min"}),
    "bound_max": build("不足{V1:5}{U1:元}", {1: "level none actual max"}),
    "bound_approx": build("约{V1:5}{U1:元}", {1: "level none actual approx"}),
    "comparison_own_value": build("高于{B2:全国}({V1:5.6}{U1:%}){V2:4}{U2:个百分点}", {}, links="V1>region>B2"),
    "firm_figure_heuristic": build("昨天,一家企业{I1:产值}{V1:5}{U1:元}。", {1: LEVEL}),
    "sub_item": build("项目9个,其中{I1:工业项目}{V1:5}{U1:个}", {1: LEVEL}),
    "no_value_with_numbers": PLAIN,
}
NEAR_MISSES = {
    "range": build("增长{V1:7}{U1:%},目标{V2:8}{U2:%}", {1: "growth up target min", 2: "growth up target max"}),
    "respectively": build("分别走访。{I1:产值}{V1:5}{U1:元}、{I2:税收}{V2:6}{U2:元}", {}),
    "county_list": build(
        "{C1:甲县}、{C2:乙县}{I1:产值}分别为{V1:5}{U1:元}、{V2:6}{U2:元}和{V3:7}{U3:元}", {}, links="V3C2"
    ),
    "carried_indicator": build("{I1:产值}{V1:5}{U1:元},增长{V2:6}{U2:%}和{V3:7}{U3:%}", {}, links="V2I1 V3I1"),
    "cross_sentence": build("{Y1:上半年},{I1:产值}{V1:5}{U1:元}。", {}),
    "number_before_noun": build("{I1:企业}{V1:9064}{U1:家}", {1: LEVEL}),
    "share_of_share": build(
        "{I1:工业}占{B1:投资}{V1:5}{U1:成},{I2:技改}占{B2:投资}{V2:6}{U2:成}", {1: SHARE, 2: SHARE}
    ),
    "sub_item": build("其中有项目,{I1:工业项目}{V1:5}{U1:个}", {1: LEVEL}),
    "firm_figure_heuristic": build("一家企业投产。全市{I1:产值}{V1:5}{U1:元}。", {1: LEVEL}),
    "no_value_with_numbers": AnnotatedText("p#1", "第1条和第2条"),
    "fraction": build("{I1:产值}{V1:三百}{U1:元}", {1: LEVEL}),
    "chinese_numeral": build("居{V1:首}{U1:位}", {1: "rank none actual exact"}),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_each_pattern_is_found(name: str) -> None:
    assert name in patterns(CASES[name])


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_what_only_looks_like_it_is_not(name: str) -> None:
    assert name not in patterns(NEAR_MISSES[name])


def test_values_have_their_own_patterns() -> None:
    found = value_patterns(STEEL)
    assert len(found) == 8
    assert {key for key, names in found.items() if "county_list" in names} == {"T19", "T21", "T23"}
    assert found["T13"] == {"rank", "carried_indicator"}
    assert found["T26"] == {"bound_min", "sub_item", "cross_sentence"}
    assert {"range", "negative_growth", "estimate", "bound_min"} <= value_patterns(RANGE)["T4"]
    assert value_patterns(PLAIN) == {}
    assert "target" in patterns(CLAUSES)
