"""Number surfaces of Chinese statistical prose: patterns that find them and exact parsers.

All patterns expect normalised text (ASCII digits, commas, colons and per cent signs). Values are exact ``Decimal``s;
the only rounding is that of a fraction without a finite decimal expansion (三分之一), given to 28 significant digits.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact

_NUMERALS = ("〇零○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {numeral: digit for digit, numerals in enumerate(_NUMERALS) for numeral in numerals}
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
_LONGEST = 64
_EXACT = Context(prec=_LONGEST + 32, traps=[Inexact])
_ROUNDED = Context(prec=28)

_D = "〇零○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_N = _D + "十百千万亿拾佰仟"
ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = rf"(?:[{_N}几]|数(?=[十百千万亿]))+(?:点[{_D}]+[十百千万亿]*)?"

SIGN = r"(?<![\d%‰年月日号时期A-Za-z)-])[-−－+](?=\d)"
"""A sign in front of Arabic digits; a hyphen after a digit, letter or per cent sign is a range or a part of a name."""

NUMBER_RE = re.compile(
    rf"""(?P<rank>第(?:\d+|[{_N}]+)|前(?:\d+|[{_D}十百]+)|首(?=[位名](?!度)))
    |(?P<percent>百分之(?:\d+(?:\.\d+)?|[{_N}]+(?:点[{_D}]+)?))
    |(?P<fraction>(?:[{_N}]+|\d+)分之(?:[{_N}]+(?:点[{_D}]+)?|\d+)|(?<![\d/.])\d+/\d+(?![\d/]))
    |(?P<ratio>(?!\d{{1,2}}:\d\d(?![\d.:]))(?<![\d.:])\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)+)
    |(?P<arabic>(?:{SIGN})?(?:{ARABIC})(?:[余多几](?!样|元化))?)
    |(?P<half>一半|半(?!年|月|天|小时|个|导体|岛|径|数|决赛|程))
    |(?P<chinese>(?:{CHINESE})(?:[余多来](?!样|元化|自|源)[万亿]*)?)""",
    re.VERBOSE,
)
"""A VALUE-like surface at the guideline's extents, its kind in ``lastgroup``; the caller decides which are one."""

_PLAIN = re.compile(rf"([-+]?)({ARABIC})([十百千万亿]*)")
_SLASH = re.compile(r"(\d+)/(\d+)")
_MORE = re.compile(r"[余多来]([十百千万亿]*)$")
_DECIMAL = re.compile(rf"([{_N}]+)点([{_D}]+)([十百千万亿]*)")
_SECTION = re.compile(
    rf"(?:([{_D}])?([千仟]))?(?:([零〇]?)([{_D}])?([百佰]))?(?:([零〇]?)([{_D}])?([十拾]))?(?:([零〇]?)([{_D}]))?"
)
_PAIR = re.compile(rf"([{_D}])([{_D}])(?![{_D}])")
_FEW = re.compile(r"几|数(?=[十百千万亿])")


def parse_number(surface: str) -> Decimal | None:
    """The exact number that ``surface`` writes, or None if it is no single well-formed number.

    Takes Arabic digits with commas, decimals and signs, with or without 万/亿; Chinese numerals (两, 〇, 半, shortened
    一千二, digit by digit 二〇二五); 三分之一, 百分之五 (0.05), 1/3; ratios of two (2.16:1); ranks (第2, 首, 前三: 2,
    1, 3). A trailing 余, 多 or 来 is left out (700余 is 700). Vague numerals (几十, 两三百) are for
    ``parse_interval``. A surface of more than 64 characters is no statistical number.
    """
    text = surface.strip().replace("−", "-").replace("－", "-")
    number = _parse(text) if len(text) <= _LONGEST else None
    return number if number is None or number.adjusted() < _LONGEST else None


def _parse(text: str) -> Decimal | None:
    if text in ("首", "首位", "首个"):
        return Decimal(1)
    if text in ("半", "一半"):
        return Decimal("0.5")
    if text[:1] in ("第", "前") and len(text) > 1:
        rank = _whole(text[1:])
        return rank if rank is not None and rank > 0 else None
    text = _MORE.sub(r"\1", text)
    if "分之" in text:
        below, _, above = text.partition("分之")
        return _divide(_positive(above), Decimal(100) if below == "百" else _positive(below))
    if slash := _SLASH.fullmatch(text):
        return _divide(Decimal(slash[1]), Decimal(slash[2]))
    if ":" in text:
        parts = text.split(":")
        return _divide(_positive(parts[0]), _positive(parts[1])) if len(parts) == 2 else None
    if plain := _PLAIN.fullmatch(text):
        powers = _powers(plain[3])
        number = Decimal(plain[2].replace(",", ""))
        if plain[1] == "-":
            number = number.copy_negate()
        return None if powers is None else _EXACT.multiply(number, Decimal(powers))
    return _positive(text)


