"""Checks of the region gazetteer that ships with the package (built by ``scripts/build_gazetteer.py``)."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from importlib.resources import files

import pytest

COLUMNS = ["code", "level", "name", "aliases", "abbr", "parent", "status", "until", "successor", "ambiguous"]
COLUMNS += ["ambiguous_aliases"]
ABBREVIATIONS = set("京津冀晋蒙辽吉黑沪申苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔贵滇云藏陕秦甘陇青宁新台港澳")
Row = dict[str, str]


def split(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def text() -> str:
    return (files("zhibiao") / "resources" / "gazetteer.tsv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    lines = [line for line in text().split("\n") if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def current(rows: list[Row]) -> dict[str, Row]:
    return {row["code"]: row for row in rows if row["status"] == "current" and row["code"]}


@pytest.fixture(scope="module")
def holders(rows: list[Row]) -> dict[str, list[Row]]:
    table = defaultdict(list)
    for row in rows:
        for form in (row["name"], *split(row["aliases"])):
            table[form].append(row)
    return table


def one(holders: dict[str, list[Row]], form: str, status: str = "current") -> Row:
    (row,) = [row for row in holders[form] if row["status"] == status]
    return row


def test_file_is_compact_and_well_formed(rows: list[Row]) -> None:
    assert len(text().encode()) < 400_000
    assert list(rows[0]) == COLUMNS
    for row in rows:
        assert None not in row and None not in row.values(), row
        assert all(cell == cell.strip() and '"' not in cell for cell in row.values()), row
        assert row["level"] in {"country", "province", "prefecture", "county", "zone"}
        assert row["status"] in {"current", "former"}
        assert row["ambiguous"] in {"0", "1"}


def test_counts(rows: list[Row]) -> None:
    count = Counter((row["status"], row["level"]) for row in rows)
    assert count["current", "province"] == 34
    assert count["current", "prefecture"] == 333
    assert 2840 <= count["current", "county"] <= 2860
    assert 70 <= count["current", "country"] <= 140
    assert 100 <= count["current", "zone"] <= 250
    assert 150 <= count["former", "prefecture"] <= 250
    assert 900 <= count["former", "county"] <= 1300
    assert set(count) <= {(s, v) for s in ("current", "former") for v in ("prefecture", "county")} | {
        ("current", v) for v in ("country", "province", "zone")
    }


def test_codes(rows: list[Row], current: dict[str, Row]) -> None:
    coded = [row for row in rows if row["status"] == "current" and row["code"]]
    assert len(coded) == len(current), "a code occurs twice"
    for row in rows:
        if row["level"] == "zone":
            assert row["code"] == ""
        elif row["level"] == "country":
            assert row["code"] == "" or (len(row["code"]) == 2 and row["code"].isupper())
        else:
            assert len(row["code"]) == 6 and row["code"].isdigit(), row


def test_parents(rows: list[Row], current: dict[str, Row]) -> None:
    above = {
        "province": {"country"},
        "prefecture": {"province"},
        "county": {"province", "prefecture"},
        "zone": {"country", "province", "prefecture", "county"},
    }
    for row in rows:
        if row["level"] == "country":
            assert row["parent"] == ""
        elif row["parent"] or row["level"] != "zone":
            former = {"prefecture"} if row["status"] == "former" else set()  # 沙市市, now a district of 荆州市
            assert current[row["parent"]]["level"] in above[row["level"]] | former, row
        if row["level"] == "county" and row["status"] == "current":
            assert row["code"][:2] == row["parent"][:2]


def test_former_units_have_a_year_and_a_present_successor(rows: list[Row], current: dict[str, Row]) -> None:
    forms = {form for row in rows if row["status"] == "current" for form in split(row["aliases"])}
    for row in rows:
        if row["status"] == "former":
            assert 1981 <= int(row["until"]) <= 2026
            assert row["successor"] in current
            assert not forms & set(split(row["aliases"])), "the present unit has the first claim"
        else:
            assert row["until"] == row["successor"] == ""


def test_forms(rows: list[Row]) -> None:
    for row in rows:
        forms = [row["name"], *split(row["aliases"])]
        assert all(len(form) >= 2 for form in forms), row
        assert len(set(forms)) == len(forms), row
        assert set(split(row["ambiguous_aliases"])) <= set(forms), row
        assert row["ambiguous"] == str(int(bool(row["ambiguous_aliases"]))), row


def test_abbreviations_of_the_provinces(rows: list[Row]) -> None:
    for row in rows:
        assert bool(row["abbr"]) == (row["level"] == "province")
    single = [form for row in rows for form in split(row["abbr"]) if len(form) == 1]
    assert len(single) == len(set(single))
    assert set(single) == ABBREVIATIONS


def test_shared_forms_are_marked(holders: dict[str, list[Row]]) -> None:
    rank = {"country": 0, "province": 1, "zone": 2, "prefecture": 2, "county": 3}
    for form, found in holders.items():
        present = [row for row in found if row["status"] == "current"]
        clear = [row for row in present if form not in split(row["ambiguous_aliases"])]
        assert len(clear) <= 1, (form, clear)
        if clear:
            assert all(rank[clear[0]["level"]] < rank[row["level"]] for row in present if row is not clear[0]), form


@pytest.mark.parametrize(
    "form",
    [
        "朝阳",
        "和平",
        "东方",
        "通道",
        "资源",
        "公安",
        "新建",
        "建安",
        "建平",
        "范县",
        "鼓楼区",
        "朝阳区",
        "长治",
        "城区",
    ],
)
def test_everyday_words_are_marked(holders: dict[str, list[Row]], form: str) -> None:
    assert holders[form]
    assert all(form in split(row["ambiguous_aliases"]) for row in holders[form])


@pytest.mark.parametrize(
    ("form", "name", "parent"),
    [
        ("湖北", "湖北省", "CN"),
        ("内蒙古", "内蒙古自治区", "CN"),
        ("香港", "香港特别行政区", "CN"),
        ("武汉", "武汉市", "420000"),
        ("恩施州", "恩施土家族苗族自治州", "420000"),
        ("阿克苏地区", "阿克苏地区", "650000"),
        ("仙桃", "仙桃市", "420000"),
        ("济源", "济源市", "410000"),
        ("五指山", "五指山市", "460000"),
        ("石河子", "石河子市", "650000"),
        ("神农架", "神农架林区", "420000"),
        ("浦东新区", "浦东新区", "310000"),
        ("义乌", "义乌市", "330700"),
        ("长阳", "长阳土家族自治县", "420500"),
        ("科左中旗", "科尔沁左翼中旗", "150500"),
        ("临平", "临平区", "330100"),
        ("达孜", "达孜区", "540100"),
        ("卡若", "卡若区", "540300"),
        ("莱芜", "莱芜区", "370100"),
        ("米林市", "米林市", "540400"),
        ("和康县", "和康县", "653200"),
        ("和安县", "和安县", "653200"),
        ("白杨市", "白杨市", "650000"),
        ("两江新区", "两江新区", "500000"),
        ("岑岭县", "岑岭县", "653100"),
        ("草湖市", "草湖市", "650000"),
        ("雄安新区", "雄安新区", "130000"),
        ("长三角", "长三角", "CN"),
        ("新疆兵团", "新疆生产建设兵团", "650000"),
        ("德国", "德国", ""),
        ("东盟", "东盟", ""),
    ],
)
def test_present_units(holders: dict[str, list[Row]], form: str, name: str, parent: str) -> None:
    row = one(holders, form)
    assert (row["name"], row["parent"]) == (name, parent)
    assert form not in split(row["ambiguous_aliases"])


@pytest.mark.parametrize(
    ("form", "level", "until", "successor"),
    [
        ("襄樊市", "prefecture", "2010", "襄阳市"),
        ("襄樊", "prefecture", "2010", "襄阳市"),
        ("莱芜市", "prefecture", "2018", "济南市"),
        ("巢湖市", "prefecture", "2011", "合肥市"),
        ("思茅市", "prefecture", "2007", "普洱市"),
        ("崇文区", "county", "2010", "东城区"),
        ("闸北区", "county", "2015", "静安区"),
        ("江干区", "county", "2021", "上城区"),
        ("渝北区", "county", "2025", "两江新区"),
        ("中甸县", "county", "2001", "香格里拉市"),
        ("达孜县", "county", "2017", "达孜区"),
        ("昌都县", "county", "2014", "卡若区"),
        ("汉阳县", "county", "1992", "蔡甸区"),
        ("沔阳县", "county", "1986", "仙桃市"),
        ("胶南市", "county", "2012", "黄岛区"),
        ("宿迁县", "county", "1987", "宿迁市"),
    ],
)
def test_former_units(
    holders: dict[str, list[Row]], current: dict[str, Row], form: str, level: str, until: str, successor: str
) -> None:
    row = one(holders, form, "former")
    assert (row["level"], row["until"], current[row["successor"]]["name"]) == (level, until, successor)


def test_higher_level_has_the_first_claim(holders: dict[str, list[Row]]) -> None:
    clear = [row["name"] for row in holders["吉林"] if "吉林" not in split(row["ambiguous_aliases"])]
    assert clear == ["吉林省"]
    assert one(holders, "海南")["name"] == "海南省"
    assert one(holders, "河南")["name"] == "河南省"


def test_words_that_belong_elsewhere_are_left_out(holders: dict[str, list[Row]]) -> None:
    assert not {"全国", "我国", "全球", "世界", "市辖区", "资料暂缺", "直辖县"} & set(holders)
