"""Blanks and line breaks that cut a number, or a number and its unit, in two; lost dashes in month ranges.

All steps are careful: a blank between two figures is a column border unless what follows proves that they are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhibiao.text.offsets import Edit, OffsetMap, apply_edits

_HAN = "㐀-鿿〇"
# Units and measure words that are joined to a number before them. Those that start another common word are guarded.
_UNIT = (
    r"(?:[%‰℃]|个百分点|个(?![人体别税股])|百分点|[多余]?[百千万亿兆](?![州科年达博])|多?(?:美|欧|日|港|澳|新台)?元(?![旦宵素月])|"
    r"平方|立方|公里|公顷|公斤|千克|千米|千瓦|兆瓦|吉瓦|千伏|米(?![兰粉面])|吨|亩(?!均)|斤|"
    r"年(?![均轻龄])|季度|月(?![均饼])|日(?![均报本常元])|天(?![津然气])|时(?=\d|许|$)|小时|分钟|周(?![边口])|"
    r"[余多]?家(?![庭电具居用])|户(?![均籍外型])|人(?![民均口才工大事])|名(?![称录优单牌])|位(?![居列于置])|"
    r"项(?!目)|件(?!数)|台(?![湾州账])|套|条(?!件)|所(?![有以得])|座|处(?![理于])|次(?!性)|批(?![发复])|场(?![所地景])|"
    r"辆|艘|架|株|届|倍|层|栋)"
)
_CONTINUOUS = r"(?:[%‰℃]|个?百分点|[百千万亿]|(?:美|欧|日|港)?元|平方|立方|公里|公顷|千瓦|兆瓦|吨|亩|倍)"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_BEFORE_UNIT = re.compile(rf"(?<=\d) {{1,3}}(?={_UNIT})")
_AFTER_DI = re.compile(r"(?<=第) {1,3}(?=[\d一二三四五六七八九十百])")
_BEFORE_NUMBER = re.compile(rf"(?<=[{_HAN}]) {{1,2}}(?=[-+]?{_NUMBER}(?: ?[-—–~～至到] ?{_NUMBER})? ?{_UNIT})")
# 132. 7 亿元 and 132 .7: within a sentence (not 1. 5G建设, ;2. 3家) and before a unit that can have decimals.
_POINT = re.compile(rf"(?<=\d)(?: {{1,2}}\. {{0,2}}|\. {{1,2}})(?=\d{{1,4}} ?{_CONTINUOUS})")
_POINT_HEAD = re.compile(rf"[{_HAN}+-] ?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)$")
# 1 296.22亿元, 1, 296, 000元: groups of three that a decimal part, money or a second comma proves to be one number.
_GROUPS = re.compile(
    rf"(?:(?<=[{_HAN}])|(?<=[达为至到共约近超破了] ))[1-9]\d{{0,2}}"
    r"(?:(?: \d{3})+(?=\.\d| ?[万亿]?元)|(?: ?, ?\d{3})+(?=\.\d)|(?: ?, ?\d{3}){2,})"
    rf"(?!\d)(?=(?:\.\d+)? ?{_UNIT})"
)
_RANGE = re.compile(rf"(?<=[\d%月日年]) {{1,2}}[-—–~～至到] {{1,2}}(?={_NUMBER} ?{_UNIT})")
_MONTHS = re.compile(r"(?<=\d) {0,2}[-—–~～] {0,2}(?=\d{1,2} ?(?:月|日|季度))")
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?: [{_HAN}]){{3,}}(?![{_HAN}])")
# Both ends in the same unit: in 2月?24日 some other character was lost.
_LOST_DASH = re.compile(
    r"(?<![\d.])(?:\d{1,2}月?\?(?=\d{1,2}月)|\d{1,2}\?(?=\d{1,2}(?:日|季度))|\d{1,2}日\?(?=\d{1,2}[日月])|\d{4}年?\?(?=\d{4}年))"
)
_WRAP = re.compile(
    r"\n(?<=\d\n)(?=(?:[%‰]|个百分点|[百千万亿]*元|万吨|亿千瓦|万千瓦|平方公里|[万亿]?(?:千瓦时|吨|亩|平方米|人次))(?![a-zA-Z]))"
    r"|\n(?<=\d\.\n)(?=\d{1,2}(?:%|个百分点|[百千万亿]*元|万吨))"
)
_FEWEST_CHARS_BEFORE_POINT_WRAP = 15
_HEAD_CHARS = 20


def restore_dashes(text: str) -> tuple[str, OffsetMap]:
    """1?9月 → 1-9月: a dash that some encoding could not write; the length does not change."""
    if "?" not in text:
        return text, OffsetMap.identity(len(text))
    return apply_edits(text, (Edit(m.end() - 1, m.end(), "-") for m in _LOST_DASH.finditer(text)))


def join_wraps(text: str) -> tuple[str, OffsetMap]:
    """Remove a line break between a figure and its unit, or after a decimal point at the end of a long line."""
    return apply_edits(text, _wrap_edits(text))


def join_letters(text: str) -> tuple[str, OffsetMap]:
    """全 市 工 业 → 全市工业: four or more characters set apart by single blanks."""
    if " " not in text:
        return text, OffsetMap.identity(len(text))
    blanks = (i for m in _SPACED.finditer(text) for i in range(m.start() + 1, m.end(), 2))
    return apply_edits(text, (Edit(i, i + 1) for i in blanks))


def join_numbers(text: str) -> tuple[str, OffsetMap]:
    """Remove blanks around decimal points, between thousands groups and around the dash of a range."""
    if " " not in text:
        return text, OffsetMap.identity(len(text))
    blanks: set[int] = set()
    for pattern in (_POINT, _GROUPS, _RANGE, _MONTHS):
        for match in pattern.finditer(text):
            if _is_one_number(text, match):
                blanks.update(i for i in range(*match.span()) if text[i] == " ")
    return apply_edits(text, (Edit(i, i + 1) for i in sorted(blanks)))


def join_units(text: str) -> tuple[str, OffsetMap]:
    """Remove blanks between a number and its unit, after 第, and between a character and a number with a unit."""
    if " " not in text:
        return text, OffsetMap.identity(len(text))
    edits = {
        m.start(): Edit(m.start(), m.end()) for p in (_BEFORE_UNIT, _AFTER_DI, _BEFORE_NUMBER) for m in p.finditer(text)
    }
    return apply_edits(text, (edits[key] for key in sorted(edits)))


def _is_one_number(text: str, match: re.Match[str]) -> bool:
    """False where the match may be a list number before a number (``_POINT``) or two listed values (``_GROUPS``)."""
    start = match.start()
    if match.re is _POINT:
        return _POINT_HEAD.search(text[max(0, start - _HEAD_CHARS) : start]) is not None
    return match.re is not _GROUPS or "分别" not in text[max(0, start - _HEAD_CHARS) : start]


def _wrap_edits(text: str) -> Iterator[Edit]:
    for match in _WRAP.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if line.endswith(".") and len(line) < _FEWEST_CHARS_BEFORE_POINT_WRAP:
            continue
        yield Edit(match.start(), match.end())
