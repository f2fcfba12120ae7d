"""VALUE and UNIT: every number that states a quantity, and none that is a date, a name, a threshold or an ordinal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.lexicon import units as unit_lexicon
from zhibiao.lexicon.numbers import NUMBER_RE
from zhibiao.rules.lexicon import APPROXIMATE, AT_LEAST, AT_MOST
from zhibiao.rules.model import Number, Piece, covers
from zhibiao.rules.words import alternation

_THOUSANDS = frozenset("瓦克米伏卡升")
_SHARED = re.compile(r"\s*(?:[、,]|和|及|与|或|至|到|[-—~～－–]{1,2})\s*")
_RANGE = re.compile(r"\s*(?:至|到|[-—~～－–]{1,2}|或)\s*")
_LIST_MARK = re.compile(r"(?:^|[。;!?\n])\s*$")
_RANK_CONTEXT = re.compile(
    r"(?:居|列|排|位|名|第|前|进入|跻身|跃居|跃升|保持|升至|升到|晋升|攀升|由|从|上年|降至|滑落至|全[国省市区州县]|[省市区县州国城界]|总数|总量|增速|增幅|规模|以|是|为|分别|、|和|取得|获|夺得|之)"
    r"(?:[^,;:。]{0,24})$"
)
_RANK_VERB = re.compile(r"(?:居|列|排|位列|位于|名列|排名|跃至|升至|重回|站稳|跻身|荣获|获得)[^,;:。\d]{1,16}$")
_INDEX = re.compile(
    r"(?:指数|指标|容积率|系数|景气度|比价|收入比|之比|比例|结构|产销比|生师比|PMI|CPI|PPI|得分|评分|比)\)?(?:\([^()]{0,12}\))?"
    r"[^,;:。\d]{0,8}$"
)
_INDEX_LIST = re.compile(r"[(,、和]$|到$|至$")
_ENDS = re.compile(r"$|[,;:。、!?)\n”]|以上|以下|左右|和|及|与|,|的|升|回|降|提|调|缩|扩|上|至|到|—|-")
_APPROX_LEFT = re.compile(rf"(?:{alternation((*APPROXIMATE, *AT_LEAST, *AT_MOST))}|达到|达|到|冲刺|实现|投资)(?:了)?$")
_BARE_POWER = re.compile(r"[百千万亿]+")
_DURATION_OK = re.compile(
    r"(?:天数|时间|时长|小时数|周期|时限|期限|周转|工期|用时|时效|压缩|缩短|减少|增加|提前|平均|时延|耗时|日数|停留|年龄|寿命|里程|可耗|可用|库存|保持|长出|供应|优良天?)"
    r"[^,;。]{0,18}$"
)
_DURATION_NO = re.compile(r"(?:连续|历时|持续|近|时隔|每|过去|未来|今后|最近|用了?|仅用|花费|花了|运行|经过|工作|耗时|为期|长达|已有|满|第)$")
_THRESHOLD = re.compile(
    r"(?:\s*[及(]?(?:以上|以下|以内|之上|以外)\)?)(?!(?:[,;:。、!?)\n”%]|$|的?(?:速度|增速|增长|水平|目标|任务|高位|台阶|占|已|为|均|都|比|同|能|可|在|是|就|,|、)|,|和|及|与|;|占|并|同比|由|提|至|到))"
)
_SIZE = ("currency", "area", "mass", "length", "power", "energy", "volume", "voltage", "person", "person_time", "tonnage", "count", "age", "data",
         "apparent_power", "percent", "number")  # fmt: skip
_NAME_AFTER = re.compile(r"级|强(?!度)|型|周年|时代|分制|号|及?以[上下](?:的)?(?:岁|人口)|大卡|地球日")
_NAMED_CLASS = re.compile(r"的[“”\u4e00-\u9fff]{0,6}?(?:企业|项目|机组|省|市|县|地块|产品|园区|工程|乡镇|集群|产业|别墅|楼盘|城市)")
_MEASURES = re.compile(
    r"(?:[^,。;、:]{0,8}?(?:措施|举措|任务(?!的)|意见|条例|倡议|要求|原则|攻坚|规定|公约)|(?:主要|重点|具体|重大)?(?:方面|环节|维度|层面|领域|步骤|阶段|批次|字(?!号)))"
)
_REGION_COUNT = re.compile(r"(?:地级|直辖|沿海|重点|主要)?(?:省区市|省市|省份|省|市州|市县|市|区县|县市|县|区|州|盟|国家|乡镇|镇|个)")


def find_values(text: str, taken: Sequence[Piece], titles: Sequence[Piece]) -> list[Number]:
    """The VALUEs of ``text`` in order.

    ``taken`` are stretches that are no quantity whatever they hold (periods, regions with a number), ``titles`` those between 《》 and
    short quotes; both sorted and disjoint.
    """
    raw = _with_units(text, taken, titles)
    _share_units(text, raw)
    return [number for number in _mark_ranges(text, raw) if _is_quantity(text, number)]


def _with_units(text: str, taken: Sequence[Piece], titles: Sequence[Piece]) -> list[Number]:
    taken_starts, title_starts = [p.start for p in taken], [p.start for p in titles]
    unit_re = unit_lexicon.UNIT_RE
    found: list[Number] = []
    skip_to = 0
    for match in NUMBER_RE.finditer(text):
        start, end = match.span()
        if start < skip_to or covers(taken, taken_starts, start) or covers(titles, title_starts, start):
            continue
        kind = match.lastgroup or "arabic"
        if kind in ("arabic", "ratio") and start and text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] in "._/"):
            continue
        if kind in ("fraction", "percent", "ratio", "half"):
            found.append(Number(start, end, kind))
            continue
        unit = unit_re.match(text, end) if kind != "rank" else _rank_unit(text, end)
        if kind == "chinese" and end - start > 1 and text[end - 1] == "千" and text[end : end + 1] in _THOUSANDS:
            end -= 1
            unit = unit_re.match(text, end)
        number = Number(start, end, kind)
        if unit is not None and unit.end() > end:
            number.unit = Piece(end, unit.end())
            known = unit_lexicon.lookup_unit(unit.group())
            number.dimension = "rank" if kind == "rank" else known.dimension if known else "count"
            skip_to = unit.end()
        found.append(number)
    return found


_RANK_UNIT = re.compile(r"位(?!于|居|列)|名(?!列|单)")


def _rank_unit(text: str, end: int) -> re.Match[str] | None:
    return _RANK_UNIT.match(text, end)


def _share_units(text: str, numbers: list[Number]) -> None:
    """A unit written once serves the whole list: 5.8、3.1和0.9个百分点, 7—8%, 第二、第三位."""
    for index in range(len(numbers) - 2, -1, -1):
        this, after = numbers[index], numbers[index + 1]
        if this.unit is not None and after.unit is not None and text[slice(*this.unit)] == "个" and after.dimension == "percentage_point":
            if len(text[this.after : after.start]) <= 2:
                this.dimension = after.dimension
            continue
        if this.unit is not None or after.unit is None or this.kind not in ("arabic", "chinese", "rank"):
            continue
        gap = text[this.end : after.start]
        same = (this.kind == "rank") == (after.kind == "rank")
        if same and len(gap) <= 3 and (_SHARED.fullmatch(gap) or _RANGE.fullmatch(gap)):
            this.unit, this.dimension = after.unit, after.dimension


def _mark_ranges(text: str, numbers: list[Number]) -> list[Number]:
    for this, after in zip(numbers, numbers[1:], strict=False):
        gap = text[this.after : after.start]
        if this.unit is None or after.unit is None or not _RANGE.fullmatch(gap) or this.high or this.kind == "rank":
            continue
        partly = this.dimension == "number" or this.unit == after.unit or text[slice(*this.unit)] == text[slice(*after.unit)]
        money = this.dimension == after.dimension
        if (partly or money) and not re.search(r"[由从]\D{0,12}$", text[max(0, this.start - 14) : this.start]):
            this.low, after.high = True, True
    return numbers


def _is_quantity(text: str, number: Number) -> bool:
    left = text[max(0, number.start - 30) : number.start]
    left = re.split(r"[。;!?\n]", left)[-1]
    right = text[number.after : number.after + 24]
    return _CHECKS[number.kind](text, number, left, right)


def _arabic(text: str, number: Number, left: str, right: str) -> bool:
    if number.unit is None:
        return _bare_number(text, number, left, right)
    unit = text[slice(*number.unit)]
    if number.dimension == "duration":
        return _duration(unit, left, right)
    if unit in ("次", "届", "期", "号", "级", "代", "版", "班", "点", "类", "分", "段", "手", "批", "层", "店", "院", "对", "度", "方", "里", "面"):
        return _doubtful(unit, left, right)
    if left.endswith(("第", "±", "“", "《", "TOP", "top", "PM", "NO.", "No.")) and not (left.endswith("“") and len(right) > 8):
        return False
    return not _named(number, unit, left, right)


def _named(number: Number, unit: str, left: str, right: str) -> bool:
    """The number is part of a name: a threshold, a class of firms, a height, counts of measures or tasks."""
    if number.unit is not None and number.unit.start != number.end and not number.low:
        return False
    if number.dimension in _SIZE and _THRESHOLD.match(right) and (number.dimension != "count" or unit not in "个家项户名件"):
        return True
    if _NAME_AFTER.match(right) or left.endswith(("每", "海拔", "海拔高度", "折")):
        return True
    if unit in ("个", "项", "条") and _MEASURES.match(right):
        return True
    if re.search(r"在(?:全[国省市区州县])?$", left) and re.match(r"[\u4e00-\u9fff]{1,10}中(?:由|居|列|排|名|位)", right):
        return True
    if unit in ("个", "余个", "多个") and left.endswith("等") and _REGION_COUNT.match(right):
        return True
    if number.dimension in ("currency", "power", "percent", "person") and (number.low or number.high or re.search(r"(?:超|超过|过|达|达到|高于|大于)$", left)):
        return _NAMED_CLASS.match(right) is not None or bool(re.match(r"项目|企业(?!反)|\+", right))
    return number.dimension == "age" and not re.search(r"年龄|寿命|均", left)


def _duration(unit: str, left: str, right: str) -> bool:
    if unit in ("年", "日", "月", "年度", "季度", "个季度", "周", "秒", "刻钟", "个年头", "学时", "课时", "h"):
        return False
    if _DURATION_NO.search(left) and not re.search(r"(?:压缩|缩短|减少|增加|延长)[^,;。]{0,6}$", left):
        return False
    return bool(_DURATION_OK.search(left)) and not right.startswith(("的有效", "后", "前", "内", "来", "以来", "之后", "之内"))


def _doubtful(unit: str, left: str, right: str) -> bool:
    """Measure words that are more often part of a name or an ordinal."""
    if left.endswith(("第", "每", "“")) or re.match(r"[级代版]", right):
        return False
    if unit in ("点", "分"):
        return bool(re.search(r"指数|百分|回升|回落|上升|下降|提高|低|高|得分|评分|均分|涨|跌", left)) and not right.startswith(("钟", "半"))
    if unit in ("度", "方", "里", "面"):
        return not right.startswith(("电价", "角"))
    if unit in ("级", "代", "版", "类", "届", "期", "号", "段", "班", "手"):
        return False
    return True


def _bare_number(text: str, number: Number, left: str, right: str) -> bool:
    surface = text[number.start : number.end]
    if surface[-1] in "余多几":
        return False
    if not _INDEX.search(left) or not _ENDS.match(right):
        return False
    if right[:1] in ("-", "—", "+") or left[-1:] in ("“", "+", "-", "—", "第", "《"):
        return False
    return "." in surface or len(surface) >= 2 and bool(re.search(r"指数|得分|评分", left))


def _rank(text: str, number: Number, left: str, right: str) -> bool:
    surface = text[number.start : number.end]
    if surface == "首":
        return right[:1] != "置" and bool(_RANK_CONTEXT.search(left))
    if number.unit is None and not re.match(r"$|[,;:。、!?)\n”]|和|,|的|方阵|强|;|名|\(|前移|提升|上升|升|跃|滑|降|到|至|下", right):
        return False
    if surface[0] == "前":
        return bool(re.search(r"(?:居|列|排|位|入|身|持|达|在|进|升|名|国|省|市|区|州|,|的)$", left)) and not right.startswith(("强", "季", "年", "月", "个", "后"))
    if number.unit is None:
        return bool(_RANK_VERB.search(left)) or bool(re.search(r"(?:居|列|排|位|第|在|名|入|持|[国省市区州县界内]|[一二三四五六七八九十\d]|城市|地区|西部|东部|中部|、|和|分别|于|至|到|由)$", left))
    return bool(_RANK_CONTEXT.search(left)) or bool(_RANK_VERB.search(left))


def _always(text: str, number: Number, left: str, right: str) -> bool:
    return not (number.kind == "fraction" and right[:1] in ("/", "月"))


def _ratio(text: str, number: Number, left: str, right: str) -> bool:
    return bool(re.search(r"比|结构|调整|缩小|扩大|为|由|从|优化", left[-16:])) and bool(_ENDS.match(right))


def _half(text: str, number: Number, left: str, right: str) -> bool:
    if text[number.start : number.end] == "一半":
        return bool(_ENDS.match(right)) or right.startswith(("还", "是", "来自", "多"))
    return left.endswith(("过", "近", "超", "占")) and bool(re.match(r"$|[,;:。!?)]", right))


def _chinese(text: str, number: Number, left: str, right: str) -> bool:
    surface = text[number.start : number.end]
    unit = text[slice(*number.unit)] if number.unit is not None else ""
    core = surface.rstrip("余多来")
    vague = core != surface or "几" in core or core[:1] == "数"
    if unit in ("成", "倍", "%"):
        return _tenths(core, unit, left, right)
    if not unit or left.endswith(("第", "“", "每", "《", "之")) or re.match(r"[级强型大]", right) or core in ("一", "半", "几", "数"):
        return bool(surface == "千亿" and not unit and _APPROX_LEFT.search(left) and _ENDS.match(right))
    if number.dimension == "duration" or unit in ("次", "届", "期", "号", "级", "代", "大", "类", "点", "分", "面", "口", "道", "度", "手", "线", "季", "方", "名"):
        return unit in ("名", "次") and len(core) > 1 and "百" in core + "千万" and core not in ("百", "千", "万")
    if number.dimension == "currency" and _named(number, unit, left, right):
        return False
    if _BARE_POWER.fullmatch(core) and not vague:
        named = re.match(r"(?:级|[^,。;、]{0,6}(?:项目|工程|产业|集群|园区|行动|计划|大县|强))", right) is not None and number.dimension == "currency"
        return (bool(_APPROX_LEFT.search(left)) or (core[-1] == "亿" and number.dimension == "currency" and not named)) and not right.startswith("级")
    if number.dimension in _SIZE and _THRESHOLD.match(right):
        return False
    if any(power in core for power in "百千万亿"):
        return not _named(number, unit, left, right)
    if vague:
        return True
    return len(core) >= 2 and "十" in core and number.dimension in ("currency", "person", "mass", "area", "length") and not _named(
        number, unit, left, right
    )


def _tenths(core: str, unit: str, left: str, right: str) -> bool:
    if unit == "成":
        if re.match(r"[为立本长功果员效品熟交分型套年片就绩人份渝昆县都不]", right):
            return False
        return len(core) <= 2 and core != "十"
    return not right.startswith(("增计划", "数"))


_CHECKS = {
    "arabic": _arabic,
    "chinese": _chinese,
    "rank": _rank,
    "fraction": _always,
    "percent": _always,
    "ratio": _ratio,
    "half": _half,
}
