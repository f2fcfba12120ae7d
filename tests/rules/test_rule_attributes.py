import pytest


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("工业投资增长12.4%。", "growth up actual exact"),
        ("用电量下降3.2%。", "growth down actual exact"),
        ("工业增速为-3.2%。", "growth down actual exact"),
        ("工业投资增速7.2%。", "growth up actual exact"),
        ("项目比上年增加30个。", "change up actual exact"),
        ("工业投资增速高于全省9.2个百分点。", "change up actual exact"),
        ("工业投资增速低于全省9.2个百分点。", "change down actual exact"),
        ("用电量降幅收窄0.2个百分点。", "change down actual exact"),
        ("用电量降幅扩大0.2个百分点。", "change up actual exact"),
        ("工业投资占34.7%。", "share none actual exact"),
        ("工业投资完成年度计划的54.9%。", "share none actual exact"),
        ("产值是2012年的6.3倍。", "share none actual exact"),
        ("产值增长1.3倍。", "growth up actual exact"),
        ("投资居全省第2位。", "rank none actual exact"),
        ("投资较上年前移4位。", "change up actual exact"),
        ("企业产销率98%。", "level none actual exact"),
        ("对经济增长的贡献率达78%。", "level none actual exact"),
        ("矿石利用率提高到75%。", "level none actual exact"),
        ("新增就业3万人。", "level none actual exact"),
        ("企业较年初新增15家。", "change up actual exact"),
        ("压减粗钢产能60万吨。", "change down actual exact"),
        ("外贸力争保持10%以上的增速。", "growth up target min"),
        ("预计增长7%。", "growth up estimate exact"),
        ("全市产值将达到30亿元。", "level none target exact"),
        ("到2035年,全市产值达到30亿元。", "level none target exact"),
        ("完成下降3.5%的任务。", "growth down target exact"),
        ("项目计划总投资30亿元。", "level none actual exact"),
        ("弃风率控制在2%以内。", "level none actual max"),
        ("产值约30亿元。", "level none actual approx"),
        ("产值30亿元左右。", "level none actual approx"),
        ("产值超30亿元。", "level none actual min"),
        ("产值不足30亿元。", "level none actual max"),
        ("跻身全省前三。", "rank none actual max"),
    ],
)
def test_attributes(column, text, attributes):
    assert column(text, 6) == [attributes]


def test_the_status_goes_on_through_a_plan(column):
    text = "会议提出,今年力争产值达到30亿元,新培育企业8家。新建车间3个,技改投资20亿元以上。"
    assert {cell.split()[2] for cell in column(text, 6)} == {"target"}


def test_facts_end_a_plan(column):
    assert [c.split()[2] for c in column("计划完成投资30亿元,已完成12亿元。", 6)] == ["target", "actual"]


def test_a_share_given_twice_keeps_its_whole(rows):
    assert rows("制造业占规上工业的比重由2020年的9.2%升至20.5%。") == [
        "9.2|%|制造业|-|2020年|规上工业|share none actual exact",
        "20.5|%|制造业|-|-|规上工业|share none actual exact",
    ]
