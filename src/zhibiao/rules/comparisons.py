"""Comparisons: 高于全省, 比上年, 同比, 拉动工业增长, and the verb of growth behind them."""

from __future__ import annotations

import re

from zhibiao.rules import lexicon as lx
from zhibiao.rules.lists import split_list
from zhibiao.rules.model import Number, Piece
from zhibiao.rules.tails import Reader, trim
from zhibiao.rules.words import alternation, last_match

_WEAK_VERBS = frozenset(
    [
        "高",
        "快",
        "多",
        "低",
        "少",
        "慢",
        "超",
        "落",
        "长",
        "优化",
        "改善",
        "领先",
        "提前",
        "超出",
        "高出",
        "低出",
        "多出",
        "落后",
        "滞后",
        "新增",
        "下拉",
        "拉动",
        "上拉",
        "翻",
        "拓展",
        "拉大",
    ]
)
_NAMING_VERBS = frozenset(("增收", "降价", "减收", "短收"))
_CAUSE = re.compile(r"(?:因|由于|得益于|随着)[^,;:。]{2,14}$")
_THAN = re.compile(
    r"(?:相较于|相比于|相较|较之|(?<![占同环对可之正配百相用])比(?![重例较率价值赛拼如亚上])"
    r"|比(?=上[年半月一季个周])|(?<!比)较(?![快大高强多少好为低弱重长])|(?<=占比)较)"
)
_WITH = re.compile(r"(?:与|同|跟|和)([^,;。]{1,20}?)相比")
_COMPARE = re.compile(rf"(?<!不)(?:{alternation((*lx.COMPARE_UP, *lx.COMPARE_DOWN))})")
_DRIVE = re.compile(r"(?:拉动|带动|下拉|拉低|上拉|推动|影响|贡献了?)")
POINTS = ("percentage_point", "basis_point", "index")
RATIO_KINDS = ("percent", "permille", "multiple", "")


_GAP = re.compile(r"[与同和跟]([^,;:。]{1,12}?)(?:的)?(?:仅|只|还|尚|仍)?(?:相?差|差距)(?:仅|只)?$")


def read_gap(reader: Reader) -> bool:
    """与第二名仅差0.31亿吨, 与头名差距不到1个百分点."""
    found = _GAP.search(reader.rest())
    if found is None:
        return False
    frame, base = reader.frame, Piece(reader.start + found.start(1), reader.start + found.end(1))
    frame.verb, frame.direction, frame.relation, frame.bases = "差", -1, "compare", (base,)
    reader.end = reader.start + found.start()
    reader.strip()
    return True


def read_direct(reader: Reader, number: Number) -> bool:
    """高于全省9.2个百分点: the comparing verb, then the base, then the number."""
    rest = reader.rest()
    found = last_match(_COMPARE, rest)
    if found is None or (found.group() in ("超", "超过", "领先", "超出", "落后") and number.dimension not in POINTS):
        return False
    base = trim(reader.text, reader.start + found.end(), reader.end)
    if re.search(r"(?:下降|增长|提高|目标)$", reader.text[base.start : base.end]) and number.dimension not in POINTS:
        return False
    if (
        base.end - base.start < 1
        or base.end - base.start > 24
        or re.search(r"\d%|元$", reader.text[base.start : base.end])
    ):
        return False
    if (
        number.dimension not in POINTS
        and number.dimension not in RATIO_KINDS
        and not re.search(r"水平|平均|同期|上年|去年|人员|企业|目标|预期", rest[found.end() :])
    ):
        return False
    frame = reader.frame
    frame.verb, frame.direction = found.group(), 1 if found.group() in lx.COMPARE_UP else -1
    frame.relation = "compare"
    frame.bases = split_list(reader.text, base)
    reader.end = reader.start + found.start()
    reader.strip()
    return True


def read_comparison(reader: Reader, number: Number, before: int) -> None:
    """比…, 较…, 同比, 拉动…: what stands before the verb."""
    text, frame = reader.text, reader.frame
    reader.strip()
    rest = reader.rest()
    cause = _CAUSE.search(rest)
    if cause is not None:
        reader.end -= len(cause.group())
        rest = reader.rest()
    drive = last_match(_DRIVE, rest) if number.dimension in POINTS else None
    if frame.verb in ("拉动", "带动", "下拉", "上拉") or (
        drive is not None and "比" not in rest[drive.end() :] and "较" not in rest[drive.end() :]
    ):
        _drive(reader, drive, before)
        return
    bare = frame.verb in ("低", "高", "快", "慢", "多", "少")
    than = last_match(_THAN, rest)
    if than is not None:
        base = trim(text, reader.start + than.end(), reader.end)
        base = _cut_unit_price(text, base)
        if 0 < base.end - base.start <= 30:
            frame.bases, frame.relation = split_list(text, base), "compare"
            reader.end = reader.start + than.start()
            reader.strip()
            return
    against = _WITH.search(rest)
    if against is not None:
        frame.bases, frame.relation = (
            (Piece(reader.start + against.start(1), reader.start + against.end(1)),),
            "compare",
        )
        reader.end = reader.start + against.start()
        reader.strip()
        return
    if frame.verb == "新增":
        frame.verb, frame.direction = ("新增", 1) if reader.yoy is not None else ("", 0)
        return
    if frame.verb in _NAMING_VERBS and reader.yoy is None:
        reader.end = before
        return
    if frame.verb in _WEAK_VERBS and reader.yoy is None and not (bare and number.dimension in POINTS):
        reader.end = before - len(frame.verb)
        reader.unread(frame.verb)


def read_drive(reader: Reader) -> None:
    """下拉全市工业增速0.4个百分点: driven without another verb."""
    drive = last_match(_DRIVE, reader.rest())
    if drive is not None and drive.end() < len(reader.rest()):
        reader.frame.direction, reader.frame.verb = 1, drive.group()
        _drive(reader, drive, reader.end)


def _drive(reader: Reader, drive: re.Match[str] | None, before: int) -> None:
    frame = reader.frame
    if drive is None:
        reader.end = before - len(frame.verb)
        if frame.verb != "拉动":
            reader.unread(frame.verb)
        return
    base = trim(reader.text, reader.start + drive.end(), reader.end)
    if base.end > base.start:
        frame.bases, frame.relation = (base,), "drive"
    if drive.group() in ("下拉", "拉低"):
        frame.direction = -1
    reader.end = reader.start + drive.start()
    reader.strip()


def _cut_unit_price(text: str, base: Piece) -> Piece:
    found = re.search(r"(?:每[\u4e00-\u9fff]{1,3}|单价|均价)$", text[base.start : base.end])
    return Piece(base.start, base.start + found.start()) if found is not None and found.start() > 0 else base
