"""Values that share one frame: 5.1%、6.2%; 7%—8%; 高于全国(5.6%)4个百分点."""

from __future__ import annotations

import re
from dataclasses import replace

from zhibiao.rules.frames import read_frame
from zhibiao.rules.model import Frame, Number
from zhibiao.rules.paragraph import Paragraph

_JOIN = re.compile(r"(?:以上|左右|以内|上下)?(?:、|和|及|与|以及|或|至|到|[-—~～－–]{1,2}|,(?=分别))?")


def group_size(paragraph: Paragraph, index: int) -> int:
    """How many numbers from ``index`` on share one frame (5.1%、6.2%)."""
    size = 1
    while index + size < len(paragraph.numbers):
        last, this = paragraph.numbers[index + size - 1], paragraph.numbers[index + size]
        gap = paragraph.text[last.after : this.start]
        joined = _JOIN.match(gap)
        if not gap or joined is None or not joined.group() or len(gap) > 12 or not _same_kind(last, this):
            break
        start = last.after + joined.end()
        frame = read_frame(paragraph.text, start, this)
        if frame.bases or frame.subject_end > start:
            break
        size += 1
    return size


def _same_kind(last: Number, this: Number) -> bool:
    if (last.kind == "rank") != (this.kind == "rank"):
        return False
    ratios = ("percent", "multiple", "permille")
    parts = ("fraction", "percent", "half")
    both = (last, this)
    if any(n.kind in parts for n in both) and all(n.kind in parts or n.dimension in ratios for n in both):
        return True
    return (
        (last.dimension in ratios and this.dimension in ratios)
        or last.dimension == this.dimension
        or last.unit == this.unit
        or "number" in (last.dimension, this.dimension)
    )


def slots_of(members: list[Number]) -> list[int]:
    """The place of every number in its list; both ends of a range have one place."""
    slots, slot = [], -1
    for number in members:
        if not number.high:
            slot += 1
        slots.append(max(slot, 0))
    return slots


def member_frame(paragraph: Paragraph, frame: Frame, members: list[Number], offset: int) -> Frame:
    """The frame of a later number in a list: its own verb and bound where it has them."""
    if offset == 0:
        return frame
    own = read_frame(paragraph.text, members[offset - 1].after, members[offset])
    shared = replace(frame, bound=own.bound)
    if own.verb:
        shared.verb, shared.direction, shared.attained = own.verb, own.direction, own.attained
    return shared
