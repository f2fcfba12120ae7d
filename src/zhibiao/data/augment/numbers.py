"""Other numbers: figures of one kind scaled by one factor, so that parts stay below wholes and ranges in order."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.data.augment.bonds import amounts_of, bonds, holds
from zhibiao.data.augment.edit import Edit, rewrite
from zhibiao.data.augment.figures import PERCENT, POINTS, Figure, read_figure, read_unit, scaled
from zhibiao.data.links import Links
from zhibiao.text.sentences import sentences

_RANK_RE = re.compile(r"第([0-9]{1,2}|[一二三四五六七八九])")
_RANK_DIGITS = "一二三四五六七八九"
# Words that say something about the size or sign of a figure which another figure would belie, and growth that follows
# from other growth but not in proportion (贡献率, spending per head).
_NO_GROWTH_RE = re.compile(
    "位数|翻[一两]?番|持平|[转由]正|[转由]负|最[快慢高低大小]|领跑|翻倍|首次|第一次|倍增|微|[%％][^,，。;；]{0,6}目标"
    "|贡献率|人均(?:消费|花费|支出)|客单价"
)
# There are 41 行业大类.
_NO_LEVEL_RE = re.compile("首次|第一次|首个|跨过|跃上|台阶|关口|大关|整数|行业大类")
_NO_RANK_RE = re.compile("榜首|首次|蝉联|夺冠|跻身")
_OF_A_WHOLE_RE = re.compile(r"[0-9]+(?:[个家项户类种座款只辆台])[^,，。;；、0-9]{0,12}[中里]")
# A count whose items are named (3个,分别落户嘉善、海盐、平湖).
_NAMED_RE = re.compile(
    "[^,，。;；:：]{0,8}[,，:：](?:分别)?(?:落户|位于|落在|布局在|为|是|即)(?P<names>[^,，。;；:：]+)"
)
# What is given for one of something: with a total and a count in proportion it stays what it was.
_PER_ONE_RE = re.compile(
    "每|单[位价产耗车户班机台]|^吨|^万元|[人户亩地班车次校店]均|平均|均价|价格?$|工资|薪|租金|标准$|成本|利率|[能电水煤]耗|亩产|浓度|密度|强度"
)
_EACH_RE = re.compile("每[^,，。;；]{1,20}$|每[百千万][^。;；]{1,30}$")
# Ratios, points, and what has a natural bound: days of a year, hours, degrees, ages.
_FIXED_UNITS = (
    "倍",
    "位",
    "成",
    "个点",
    "点",
    "个基点",
    "基点",
    "‰",
    "天",
    "日",
    "小时",
    "个小时",
    "工作日",
    "个工作日",
    "分钟",
    "℃",
    "度",
    "摄氏度",
    "岁",
    "年",
    "个月",
)
_EACH_WITHIN = 32
_GREATEST_FALL = Decimal(90)
# Below it the same digits say nothing.
_LEAST_TELLING = 10
_FACTORS = tuple(Decimal(n) / 100 for n in (55, 62, 68, 74, 81, 87, 93, 108, 115, 123, 131, 142, 156, 171, 188))
# Twice the growth of an economy would be one that there is not.
_GROWTH_FACTORS = tuple(factor for factor in _FACTORS if factor < Decimal("1.4"))


def swap_numbers(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Change the numbers of VALUEs in their own format: sign, commas, decimal places, 余 and 多 stay, as do the units.

    Amounts of a paragraph are scaled by one factor and growth with its differences in points by another; round numbers
    stay round. Only a factor is taken with which everything of ``bonds`` that held still holds: order, sums, shares,
    gaps, growth that follows from amounts. Ranks move up or down together within the first few. Shares, rates and their
    changes, amounts per head or unit, ratios (倍), days and hours, and indices without a unit stay. A group with a
    number in Chinese numerals, or beside a word that its size explains (两位数, 首次突破), stays too. None if nothing
    changes.
    """
    links = Links.of(annotated)
    groups: dict[str, list[RawEntity]] = {"level": [], "growth": [], "rank": []}
    for value in links.values:
        if kind := _group(links, value):
            groups[kind].append(value)
    edits = [*_scaled(links, groups, rng), *_moved_ranks(links, groups["rank"], rng)]
    changed = rewrite(annotated, edits)
    return None if changed.text == annotated.text else changed


def _group(links: Links, value: RawEntity) -> str | None:
    """Which factor ``value`` takes; None for those that stay."""
    given, unit = links.attributes.get(value.id), links.tail(value, "unit")
    if given is None:
        return None
    if given.measure == "rank":
        return "rank"
    if unit is None:
        return None
    figure = read_figure(links, value)
    base = figure.base if figure is not None else read_unit(links.text(unit))[1]
    if base == POINTS:
        return None if _of_a_rate(links, value) else "growth"
    if base == PERCENT:
        return "growth" if given.measure in ("growth", "change") else None
    if given.measure in ("level", "change") and base not in _FIXED_UNITS and not _is_per_one(links, value, unit):
        return "level"
    return None


def _of_a_rate(links: Links, value: RawEntity) -> bool:
    """True if a difference in points is one between shares or rates: the last percentage before it is no growth."""
    starts = [sentence.start for sentence in sentences(links.annotated.text)]
    own = bisect_right(starts, value.span.start)
    for other in reversed(links.values):
        unit = links.tail(other, "unit")
        if other.span < value.span and unit is not None and read_unit(links.text(unit))[1] == PERCENT:
            given = links.attributes.get(other.id)
            in_sentence = bisect_right(starts, other.span.start) == own
            return not in_sentence or given is None or given.measure != "growth"
    return True


