"""Which number surfaces state a quantity: no dates, names, thresholds, ordinals, durations or counts of measures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from zhibiao.rules.lexicon import APPROXIMATE, AT_LEAST, AT_MOST
from zhibiao.rules.model import Number
from zhibiao.rules.words import alternation

_RANK_CONTEXT = re.compile(
    r"(?:居|列|排|位|名|第|前|进入|跻身|跃居|跃升|保持|升至|升到|晋升|攀升|由|从|上年|降至|滑落至"
    r"|全[国省市区州县]|[省市区县州国城界]|总数|总量|增速|增幅|规模|以|是|为|分别|、|和|取得|获|夺得|之|还?在)"
    r"(?:[^,;:。]{0,24})$"
)
_RANK_VERB = re.compile(r"(?:居|列|排|位列|位于|名列|排名|跃至|升至|重回|站稳|跻身|荣获|获得)[^,;:。\d]{1,16}$")
_INDEX = re.compile(
    r"(?:指数|指标|容积率|系数|景气度|比价|收入比|之比|比例|结构|产销比|生师比|PMI|CPI|PPI|得分|评分"
    r"|比)\)?(?:\([^()]{0,12}\))?"
    r"[^,;:。\d]{0,8}$"
)
_ENDS = re.compile(r"$|[,;:。、!?)\n”]|以上|以下|左右|和|及|与|,|的|升|回|降|提|调|缩|扩|上|至|到|—|-")
_APPROX_LEFT = re.compile(rf"(?:{alternation((*APPROXIMATE, *AT_LEAST, *AT_MOST))}|达到|达|到|冲刺|实现|投资)(?:了)?$")
_BARE_POWER = re.compile(r"[百千万亿]+")
_DURATION_OK = re.compile(
    r"(?:天数|时间|时长|小时数|周期|时限|期限|周转|工期|用时|时效|压缩|缩短|减少|增加|提前|平均|时延|耗时|日数"
    r"|停留|年龄|寿命|里程|可耗|可用|库存|保持|长出|供应|优良天?)"
    r"[^,;。]{0,18}$"
)
_DURATION_NO = re.compile(
    r"(?:连续|历时|持续|近|时隔|每|过去|未来|今后|最近|用了?|仅用|花费|花了|运行|经过|工作|耗时|为期|长达|已有"
    r"|满|第)$"
)
_THRESHOLD = re.compile(
    r"(?:\s*[及(]?(?:以上|以下|以内|之上|以外)\)?)(?!(?:[,;:。、!?)\n”%]|$|的?(?:速度|增速|增长|水平|目标|任务"
    r"|高位|台阶|占|已|为|均|都|比|同|能|可|在|是|就|,|、)|,|和|及|与|;|占|并|同比|由|提|至|到))"
)
_MEASURED = ("currency", "area", "mass", "length", "power", "energy", "volume", "voltage", "tonnage", "apparent_power")
_SIZE = frozenset((*_MEASURED, "person", "person_time", "count", "age", "data", "percent", "number"))
_NAME_AFTER = re.compile(r"级|强(?!度)|型|周年|时代|分制|号|及?以[上下](?:的)?(?:岁|人口)|大卡|地球日")
_NAMED_CLASS = re.compile(
    r"的[“”\u4e00-\u9fff]{0,6}?(?:企业|项目|机组|省|市|县|地块|产品|园区|工程|乡镇|集群|产业|别墅|楼盘|城市)"
)
_MEASURES = re.compile(
    r"(?:[^,。;、:]{0,8}?(?:措施|举措|任务(?!的)|意见|条例|倡议|要求|原则|攻坚|规定|公约)|(?:主要|重点|具体"
    r"|重大)?(?:方面|环节|维度|层面|领域|步骤|阶段|批次|字(?!号)))"
)
_REGION_COUNT = re.compile(
    r"(?:地级|直辖|沿海|重点|主要)?(?:省区市|省市|省份|省|市州|市县|市|区县|县市|县|区|州|盟|国家|乡镇|镇|个)"
)
_DOUBTFUL_UNITS = frozenset("次届期号级代版班点类分段手批层店院对度方里面")
_NEVER_UNITS = frozenset("级代版类届期号段班手")
_CHINESE_DOUBTFUL = frozenset("次届期号级代大类点分面口道度手线季方名")
_CALENDAR_UNITS = frozenset(
    ("年", "日", "月", "年度", "季度", "个季度", "周", "秒", "刻钟", "个年头", "学时", "课时", "h")
)
_RANK_END = re.compile(r"$|[,;:。、!?)\n”(]|和|落|的|方阵|强|名|前移|提升|上升|升|跃|滑|降|到|至|下")
_FRONT_RANK = re.compile(r"(?:居|列|排|位|入|身|持|达|在|进|升|名|国|省|市|区|州|,|的)$")
_BARE_RANK = re.compile(
    r"(?:居|列|排|位|第|在|名|入|持|[国省市区州县界内]|[一二三四五六七八九十\d]|城市|地区|西部|东部|中部|、|和|分别|于|至|到|由|期的|年的)$"
)
_NAMED_POWER = re.compile(r"(?:级|[^,。;、]{0,6}(?:项目|工程|产业|集群|园区|行动|计划|大县|强))")
_MOVED = re.compile(r"(?:[前后上下]移|上升|下滑|提升|跃升|前进|后退)(?:了|约)?$")
_WITHIN_PLACES = re.compile(r"在(?:全[国省市区州县])?$")
_RANKED_AMONG = re.compile(r"[\u4e00-\u9fff]{1,10}(?:\([^()]{1,8}\))?中(?:由|居|列|排|名|位)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number surface with its unit and the words around it (30 characters before within the sentence, 24 behind)."""

    number: Number
    surface: str
    unit: str
    left: str
    right: str

    @property
    def dimension(self) -> str:
        """The unit's kind."""
        return self.number.dimension


