"""Patterns of the corpus: what makes a VALUE or a paragraph hard, told from its gold annotation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator

from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.core.surfaces import fold
from zhibiao.data.links import Links
from zhibiao.text.sentences import sentences

PATTERNS = {
    "rank": "measure rank",
    "negative_growth": "growth or change with the trend down, or a number with a minus sign",
    "estimate": "status estimate",
    "target": "status target",
    "range": "one of two VALUEs, bound min and max, with a range mark between them",
    "chinese_numeral": "a number in Chinese numerals",
    "fraction": "a fraction: 三分之一, 一半, 2/3",
    "respectively": "in a list of VALUEs after 分别, 分列, 依次 or 各",
    "county_list": "in such a list whose VALUEs have at least three different regions",
    "several_regions": "a paragraph whose VALUEs have at least three different regions",
    "several_periods": "a paragraph whose VALUEs have at least three different periods",
    "carried_indicator": "one INDICATOR span serves at least three VALUEs in at least three clauses",
    "cross_sentence": "a relation leads into another sentence",
    "number_before_noun": "the INDICATOR stands right after the number and its unit",
    "share": "measure share",
    "share_of_share": "a share of something that is itself given as a share: its BASELINE is the INDICATOR of a share",
    "bound_min": "bound min",
    "bound_max": "bound max",
    "bound_approx": "bound approx",
    "comparison_own_value": "the figure of what is compared with: its region or period is a BASELINE span",
    "firm_figure_heuristic": "heuristic: its sentence names a firm or project before it (一家, 该企业, 公司)",
    "sub_item": "其中 stands before its INDICATOR (or before the number) in the same clause",
    "no_value_with_numbers": "a paragraph with at least five numbers in Arabic digits and no VALUE",
}
"""Every pattern with its definition; several_regions, several_periods and no_value_with_numbers are a paragraph's."""

_SEVERAL = 3
_FEWEST_NUMBERS = 5
_ARABIC_RE = re.compile(r"[0-9０-９]")
_NUMBER_RE = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*")
_NUMERAL_RE = re.compile("[〇零一二两三四五六七八九十百千万亿半几]")
_FRACTION_RE = re.compile(r"分之|半|[0-9]/[0-9]")
_RANGE_MARK_RE = re.compile(r"\s*(?:[-—–―~～－]+|至|到)\s*")
_RESPECTIVELY_RE = re.compile("分别|分列|依次|各(?=增长|下降|为|占|达)")
_LIST_GAP_RE = re.compile(r"\s*(?:[、,，]|以及|和|与|及)+[\u4e00-\u9fff]{0,5}")
_STOP_RE = re.compile("[;；。!！?？\n]")
_CLAUSE_END_RE = re.compile(r"(?<![0-9])[,，]|[,，](?![0-9])|[;；。!！?？\n]")
_FIRM_RE = re.compile(r"一家|[这该]家?(?:企业|公司|厂|项目)|公司|集团|项目总?投资")
_SUB_ITEM = "其中"


def patterns(annotated: AnnotatedText) -> frozenset[str]:
    """The names of all patterns that ``annotated`` or one of its VALUEs shows."""
    links = Links.of(annotated)
    found = set().union(*_value_patterns(links).values())
    for name, kind in (("several_regions", "region"), ("several_periods", "year")):
        tails = {fold(links.text(tail)) for value in links.values if (tail := links.tail(value, kind))}
        if len(tails) >= _SEVERAL:
            found.add(name)
    if not links.values and len(_NUMBER_RE.findall(annotated.text)) >= _FEWEST_NUMBERS:
        found.add("no_value_with_numbers")
    return frozenset(found)


def value_patterns(annotated: AnnotatedText) -> dict[str, frozenset[str]]:
    """The patterns of each VALUE by its entity id, every VALUE included."""
    return {key: frozenset(found) for key, found in _value_patterns(Links.of(annotated)).items()}


def _value_patterns(links: Links) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {value.id: set() for value in links.values}
    detectors: tuple[Callable[[Links], Iterator[tuple[str, str]]], ...] = (
        _by_attributes,
        _by_surface,
        _ranges,
        _lists,
        _carried,
        _cross_sentence,
        _by_arguments,
        _by_context,
    )
    for detector in detectors:
        for key, name in detector(links):
            found[key].add(name)
    return found


def _by_attributes(links: Links) -> Iterator[tuple[str, str]]:
    for value in links.values:
        given = links.attributes.get(value.id)
        if given is None:
            continue
        for name in (given.measure, given.status, f"bound_{given.bound}"):
            if name in PATTERNS:
                yield value.id, name
        if given.measure in ("growth", "change") and given.trend == "down":
            yield value.id, "negative_growth"


