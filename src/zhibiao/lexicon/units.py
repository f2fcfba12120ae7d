"""Units and measure words: a table of base units (``resources/units.tsv``) and the rules that compose them.

A surface is [multiplier][余|多][multiplier] base [(base、base)] [/ denominator]: 万余家, 亿多元, 台(套), 万元/亩.
Multipliers are always folded into the scale (亿元 is 元 times 1E8). Base units are converted only where that is exact
and statistics themselves do it (兆瓦 to 千瓦, 成 to per cent, 千米 to 公里, 名 to 人). 公里 and 米, 平方公里 and 亩, 吨
and 公斤 stay apart: each has its own statistics, and a reader looks for the unit that the source reports in. A
denominator stays as written (吨标准煤/万元), and so does a base unit above one that would be converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

MULTIPLIERS = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10**4),
    "十万": Decimal(10**5),
    "百万": Decimal(10**6),
    "千万": Decimal(10**7),
    "亿": Decimal(10**8),
    "十亿": Decimal(10**9),
    "百亿": Decimal(10**10),
    "千亿": Decimal(10**11),
    "万亿": Decimal(10**12),
    "百万亿": Decimal(10**14),
    "千万亿": Decimal(10**15),
    "亿亿": Decimal(10**16),
}
_DENOMINATORS = (
    "年",
    "月",
    "日",
    "周",
    "季",
    "夜",
    "时",
    "秒",
    "间夜",
    "人年",
    "百人",
    "千人",
    "百公里",
    "床日",
    "单位",
)
_PER_WORDS = "平方米|立方米|吨|公斤|千克|斤|千瓦时|度|亩|人|秒|桶"
_FOLD = str.maketrans("％（）／，", "%()/,")

UNIT_RE: re.Pattern[str]
"""Matches the longest unit right after a number (``UNIT_RE.match(text, pos)``); compiled at first use."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit, its kind, and the exact factor from the unit as written: 亿元 is Unit("元", "currency", 1E8).

    A multiplier without a unit (5亿) has the canonical unit "" and the dimension ``number``.
    """

    canonical: str
    dimension: str
    scale: Decimal


def lookup_unit(surface: str) -> Unit | None:
    """The unit that ``surface`` writes, or None if it is not one of the table's or composed of them."""
    return _lookup(surface.strip().translate(_FOLD))


def __getattr__(name: str) -> re.Pattern[str]:
    if name == "UNIT_RE":
        return _unit_re()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _table() -> dict[str, tuple[Unit, tuple[str, ...]]]:
    """Base surface to its unit and the words that, following it, show that it begins another word (成员, 处理)."""
    source = (resources.files("zhibiao") / "resources" / "units.tsv").read_text(encoding="utf-8")
    table = {}
    for line in source.splitlines()[1:]:
        if line and not line.startswith("#"):
            surface, canonical, dimension, factor, *guards = line.split("\t")
            table[surface] = (Unit(canonical, dimension, Decimal(factor)), tuple(guards[0].split()) if guards else ())
    return table


@cache
def _unit_re() -> re.Pattern[str]:
    surfaces = sorted(_table(), key=len, reverse=True)
    base = "|".join(re.escape(s) + _guard(_table()[s][1]) for s in surfaces)
    bare = "|".join(re.escape(s) for s in sorted([*surfaces, *_DENOMINATORS], key=len, reverse=True))
    multiplier = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<base>{base})"
        rf"|(?P<first>{multiplier})[余多]?(?:(?P<second>{multiplier})??(?P<multiplied>{base})|(?P<last>{multiplier}))?)"
        rf"(?P<variant>[(（](?:{bare})(?:[、/,，](?:{bare}))*[)）])?"
        rf"(?P<per>[/／](?:{multiplier})?(?:{bare})(?:·(?:{bare}))?|每(?:{_PER_WORDS}))?"
    )


def _guard(words: tuple[str, ...]) -> str:
    return f"(?!{'|'.join(words)})" if words else ""


@lru_cache(maxsize=4096)
def _lookup(surface: str) -> Unit | None:
    match = _unit_re().fullmatch(surface)
    if match is None:
        return None
    scale = Decimal(1)
    for group in ("first", "second", "last"):
        scale *= MULTIPLIERS[match[group]] if match[group] else 1
    written = match["base"] or match["multiplied"]
    if written is None:
        return None if match["variant"] or match["per"] else Unit("", "number", scale)
    unit = _table()[written][0]
    if match["per"]:
        above = unit.canonical if unit.scale == 1 else written
        return Unit(f"{above}{match['variant'] or ''}/{match['per'][1:]}", "rate", scale)
    if match["variant"]:
        return Unit(written + match["variant"], unit.dimension, scale)
    return Unit(unit.canonical, unit.dimension, unit.scale * scale)