def is_quantity(text: str, number: Number) -> bool:
    """True if ``number`` is a VALUE by the guideline, section 3."""
    left = re.split(r"[。;!?\n]", text[max(0, number.start - 30) : number.start])[-1]
    unit = text[number.unit.start : number.unit.end] if number.unit is not None else ""
    it = Candidate(number, text[number.start : number.end], unit, left, text[number.after : number.after + 24])
    return _CHECKS[number.kind](it)


def _arabic(it: Candidate) -> bool:
    if not it.unit:
        return _bare_number(it)
    if it.dimension == "duration":
        return _duration(it)
    if it.unit in _DOUBTFUL_UNITS:
        return _doubtful(it)
    quoted = it.left.endswith("“") and len(it.right) <= 8
    if quoted or it.left.endswith(("第", "±", "《", "TOP", "top", "PM", "NO.", "No.")):
        return False
    return not _named(it)


def _named(it: Candidate) -> bool:
    """The number is part of a name: a threshold, a class of firms, a height, counts of measures or tasks."""
    number, unit, left, right = it.number, it.unit, it.left, it.right
    if number.unit is not None and number.unit.start != number.end and not number.low:
        return False
    if it.dimension in _SIZE and _THRESHOLD.match(right) and (it.dimension != "count" or unit not in "个家项户名件"):
        return True
    if _NAME_AFTER.match(right) or left.endswith(("每", "海拔", "海拔高度", "折")):
        return True
    if unit in ("个", "项", "条") and _MEASURES.match(right):
        return True
    if _WITHIN_PLACES.search(left) and _RANKED_AMONG.match(right):
        return True
    if unit in ("个", "余个", "多个") and left.endswith("等") and _REGION_COUNT.match(right):
        return True
    over = number.low or number.high or re.search(r"(?:超|超过|过|达|达到|高于|大于)$", left)
    if it.dimension in ("currency", "power", "percent", "person") and over:
        return _NAMED_CLASS.match(right) is not None or bool(re.match(r"项目|企业(?!反)|\+", right))
    return it.dimension == "age" and not re.search(r"年龄|寿命|均", left)


def _duration(it: Candidate) -> bool:
    if it.unit in _CALENDAR_UNITS:
        return False
    if _DURATION_NO.search(it.left) and not re.search(r"(?:压缩|缩短|减少|增加|延长)[^,;。]{0,6}$", it.left):
        return False
    later = it.right.startswith(("的有效", "后", "前", "内", "来", "以来", "之后", "之内"))
    return bool(_DURATION_OK.search(it.left)) and not later


