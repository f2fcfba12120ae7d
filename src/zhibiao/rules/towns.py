"""Towns by their endings (大柳塔镇, 大唐街道), lists of them (店口、枫桥、牌头三镇) and their short names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhibiao.rules.model import Piece, covers

_NAME = (
    r"[^\W\da-zA-Z_的在和各已将把有全两三四五六该本我这那个些一乡小古特色重中强等家多百千余每村户级是为年月日季度去今了着"
    r"及与]"
)
_TOWN = re.compile(
    rf"(?:^|(?<=[^\w])|(?<=其中)|(?<=放到)|(?<=再看)|(?<=[年月度末在到和与及率量额]))({_NAME}{{2,3}}?)"
    r"(?:(?<!城)镇|街道|(?<!城)乡)(?![企村民级办集镇里域上下化])"
)
_LISTED_TOWN = re.compile(
    r"(?:^|(?<=[,;:。、\s]))(?!重点|中心|特色|建制|各|全|两|小城|村)[\u4e00-\u9fff]{2}(?<!城)(?:镇|街道)(?=[、和及与各分]|\d)"
)
_LIST = re.compile(
    r"(?:^|(?<=[^\w、])|(?<=其中)|(?<=[年月度末]))[\u4e00-\u9fff]{2,3}(?:、[\u4e00-\u9fff]{2,3}){1,5}(?:[和及与][\u4e00-\u9fff]{2,3})?"
    r"[两二三四五六七](?:镇|乡|街道)(?!企)"
)
_ITEM = re.compile(r"[\u4e00-\u9fff]{2,3}(?=[、和及与两二三四五六七])")
_NEAR = re.compile(r"[比占]|快于|高于|低于|分别|[\u4e00-\u9fff]{0,6}[\d]|、|增|下降|工业|固定|规")


def find_towns(text: str, places: Sequence[Piece]) -> tuple[list[Piece], list[tuple[Piece, tuple[Piece, ...]]]]:
    """Single towns and lists of towns outside ``places`` (sorted, disjoint).

    A town's name without its ending counts once the town was named in full.
    """
    if "镇" not in text and "街道" not in text and "乡" not in text:
        return [], []
    starts = [piece.start for piece in places]
    spans = {m.span() for pattern in (_TOWN, _LISTED_TOWN) for m in pattern.finditer(text)}
    single = [Piece(*span) for span in sorted(spans) if not covers(places, starts, span[0])]
    lists = [
        (Piece(*m.span()), tuple(Piece(*item.span()) for item in _ITEM.finditer(text, *m.span())))
        for m in _LIST.finditer(text)
        if not covers(places, starts, m.start())
    ]
    names = {text[p.start : p.end].removesuffix("镇").removesuffix("街道"): p.end for p in single}
    for _, items in lists:
        names.update({text[p.start : p.end]: p.end for p in items})
    taken = sorted([*places, *single, *(piece for piece, _ in lists)])
    return sorted(single + _short(text, names, taken)), lists


def _short(text: str, names: dict[str, int], taken: Sequence[Piece]) -> list[Piece]:
    """Later mentions of introduced towns by their bare names: 店口比全市…."""
    known = {name: end for name, end in names.items() if 2 <= len(name) <= 3}
    if not known:
        return []
    starts = [piece.start for piece in taken]
    pattern = re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, sorted(known)))})")
    return [
        Piece(*m.span())
        for m in pattern.finditer(text)
        if m.start() >= known[m.group()] and not covers(taken, starts, m.start()) and _NEAR.match(text, m.end())
    ]
