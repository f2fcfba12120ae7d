"""Region and year of each value: the nearest mention that governs it, inherited through the paragraph."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from zhibiao.rules import periods as period_rules
from zhibiao.rules.model import Link, Piece, Row
from zhibiao.rules.paragraph import Paragraph, within

_NOT_WHOSE = re.compile(
    r"(?:外送|跑赢|向|与|同|赴|来自|销往|运往|发往|飞往|出口|进口|援助|支援|帮扶|至|往|面向|接轨|对接|除|除了"
    r"|以及对|从)$"
)
_COMPARED = re.compile(
    r"(?:(?<![占同环对可之正配百相用])比|(?<!比)较|[高低快慢优多少大小强弱]于|占到?|[位排]?[居列]|[高低]过)$"
)
_ONE_OF = re.compile(r"的?(?:[一这那某]家|某|一[个位座名])")
_ASIDE = re.compile(r"(?:而|同期|同时期)$")
_AS_WHOLE = re.compile(r"整体|平均(?:为|是|只)")
_PER_YEAR = re.compile(
    r"每年(?:可|将|能|节|减)|[达投满建]产?[成产]?后(?:预计|可|将)?年|预计每?年(?!均|度|底|末|初|内)|[^\d每全今去]年可[^能]"
)
_COMPLETED = re.compile(r"[^,;。]{0,6}(?:建成|投产|投运|投用|通车|达产|完工)")
_LENGTH = re.compile(r"全长(?:约|为|达|近|超|近)*$|[线路程]总长(?:约|为|达|近|超)*$")
_MEMORY = 8
"""So many mentions back an inherited year is looked for."""
_HOME = re.compile(r"[全我本][市县区州]")
_NOT_OF = re.compile(r"(?:客户|市场|订单|方向|首店|口味)")
_STORY = re.compile(r"[今昨]天\(\d|[今昨]天(?:发布|公布|通报|在|召开|上午|下午|正式)")
_NOW = re.compile(r"截至目前|截止目前|目前|如今|眼下|现在|今天\(|昨天\(|近日|日前|前不久|连日来")


def _other(text: str, piece: Piece) -> bool:
    """True if the words in front of a mention say that the figure is not its own: 销往, 对, 是(漳州工业的…)."""
    before = text[max(0, piece.start - 3) : piece.start]
    if _COMPARED.search(before):
        return True
    if before.endswith(("是", "来自")) and _ONE_OF.match(text, piece.end):
        return False
    if before.endswith("对"):
        return text[piece.start] not in "我全本该"
    if before.endswith("是") and (text[piece.start] in "全我该" or text[piece.end - 1] in "市县区镇"):
        return False
    if before.endswith(("是", "作为")):
        return text[piece.end : piece.end + 1] not in (",", "。", ";", "")
    return _NOT_WHOSE.search(before) is not None


def _covered(pieces: Sequence[Piece], starts: Sequence[int], piece: Piece) -> bool:
    index = bisect_right(starts, piece.end - 1) - 1
    return index >= 0 and pieces[index].end > piece.start


def assign(paragraph: Paragraph) -> None:
    """Add the links ``region`` and ``year`` to the rows of ``paragraph``."""
    used = sorted(
        {row.links[name].piece for row in paragraph.rows for name in ("baseline", "indicator") if name in row.links}
    )
    baselines = sorted({row.links["baseline"].piece for row in paragraph.rows if "baseline" in row.links})
    _assign_regions(paragraph, _disjoint(used))
    _assign_years(paragraph, _disjoint(baselines))


def _disjoint(pieces: Sequence[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces:
        if out and piece.start < out[-1].end:
            out[-1] = Piece(out[-1].start, max(out[-1].end, piece.end))
        else:
            out.append(piece)
    return out


def _part(text: str, piece: Piece) -> bool:
    """True for a county, town or zone by name: in a later sentence the whole (全市) governs again."""
    return text[piece.end - 1] in "市区县旗镇园港" and text[piece.start] not in "全我本该"


def _assign_regions(paragraph: Paragraph, used: list[Piece]) -> None:
    text, clauses = paragraph.text, paragraph.clauses
    starts = [p.start for p in used]
    candidates = [
        m.piece
        for m in paragraph.regions
        if not _covered(used, starts, m.piece) and not _other(text, m.piece) and not _NOT_OF.match(text, m.piece.end)
    ]
    at = [p.start for p in candidates]
    homes = [p for p in candidates if _HOME.fullmatch(text[p.start : p.end])]
    stories = [m.start() for m in _STORY.finditer(text)]
    spread = {pieces["region"] for pieces in paragraph.spread.values() if "region" in pieces}
    members = {m.piece: m.members[-1] for m in paragraph.regions if spread.intersection(m.members)}
    for row in paragraph.rows:
        start = row.number.start
        own = paragraph.spread.get(start, {}).get("region")
        if own is not None:
            row.links["region"] = Link(own, "list")
            continue
        index = bisect_right(at, start) - 1
        if index < 0:
            if candidates and candidates[0].start < clauses.sentence_end(start):
                row.links["region"] = Link(candidates[0], "behind")
            continue
        sentence, clause = clauses.sentence(start), clauses.clause(start)
        if index > 0 and candidates[index].start < clause and _aside(text, candidates[index]):
            index -= 1
        piece = members.get(candidates[index], candidates[index])
        if piece.start < sentence and _part(text, piece) and (home := bisect_left(homes, piece)) > 0:
            piece = homes[home - 1]
        if piece.start < sentence and bisect_left(stories, piece.end) < bisect_left(stories, start):
            continue
        row.links["region"] = Link(piece, _distance(clauses.clause(start), clauses.sentence(start), piece))


def _aside(text: str, piece: Piece) -> bool:
    """True for a wider region that is only held against the one before: 而全国为2.54%, 全省整体只有2.14%."""
    wider = text[piece.start : piece.end] in ("全国", "全省", "全区", "全疆", "全球", "全市", "世界")
    return wider and (
        _ASIDE.search(text, max(0, piece.start - 3), piece.start) is not None
        or _AS_WHOLE.match(text, piece.end) is not None
    )


def _distance(clause: int, sentence: int, piece: Piece) -> str:
    if piece.start >= clause:
        return "clause"
    return "sentence" if piece.start >= sentence else "paragraph"


def _assign_years(paragraph: Paragraph, baselines: list[Piece]) -> None:
    text, clauses = paragraph.text, paragraph.clauses
    starts = [p.start for p in baselines]
    candidates = [p for p in paragraph.governing() if not _covered(baselines, starts, p)]
    begins = [p.start for p in candidates]
    nows = [m.start() for m in _NOW.finditer(text)]
    locals_ = {row.number.start: _local(paragraph, row, candidates, begins) for row in paragraph.rows}
    taken = {piece for piece in locals_.values() if piece is not None}
    taken |= {pieces["year"] for pieces in paragraph.spread.values() if "year" in pieces}
    free = [p for p in candidates if p not in taken and not period_rules.compared(text, p)]
    at = [p.start for p in free]
    for row in paragraph.rows:
        start = row.number.start
        own = paragraph.spread.get(start, {}).get("year") or locals_[start]
        if own is not None:
            row.links["year"] = Link(own, "local")
            continue
        index = bisect_right(at, start) - 1
        sentence = clauses.sentence(start)
        least = max(index - _MEMORY, -1)
        while (
            index > least and period_rules.only_nearby(text, free[index]) and free[index].start < clauses.clause(start)
        ):
            index -= 1
        present = bisect_left(nows, sentence) < bisect_left(nows, start)
        clause = clauses.clause(start)
        yearly = index >= 0 and free[index].start < clause and _yearly(text, clause, start, free[index])
        if index >= 0 and not yearly and not (free[index].start < sentence and present):
            row.links["year"] = Link(free[index], _distance(clauses.clause(start), sentence, free[index]))


def _yearly(text: str, clause: int, start: int, period: Piece) -> bool:
    """True for a yearly amount in general and the length of a line, which have no period: 达产后年产值可达80亿元."""
    if _COMPLETED.match(text, period.end) is not None:
        return False
    return _PER_YEAR.search(text, clause, start) is not None or _LENGTH.search(text, clause, start) is not None


def _local(paragraph: Paragraph, row: Row, candidates: Sequence[Piece], starts: Sequence[int]) -> Piece | None:
    start = paragraph.clauses.clause(row.number.start)
    near = within(candidates, starts, start, row.number.start)
    return period_rules.local_year(paragraph.text, near, start, row.number.start)
