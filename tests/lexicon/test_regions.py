"""Finding places: longest, certain ones first, paths merged, ordinary words left alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.lexicon.regions import Gazetteer

GAZETTEER = Gazetteer.default()


def found(text):
    return [(text[m.span.start : m.span.end], m.places[0].code, m.ambiguous) for m in GAZETTEER.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("武汉市工业投资", [("武汉市", "420100", False)]),
        ("内蒙古敖汉旗农田", [("内蒙古敖汉旗", "150430", False)]),
        ("河南辉县、江西赣州", [("河南辉县", "410782", False), ("江西赣州", "360700", False)]),
        ("湖北、河南", [("湖北", "420000", False), ("河南", "410000", False)]),
        ("其中江津综合保税区", [("江津", "500116", False)]),  # not 中江
        ("黄河南岸", []),
        ("规上海洋食品企业", []),
        ("吉林省吉林市", [("吉林省吉林市", "220200", False)]),
    ],
)
def test_find(text, expected):
    assert found(text) == expected


def test_an_ordinary_word_is_marked_as_ambiguous():
    assert found("资源型城市") == [("资源", "450329", True)]


@given(st.text(alphabet="武汉市河南辉县资源规上海洋其中江津,9%", max_size=40))
def test_mentions_are_in_order_and_disjoint(text):
    spans = [match.span for match in GAZETTEER.find(text)]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(match.places for match in GAZETTEER.find(text))


def test_lookup_prefers_the_present_and_higher_place():
    assert GAZETTEER.lookup("吉林")[0].code == "220000"
    assert GAZETTEER.lookup("鄂")[0].code == "420000"
    assert GAZETTEER.lookup("蒙")[0].code == "150000"
    assert GAZETTEER.lookup("无此地") == ()


def test_paths_and_successors():
    (county,) = GAZETTEER.lookup("昆山市")
    assert GAZETTEER.path(county) == ("中国", "江苏省", "苏州市", "昆山市")
    former = next(p for p in GAZETTEER.lookup("襄樊市") if p.former)
    assert GAZETTEER.successor(former).name == "襄阳市"