def _doubtful(it: Candidate) -> bool:
    """Measure words that are more often part of a name or an ordinal."""
    if it.left.endswith(("第", "每", "“")) or re.match(r"[级代版]", it.right) or it.unit in _NEVER_UNITS:
        return False
    if it.unit in ("点", "分"):
        index = re.search(r"指数|百分|回升|回落|上升|下降|提高|低|高|得分|评分|均分|涨|跌", it.left)
        return index is not None and not it.right.startswith(("钟", "半"))
    return not (it.unit in ("度", "方", "里", "面") and it.right.startswith(("电价", "角")))


def _bare_number(it: Candidate) -> bool:
    """A number without a unit: an index, a ratio."""
    if it.surface[-1] in "余多几" or not _INDEX.search(it.left) or not _ENDS.match(it.right):
        return False
    if it.right[:1] in ("-", "—", "+") or it.left[-1:] in ("“", "+", "-", "—", "第", "《"):
        return False
    return "." in it.surface or (len(it.surface) >= 2 and bool(re.search(r"指数|得分|评分", it.left)))


def _rank(it: Candidate) -> bool:
    if it.surface == "首":
        return it.right[:1] != "置" and bool(_RANK_CONTEXT.search(it.left))
    if not it.unit and not _RANK_END.match(it.right):
        return False
    if it.surface[0] == "前":
        return bool(_FRONT_RANK.search(it.left)) and not it.right.startswith(("强", "季", "年", "月", "个", "后"))
    near = _RANK_CONTEXT if it.unit else _BARE_RANK
    return bool(near.search(it.left) or _RANK_VERB.search(it.left))


def _fraction(it: Candidate) -> bool:
    return not (it.number.kind == "fraction" and it.right[:1] in ("/", "月"))


def _ratio(it: Candidate) -> bool:
    return bool(re.search(r"比|结构|调整|缩小|扩大|为|由|从|优化", it.left[-16:]) and _ENDS.match(it.right))


def _half(it: Candidate) -> bool:
    if it.surface == "一半":
        return bool(_ENDS.match(it.right)) or it.right.startswith(
            ("还", "是", "来自", "多", "供给", "出口", "发往", "投向", "用于", "销往", "由")
        )
    return it.left.endswith(("过", "近", "超", "占")) and bool(re.match(r"$|[,;:。!?)]", it.right))


def _chinese(it: Candidate) -> bool:
    core = it.surface.rstrip("余多来")
    vague = core != it.surface or "几" in core or core[:1] == "数"
    if it.unit in ("成", "倍", "%"):
        return _tenths(it, core)
    named = it.left.endswith(("第", "“", "每", "《", "之")) or re.match(r"[级强型大]", it.right) is not None
    if it.unit == "位" and _MOVED.search(it.left):
        return True
    if not it.unit or named or core in ("一", "半", "几", "数", ""):
        return it.surface == "千亿" and not it.unit and bool(_APPROX_LEFT.search(it.left) and _ENDS.match(it.right))
    if it.dimension == "duration" or it.unit in _CHINESE_DOUBTFUL:
        return it.unit in ("名", "次") and (len(core) > 1 or vague) and any(power in core for power in "百千万")
    if it.dimension == "currency" and _named(it):
        return False
    if _BARE_POWER.fullmatch(core) and not vague:
        money = core[-1] == "亿" and it.dimension == "currency" and not _NAMED_POWER.match(it.right)
        return (bool(_APPROX_LEFT.search(it.left)) or money) and not it.right.startswith("级")
    if it.dimension in _SIZE and _THRESHOLD.match(it.right):
        return False
    if any(power in core for power in "百千万亿"):
        return not _named(it)
    measured = it.dimension in ("currency", "person", "mass", "area", "length")
    return vague or (len(core) >= 2 and "十" in core and measured and not _named(it))


def _tenths(it: Candidate, core: str) -> bool:
    if it.unit == "成":
        name = re.match(r"[为立本长功果员效品熟交分型套年片就绩人份渝昆县都不]", it.right)
        return name is None and len(core) <= 2 and core != "十"
    return not it.right.startswith(("增计划", "数"))


_CHECKS: dict[str, Callable[[Candidate], bool]] = {
    "arabic": _arabic,
    "chinese": _chinese,
    "rank": _rank,
    "fraction": _fraction,
    "percent": _fraction,
    "ratio": _ratio,
    "half": _half,
}
