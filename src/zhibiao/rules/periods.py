"""Which mentions of time govern a value: no publication dates, no dates of meetings, no names of plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.lexicon.periods import find_periods
from zhibiao.rules.model import Piece

_EVENT = re.compile(
    r"[^,;。!?]{0,10}?(?:发布|公布|召开|获悉|举行|举办|印发|通报|披露|透露|电[,\s]|讯|从[^,;。]{2,16}(?:获悉"
    r"|了解|发布)|下午|上午|晚间|消息|报道|出台|签署|发文|揭牌|[^,;。]{0,6}会[上议]|闭幕|开幕|落幕|开展[。,]"
    r"|电\))"
)
_ANNOUNCED = re.compile(r",[^,;。]{2,14}(?:发布|公布|通报|披露)")
_RECORD = re.compile(r"(?:的)?(?:历史)?(?:同期)?(?:最|新高|新低|次高|首次)")
_PLAN_NAME = re.compile(r"[”\"]?(?:规划|纲要|收官|开局|的?\d+项|重大工程|良好开局|目标任务)")
_NOT_BEFORE = re.compile(r"(?:连续|历时|时隔|为期|长达|用了?|仅用|每|第|不到|当选|自主|提前|早在|排到|创造?|近)$")
_COMPARED = re.compile(r"(?:[比较与同跟]|超过|高于|低于|相当于|好于|已到|排到|排至|不及)$")
_INSIDE = ("销", "外", "需", "贸", "存", "陆")
_ASIDE = re.compile(r"(?:还|仅|只|才|这一|曾|尚|的[降增涨跌]幅)")
_PAST = re.compile(r"去年|上年|前年|\d{4}年")
_LOCAL_GAP = re.compile(
    r"(?:[春夏秋冬][天季])?的?(?:全[国省市区县州][\u4e00-\u9fff]{0,4}的?)?(?:约|近|不足|不到|超|逾)?"
)
_UNTIL = re.compile(r"(?:截至|截止|截止到|截至到|到|至)$")
_SHORT_SPAN = re.compile(r"^(?:同期|当年|当季|当日|前一日|上年末|月底|月初)$")


def mentions(text: str) -> list[Piece]:
    """Every period mention of ``text`` in order."""
    return [Piece(span.start, _end(text, span.start, span.end)) for span in find_periods(text)]


def _end(text: str, start: int, end: int) -> int:
    """Where a period ends: with 单月 behind it (9月单月), without what begins the next word (1—8月[内]销)."""
    if end - start > 2 and text[end - 1] == "内" and text[end : end + 1] in _INSIDE:
        return end - 1
    return end + 2 if text[end - 1] == "月" and text.startswith("单月", end) else end


def governs(text: str, piece: Piece) -> bool:
    """True if ``piece`` may be the YEAR of a value; names of books and documents are the caller's to leave out."""
    surface = text[piece.start : piece.end]
    before, after = text[max(0, piece.start - 6) : piece.start], text[piece.end : piece.end + 30]
    if surface == "同期":
        return False
    if _RECORD.match(after) or _NOT_BEFORE.search(before) or after.startswith(("平均增", "平均", "期工程")):
        return False
    if surface.startswith(("“", '"', "「")) and _PLAN_NAME.match(after):
        return False
    until = _UNTIL.search(before) is not None
    if re.search(r"[日号]$", surface) or "时" in surface[-1:]:
        if not until and _ANNOUNCED.match(after):
            return False
        return until or not (before.endswith(("(", "今天", "昨天", "者", "记者", "于", "将于")) or _EVENT.match(after))
    if re.search(r"(?:月|旬)(?:份)?$", surface) and not until:
        return not re.match(r"[^,;。]{0,8}(?:召开|举行|举办|印发|成立|例会|会议|大会)", after)
    return True


def compared(text: str, piece: Piece) -> bool:
    """True if a period is only compared with (与去年同期持平, 较9月略有回升): it governs no value but its own."""
    return _COMPARED.search(text, max(0, piece.start - 3), piece.start) is not None


def only_nearby(text: str, piece: Piece) -> bool:
    """True for a past base period (上年同期) that, even as a YEAR, does not govern beyond its sentence."""
    if text.endswith("其中", 0, piece.start):
        return True
    before = text[max(0, piece.start - 6) : piece.start]
    if "(" in before and ")" not in before[before.rfind("(") :]:
        return True
    if before.endswith((",", ";", "而")) and _ASIDE.match(text, piece.end) and _PAST.match(text, piece.start):
        return True
    return text[piece.start : piece.end].endswith("同期") or bool(_SHORT_SPAN.match(text[piece.start : piece.end]))


def local_year(text: str, periods: Sequence[Piece], start: int, number_start: int) -> Piece | None:
    """The period of 由[2022年]的14.9%提高到…: it belongs to that value only."""
    for piece in reversed(periods):
        if piece.end <= number_start and piece.start >= start:
            joined = _LOCAL_GAP.fullmatch(text, piece.end, number_start)
            opened = re.search(r"(?:由|从|比|较|对)$", text[max(0, piece.start - 1) : piece.start])
            return piece if joined is not None and opened is not None else None
    return None
