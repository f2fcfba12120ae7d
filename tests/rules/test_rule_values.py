import pytest


@pytest.mark.parametrize(
    ("text", "values", "units"),
    [
        ("用电量下降-3.2%。", ["-3.2"], ["%"]),
        ("企业700余家。", ["700余"], ["家"]),
        ("新入驻10万余家。", ["10"], ["万余家"]),
        ("带动投资74亿多元。", ["74"], ["亿多元"]),
        ("产值突破千亿元。", ["千亿"], ["元"]),
        ("惠及两万余家企业。", ["两万余"], ["家"]),
        ("技改投资占三成。", ["三"], ["成"]),
        ("产量占全省的近五分之一。", ["五分之一"], ["-"]),
        ("价格指数为97.3,比上年同期低2.5点。", ["97.3", "2.5"], ["-", "点"]),
        ("机械设备30余台(套)。", ["30余"], ["台(套)"]),
        ("成交均价6.2元/公斤。", ["6.2"], ["元/公斤"]),
        ("新能源占比过半。", ["半"], ["-"]),
    ],
)
def test_values_and_units(column, text, values, units):
    assert column(text, 0) == values
    assert column(text, 1) == units


@pytest.mark.parametrize(
    ("text", "values", "units"),
    [
        ("增长5.8、3.1和0.9个百分点。", ["5.8", "3.1", "0.9"], ["个百分点"] * 3),
        ("高于全国、全省1.7个和0.9个百分点。", ["1.7", "0.9"], ["个", "个百分点"]),
        ("分别居全省第二、第三位。", ["第二", "第三"], ["位", "位"]),
        ("增长3至5个百分点。", ["3", "5"], ["个百分点"] * 2),
    ],
)
def test_a_unit_written_once_serves_the_list(column, text, values, units):
    assert column(text, 0) == values
    assert column(text, 1) == units


def test_both_ends_of_a_range_have_their_bound(column):
    assert [cell.split()[3] for cell in column("规上工业增加值增长7%—8%。", 6)] == ["min", "max"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("居全省第2位。", "第2|位|-|-|-|全省|rank none actual exact"),
        ("跃居全国首位。", "首|位|-|-|-|全国|rank none actual exact"),
        ("力争跻身全省前三。", "前三|-|-|-|-|全省|rank none target max"),
        ("排名全省第一。", "第一|-|-|-|-|全省|rank none actual exact"),
        ("在全国同类城市中位列第9位。", "第9|位|-|-|-|全国同类城市|rank none actual exact"),
    ],
)
def test_ranks(rows, text, row):
    assert rows(text) == [row]


@pytest.mark.parametrize(
    "text",
    [
        "推进“3×2”产业体系和五大产业。",
        "落实38项工作任务,提出28条措施,聚焦七个方面。",
        "召开第四届大会,发布第12期公报。",
        "3月10日上午10:30,电话12345。",
        "一批企业落户,一个项目开工。",
        "增速连续7个季度保持两位数增长,总量翻一番,位居前列。",
        "建设5G基站,治理PM2.5,用上G25高速。",
        "依据《2025年3000亿元行动方案》。",
        "“十四五”以来,“5011”机制见效。",
        "新签500万元以上项目,引进亿元以上企业。",
        "历时3年建成,海拔4000米。",
        "打造万亿级产业集群。",
    ],
)
def test_no_value(rows, text):
    assert rows(text) == []


def test_numbers_inside_an_indicator_are_no_values(column):
    text = "全市在建800万元以上技改项目268个,其中投资10亿元以上的工业项目10个。"
    assert column(text, 0) == ["268", "10"]
    assert column(text, 2) == ["在建800万元以上技改项目", "投资10亿元以上的工业项目"]
