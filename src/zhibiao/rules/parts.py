"""Parts of a whole that are said without 占: 城轨车辆里六成以上发往东南亚, 吃掉省外销量的四成, 三成牧场仍在亏本."""

from __future__ import annotations

import re

from zhibiao.rules.model import Frame, Number, Piece
from zhibiao.rules.paragraph import Paragraph
from zhibiao.rules.shares import is_part
from zhibiao.rules.tails import MAX_LEFT

_AMONG = re.compile(
    r"([^“”、]{2,16}?)(?P<word>(?<![公英海平邻那这哪心])里(?![程面昂弄])|(?<![其集])中(?!小|型|央|高|国|等|医|介|心|药|游|下))"
    r"(?P<of>的)?(?:仅|只|又|就)?(?=[^占]{2,})"
)
_MEASURED_PART = re.compile(r"(?:率|指数|增速|增幅|降幅|涨幅|比|价|度|水平|目标)$")
_WHOLE = (
    r"[\u4e00-\u9fff]{0,8}?(?:企业|家庭|居民|受访者|农户|职工|单位|员工|消费者|人员|订单|产品|牧场|小厂|工厂|门店|商户|用户"
    r"|群众|居民|学生|客户|旅客|游客|村民|人(?![群口员次数才均工]))"
)
_DOES = (
    r"(?:发往|销往|运往|来自|供给|供应|出口|投向|流向|用于|属于|集中在|分布在|分布于|落户|进入|去了|选择|愿意|面临|出现"
    r"|仍在|是(?!去年|上年|全|同期))"
)
_PREDICATE = re.compile(
    rf"(?:以上|左右|上下|多)?(?:的(?P<some>{_WHOLE})|(?P<noun>{_WHOLE})?)"
    rf"(?:又|还|都|均|已|被|则|就|是(?!去年|上年|全|同期))?(?P<part>{_DOES}[^,;:。!?、()]{{1,14}})(?=[,;:。!?、()]|$)"
)
_SAYS = re.compile(
    rf"(?:以上|左右|上下|多)?的?(?P<noun>{_WHOLE})(?P<part>(?P<say>反映|表示|认为|预计|预期)?(?!的|中|里|和|为|占|在|总|数)[^,;:。!?、()]{{2,14}})(?=[,;:。!?、()]|$)"
)
_ENDS_AMONG = re.compile(r"(?<![其心])(?:里|之中|当中|中)$")
_ATTRIBUTE_END = re.compile(r"(?:里|中|内|的|当中)+$")


def part_of(paragraph: Paragraph, own: Piece | None, frame: Frame, number: Number) -> Piece | None:
    """灯具企业中LED灯具占30%, 品种钢里出口部分不足两成: the whole stands in front of its part."""
    if own is None or frame.bases or paragraph.text[own.start] == "每":
        return own
    found = _AMONG.match(paragraph.text[own.start : own.end])
    if found is None:
        return own
    part = Piece(own.start + found.end(), own.end)
    plain = is_part(number) and not frame.relation and not frame.direction and not frame.noun
    if plain and found["word"] == "里" and _MEASURED_PART.search(paragraph.text[part.start : part.end]) is None:
        frame.relation, frame.noun = "share", "占比"
    if frame.relation == "share":
        frame.bases = (Piece(own.start, own.start + found.end(1)),)
        return part
    return part if found["of"] or found["word"] == "里" else own


def whole_before(paragraph: Paragraph, clause: int, frame: Frame, number: Number) -> None:
    """民营企业的出口里,跨境电商贡献了近五分之一: the whole ends the clause in front of the part's."""
    text = paragraph.text
    said = frame.relation == "share" or frame.noun in ("占比", "比重", "份额")
    plain = number.kind != "arabic" and not frame.relation and not frame.noun and not frame.direction
    if frame.bases or not (said or plain):
        return
    if clause < 2 or text[clause - 1] != "," or text.startswith("其", clause):
        return
    begin = max(paragraph.clauses.clause(clause - 2), clause - MAX_LEFT)
    found = _ENDS_AMONG.search(text, begin, clause - 1)
    if found is None:
        return
    last = [n for n in paragraph.numbers if begin <= n.start < clause]
    start = paragraph.phrases.front(max(begin, last[-1].after) if last else begin, found.start())
    if found.start() - start >= 2:
        frame.bases, frame.relation = (Piece(start, found.start()),), "share"


def predicate_part(paragraph: Paragraph, number: Number, own: Piece | None, frame: Frame) -> Piece | None:
    """The part that only a predicate names; its whole becomes the frame's base."""
    text = paragraph.text
    said = _PREDICATE.match(text, number.after)
    name = "some" if said is not None and said["some"] else "noun"
    if said is None:
        said = _SAYS.match(text, number.after)
        clause = paragraph.clauses.clause(number.start)
        if own is not None:
            among = _ATTRIBUTE_END.search(text[own.start : own.end]) is not None
        else:
            among = _ENDS_AMONG.search(text, max(0, clause - 4), max(0, clause - 1)) is not None
        if said is None or not (said["say"] or among):
            return None
    if said[name]:
        frame.bases = (Piece(*said.span(name)),)
    elif own is not None:
        end = _ATTRIBUTE_END.search(text[own.start : own.end])
        frame.bases = (Piece(own.start, own.start + end.start() if end is not None else own.end),)
    frame.relation, frame.noun = "share", "占比"
    start, end_of = said.span("part")
    return Piece(start + 1 if text[start] == "是" else start, end_of)
