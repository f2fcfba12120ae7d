"""What a value takes from the words and values before it: subject, share, growth, verb."""

from __future__ import annotations

import re

from zhibiao.rules.model import Frame, Number, Piece
from zhibiao.rules.paragraph import Paragraph
from zhibiao.rules.tails import MAX_LEFT

_GROWTH_WORD = re.compile(r"增速|增幅|降幅|涨幅|跌幅|减幅")
_SECOND_WHOLE = re.compile(r"(?:以上|左右|上下|多|强)?[、和及]([^、,;:。]{1,12})")
_RANK_MOVED = re.compile(
    r"[,的]?(?:又|则|再|已)?(?:[升滑跌降落进跃退掉]|前移|提升|上升|回落|下滑|跃升|攀升|滑落|晋升)(?:到|至|为)了?"
)
_AMOUNT = re.compile(r"(?:投资|收入|产值|总额|资金|增加值|任务|税收|总值|销售额|产量|完成量|进出口)$")
_AIM = re.compile(r"目标|计划|任务|预算")
_TOPIC = re.compile(r"(?:\d{1,2}\.\s)?[^\d,;:。!?()了着过得是被将已]{2,16}")
_BARE = re.compile(r"(?:约|近|超|逾|不足|不到|共)?")
_CHANGE_VERB = re.compile(r"(减少|压减|削减|化解|下调|降低|缩减|增加|上调)(?:了|的)?$")


def looked_back(paragraph: Paragraph, index: int, start: int) -> Piece | None:
    """The subject of the clauses right before, if they hold no figure and this one names nothing."""
    number = paragraph.numbers[index]
    sentence = paragraph.clauses.sentence(number.start)
    last = paragraph.numbers[index - 1].after if index else 0
    clause = paragraph.clauses.clause(number.start)
    begin = paragraph.clauses.clause(clause - 2) if clause - 2 >= sentence else clause
    if begin >= clause or begin < last or start != clause:
        return None
    begin = max(begin, last, clause - MAX_LEFT)
    return paragraph.phrases.subject_before(begin, clause - 1) or _topic(paragraph, begin, clause, number.start)


def _topic(paragraph: Paragraph, begin: int, clause: int, start: int) -> Piece | None:
    """The topic of a list of figures: 鞋服出口,1—6月[213.7]亿元; 洋葱外销率,安宁镇[94]%."""
    text = paragraph.text
    opens = begin == 0 or text[begin - 1] in "。;:!?\n】"
    if not opens or text[clause - 1] != "," or _TOPIC.fullmatch(text, begin, clause - 1) is None:
        return None
    if paragraph.phrases.stop_at(clause) is None and _BARE.fullmatch(text, clause, start) is None:
        return None
    piece, _ = paragraph.phrases.before(begin, clause - 1)
    return piece if piece is not None and piece.end == clause - 1 else None


def inherit_share(paragraph: Paragraph, index: int, start: int, frame: Frame) -> Frame:
    """The whole of a figure without a verb (占全省的八成、[全国的]15%), the set of a second rank (由第三滑到[第八])."""
    last = paragraph.rows[-1] if paragraph.rows else None
    number = paragraph.numbers[index]
    if last is None or last.number is not paragraph.numbers[index - 1]:
        return frame
    if number.kind == "rank":
        if (
            last.number.kind == "rank"
            and not frame.bases
            and _RANK_MOVED.fullmatch(paragraph.text, last.number.after, number.start)
        ):
            frame.bases, frame.subject_end = last.frame.bases, start
        return frame
    found = _SECOND_WHOLE.fullmatch(paragraph.text, start, frame.subject_end)
    of = paragraph.text[frame.subject_end : frame.subject_end + 1] == "的"
    if last.frame.relation == "share" and not frame.relation and found and of and start == last.number.after:
        frame.bases, frame.relation = (Piece(found.start(1), found.end(1)),), "share"
        frame.subject_end = start
    return frame


def inherit_plan(paragraph: Paragraph, own: Piece | None, number: Number, frame: Frame) -> None:
    """工业总产值完成全年目标的93.8%,固定资产投资[86.4%]: the plan goes on through the list."""
    last = paragraph.rows[-1] if paragraph.rows else None
    if own is None or last is None or last.frame.relation != "ratio" or number.dimension != "percent":
        return
    if frame.relation or frame.direction or frame.noun or last.number.dimension != "percent" or not last.frame.bases:
        return
    text, base = paragraph.text, last.frame.bases[0]
    near = re.search(r"[。;!?]", text[last.number.end : number.start]) is None
    amount = _AMOUNT.search(text[own.start : own.end]) is not None
    if near and amount and own.start > last.number.end and _AIM.search(text[base.start : base.end]):
        frame.relation, frame.bases = "ratio", last.frame.bases


def inherit(paragraph: Paragraph, index: int, start: int, frame: Frame, own: Piece | None) -> None:
    """A later figure of a quantity is measured like the one before: 占…由9.2%升至[20.5%], 增速领跑,分别为[8.1%]."""
    number = paragraph.numbers[index]
    if own is not None or frame.relation or (frame.direction and not frame.attained) or number.kind == "rank":
        _verb_object(paragraph, start, own, frame)
        return
    sentence = paragraph.clauses.sentence(number.start)
    zone = paragraph.text[max(sentence, paragraph.numbers[index - 1].after if index else 0) : number.start]
    found = _GROWTH_WORD.search(zone)
    if found is not None and not frame.noun and not frame.attained:
        frame.noun = found.group()
    last = paragraph.rows[-1] if paragraph.rows else None
    if last is None or frame.noun or last.number.start < sentence or last.number.dimension != number.dimension:
        return
    if frame.attained and last.frame.direction and not last.frame.attained:
        return
    frame.noun = last.frame.noun
    if last.frame.relation == "share":
        frame.relation, frame.bases = "share", last.frame.bases
    elif number.dimension == "percent" and last.frame.direction and not frame.attained and not last.frame.bases:
        frame.noun = frame.noun or ("增速" if last.frame.direction > 0 else "降幅")


def _verb_object(paragraph: Paragraph, start: int, own: Piece | None, frame: Frame) -> None:
    """减少用水大户52家: the verb stands in front of the quantity's name."""
    if own is None or frame.direction or frame.relation:
        return
    found = _CHANGE_VERB.search(paragraph.text[start : own.start])
    if found is not None:
        frame.verb = found.group(1)
        frame.direction = 1 if frame.verb in ("增加", "上调", "提高") else -1


def add_year_on_year(paragraph: Paragraph, start: int, end: int, frame: Frame) -> None:
    """同比 in front of an expression noun: 同比增幅达41%."""
    found = re.search(r"同比|环比", paragraph.text[start:end])
    if found is not None and frame.relation in ("", "compare"):
        frame.bases = (Piece(start + found.start(), start + found.end()),)
        frame.relation = "compare"
