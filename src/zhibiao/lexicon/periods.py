"""Mentions of periods in normalised text: calendar years, months, quarters, plan periods, holidays and relative spans.

``find_periods`` finds every maximal mention at the guideline's extents (without 截至, 到, 自, and without the 前 of
年底前, as annotated); which of them govern a value the caller decides. ``resolve_period`` (zhibiao.lexicon.dates)
gives the days a mention stands for.
"""

from __future__ import annotations

import re

from zhibiao.core.spans import Span
from zhibiao.lexicon.dates import resolve_period

__all__ = ["find_periods", "resolve_period"]

_TO = r"\s?(?:至|到|[-—–―~～?])\s?"
_CN = "一二两三四五六七八九十百"
_COUNT = rf"(?:\d{{1,3}}|[{_CN}]{{1,5}})(?:多|余)?"
_YEAR = (
    r"(?:(?<!\d)(?:19|20)\d\d年(?!代)度?|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}年"
    r"|(?:今|去|上|明|前|本|当|次|来|上一|同|翌)年(?!代|龄)度?)"
)
_MONTH = r"(?:(?<![\d.])(?:1[0-2]|0?[1-9])|十[一二]?|(?<![十二三四五六七八九])[一二三四五六七八九])月(?:份)?"
_MONTHS = (
    rf"(?<![\d.])\d{{1,2}}(?:月份?)?{_TO}\d{{1,2}}月份?"
    r"|[一二三四五六七八九十]{1,2}(?:月份?)?(?:至|到)[一二三四五六七八九十]{1,2}月份?"
)
_DAY = rf"{_MONTH}\d{{1,2}}[日号](?:{_TO}(?:\d{{1,2}}月)?\d{{1,2}}[日号])?(?:\d{{1,2}}时)?"
_QUARTER = rf"(?:第?[一二三四]|第?(?<![\d.])[1-4]|[上本当首]|前[一二两三四1-4]|[一1]{_TO}[二三四2-4])个?季度|当季"
_HALF = r"[上下前后]半年"
_FIRST = rf"[前头后](?:\d{{1,2}}|[{_CN}]{{1,5}})个?月(?!前)"
_FEAST = r"(?:[“\"](?:五一|十一|双十一|两节)[”\"]|五一|春节|国庆|中秋|端午|清明|元旦|元宵)"
_FESTIVAL = (
    rf"(?:这个)?(?:{_FEAST}(?:、?{_FEAST})*(?:黄金周|小长假|假期|假日)?|春运|黄金周|小长假|假期)"
    r"(?:前(?:\d+|[一二三四五六七八])天|\d天|期间|[前后](?=,))?"
    r"|(?:节日|假日|新春|暑期|暑假|寒假|冬奥会?|广交会|进博会)(?:举办)?(?:期间|档)"
)
_PART = rf"(?:{_MONTHS}|{_DAY}|{_QUARTER}|{_HALF}|{_FIRST}|{_MONTH}|全年|上月|上个月|{_FESTIVAL})"
_END = (
    r"(?:(?<=月)[底末](?:前(?!列))?|(?<=[日号节])前(?!列)|年?[底末]|年?初(?!步|级|中|期|始|衷)"
    r"|[上中下]旬|年?内(?![地需容资陆外生部蒙])|第[一二三四]周)"
)
_EVENT = "挂牌|启动|成立|建立|开通|开业|开园|投运|投用|上线|运营|实施|通车"
_AFTER = rf"(?:当月|同期|期间|(?:{_EVENT})?以来)"
_POINT = rf"(?:{_YEAR}{_PART}?{_END}?|今(?=[上下]半年|前三季度){_PART}|{_PART}{_END}?)"
_PLAN = (
    r"(?:[“\"「](?:十[一二三四五六]?|[一二三四五六七八九])五[”\"」]|(?:十[一二三四五六]五)(?=期|末|时期|以来|初))"
    r"(?:时期|期间|期末|期初|末期?|初期?|以来|前[一二三四1-4]年|后[一二三四1-4]年|开局之年|收官之年)?"
)
_SPAN = (
    rf"(?:近|过去的?|未来|今后|最近|这|此?前|此?后){_COUNT}(?:年|个月|个季度)(?:以来|来|间)?"
    rf"|[{_CN}]{{1,3}}(?:到|至)[{_CN}]{{1,3}}年(?:内)?|[一二两三四五六七八九十]{{1,3}}年(?=累计|新增|共)"
    rf"|(?<![\d.第前后]){_COUNT}(?:年|个月|个季度)(?:以来|来|间|之?内|以?前(?!列))|[一两二三]周前"
)
_SINCE = (
    r"(?:入[春夏秋冬汛]|开年|开春|疫情(?:发生|暴发)?|(?:党的)?[十七八九二]{1,2}大(?=以来)|改革开放|新世纪|建[市省县区]"
    rf"|直辖|撤县设[市区]|封关|{_EVENT})(?:运营|[百千]日)?(?:以来|来|初期)"
)
_SINGLE = (
    r"年初以来|年初|年[末底]|年内|年中(?!国)|[上本当]月末?|[这上]个月|上一个月|月[末底初]|当[日季]|期末|期初|首日|前一日|会期"
    r"|去冬今春|上一?雪季|同期|本世纪(?:初|中叶|末)|新的一年|除夕到正月初[一二三四五六七]|上年末"
)
_PERIOD_RE = re.compile(
    rf"{_PLAN}|{_SINCE}|{_POINT}{_TO}今(?!年)|(?:{_POINT}|封关){_TO}{_POINT}{_AFTER}?"
    rf"|(?<!\d)(?:19|20)\d\d{_TO}(?:19|20)\d\d年(?:期?间)?|{_POINT}{_AFTER}?|{_SINGLE}(?:同期)?|{_SPAN}"
)


def find_periods(text: str) -> list[Span]:
    """Every mention of a period in ``text``, from left to right and without overlap."""
    return [Span(*match.span()) for match in _PERIOD_RE.finditer(text)]
