"""Which indicator a value gets: its own, an item of a list, the words behind its unit, or an earlier one."""

from __future__ import annotations

import re

from zhibiao.rules.lexicon import SPLIT_VERBS
from zhibiao.rules.model import Frame, Link, Number, Piece
from zhibiao.rules.paragraph import Paragraph, within
from zhibiao.rules.parts import predicate_part

_MEMORY = 24
"""So many values back a list (分别…) may refer."""
_VERB_END = re.compile(
    rf"(?:{'|'.join(sorted(SPLIT_VERBS, key=len, reverse=True))}|增加|下拨|给予|奖励|补助|凭借|投入|推动|有"
    rf"|实施|建设|改造|惠及|支持|服务|培训|推进|打造|开通|遍布|整合|为)(?:了|着|起|出|到|过)?(?:其中的)?$"
)
_COUNTED = (
    "count",
    "person",
    "person_time",
    "number",
    "length",
    "area",
    "mass",
    "volume",
    "power",
    "energy",
    "currency",
    "rate",
    "apparent_power",
    "data",
)
_POST_PERCENT = re.compile(
    r"(?:以上|左右)?的(?!(?:年均|同比|较|平均|高)?(?:增速|增幅|增长|速度|涨幅|降幅|目标|水平|比例|比重|高位"
    r"|占比|区间|贡献|份额|股权|回落|下降))(?=[\u4e00-\u9fff])"
)
_MONEY_NOUN = re.compile(r"(?:投资|产值|收入|额|资金|成本|价|支出|规模|总值|利润|税|费|投入|资)$")


def name_values(
    paragraph: Paragraph, number: Number, frame: Frame, own: Piece | None, start: int, count: int
) -> list[Link | None]:
    """The indicator of each of ``count`` values that share ``frame``; ``own`` is what their words name, if anything."""
    after = _after(paragraph, number, frame, own, start)
    if after is not None:
        paragraph.posted = after
        return [Link(after, "after")] * count
    if own is not None:
        items = _items(paragraph, own, start, count)
        if items:
            return [Link(item, "item") for item in items]
        return [Link(own, "own")] * count
    shared_out = count > 1 and (len(frame.bases) == count or _regions_listed(paragraph, start, number.start, count))
    if (count > 1 or frame.respectively) and not shared_out:
        links = _respective(paragraph, count)
        if links:
            return links
    last = paragraph.rows[-1].links.get("indicator") if paragraph.rows else None
    return [Link(last.piece, "carried") if last is not None else None] * count


def _regions_listed(paragraph: Paragraph, start: int, end: int, count: int) -> bool:
    mentions = within(paragraph.regions, paragraph.region_starts, start, end)
    return any(len(mention.members) == count for mention in mentions)


def _items(paragraph: Paragraph, own: Piece, start: int, count: int) -> list[Piece]:
    """The ``count`` items of a list that is the subject or stands before 分别; empty if there is none."""
    if count < 2:
        return []
    apart = paragraph.text.find("分别", start, own.end)
    if apart > start:
        head, _ = paragraph.phrases.before(start, apart)
        towards = paragraph.text.find("对", start, apart)
        if towards >= 0 and "、" in paragraph.text[towards:apart]:
            head = Piece(towards + 1, apart)
        items = paragraph.phrases.items(head, count) if head is not None else []
        if len(items) == count:
            return items
    items = paragraph.phrases.items(own, count)
    return items if len(items) == count else []


def _respective(paragraph: Paragraph, count: int) -> list[Link | None]:
    """The last ``count`` different quantities, for 分别增长…、… behind a list of values."""
    seen: list[tuple[Piece, int]] = []
    for row in reversed(paragraph.rows[-_MEMORY:]):
        link = row.links.get("indicator")
        if link is None:
            break
        if all(link.piece != piece for piece, _ in seen):
            seen.append((link.piece, row.number.start))
        if len(seen) == count:
            return [Link(piece, "respective") for piece, _ in reversed(seen)]
    return []


def _after(paragraph: Paragraph, number: Number, frame: Frame, own: Piece | None, start: int) -> Piece | None:
    text = paragraph.text
    changed = frame.direction and frame.verb not in ("", "增加", "减少", "新增")
    if frame.bases or changed or number.kind in ("rank", "ratio", "half"):
        return None
    if number.dimension in ("percent", "permille") or number.kind == "fraction":
        return _share_after(paragraph, number, own, frame)
    if number.dimension not in _COUNTED or number.low:
        return None
    if own is None or number.dimension != "currency":
        return paragraph.phrases.after(number)
    left = text[start : number.start].rstrip("约近超过逾达 ")
    of = text.startswith("的", number.after) and not _MONEY_NOUN.search(text[own.start : own.end])
    return paragraph.phrases.after(number) if of or left.endswith("的") or _VERB_END.search(left) else None


def _share_after(paragraph: Paragraph, number: Number, own: Piece | None, frame: Frame) -> Piece | None:
    """80%的企业反映成本上升: the part is what they do, 企业 the whole."""
    part = predicate_part(paragraph, number, own, frame)
    if part is not None:
        return part
    found = _POST_PERCENT.match(paragraph.text, number.after)
    if found is None or own is not None:
        return None
    return paragraph.phrases.after(number)
