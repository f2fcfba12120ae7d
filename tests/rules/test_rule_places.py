"""Towns, zones and regions abroad; regions and periods that hold for one clause only; topics of a list."""

import pytest


def test_towns_are_regions(column):
    assert column("各镇有别:白沙镇亩产500公斤,石河镇不足300公斤。", 3) == ["白沙镇", "石河镇"]
    assert column("木渎、石桥、白沙三镇产值分别增长5%、6%和7%。", 3) == ["木渎", "石桥", "白沙"]
    assert column("引进项目40个,三乡镇、小榄镇各15个。", 3)[1:] == ["三乡镇、小榄镇"]


def test_a_town_by_its_short_name_once_it_was_named(column):
    assert column("白沙镇产值5亿元。全县产值9亿元,白沙占六成。", 3)[2] == "白沙"


def test_words_that_end_like_a_town(column):
    assert column("新增城镇就业3万人。", 3) == ["-"]
    assert column("特色小镇产值3亿元。", 3) == ["-"]


def test_a_zone_by_name_at_the_head_of_a_clause(column):
    assert column("锦河工业园区产值3亿元。", 3) == ["锦河工业园区"]
    assert column("绿色工业园区产值3亿元。", 3) == ["-"]


def test_markets_abroad_belong_to_the_name(rows):
    assert rows("全县产值50亿元。越南订单增长5%。")[1] == "5|%|越南订单|全县|-|-|growth up actual exact"
    assert rows("越南经济增长5%。") == ["5|%|经济|越南|-|-|growth up actual exact"]


def test_a_wider_region_held_against_the_own_one(column):
    assert column("上半年,石城县出口增长5%,而全国为2%;规模居全省第三位。", 3) == ["石城县", "全国", "石城县"]


@pytest.mark.parametrize("word", ["比", "高于", "占", "位居"])
def test_a_region_behind_a_comparing_word_is_nobodys(column, word):
    assert column(f"某厂产值{word}全省的某项,利润3亿元。", 3) == ["-"]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("白酒出口,1—6月20亿元,下降3%。", ["白酒出口", "白酒出口"]),
        ("洋葱单价,白沙镇3元,石河镇2元。", ["洋葱单价", "洋葱单价"]),
        ("(1)机械3亿元;(2)汽车2亿元。", ["机械", "汽车"]),
        ("一家做轴承的企业设备开工率不到三成。", ["设备开工率"]),
        ("耐火材料更惨,为-17%。", ["耐火材料"]),
        ("全县像这样的车间有20个。", ["车间"]),
        ("举办各类招聘会30场。", ["各类招聘会"]),
    ],
)
def test_topics_and_fronts(column, text, indicators):
    assert column(text, 2) == indicators


def test_who_says_it_is_no_indicator(column):
    assert column("海关人士预计全年降幅在1%以内。", 2) == ["-"]


def test_a_level_that_a_planned_change_starts_from(rows):
    assert rows("到2027年,全市转化率由85%提高到88%。") == [
        "85|%|转化率|全市|-|-|level none actual exact",
        "88|%|转化率|全市|2027年|-|level none target exact",
    ]


def test_a_past_period_aside(column):
    text = "2025年,全市产值90亿元,2021年还只有60亿元;企业30家。"
    assert column(text, 4) == ["2025年", "2021年", "2025年"]


def test_yearly_amounts_and_lengths_have_no_period(column):
    assert column("2024年开工项目5个。达产后年产值可达8亿元。", 4) == ["2024年", "-"]
    assert column("2024年,新建铁路2条。该线全长90公里。", 4) == ["2024年", "-"]
    assert column("2017年建成后,每年可输电5亿千瓦时。", 4) == ["2017年"]


def test_the_end_of_a_period(column):
    assert column("1—8月内销下降6%。", 4) == ["1—8月"]
    assert column("9月单月产量5万辆。", 4) == ["9月单月"]


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("今年计划新增产能3万吨。", "level none target exact"),
        ("明年的打算是新建厂房5栋。", "level none target exact"),
        ("种植面积稳定在六百余万亩。", "level none actual min"),
        ("净利率不过5%。", "level none actual max"),
        ("硅片单价跌破1.1元。", "level none actual max"),
        ("省外客源约占三分之二。", "share none actual approx"),
        ("今年有望再低2个百分点。", "change down estimate exact"),
        ("名次前移一位。", "change up actual exact"),
    ],
)
def test_status_and_bound(column, text, attributes):
    assert column(text, 6) == [attributes]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("十余家银行机构计划投放贷款7亿元。", ["银行机构", "贷款"]),
        ("监测5个计划单列市。", ["计划单列市"]),
        ("全市1862家规上企业里,小微企业占六成。", ["规上企业", "小微企业"]),
    ],
)
def test_the_end_of_a_noun_behind_its_number(column, text, indicators):
    assert column(text, 2) == indicators
