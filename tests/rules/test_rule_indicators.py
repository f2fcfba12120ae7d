import pytest


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("1至10月,襄阳市累计完成工业投资300亿元。", "工业投资"),
        ("全市新增规模工业企业156家。", "新增规模工业企业"),
        ("全市在建工业技改项目562个。", "在建工业技改项目"),
        ("截至9月底,全市拥有高新技术企业700家。", "高新技术企业"),
        ("全市工业投资增速居全省第2位。", "工业投资"),
        ("一般公共预算收入总量居全省第2位。", "一般公共预算收入"),
        ("全市社会消费品零售总额增长5%。", "社会消费品零售总额"),
        ("全市汽车类商品实现零售额226亿元。", "零售额"),
        ("公路完成投资90亿元。", "投资"),
        ("居民人均可支配收入达到3.2万元。", "居民人均可支配收入"),
        ("工业企业产销率98%。", "工业企业产销率"),
        ("企业研发费用占营业收入的3.1%。", "企业研发费用"),
        ("全市最高用电负荷创下新高,达312.7万千瓦。", "最高用电负荷"),
    ],
)
def test_indicator_in_front(column, text, indicator):
    assert column(text, 2) == [indicator]


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("推动2180家企业“上云”。", ["企业“上云”"]),
        ("惠及5100余户企业。", ["企业"]),
        ("16个县区水利项目完成投资8.4亿元。", ["县区水利项目", "投资"]),
        ("总投资62亿元的12个重点项目开工。", ["总投资", "重点项目开工"]),
        ("80%的企业反映成本上升。", ["反映成本上升"]),
    ],
)
def test_number_before_its_noun(column, text, indicators):
    assert column(text, 2) == indicators


def test_later_values_without_a_name_take_the_earlier_one(column):
    text = "全市工业投资同比增长31.9%,高于全省21.7个百分点,增速居全省第2位。"
    assert column(text, 2) == ["工业投资"] * 3


def test_sub_items_take_their_own_name(column):
    assert column("全市开工项目80个,其中10亿元以上项目3个。", 2) == ["开工项目", "10亿元以上项目"]


def test_respectively(column):
    assert column("轨道交通、航空分别增长15.5%、17.5%。", 2) == ["轨道交通", "航空"]
    assert column("烟草、装备制造两大产业分别完成产值12亿元和38亿元。", 2) == ["烟草", "装备制造"]
    text = "全市发电量10亿千瓦时,外送电量7亿千瓦时,同比分别增长8.8%、5.1%。"
    assert column(text, 2) == ["发电量", "外送电量", "发电量", "外送电量"]
    assert column("电子和通信、家具、食品制造业分别增长1%、2%、3%。", 2) == ["电子和通信", "家具", "食品制造业"]


def test_no_name_anywhere_no_indicator(column):
    assert column("增长8.5%。", 2) == ["-"]