def _is_per_one(links: Links, value: RawEntity, unit: RawEntity) -> bool:
    indicator = links.tail(value, "indicator")
    before = links.annotated.text[max(0, value.span.start - _EACH_WITHIN) : value.span.start]
    named = indicator is not None and _PER_ONE_RE.search(links.text(indicator)) is not None
    return named or "/" in links.text(unit) or _EACH_RE.search(before) is not None


def _scaled(links: Links, groups: Mapping[str, Sequence[RawEntity]], rng: random.Random) -> list[Edit]:
    """The edits of both groups; none for a group if a member is not in digits or no factor fits it."""
    text = links.annotated.text
    figures = {v.id: figure for v in links.values if (figure := read_figure(links, v)) is not None}
    amounts = amounts_of(links, figures, {v.id for kind in ("level", "growth") for v in groups[kind]})
    known = bonds(amounts)
    edits: list[Edit] = []
    for kind, blocked, factors in (("level", _NO_LEVEL_RE, _FACTORS), ("growth", _NO_GROWTH_RE, _GROWTH_FACTORS)):
        group = [figures[v.id] for v in groups[kind] if v.id in figures]
        if blocked.search(text) or len(group) < len(groups[kind]) or _is_explained(links, group):
            continue
        if kind == "growth" and _follows_from_levels(links, group, figures.values()):
            continue
        for factor in rng.sample(factors, len(factors)):
            numbers = {f.value.id: scaled(f, factor) for f in group}
            trial = dict(amounts)
            for f in group:
                trial[f.value.id] = replace(amounts[f.value.id], size=numbers[f.value.id] * f.multiplier)
            if _is_possible(group, numbers) and all(holds(bond, trial) for bond in known):
                amounts = trial
                edits += [Edit(f.value.span.start, f.value.span.end, f.written(numbers[f.value.id])) for f in group]
                break
    return edits


def _is_possible(group: Iterable[Figure], numbers: Mapping[str, Decimal]) -> bool:
    return all(not (f.measure == "growth" and f.down) or numbers[f.value.id] <= _GREATEST_FALL for f in group)


def _follows_from_levels(links: Links, group: Iterable[Figure], figures: Iterable[Figure]) -> bool:
    """True if growth of the group is that of something of which amounts of two periods are given."""
    periods: dict[tuple[str, str], set[str]] = defaultdict(set)
    for figure in figures:
        if figure.measure == "level" and figure.base != PERCENT:
            periods[_subject(links, figure)].add(_tail_id(links, figure, "year"))
    return any(len(periods[_subject(links, figure)]) > 1 for figure in group)


def _subject(links: Links, figure: Figure) -> tuple[str, str]:
    return _tail_id(links, figure, "indicator"), _tail_id(links, figure, "region")


def _tail_id(links: Links, figure: Figure, kind: str) -> str:
    tail = links.tail(figure.value, kind)
    return tail.id if tail is not None else ""


def _is_explained(links: Links, figures: Iterable[Figure]) -> bool:
    """True if a number outside the VALUEs equals one of theirs, is the whole of one, or its items are named."""
    text = links.annotated.text
    inside = {value.span.start for value in links.values}
    if any(match.start() not in inside for match in _OF_A_WHOLE_RE.finditer(text)):
        return True
    return any(
        any(
            match.start() not in inside
            for match in re.finditer(rf"(?<![0-9.]){re.escape(links.text(f.value))}(?![0-9.年月日号])", text)
        )
        if f.number >= _LEAST_TELLING
        else _names_its_items(links, f)
        for f in figures
    )


def _names_its_items(links: Links, figure: Figure) -> bool:
    match = _NAMED_RE.match(links.annotated.text, links.quantity_end(figure.value))
    return match is not None and len(re.split("、|和|及|以及", match["names"])) == figure.number


def _moved_ranks(links: Links, values: Sequence[RawEntity], rng: random.Random) -> list[Edit]:
    """All ranks of the paragraph moved by one distance; none with another kind of rank (首, 前三) or a move."""
    text = links.annotated.text
    ranks = [(value, match) for value in values if (match := _RANK_RE.fullmatch(links.text(value)))]
    places = [v for v in links.values if (unit := links.tail(v, "unit")) is not None and links.text(unit) == "位"]
    if not ranks or len(ranks) < len({v.id for v in (*values, *places)}) or _NO_RANK_RE.search(text):
        return []
    numbers = [_rank(match[1]) for _, match in ranks]
    choices = [k for k in range(-3, 3) if k and min(numbers) + k >= 1 and max(numbers) + k <= max(5, *numbers)]
    if any(not match[1].isdigit() for _, match in ranks):
        choices = [k for k in choices if max(numbers) + k <= len(_RANK_DIGITS)]
    if not choices:
        return []
    by = rng.choice(choices)
    edits = []
    for value, match in ranks:
        rank = _rank(match[1]) + by
        written = str(rank) if match[1].isdigit() else _RANK_DIGITS[rank - 1]
        edits.append(Edit(value.span.start, value.span.end, f"第{written}"))
    return edits


def _rank(digits: str) -> int:
    return int(digits) if digits.isdigit() else _RANK_DIGITS.index(digits) + 1
