"""The words between a quantity's name and its number: verb, bound, comparison, share, rank, BASELINE."""

from __future__ import annotations

from zhibiao.rules.comparisons import POINTS, read_comparison, read_direct, read_drive, read_gap
from zhibiao.rules.model import Frame, Number
from zhibiao.rules.shares import read_rank, read_share
from zhibiao.rules.tails import MAX_LEFT, Reader, attained_word


def read_frame(text: str, start: int, number: Number, *, until: int | None = None) -> Frame:
    """The frame of ``number`` in ``text[start:until]``; ``until`` is its start unless a bracket lies between."""
    end = number.start if until is None else until
    reader = Reader(text, max(start, end - MAX_LEFT), end)
    frame = reader.frame
    reader.strip()
    attained_word(reader)
    if number.kind == "rank":
        read_rank(reader)
    elif not read_gap(reader) and not read_direct(reader, number):
        before = reader.end
        if not frame.attained:
            reader.verb(text[reader.end : reader.end + 1])
        if not frame.verb and ("新增" in reader.seen or "净" in reader.seen) and not frame.attained:
            frame.verb, frame.direction = "新增", 1
            read_comparison(reader, number, before)
        elif frame.verb:
            read_comparison(reader, number, before)
        elif number.dimension in POINTS:
            read_drive(reader)
    if number.kind != "rank":
        read_share(reader, number)
    if reader.yoy is not None and not frame.bases:
        frame.bases, frame.relation = (reader.yoy,), frame.relation or "compare"
    frame.subject_end = reader.end
    return frame
