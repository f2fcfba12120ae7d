"""measure, trend, status and bound of a value, read from its frame, its unit and its sentence."""

from __future__ import annotations

import re

from zhibiao.rules import lexicon as lx
from zhibiao.rules.model import Frame, Number
from zhibiao.rules.words import alternation

_AFTER_MIN = re.compile(r"(?:及)?以上|之上|有余|出头|还多|还要多|多(?=[,。;、])|余(?=[,。;、])")
_AFTER_MAX = re.compile(r"(?:及)?以下|以内|之内")
_AFTER_APPROX = re.compile(r"左右|上下|前后")
_GROWTH_NOUN = re.compile(r"(?:增速|增幅|涨幅|增长率|升幅|增长速度|增长幅度|增长目标|增速目标|增长)$")
_FALL_NOUN = re.compile(r"(?:降幅|跌幅|下降幅度|下降率)$")
_NOUN_AFTER = re.compile(r"(?:以上|左右|以内)?的?(?:年均|同比|高|平均|较快)?(增速|增幅|增长|速度|涨幅|涨势|降幅|跌幅|下降|回落|目标)")
_SHARE_NOUN = re.compile(r"(?:占比|比重|份额|占有率)$")
_PERCENT = ("percent", "permille", "multiple")
_POINTS = ("percentage_point", "basis_point")
_TARGET = re.compile(
    r"力争|争取|确保|目标(?!任务的)|(?<!年度)(?<!时序)(?<!年)计划(?!总投资|的|任务|完成率|内)|规划(?!的\d)|(?<!即)(?<![不必])将(?!近|军|进酒|以|达产)|(?<![主重需必只简])要(?!素|求|闻|么)|锚定|拟|冲刺|奋斗|瞄准|必须|预算安排|要求(?=.{0,12}(?:达|不))"
)
_ESTIMATE = re.compile(rf"{alternation(lx.ESTIMATE_CUES)}")
_FUTURE_YEAR = re.compile(r"到(?:20[2-9]\d年|“十[四五六]五”末|20[2-9]\d)")
_ACTUAL = re.compile(r"(?<!不)(?:已经|已(?![列纳])|累计完成|截至|去年|上年|此前|目前(?!的目标)|实际)")


def set_bound(text: str, number: Number, frame: Frame) -> str:
    """exact, min, max or approx; the words after the unit win over those in front of it."""
    if number.low:
        return "min"
    if number.high:
        return "max"
    after = text[number.after : number.after + 6]
    for pattern, bound in ((_AFTER_MIN, "min"), (_AFTER_MAX, "max"), (_AFTER_APPROX, "approx")):
        if pattern.match(after):
            return bound
    surface = text[number.start : number.end]
    unit = text[number.unit.start : number.unit.end] if number.unit is not None else ""
    if number.kind == "rank":
        return "max" if surface.startswith("前") else "exact"
    if surface[-1] in "余多几" or "余" in unit or "多" in unit or "几" in surface or surface[0] == "数":
        return "min"
    return frame.bound or "exact"


def set_measure(text: str, number: Number, frame: Frame, noun: str) -> tuple[str, str]:
    """The pair (measure, trend). ``noun`` is the expression noun (增速, 占比) that stood before the number."""
    if number.kind == "rank":
        return "rank", "none"
    trend = _trend(text, number, frame, noun)
    if frame.relation == "contribution":
        return "level", "none"
    if number.dimension in _POINTS and not frame.attained:
        return "change", trend
    relative = number.dimension in _PERCENT or number.kind in ("fraction", "percent", "half")
    if relative:
        return _relative(text, number, frame, noun, trend)
    if frame.direction and not frame.attained and frame.verb:
        return "change", trend
    return "level", "none"


def _relative(text: str, number: Number, frame: Frame, noun: str, trend: str) -> tuple[str, str]:
    if frame.relation in ("share", "ratio") or _SHARE_NOUN.search(noun):
        return "share", "none"
    following = _NOUN_AFTER.match(text, number.after)
    if following is not None and following.group(1) != "目标":
        down = following.group(1) in ("降幅", "跌幅", "下降", "回落")
        return "growth", "down" if down or text[number.start] == "-" else "up"
    if frame.direction and not frame.attained:
        return "growth", trend
    if _GROWTH_NOUN.search(noun) or _FALL_NOUN.search(noun):
        return "growth", trend
    if number.kind in ("fraction", "half"):
        return "share", "none"
    if number.dimension == "multiple":
        return ("growth", trend) if frame.direction else ("share", "none")
    return "level", "none"


def _trend(text: str, number: Number, frame: Frame, noun: str) -> str:
    negative = text[number.start] in "-−"
    if _FALL_NOUN.search(noun) and number.dimension not in _POINTS:
        return "down"
    if negative:
        return "down"
    if frame.direction and not (frame.attained and _GROWTH_NOUN.search(noun)):
        return "up" if frame.direction > 0 else "down"
    return "up"


def set_status(text: str, sentence: int, number: Number, year: str) -> str:
    """target or estimate after a cue of the same sentence that no word of fact has ended; else actual."""
    left = text[max(sentence, number.start - 160) : number.start]
    cue, status = -1, "actual"
    for pattern, name in ((_TARGET, "target"), (_FUTURE_YEAR, "target"), (_ESTIMATE, "estimate")):
        for found in pattern.finditer(left):
            if found.start() >= cue:
                cue, status = found.start(), name
    if cue < 0:
        return "actual"
    for found in _ACTUAL.finditer(left):
        if found.start() > cue:
            return "actual"
    return status
