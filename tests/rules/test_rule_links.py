import pytest


@pytest.mark.parametrize(
    ("text", "baseline"),
    [
        ("工业投资同比增长12.4%。", "同比"),
        ("工业投资增长8.5%。", "-"),
        ("工业投资增速高于全省9.2个百分点。", "全省"),
        ("工业投资增速高于全省平均水平9.2个百分点。", "全省平均水平"),
        ("技改项目较1至9月增加30个。", "1至9月"),
        ("技改项目占全省项目总数的10.2%。", "全省项目总数"),
        ("工业投资占全部投资比重为34.7%。", "全部投资"),
        ("税收占比较上年提高2个百分点。", "上年"),
        ("产值是2012年的6.3倍。", "2012年"),
        ("到位资金完成年度计划的54.9%。", "年度计划"),
        ("游客恢复到2019年同期的90%。", "2019年同期"),
        ("投资居全省第2位。", "全省"),
        ("技改投资拉动工业投资增长9.4个百分点。", "工业投资"),
        ("开工率快于时序进度5.2个百分点。", "时序进度"),
        ("零售额同比增幅达41%。", "同比"),
    ],
)
def test_baseline(column, text, baseline):
    assert column(text, 5) == [baseline]


def test_baselines_of_a_list(column):
    assert column("增速分别高于全国、全省1.7个和0.9个百分点。", 5) == ["全国", "全省"]
    assert column("分别占项目数和投资额的75%、67%。", 5) == ["项目数", "投资额"]
    assert column("产量约占全省的八成、全国的15%。", 5) == ["全省", "全国"]
    assert column("企业数量居全国第四、副省级城市第二。", 5) == ["全国", "副省级城市"]


def test_the_comparison_regions_own_value_in_brackets(rows):
    assert rows("一季度,全市工业投资增速高于全国(5.6%)4个百分点。") == [
        "5.6|%|工业投资|全国|一季度|-|growth up actual exact",
        "4|个百分点|工业投资|全市|一季度|全国|change up actual exact",
    ]


def test_region_is_the_nearest_mention_that_governs(column):
    text = "襄阳市完成投资90亿元,占全省的5%;宜城市完成投资12亿元,增长3%。"
    assert column(text, 3) == ["襄阳市", "襄阳市", "宜城市", "宜城市"]


def test_regions_are_shared_out(column):
    assert column("昆山市、张家港市分别完成技改投资78亿元和66亿元。", 3) == ["昆山市", "张家港市"]
    assert column("玉环、天台、仙居工业投资分别增长27.3%、24.1%和20.6%。", 3) == ["玉环", "天台", "仙居"]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("武汉全市充电小区累计2150个。", "武汉全市"),
        ("湖北省咸宁市有企业30家。", "湖北省咸宁市"),
        ("苏州市统计局发布,园区产值增长3%。", "-"),
        ("昆山高新区产值增长3%。", "昆山高新区"),
        ("两江新区产值增长3%。", "两江新区"),
        ("该市产值增长3%。", "该市"),
        ("其中江津综合保税区增长3%。", "江津综合保税区"),
        ("中国人民银行公布,贷款增长3%。", "-"),
    ],
)
def test_region_mentions(column, text, region):
    assert column(text, 3) == [region]


def test_year_governs_until_another_replaces_it(column):
    text = "2023年,全市完成产值90亿元。其中出口12亿元。2024年一季度,产值20亿元。"
    assert column(text, 4) == ["2023年", "2023年", "2024年一季度"]


def test_a_period_named_for_one_value_is_its_year_only(column):
    text = "2024年,矿石利用率由2020年的60%提高到75%,产值12亿元。"
    assert column(text, 4) == ["2020年", "2024年", "2024年"]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("3月10日,市统计局发布消息,全市用电量下降3.2%。", "-"),
        ("截至9月30日,全市用电量下降3.2%。", "9月30日"),
        ("目前,全市有医院238个。", "-"),
        ("“十四五”规划明确,新增学位3万个。", "-"),
        ("到“十四五”末,新增学位3万个。", "“十四五”末"),
    ],
)
def test_dates_of_publication_and_plans_are_no_year(column, text, year):
    assert column(text, 4) == [year]


def test_scores_are_probabilities_and_differ_by_the_kind_of_link():
    from zhibiao.rules.system import RuleSystem

    (annotation,) = RuleSystem().annotate(["襄阳市产值12亿元,同比增长3%。去年,税收5亿元。"])
    scores = {r.score for r in annotation.relations}
    assert all(0 < score <= 1 for score in scores) and len(scores) > 3


def test_the_whole_governs_again_after_one_of_its_parts(column):
    text = "全市出口90亿元。其中宜城市出口12亿元。进口20亿元。"
    assert column(text, 3) == ["全市", "宜城市", "全市"]


def test_a_period_that_is_only_compared_with_governs_nothing(column):
    text = "一季度,全市出口90亿元,与去年同期基本持平,进口20亿元。"
    assert column(text, 4) == ["一季度", "一季度"]


def test_a_sub_items_period_is_its_own(column):
    text = "一季度,全市用电量90亿千瓦时,其中3月份30亿千瓦时。税收12亿元。"
    assert column(text, 4) == ["一季度", "3月份", "一季度"]
