"""Stand-ins and names become places, with the evidence; what cannot be told has a reason."""

import re

import pytest

from zhibiao.core.records import Document, Region
from zhibiao.core.spans import Span
from zhibiao.resolve.regions import RegionResolver


def resolve(surface, text, **known):
    at = text.rindex(surface)
    return RegionResolver(Document("d", text, **known), text).resolve(surface, Span(at, at + len(surface)))


@pytest.mark.parametrize(
    ("surface", "text", "known", "code", "evidence"),
    [
        ("全市", "全市工业投资增长9%。", {"city": "苏州市"}, "320500", "city given with the document"),
        ("全市", "全市工业投资增长9%。", {"title": "咸宁召开工业大会"}, "421200", "title"),
        ("全市", "衡水市产业提档升级\n全市增长9%。", {}, "131100", "first line"),
        ("全市", "工业经济综述\n(泰安日报记者 张三)全市增长9%。", {}, "370900", "byline"),
        ("我市", "工业经济综述\n宁德网消息 我市增长9%。", {}, "350900", "byline"),
        ("全市", "工业经济综述\n据芜湖市统计局介绍,全市增长9%。", {}, "340200", "issuing body"),
        ("全市", "会议指出,永州经开区、永州制造向好,新永州可期,全市增长9%。", {}, "431100", "named most often"),
        ("全省", "全省增长9%。", {"city": "苏州市"}, "320000", "city given with the document"),
        (
            "全市",
            "全市增长9%。",
            {"city": "荣成市"},
            "371082",
            "city given with the document",
        ),  # a city of county level
        ("全市", "全市增长9%。", {"city": "大丰区"}, "320900", "city given with the document"),  # a district's city
        ("全县", "全县增长9%。", {"city": "曹县"}, "371721", "city given with the document"),
        ("全区", "全区增长9%。", {"title": "宁夏回族自治区经济运行情况"}, "640000", "title"),
        ("该市", "邳州市、新沂市领先,该市增长9%。", {"city": "徐州市"}, "320381", "nearest before it: 新沂市"),
    ],
)
def test_stand_ins(surface, text, known, code, evidence):
    region = resolve(surface, text, **known)
    assert isinstance(region, Region)
    assert region.code == code
    assert evidence in region.evidence


@pytest.mark.parametrize(
    ("surface", "known", "code", "path"),
    [
        ("全国", {}, "CN", ("中国",)),
        ("我国", {}, "CN", ("中国",)),
        ("武汉", {}, "420100", ("中国", "湖北省", "武汉市")),
        ("河南辉县", {}, "410782", ("中国", "河南省", "新乡市", "辉县市")),
        ("江苏全省", {}, "320000", ("中国", "江苏省")),
        ("武汉全市", {}, "420100", ("中国", "湖北省", "武汉市")),
        ("鼓楼区", {"city": "南京市"}, "320106", ("中国", "江苏省", "南京市", "鼓楼区")),
        ("鼓楼区", {"city": "福州市"}, "350102", ("中国", "福建省", "福州市", "鼓楼区")),
        ("吉林", {}, "220000", ("中国", "吉林省")),
        ("美国", {}, "US", ("美国",)),
    ],
)
def test_names(surface, known, code, path):
    region = resolve(surface, f"{surface}增长9%。", **known)
    assert isinstance(region, Region)
    assert (region.code, region.path) == (code, path)


def test_a_development_zone_keeps_its_name_inside_the_place_it_is_named_after():
    region = resolve("江华高新区", "江华高新区增长9%。")
    assert isinstance(region, Region)
    assert (region.level, region.code) == ("zone", "")
    assert region.path[-2:] == ("江华瑶族自治县", "江华高新区")


def test_a_former_name_gives_the_present_code():
    region = resolve("襄樊市", "襄樊市增长9%。")
    assert isinstance(region, Region)
    assert (region.name, region.code) == ("襄樊市", "420600")
    assert "now 襄阳市" in region.evidence


@pytest.mark.parametrize(
    ("surface", "reason"),
    [
        ("全市", "does not say which 市"),
        ("沿江11省市", "not in the gazetteer"),
        ("鼓楼区", "names .*鼓楼区, .*鼓楼区"),
        ("上林、马山两县", "group of regions"),
        ("独龙江乡", "gazetteer"),
    ],
)
def test_what_cannot_be_told_has_a_reason(surface, reason):
    outcome = resolve(surface, f"{surface}增长9%。")
    assert isinstance(outcome, str)
    assert re.search(reason, outcome), outcome


def test_another_province_that_is_merely_named_does_not_become_home():
    region = resolve("全省", "各地赴广东省、广东招商,增幅居全省第2位。", title="襄阳工业半年报")
    assert isinstance(region, Region)
    assert region.name == "湖北省"


def test_home_is_what_the_document_is_about():
    home = RegionResolver(Document("d", "全市增长9%。", city="咸宁市"), "全市增长9%。").home
    assert home is not None
    assert (home.path, home.evidence) == (("中国", "湖北省", "咸宁市"), "city given with the document: 咸宁市")
    assert RegionResolver(Document("d", "增长9%。"), "增长9%。").home is None
