"""The same text as pages spoil it: width, punctuation, blanks, lost commas, invisible characters."""

from __future__ import annotations

import random
import re

from zhibiao.core.records import AnnotatedText
from zhibiao.data.augment.edit import Edit, crosses, rewrite

_ASCII_TO_FULL = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_DIGITS = {char: full for char, full in _ASCII_TO_FULL.items() if char.isalnum() or char in ".%"}
_MARKS = {char: full for char, full in _ASCII_TO_FULL.items() if char in ",:;()!?%"}
_MARKS_BACK = {full: char for char, full in _MARKS.items()}
_NUMBER_CHARS = frozenset("0123456789０１２３４５６７８９.,．，%％〇零一二两三四五六七八九十百千万亿半几第")
_DASHES = "—–～~－-"
# A dash between bare figures may also be one of a date or a telephone number.
_DASH = (
    rf"(?:(?<=[%％月日年])|(?<=[0-9])(?<!-[0-9])(?<!-[0-9][0-9])(?=[{_DASHES}]+[0-9.]+[%％‰\u4e00-\u9fff]))[{_DASHES}]+"
)
_RANGE_RE = re.compile(rf"(?:{_DASH}|(?<=[0-9%％月日年])[至到])(?=[0-9])")
# 由60%到75% is a change.
_CHANGE_RE = re.compile("[由从自][^,，。;；、]{0,20}$")
_DECIMAL_RE = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_COMMA_RE = re.compile("[,，](?![0-9])")
_BLANKS = (" ", " ", " ", "\u3000", "\u00a0", "  ")
_INVISIBLE = ("\u200b", "\ufeff", "\u00ad", "\u200d", "\u2060")
_QUOTES = (("“", "”"), ("「", "」"), ('"', '"'), ("『", "』"))


def vary_width(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Set figures and letters or punctuation in full-width forms, or full-width punctuation in ASCII; lengths stay."""
    table = rng.choice((_DIGITS, _MARKS, _MARKS_BACK, _DIGITS | _MARKS))
    text = annotated.text
    return _rewritten(
        annotated,
        # A comma between digits belongs to the number and stays with it.
        [Edit(i, i + 1, table[c]) for i, c in enumerate(text) if c in table and not _between_digits(text, i, table)],
    )


def _between_digits(text: str, at: int, table: dict[str, str]) -> bool:
    return text[at] == "," and "0" not in table and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def vary_punctuation(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Another range mark throughout (1—9月, 1~9月), and other quotation marks."""
    text = annotated.text
    mark = rng.choice(("-", "—", "–", "~", "～", "至", "——"))
    ranges = (
        Edit(m.start(), m.end(), mark) for m in _RANGE_RE.finditer(text) if not _CHANGE_RE.search(text[: m.start()])
    )
    edits = [edit for edit in ranges if not crosses(annotated, [edit])]
    pair = dict(zip("“”", rng.choice(_QUOTES), strict=True))
    edits += [Edit(i, i + 1, pair[c]) for i, c in enumerate(text) if c in pair]
    return _rewritten(annotated, edits)


def add_blanks(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Blanks before and after figures, between a figure and its unit, and now and then beside a decimal point."""
    text = annotated.text
    rate, blank = rng.uniform(0.2, 0.9), rng.choice(_BLANKS)
    edits = []
    for at in range(1, len(text)):
        pair = (text[at - 1], text[at])
        if _is_figure(pair[0]) != _is_figure(pair[1]) and all(c.isalnum() or c in "%％‰" for c in pair):
            edits += [Edit(at, at, blank)] if rng.random() < rate else []
    for point in _DECIMAL_RE.finditer(text):
        if rng.random() < rate / 8:
            edits.append(Edit(point.end(), point.end(), " "))
    return _rewritten(annotated, edits)


def _is_figure(char: str) -> bool:
    return char.isascii() and char.isdigit()


def lose_punctuation(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Remove some commas, or leave a blank in their stead.

    Those stay that keep two numbers apart, or two periods or regions, which would read as one, that end an INDICATOR,
    whose extent goes by them, or that stand in a span. At least a blank is left after a quantity, as what follows would
    read as what is counted, and before an INDICATOR.
    """
    text = annotated.text
    rate, instead = rng.uniform(0.15, 0.6), rng.choice(("", "", " ", "\u3000"))
    inside = {i for e in annotated.entities for i in range(e.span.start, e.span.end)}
    ended = {e.span.end: e.label for e in annotated.entities}
    begun = {e.span.start: e.label for e in annotated.entities}
    edits = []
    for match in _COMMA_RE.finditer(text):
        at, before, after = match.start(), ended.get(match.start()), begun.get(match.end())
        apart = text[at - 1 : at] in _NUMBER_CHARS and text[at + 1 : at + 2] in _NUMBER_CHARS
        needed = apart or at in inside or before == "INDICATOR" or (before is not None and before == after)
        if at and not needed and rng.random() < rate:
            joined = before in ("VALUE", "UNIT") or after == "INDICATOR"
            edits.append(Edit(at, match.end(), " " if joined and not instead else instead))
    return _rewritten(annotated, edits)


def add_invisible(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Zero-width characters, soft hyphens and byte order marks here and there, but between a number and its unit."""
    joints = quantity_joints(annotated)
    rate = rng.uniform(0.005, 0.05)
    places = [at for at in range(1, len(annotated.text)) if at not in joints and rng.random() < rate]
    return _rewritten(annotated, [Edit(at, at, rng.choice(_INVISIBLE)) for at in places])


def quantity_joints(annotated: AnnotatedText) -> set[int]:
    """The places between a number and its unit, both edges included, where nothing but a blank may be put."""
    spans = {entity.id: entity.span for entity in annotated.entities}
    joints: set[int] = set()
    for relation in annotated.relations:
        if relation.type == "unit":
            joints.update(range(spans[relation.head].end, spans[relation.tail].start + 1))
    return joints


def _rewritten(annotated: AnnotatedText, edits: list[Edit]) -> AnnotatedText | None:
    changed = rewrite(annotated, edits, inside=True)
    return None if changed.text == annotated.text else changed
