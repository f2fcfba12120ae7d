"""The gazetteer: Chinese divisions by GB/T 2260 down to counties, former names, economic regions, other countries.

Data: ``resources/gazetteer.tsv``, compiled by ``scripts/build_gazetteer.py``, which names its sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import ahocorasick

from zhibiao.core.spans import Span

LEVELS = ("country", "province", "prefecture", "county", "zone")

# A longer word that merely contains a region's short name wins over it and names no region.
_NOT_REGIONS = (
    *("黄河南", "长江苏", "渤海南", "北海道", "南海南", "大同小异", "长治久安", "汉中山", "湘江西", "北京时间"),
    *("中国结", "出海口", "三明治", "哈密瓜", "规上海"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the gazetteer.

    ``code``: GB/T 2260, ISO 3166-1 alpha-2 for countries, empty for regions without one. ``successor``: code of the
    unit that a ``former`` one became part of. ``ambiguous_aliases``: forms that are ordinary words or name several
    places.
    """

    code: str
    level: str
    name: str
    aliases: tuple[str, ...]
    parent: str
    former: bool
    until: str
    successor: str
    ambiguous_aliases: frozenset[str]
    abbreviations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A mention in text: ``places`` are the candidates, the likeliest first; ``ambiguous``: may be an ordinary word."""

    span: Span
    places: tuple[Place, ...]
    ambiguous: bool


class Gazetteer:
    """Finds and looks up places; immutable once built."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.by_code: dict[str, Place] = {}
        names: dict[str, list[Place]] = {}
        for place in self.places:
            if place.code and not place.former:
                self.by_code[place.code] = place
            for name in {place.name, *place.aliases}:
                names.setdefault(name, []).append(place)
        self._names = {
            name: tuple(sorted(found, key=lambda place: (_is_ambiguous(name, place), *_rank(place))))
            for name, found in names.items()
        }
        self._ambiguous = {name for name, found in self._names.items() if _is_ambiguous(name, found[0])}
        self._abbreviations = {short: place for place in self.places for short in place.abbreviations}
        self._automaton = ahocorasick.Automaton()
        for name in self._names:
            self._automaton.add_word(name, (len(name), name, name in self._ambiguous))
        for word in _NOT_REGIONS:
            self._automaton.add_word(word, (len(word), word, False))
        self._automaton.make_automaton()

    @classmethod
    def default(cls) -> Gazetteer:
        """The gazetteer that ships with the package, loaded once."""
        return _default()

    def find(self, text: str) -> list[PlaceMatch]:
        """Mentions in order; a place directly followed by one inside it is one mention (河南辉县).

        Where names overlap, one that is certainly a place wins over one that is also an ordinary word (其中江津: 江津,
        not 中江), then the leftmost, then the longest.
        """
        merged: list[PlaceMatch] = []
        for match in self._disjoint(text):
            last = merged[-1] if merged else None
            if last is not None and last.span.end == match.span.start:
                inside = tuple(p for p in match.places if any(self.contains(outer, p) for outer in last.places))
                if inside:
                    merged[-1] = PlaceMatch(Span(last.span.start, match.span.end), inside, False)
                    continue
            merged.append(match)
        return merged

    def _disjoint(self, text: str) -> list[PlaceMatch]:
        hits = []
        for last, (length, name, ambiguous) in self._automaton.iter(text):
            hits.append((ambiguous, last + 1 - length, -length, name))
        hits.sort()
        taken = bytearray(len(text) if hits else 0)
        found = []
        for ambiguous, start, length, name in hits:
            end = start - length
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\x01" * (end - start)
            if name in self._names:
                found.append(PlaceMatch(Span(start, end), self._names[name], ambiguous))
        return sorted(found, key=lambda match: match.span)

    def lookup(self, name: str) -> tuple[Place, ...]:
        """Every place of that official name, short form or abbreviation; current and higher ones first."""
        found = self._names.get(name)
        if found is None and name in self._abbreviations:
            return (self._abbreviations[name],)
        return found or ()

    def parents(self, place: Place) -> tuple[Place, ...]:
        """The places around ``place``, the country first, itself not included."""
        chain: list[Place] = []
        code = place.parent
        while code and code in self.by_code and len(chain) < len(LEVELS):
            chain.append(self.by_code[code])
            code = chain[-1].parent
        return tuple(reversed(chain))

    def path(self, place: Place) -> tuple[str, ...]:
        """Names from the country down to ``place``."""
        return (*(p.name for p in self.parents(place)), place.name)

    def contains(self, outer: Place, inner: Place) -> bool:
        """True if ``inner`` lies inside ``outer``."""
        return any(p is outer for p in self.parents(inner))

    def successor(self, place: Place) -> Place | None:
        """The present unit of a former one, if it is known."""
        return self.by_code.get(place.successor)


def _is_ambiguous(name: str, place: Place) -> bool:
    # 半山区 is gone; 半山 is by now an ordinary word.
    return name in place.ambiguous_aliases or (place.former and name != place.name)


def _rank(place: Place) -> tuple[bool, int, str]:
    return place.former, LEVELS.index(place.level), place.code


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache
def _default() -> Gazetteer:
    table = (resources.files("zhibiao") / "resources" / "gazetteer.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    header = rows[0]
    return Gazetteer(_place(dict(zip(header, row, strict=True))) for row in rows[1:])


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        level=row["level"],
        name=row["name"],
        aliases=_split(row["aliases"]),
        parent=row["parent"],
        former=row["status"] == "former",
        until=row["until"],
        successor=row["successor"],
        ambiguous_aliases=frozenset(_split(row["ambiguous_aliases"])),
        abbreviations=_split(row["abbr"]),
    )