def parse_interval(surface: str) -> tuple[Decimal, Decimal] | None:
    """The least and greatest number that a vague numeral can stand for, or None if it is not vague.

    五六 is 5 to 6, 两三百 200 to 300, 十几 11 to 19, 三十几万 310000 to 390000; in front of a power 几 and 数 stand for
    2 to 9, so 几十 is 20 to 90.
    """
    text = _MORE.sub(r"\1", surface.strip())
    if few := _FEW.search(text):
        lowest = "一" if few.start() and text[few.start() - 1] == "十" else "二"
        low, high = (parse_number(text[: few.start()] + digit + text[few.end() :]) for digit in (lowest, "九"))
        return (low, high) if low is not None and high is not None else None
    pair = _PAIR.search(text)
    if pair is None or text[: pair.start()].strip("十百千") not in ("", *_DIGITS):
        return None
    first, second = _DIGITS[pair[1]], _DIGITS[pair[2]]
    if not (first > 0 and second - first in (1, 2)) or (second - first == 2 and (first, second) != (3, 5)):
        return None
    low = parse_number(text[: pair.start()] + pair[1] + text[pair.end() :])
    high = parse_number(text[: pair.start()] + pair[2] + text[pair.end() :])
    return (low, high) if low is not None and high is not None else None


def _positive(text: str) -> Decimal | None:
    """An unsigned whole or decimal number in Arabic digits or Chinese numerals."""
    if re.fullmatch(ARABIC, text):
        return Decimal(text.replace(",", ""))
    if decimal := _DECIMAL.fullmatch(text):
        whole, powers = _whole(decimal[1]), _powers(decimal[3])
        if whole is None or powers is None:
            return None
        digits = "".join(str(_DIGITS[c]) for c in decimal[2])
        return _EXACT.multiply(Decimal(f"{whole}.{digits}"), Decimal(powers))
    return _whole(text)


def _whole(text: str) -> Decimal | None:
    if re.fullmatch(r"\d+", text):
        return Decimal(text)
    if len(text) > 1 and all(c in _DIGITS for c in text):
        digits = "".join(str(_DIGITS[c]) for c in text)
        return Decimal(digits) if len(text) > 2 or "0" in digits else None
    value = _chinese(text)
    return None if value is None else Decimal(value)


def _chinese(text: str) -> int | None:
    """A Chinese numeral, split at its last 亿, then its last 万, so that 一万五千亿 is 15,000 times 亿."""
    if not text or any(c not in _DIGITS and c not in _POWERS for c in text):
        return None
    for sign in ("亿", "万"):
        left, found, right = text.rpartition(sign)
        if not found:
            continue
        power = _POWERS[sign]
        high = 1 if not left else _chinese(left)
        low = _tail(right, power)
        return None if high is None or low is None or low >= power else high * power + low
    return _section(text)


def _tail(text: str, power: int) -> int | None:
    """What follows 万 or 亿: nothing, a lone digit for the next decimal place (三万五), or a smaller number."""
    if not text:
        return 0
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text] * power // 10
    return _chinese(text.lstrip("零〇")) if text.strip("零〇") else None


def _section(text: str) -> int | None:
    """A numeral below 10,000; a bare power (百, 千) counts as one of it, 一千二 as 1,200."""
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    d1000, u1000, _, d100, u100, _, d10, u10, zero, last = match.groups()
    if u1000 and u100 and not d100:
        return None
    total = 0
    for digit, unit in ((d1000, u1000), (d100, u100), (d10, u10)):
        if unit:
            total += (_DIGITS[digit] if digit else 1) * _POWERS[unit]
    if last:
        shortened = not (u10 or zero)
        total += _DIGITS[last] * (10 if u100 and shortened else 100 if u1000 and shortened else 1)
    return total


def _powers(text: str) -> int | None:
    return 1 if not text else _chinese(text)


def _divide(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return _ROUNDED.divide(above, below) if above is not None and below else None
