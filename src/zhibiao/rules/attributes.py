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
_FALL_NOUN = re.compile(r"(?:减幅|滑幅|缩水幅度|收缩幅度|降幅|跌幅|下降幅度|下降率)$")
_NOUN_AFTER = re.compile(
    r"(?:以上|左右|以内)?的?(?:年均|同比|高|平均|较快)?(增速|增幅|增长|速度|涨幅|涨势|降幅|跌幅|下降|回落|目标)"
)
_RATE = re.compile(r"率[^,;。]{0,8}$")
_SHARE_NOUN = re.compile(r"(?:占比|比重|份额|占有率)$")
_PERCENT = ("percent", "permille", "multiple")
_POINTS = ("percentage_point", "basis_point")
_TARGET = re.compile(
    r"力争|打算|底线|任务书|盘子|年底前(?=再|要|将|还)|争取(?!新增|到|上级|中央)|确保|(?:增长|增速|预期|主要|目标)?目标(?:建议)?(?=[为是:定回达完]|已经写进|增长"
    r"|要)|预期(?=增长|目标)|年度计划(?=投资\D{0,3}$)"
    r"|(?<!年度)(?<!时序)(?<!(?<![今明后前])年)计划(?!推行)(?=[完投新统发建实到于今年在组安推改开培集全再把将高重用分募引清增用交明盘]"
    r")(?!总投资|投资[占总额])"
    r"|(?<![必不主重需只简首])要(?=[达完力实确把再新发建腾汇突统覆占保提推在争培向超做努抓招])|锚定"
    r"|(?<!虚)拟(?=[安建投引完新发对])|冲刺(?!阶段)|奋斗|瞄准|必须|(?<![稳固])定[在为]|不排除"
    r"|(?:方案|规划|报告|意见|纲要|行动计划|会议|清单|局|委|厅)》?(?:还)?(?:提出|明确|要求|强调|部署|议定)"
    r"|责任状|任务清单|标定|已经划定|时间表|(?:根据|按照)[^,;。]{0,30}(?:方案|规划|计划|部署|安排)"
)
_WILL = re.compile(r"(?<![即不必])将(?!近|乐|军|\d|[^,;。]{0,14}(?:划入|列入|纳入|作为|改造成))")
_ESTIMATE = re.compile(
    rf"{alternation(lx.ESTIMATE_CUES)}|预期(?!目标)|估在|(?<=[单量价额入值])会(?=减少|增加|下降|回落|上升|被)|要被|(?:建成|通车)后(?=[^;。]{{0,20}}(?:可|将|预计|年))|届时"
    rf"|可(?=达|实现|带动|增加|新增|撬动|为企业|提供|形成|年产|制|减|节约|完成)(?<!最高可)"
)
_FUTURE_YEAR = re.compile(r"(?:^|[,;:。、“])\(?到(?:20[2-9]\d年|“十[四五六]五”末|20[2-9]\d|年底|本世纪)")
_ACTUAL = re.compile(
    r"已(?:经)?(?=完成|建成|达|有|累计|突破|开工|实现|超|增|引|签|投|带动|降|培|聚|集|落|办|吸|形成|惠及|全部"
    r"|升)|累计完成|截至|(?<![比较])(?<!较上)(?:去年|上年)(?!同期|末)|此前|目前(?!的)|数据显示|统计显示|据统计"
    r"|超额完成|分别完成"
)
_PLAN = re.compile(r"方案|规划(?!实施)|报告》?提出|会议(?:提出|明确|要求|强调)|目标|坐标|清单|部署|时间表|力争|怎么干")
_PAST = re.compile(
    r"同比|环比|去年|上年|目前|今年以来|上半年|前[一二三\d]|[\d一至—-]月|季度|年末|获悉|显示|了|数据|同期|昨|日"
)
_FROM = re.compile(r"(?:由|从)[^,;:。由从]{0,18}$")
_MOVES = re.compile(r"(?:以上|左右|以内|上下|多)?[^\d,;:。]{1,4}?(?:到|至|为)")
_THAN_FIGURE = re.compile(r"(?:较|比)[^,;:。]{1,8}(?:年|季度|月|同期|期)的$")
_IS_AIM = re.compile(
    r"(?:以上|左右|以内)?的?(?:[\u4e00-\u9fff]{1,3})?(?:年度|全年|预期|控制|奋斗|规划|既定|减排|节能"
    r"|增长)?(?:目标|任务)(?!的|任务的)"
)


