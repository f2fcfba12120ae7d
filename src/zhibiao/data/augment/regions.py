"""Region swap: the places of a paragraph become other places of the same kind, their containment kept."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from zhibiao.core.records import AnnotatedText
from zhibiao.core.spans import Span
from zhibiao.data.augment.edit import Edit, crosses, rewrite
from zhibiao.lexicon.regions import Gazetteer, Place, PlaceMatch

_TRIES = 12
# 胶州湾, 黄山站: the name is part of another one.
_LONGER_NAME_RE = re.compile("[湾江河湖海山岛港站岭关洋峡话剧路桥寺]")
# What a place is known for would become untrue with another name: waters, mountains, sights, events, ports and dialect
# names; what lies in the ground or grows there, the weather, lines of transport, its rank among cities, larger regions.
_BOUND_TO_PLACE_RE = re.compile(
    "[江河湖海洋峡湾岛山岭峰][畔边岸口滨]|长江|黄河|珠江|淮河|太湖|运河|盆地|高原|草原|戈壁|沙漠|雪[山季场]|海峡|半岛|沿海|口岸|边境|机场|港[区口货]|海关"
    "|冬奥|亚运|博览会|中欧|侗|苗|彝|藏|蒙古|维吾尔|壮|回族|傣|牧民|亚热带|渔"
    "|海[洋水产]|涉海|石窟|古[城镇都]|崖洞|坝上|文化节|[煤油钢铜气盐镍硅瓷]都|[煤油钢车瓷]城|之[都乡](?!市)|原油|油田|采油|页岩气|煤层气|稀土|盐湖|钾肥"
    "|雪|冰|台风|汛|洪|梅雨|旱|铁路|高铁|城际|高速(?:公路|沿线)|因[煤油钢铜瓷水]而|对俄|疆|鲜切花|省会|首府|副省级|直辖市|单列市"
    "|东北|西北|西南|华[东南北中]|中西部|[中西]部(?:地区|第)|豫[南北]|皖[南北]|苏[南北中]|江浙沪|淮海"
    "|全国[^,，。;；]{0,8}(?:[第前][一二三四五六七八九十0-9]|首位|城市)|占(?:到|据)?全[国球]"
)
# One-character names of provinces that are hardly anything else; in a full name (湖南) they are not alone.
_ABBREVIATION_RE = re.compile("[沪渝冀豫皖鄂湘赣粤闽琼滇黔]")
_SHORTEST_NAME = 2


def swap_regions(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Give every place of the text, and ``meta.city``, the name of another one of its level and kind (市, 区, 县 ...).

    Districts go with their city and cities with their province, a full name to a full name and a short one to a short
    one; annotated or not, inside other spans too (湖北省平均). A zone is renamed with the city whose name it begins
    with. None if nothing can be swapped, a place is ambiguous, or the text speaks of what only this place has (see the
    source).
    """
    gazetteer = Gazetteer.default()
    city = annotated.meta.get("city", "")
    if _BOUND_TO_PLACE_RE.search(annotated.text):
        return None
    home = _only(gazetteer.lookup(city)) if city else None
    found = _mentions(annotated, gazetteer, home)
    if not found or _has_abbreviation(annotated.text, found):
        return None
    # A zone's own name stays, so its place must stay in it: only those that begin with a place's name can follow it.
    zones = [m for m in found if m.place.level in ("zone", "country")]
    places = [m for m in found if m.place.level not in ("zone", "country")]
    if any(m.place.level == "zone" and not _leading(m.surface, places) for m in zones) or not places:
        return None
    wanted = [m.place for m in places] + ([home] if home is not None and home.level != "zone" else [])
    mapping = _mapping(wanted, gazetteer, rng)
    if mapping is None:
        return None
    edits = []
    for mention in places:
        name = _renamed(mention.surface, mention.place, mapping[mention.place.code])
        if name is None:
            return None
        edits.append(Edit(mention.span.start, mention.span.end, name))
    for mention in zones:
        leading = _leading(mention.surface, places)
        if leading:
            name = _renamed(leading.surface, leading.place, mapping[leading.place.code])
            edits.append(Edit(mention.span.start, mention.span.start + len(leading.surface), name or leading.surface))
    if crosses(annotated, edits):
        return None
    meta = dict(annotated.meta)
    if home is not None and home.code in mapping:
        meta["city"] = mapping[home.code].name
    elif city:
        return None
    return replace(rewrite(annotated, edits, inside=True), meta=meta)


@dataclass(frozen=True, slots=True)
class _Mention:
    span: Span
    surface: str
    place: Place


def _mentions(annotated: AnnotatedText, gazetteer: Gazetteer, home: Place | None) -> list[_Mention] | None:
    """Every mention with its place, a chain (河南辉县) taken apart; None if one cannot be told for certain."""
    text = annotated.text
    marked = [e.span for e in annotated.entities if e.label in ("CITY", "BASELINE")]
    whole = {Span(span.start, span.end) for span in marked}
    mentions: list[_Mention] = []
    for match in gazetteer.find(text):
        start, end = match.span.start, match.span.end
        place = _resolve(match, gazetteer, home)
        covered = any(span.start <= start and end <= span.end for span in marked)
        if place is None:
            if match.ambiguous and not covered:
                continue
            return None
        if _LONGER_NAME_RE.match(text, end) and not covered:
            return None
        if match.ambiguous and not covered and not _related(place, home, gazetteer):
            continue
        # 钢城 before 鞍山 is no district of Jinan.
        if match.span not in whole and not _is_certain(text[start:end], place, home, gazetteer):
            return None
        split = _take_apart(text[start:end], place, gazetteer)
        if split is None:
            return None
        for surface, of in split:
            mentions.append(_Mention(Span(start, start + len(surface)), surface, of))
            start += len(surface)
    return mentions