def _by_surface(links: Links) -> Iterator[tuple[str, str]]:
    for value in links.values:
        surface = links.text(value)
        if surface[0] in "-−－":
            yield value.id, "negative_growth"
        if _NUMERAL_RE.search(surface) and not _ARABIC_RE.search(surface):
            yield value.id, "chinese_numeral"
        if _FRACTION_RE.search(surface):
            yield value.id, "fraction"


def _ranges(links: Links) -> Iterator[tuple[str, str]]:
    for low, high in zip(links.values, links.values[1:], strict=False):
        bounds = [links.attributes[v.id].bound if v.id in links.attributes else "" for v in (low, high)]
        gap = links.annotated.text[links.quantity_end(low) : high.span.start]
        if bounds == ["min", "max"] and _RANGE_MARK_RE.fullmatch(gap):
            yield low.id, "range"
            yield high.id, "range"


def value_lists(links: Links) -> Iterator[list[RawEntity]]:
    """The VALUEs of each list after 分别 and the like, two or more in order; only list marks and verbs between them."""
    text = links.annotated.text
    starts = [value.span.start for value in links.values]
    for mark in _RESPECTIVELY_RE.finditer(text):
        first = bisect_right(starts, mark.end() - 1)
        if first == len(starts) or _STOP_RE.search(text, mark.end(), starts[first]):
            continue
        listed = [links.values[first]]
        for value in links.values[first + 1 :]:
            if not _LIST_GAP_RE.fullmatch(text, links.quantity_end(listed[-1]), value.span.start):
                break
            listed.append(value)
        if len(listed) > 1:
            yield listed


def _lists(links: Links) -> Iterator[tuple[str, str]]:
    for listed in value_lists(links):
        regions = {tail.span for value in listed if (tail := links.tail(value, "region"))}
        for value in listed:
            yield value.id, "respectively"
            if len(regions) >= _SEVERAL:
                yield value.id, "county_list"


def _carried(links: Links) -> Iterator[tuple[str, str]]:
    ends = [match.start() for match in _CLAUSE_END_RE.finditer(links.annotated.text)]
    served: dict[str, list[RawEntity]] = defaultdict(list)
    for value in links.values:
        if tail := links.tail(value, "indicator"):
            served[tail.id].append(value)
    for values in served.values():
        if len({bisect_right(ends, value.span.start) for value in values}) >= _SEVERAL:
            for value in values:
                yield value.id, "carried_indicator"


def _cross_sentence(links: Links) -> Iterator[tuple[str, str]]:
    starts = [sentence.start for sentence in sentences(links.annotated.text)]
    for value in links.values:
        own = bisect_right(starts, value.span.start)
        if any(bisect_right(starts, tail.span.start) != own for tail in links.tails.get(value.id, {}).values()):
            yield value.id, "cross_sentence"


def _by_arguments(links: Links) -> Iterator[tuple[str, str]]:
    parts: dict[str, set[str]] = defaultdict(set)
    for value in links.values:
        indicator = links.tail(value, "indicator")
        if indicator is not None and value.id in links.attributes and links.attributes[value.id].measure == "share":
            parts[fold(links.text(indicator))].add(value.id)
    for value in links.values:
        arguments = links.tails.get(value.id, {})
        indicator, baseline = arguments.get("indicator"), arguments.get("baseline")
        if indicator is not None:
            gap = links.annotated.text[links.quantity_end(value) : indicator.span.start]
            if indicator.span.start > value.span.start and gap in ("", "的"):
                yield value.id, "number_before_noun"
        measure = links.attributes[value.id].measure if value.id in links.attributes else ""
        if measure == "share" and baseline is not None and parts[fold(links.text(baseline))] - {value.id}:
            yield value.id, "share_of_share"
        if any(tail.label == "BASELINE" for kind, tail in arguments.items() if kind in ("region", "year")):
            yield value.id, "comparison_own_value"


def _by_context(links: Links) -> Iterator[tuple[str, str]]:
    text = links.annotated.text
    spans = sentences(text)
    starts = [sentence.start for sentence in spans]
    clauses = [0, *(match.end() for match in _CLAUSE_END_RE.finditer(text))]
    for value in links.values:
        sentence = max(0, bisect_right(starts, value.span.start) - 1)
        if spans and _FIRM_RE.search(text, spans[sentence].start, value.span.start):
            yield value.id, "firm_figure_heuristic"
        at = value.span.start
        if (indicator := links.tail(value, "indicator")) is not None:
            at = min(at, indicator.span.start)
        if _SUB_ITEM in text[clauses[bisect_right(clauses, at) - 1] : at]:
            yield value.id, "sub_item"
