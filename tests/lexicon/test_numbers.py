"""Number surfaces: exact values, vague numerals, extents. The regressions come from faults of other normalisers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.lexicon.numbers import NUMBER_RE, parse_interval, parse_number


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("1,234.5", "1234.5"),
        ("-3.2", "-3.2"),
        ("−3.2", "-3.2"),
        ("12.40", "12.40"),
        ("700余", "700"),
        ("260多", "260"),
        ("两万余", "20000"),
        ("三百余亿", "30000000000"),
        ("五十一万余", "510000"),
        ("一千三百多", "1300"),
        ("千亿", "100000000000"),
        ("百", "100"),
        ("两千", "2000"),
        ("十", "10"),
        ("二十", "20"),
        ("一百二十三", "123"),
        ("一千零二", "1002"),
        ("一千二", "1200"),
        ("两百五", "250"),
        ("三万五", "35000"),
        ("十二万五", "125000"),
        ("三亿五千万", "350000000"),
        ("一亿零五百万", "105000000"),
        ("二〇二五", "2025"),
        ("二零二五", "2025"),
        ("三十五点六", "35.6"),
        ("三点五亿", "350000000"),
        ("零点五", "0.5"),
        ("半", "0.5"),
        ("一半", "0.5"),
        ("五分之一", "0.2"),
        ("三分之一", "0.3333333333333333333333333333"),
        ("1/4", "0.25"),
        ("百分之十二点五", "0.125"),
        ("百分之百", "1"),
        ("第2", "2"),
        ("第二", "2"),
        ("首", "1"),
        ("前三", "3"),
        ("前10", "10"),
        ("2.16:1", "2.16"),
        ("壹佰贰拾", "120"),
        ("5千万", "50000000"),
        ("1,100万", "11000000"),  # Recognizers-Text #2297: unseen
        ("一万五千亿", "1500000000000"),  # Recognizers-Text #759: 500000010000
        ("两万亿", "2000000000000"),
    ],
)
def test_exact_value(surface: str, value: str) -> None:
    assert parse_number(surface) == Decimal(value)


@pytest.mark.parametrize(
    "surface",
    [
        "",
        "3541.07万元2",  # JioNLP #49: digits summed
        "百分之七十百",  # Recognizers-Text #544: 7000 %
        "三十几万",  # Recognizers-Text #2664: 300000
        "十百",
        "1,23",
        "4.6:31.9:63.5",
        "1/0",
        "零分之一",
        "第",
        "第零",
        "九" * 65,
        "亿" * 60,
        "1.2.3",
        "abc",
    ],
)
def test_no_single_number(surface: str) -> None:
    assert parse_number(surface) is None


@pytest.mark.parametrize(
    ("surface", "low", "high"),
    [
        ("三十几万", 310000, 390000),
        ("十几", 11, 19),
        ("几十", 20, 90),
        ("数十", 20, 90),
        ("数千万", 20000000, 90000000),
        ("两三百", 200, 300),
        ("五六", 5, 6),
        ("三五", 3, 5),
        ("十七八", 17, 18),
        ("七八十万", 700000, 800000),
    ],
)
def test_vague_numeral_has_limits(surface: str, low: int, high: int) -> None:
    assert parse_interval(surface) == (low, high)
    assert parse_number(surface) is None


@pytest.mark.parametrize("surface", ["二十", "一百二十三", "12", "二一", "一二三", "700余"])
def test_plain_numeral_is_not_vague(surface: str) -> None:
    assert parse_interval(surface) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("增长12.4%,居第2位", [("arabic", "12.4"), ("rank", "第2")]),
        ("居全省首位、前三", [("rank", "首"), ("rank", "前三")]),
        ("首位度提高", []),
        ("下降-3.2%,区间7%-8%,5-6%", [("arabic", "-3.2"), *(("arabic", d) for d in "7856")]),
        ("700余家、两万余家、三百余亿元", [("arabic", "700余"), ("chinese", "两万余"), ("chinese", "三百余亿")]),
        ("约占三分之一、1/3,不到一半", [("fraction", "三分之一"), ("fraction", "1/3"), ("half", "一半")]),
        ("百分之五", [("percent", "百分之五")]),
        ("收入比2.16:1,14:30开会", [("ratio", "2.16:1"), ("arabic", "14"), ("arabic", "30")]),
        ("半年、半导体", []),
        ("1,234.5亿元", [("arabic", "1,234.5"), ("chinese", "亿")]),
        ("数十项", [("chinese", "数十")]),
    ],
)
def test_extent(text: str, found: list[tuple[str, str]]) -> None:
    assert [(match.lastgroup, match[0]) for match in NUMBER_RE.finditer(text)] == found


def _write(number: int) -> str:
    """A Chinese numeral written by the textbook, the other way round than the parser reads it."""
    digits = "零一二三四五六七八九"

    def below(n: int) -> str:
        out, gap = "", False
        for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, n = divmod(n, power)
            if digit:
                out += ("零" if gap and out else "") + digits[digit] + sign
                gap = False
            else:
                gap = True
        return out

    out, gap = "", False
    for power, sign in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, power)
        if part:
            out += ("零" if out and (gap or part < 1000) else "") + below(part) + sign
        gap = part == 0
    return out


@given(st.integers(1, 10**12 - 1))
def test_every_written_numeral_is_read_back(number: int) -> None:
    assert parse_number(_write(number)) == number


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False))
def test_digits_are_exact(number: Decimal) -> None:
    assert parse_number(f"{number:,}") == number


@given(st.text(alphabet="零一二两三十百千万亿几数点分之半余多第前首1.,:/-", max_size=12))
def test_never_raises(text: str) -> None:
    parse_number(text)
    interval = parse_interval(text)
    assert interval is None or interval[0] < interval[1]