def _is_certain(surface: str, place: Place, home: Place | None, gazetteer: Gazetteer) -> bool:
    """True unless a county elsewhere may be something else of that name: it lies at home or its place is named."""
    return (
        place.level != "county"
        or _related(place, home, gazetteer)
        or len(surface) > len(place.name)
        or (home is None and surface == place.name)
    )


def _has_abbreviation(text: str, mentions: Iterable[_Mention]) -> bool:
    named = {at for mention in mentions for at in range(mention.span.start, mention.span.end)}
    return any(match.start() not in named for match in _ABBREVIATION_RE.finditer(text))


def _resolve(match: PlaceMatch, gazetteer: Gazetteer, home: Place | None) -> Place | None:
    current = [place for place in match.places if not place.former]
    if len(current) > 1 and home is not None:
        current = [place for place in current if place is home or _related(place, home, gazetteer)]
    return _only(current)


def _related(place: Place, home: Place | None, gazetteer: Gazetteer) -> bool:
    return home is not None and (place is home or gazetteer.contains(home, place) or gazetteer.contains(place, home))


def _take_apart(surface: str, place: Place, gazetteer: Gazetteer) -> list[tuple[str, Place]] | None:
    names = sorted({place.name, *place.aliases}, key=len, reverse=True)
    own = next((name for name in names if surface.endswith(name)), None)
    if own is None:
        return None
    rest = surface[: len(surface) - len(own)]
    if not rest:
        return [(own, place)]
    for outer in reversed(gazetteer.parents(place)):
        before = _take_apart(rest, outer, gazetteer)
        if before is not None:
            return [*before, (own, place)]
    return None


def _leading(surface: str, places: Iterable[_Mention]) -> _Mention | None:
    return next((m for m in places if surface.startswith(m.surface) and surface != m.surface), None)


def _only(places: Iterable[Place]) -> Place | None:
    found = list(places)
    return found[0] if len(found) == 1 else None


def _kind(place: Place) -> tuple[str, str]:
    """Level and kind by the end of the name (市, 区, 县, 州, 盟, 旗, 省); autonomous units are kinds of their own."""
    return place.level, place.name[-2:] if "自治" in place.name else place.name[-1]


def _short_name(place: Place) -> str | None:
    """The name without its kind, if the gazetteer has it and it is no ordinary word."""
    short = place.name.removesuffix(place.name[-1])
    usable = short in place.aliases and short not in place.ambiguous_aliases and len(short) >= _SHORTEST_NAME
    return short if usable else None


def _renamed(surface: str, old: Place, new: Place) -> str | None:
    if surface == old.name:
        return new.name
    return _short_name(new) if surface == old.name.removesuffix(old.name[-1]) else None


@cache
def _children(code: str) -> Mapping[tuple[str, str], tuple[Place, ...]]:
    """The present places directly below ``code`` by kind, those with a usable short name only."""
    found: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in Gazetteer.default().places:
        if place.parent == code and place.code and not place.former and _short_name(place):
            found[_kind(place)].append(place)
    return {kind: tuple(places) for kind, places in found.items()}


def _mapping(wanted: Iterable[Place], gazetteer: Gazetteer, rng: random.Random) -> dict[str, Place] | None:
    """New places for ``wanted`` and all around them, from the top down, by code; None if no try works out."""
    below: dict[str, dict[str, Place]] = defaultdict(dict)
    for place in wanted:
        for inner in (*gazetteer.parents(place), place):
            if inner.code and inner.level not in ("country", "zone"):
                below[inner.parent][inner.code] = inner
    for _ in range(_TRIES):
        mapping: dict[str, Place] = {}
        if _map_below("CN", "CN", below, mapping, rng):
            return mapping
    return None


def _map_below(
    old: str, new: str, below: Mapping[str, Mapping[str, Place]], mapping: dict[str, Place], rng: random.Random
) -> bool:
    """Choose the new places below ``new`` for those below ``old``, and so on downwards; False if there are too few."""
    members = below.get(old, {})
    for place in members.values():
        taken = {id(chosen) for chosen in mapping.values()} | {id(other) for other in members.values()}
        free = [p for p in _children(new).get(_kind(place), ()) if id(p) not in taken]
        # A city in whose stead there must be districts or counties of some kinds needs as many of them.
        fit = [p for p in free if _roomy(p, below.get(place.code, {}).values())]
        if not fit:
            return False
        mapping[place.code] = rng.choice(fit)
        if not _map_below(place.code, mapping[place.code].code, below, mapping, rng):
            return False
    return True


def _roomy(place: Place, needed: Iterable[Place]) -> bool:
    kinds = [_kind(inner) for inner in needed]
    return all(len(_children(place.code).get(kind, ())) >= kinds.count(kind) for kind in kinds)
