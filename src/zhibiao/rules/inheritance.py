"""What a value takes from the words and values before it: subject, share, growth, verb."""

from __future__ import annotations

import re

from zhibiao.rules.model import Frame, Piece
from zhibiao.rules.paragraph import Paragraph
from zhibiao.rules.tails import MAX_LEFT

_GROWTH_WORD = re.compile(r"增速|增幅|降幅|涨幅|跌幅")
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
    return paragraph.phrases.subject_before(max(begin, last, clause - MAX_LEFT), clause - 1)


def part_of(paragraph: Paragraph, own: Piece | None, frame: Frame) -> Piece | None:
    """灯具企业中LED灯具占30%: the whole stands in front of its part."""
    if own is None or frame.relation != "share" or frame.bases:
        return own
    found = re.match(
        r"([^“”、]{2,14}?)(?<!其)中(?!小|型|央|高|国|等|医|介)的?(?=[^占]{2,})", paragraph.text[own.start : own.end]
    )
    if found is None:
        return own
    frame.bases = (Piece(own.start, own.start + found.end(1)),)
    return Piece(own.start + found.end(), own.end)


def inherit_share(paragraph: Paragraph, index: int, start: int, frame: Frame) -> Frame:
    """占全省的八成、[全国的]15%: the second whole has no verb of its own."""
    last = paragraph.rows[-1].frame if paragraph.rows else None
    gap = paragraph.text[start : frame.subject_end]
    number = paragraph.numbers[index]
    if last is None or last.relation != "share" or frame.relation or number.kind == "rank":
        return frame
    of = paragraph.text[frame.subject_end : frame.subject_end + 1] == "的"
    if gap[:1] in ("、", "和", "及") and of and start == paragraph.numbers[index - 1].after and 1 < len(gap) < 14:
        frame.bases, frame.relation = (Piece(start + 1, frame.subject_end),), "share"
        frame.subject_end = start
    return frame


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
    """减少贫困人口143万人: the verb stands in front of the quantity's name."""
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