def set_bound(text: str, number: Number, frame: Frame) -> str:
    """exact, min, max or approx; the words after the unit win over those in front of it."""
    if number.low:
        return "min"
    if number.high:
        return "max"
    if frame.bound == "max" and _IS_AIM.match(text, number.after):
        return "exact"
    after = text[number.after : number.after + 6]
    for pattern, bound in ((_AFTER_MIN, "min"), (_AFTER_MAX, "max"), (_AFTER_APPROX, "approx")):
        if pattern.match(after):
            return bound
    surface = text[number.start : number.end]
    unit = text[number.unit.start : number.unit.end] if number.unit is not None else ""
    if number.kind == "rank":
        return "max" if surface.startswith("前") else "exact"
    if (
        surface[-1] in "余多几"
        or "余" in surface
        or "余" in unit
        or "多" in unit
        or "几" in surface
        or surface[0] == "数"
    ):
        return "min"
    return frame.bound or "exact"


def set_measure(text: str, number: Number, frame: Frame, noun: str) -> tuple[str, str]:
    """The pair (measure, trend). ``noun`` is the expression noun (增速, 占比) that stood before the number."""
    if number.kind == "rank":
        return "rank", "none"
    trend = _trend(text, number, frame, noun)
    if number.dimension in _POINTS and not frame.attained:
        return "change", trend
    if frame.relation == "contribution":
        return "level", "none"
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
    if text[number.start] in "-−" and not noun and not _RATE.search(text, max(0, number.start - 12), number.start):
        return "growth", "down"
    if number.kind in ("fraction", "half"):
        return "share", "none"
    if frame.relation == "compare" and not frame.direction:
        return "growth", trend
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


def first_plan(text: str) -> int:
    """Where the first word of a plan, report or meeting stands; the text's length if there is none."""
    found = _PLAN.search(text)
    return found.start() if found is not None else len(text)


def set_status(text: str, sentence: int, number: Number, before: str) -> str:
    """actual, target or estimate, by the last cue of the sentence.

    ``before`` goes on where the sentence has no cue: the status of the value before it in a plan, else actual.
    """
    if _IS_AIM.match(text, number.after) and number.kind != "rank":
        return "target"
    start = max(sentence, number.start - 160)
    left = text[start : number.start]
    target = _last(_TARGET, left)
    estimate = _last(_ESTIMATE, left)
    if 0 <= estimate < left.rfind(";"):
        estimate = -1
    future, will = _last(_FUTURE_YEAR, left), _last(_WILL, left)
    if future >= 0 or will >= 0:
        target = max(target, future, -1 if estimate >= 0 else will)
    if target < 0 and estimate < 0:
        return (
            before if before != "actual" and _PAST.search(left) is None and _ACTUAL.search(left) is None else "actual"
        )
    if _last(_ACTUAL, left) > max(target, estimate):
        return "actual"
    return "target" if target > estimate else "estimate"


def is_start(text: str, number: Number) -> bool:
    """True for the level that a change starts from: 由[85.3]%提高到88%, 较上半年的[-7.5]%明显改善."""
    left = text[max(0, number.start - 24) : number.start]
    if _FROM.search(left) is not None and _MOVES.match(text, number.after) is not None:
        return True
    return _THAN_FIGURE.search(left) is not None


def _last(pattern: re.Pattern[str], text: str) -> int:
    at = -1
    for found in pattern.finditer(text):
        at = found.start()
    return at
