"""Comparisons with the other side's figure, parts of a whole without 占, ranks and gaps that move."""

import pytest


def test_the_verb_may_stand_behind_the_bracket(rows):
    assert rows("一季度,全市进出口同比下降3%,比全省(2.1%)低5.1个百分点。") == [
        "3|%|进出口|全市|一季度|同比|growth down actual exact",
        "2.1|%|进出口|全省|一季度|-|growth up actual exact",
        "5.1|个百分点|进出口|全市|一季度|全省|change down actual exact",
    ]


def test_two_brackets_and_two_gaps(rows):
    assert rows("上半年,全市投资增长7.3%,分别高于全国(4.0%)、全省(5.1%)3.3个和2.2个百分点。")[1:] == [
        "4.0|%|投资|全国|上半年|-|growth up actual exact",
        "5.1|%|投资|全省|上半年|-|growth up actual exact",
        "3.3|个|投资|全市|上半年|全国|change up actual exact",
        "2.2|个百分点|投资|全市|上半年|全省|change up actual exact",
    ]


def test_a_period_in_front_of_the_bracket_is_its_year(column):
    text = "去年,全县财政收入增长2%,较前年(9.5%)回落7.5个百分点。"
    assert column(text, 4) == ["去年", "前年", "去年"]
    assert column(text, 5) == ["-", "-", "前年"]
    assert column(text, 3) == ["全县", "全县", "全县"]


def test_the_other_sides_figure_without_brackets(rows):
    assert rows("1-5月,河北工业投资增长7.3%,比全国的5.8%高1.5个百分点。")[1:] == [
        "5.8|%|工业投资|全国|1-5月|-|growth up actual exact",
        "1.5|个百分点|工业投资|河北|1-5月|全国|change up actual exact",
    ]


def test_a_bracketed_level_stays_a_level(column):
    text = "去年,全市万元产值能耗0.4吨标准煤,比全省(0.5吨标准煤)低近两成。"
    assert column(text, 6) == ["level none actual exact", "level none actual exact", "growth down actual approx"]


def test_a_bracket_that_is_no_comparison_is_left_alone(column):
    assert column("工业投资(技改占30%)增长5%。", 5) == ["-", "-"]


@pytest.mark.parametrize(
    ("text", "indicator", "baseline"),
    [
        ("全市稻米里优质稻占七成。", "优质稻", "稻米"),
        ("优质稻在稻米产量里有三成。", "优质稻", "稻米产量"),
        ("直播间吃掉线上销量的四成。", "直播间", "线上销量"),
        ("蔬菜近七成发往省外。", "发往省外", "蔬菜"),
        ("四成订单来自欧洲。", "来自欧洲", "订单"),
        ("约三成的企业反映用工紧张。", "反映用工紧张", "企业"),
    ],
)
def test_a_part_and_its_whole(rows, text, indicator, baseline):
    assert [row.split("|")[2::3] for row in rows(text)] == [[indicator, baseline]]
    assert rows(text)[0].split("|")[6].startswith("share")


def test_the_whole_may_end_the_clause_before(column):
    assert column("民营企业的出口里,家电贡献了近五分之一。", 5) == ["民营企业的出口"]
    text = "抽查的120家作坊企业中,三成企业仍在亏损。"
    assert (column(text, 2)[1], column(text, 5)[1]) == ("仍在亏损", "企业")


def test_a_part_that_is_not_a_share_is_only_cut(rows):
    assert rows("纺织业中的印染行业利润下降5%。") == ["5|%|印染行业利润|-|-|-|growth down actual exact"]
    assert rows("每百元营业收入中的成本为84元。") == ["84|元|每百元营业收入中的成本|-|-|-|level none actual exact"]


def test_a_plan_goes_on_through_a_list_of_amounts_only(column):
    text = "全县税收完成全年目标的93.8%,固定资产投资86.4%,设备利用率75%。"
    assert column(text, 5) == ["全年目标", "全年目标", "-"]


@pytest.mark.parametrize(
    ("text", "years", "baselines"),
    [
        ("全县产值由去年同期的全市第三位滑到第八位。", ["去年同期", "-"], ["全市", "全市"]),
        ("2024年,产量在全国城市中的位次由上年的第5位升至第3位。", ["上年", "2024年"], ["全国城市", "全国城市"]),
    ],
)
def test_a_rank_that_moves(column, text, years, baselines):
    assert (column(text, 4), column(text, 5)) == (years, baselines)


@pytest.mark.parametrize(
    ("text", "baseline"),
    [
        ("产值增速全市第一。", "全市"),
        ("产值总量守住全省第3位。", "全省"),
        ("产值在全省18个市(示范区)中列第14位。", "全省18个市(示范区)"),
        ("中部县域里产值排首位。", "-"),
    ],
)
def test_the_set_of_a_rank(column, text, baseline):
    assert column(text, 5) == [baseline]


def test_the_gap_to_another(rows):
    assert rows("货运量与第二名仅差0.3亿吨。") == ["0.3|亿吨|货运量|-|-|第二名|change down actual exact"]


def test_an_attained_level_of_a_colloquial_verb(rows):
    assert rows("废品率压到0.8%以内。") == ["0.8|%|废品率|-|-|-|level none actual max"]
    assert rows("出厂价由每吨80元滑到75元。")[1] == "75|元|出厂价|-|-|-|level none actual exact"
