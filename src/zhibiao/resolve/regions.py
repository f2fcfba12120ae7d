"""From region mentions to places: stand-ins (全市, 该市) by what the document is about, names by the gazetteer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from zhibiao.core.records import Document, Region
from zhibiao.core.spans import Span
from zhibiao.lexicon.regions import Gazetteer, Place, PlaceMatch

# Last character of a stand-in → levels of the places it may stand for; their official names end in that character.
_LEVELS = {
    "市": ("prefecture", "county", "province"),
    "县": ("county",),
    "区": ("county", "province", "zone"),
    "州": ("prefecture",),
    "盟": ("prefecture",),
    "旗": ("county",),
    "省": ("province",),
}
_STAND_IN = re.compile(r"(?:全|我|本|该|当|这个)(市|县|区|州|盟|旗|省)(?:范围|境内|上下|各地|域)?")
_NEAREST = re.compile(r"[该当这]")
_COUNTRY = re.compile(r"全国|我国|中国|国内|全中国")
_ZONE = re.compile(
    "(?:经济技术|高新技术产业|经济|产业|综合|旅游|自由|农业|工业|临空|临港|循环|化工|科技|生态)*"
    "(?:开发区|高新区|经开区|新区|试验区|示范区|保税区|自贸区|自贸试验区|合作区|管理区|集聚区|园区|工业园|产业园|科技园"
    "|片区|港区|矿区|林区|景区|城市群|都市圈|经济圈|经济带|城市圈|地区)$"
)
_GROUP = re.compile(
    r"\d+|[一二两三四五六七八九十]+[个省市县区]|、|和|与|及|各|沿|其他|部分|东部|中部|西部|东北|城市|农村|乡镇|街道|村"
)
_BODY = re.compile(
    "(?:市|县|区|省|州|盟|旗)?(?:人民政府|政府|市委|县委|区委|省委|委|统计局|调查队|发展改革委|发改委|工信局|经信局"
    "|工业和信息化局|商务局|财政局|人大|海关|税务局|新闻办|住建局|农业农村局|宣传部)"
)
_MEDIA = re.compile("日报|晚报|晨报|网|新闻网|网讯|发布|电视台|融媒")
_TITLE_CHARS = 60
_STANDS_OUT = 2  # times as often as the next


@dataclass(frozen=True, slots=True)
class _Home:
    place: Place
    evidence: str


class RegionResolver:
    """Resolves the region mentions of one document.

    What 全市 stands for is looked for in this order: the city given with the document, its title or first line, the
    dateline
    or byline, the issuing body, the source, the place named most often. The evidence is kept with every region.
    """

    def __init__(self, document: Document, text: str, *, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer.default()
        self._text = text
        self._matches = self._gazetteer.find(text)
        self._starts = [match.span.start for match in self._matches]
        self._homes = self._find_homes(document)

    @property
    def home(self) -> Region | None:
        """The place that the document is about, with the evidence; None if nothing in it says so."""
        return self._region(self._homes[0].place, self._homes[0].evidence) if self._homes else None

    def resolve(self, surface: str, span: Span) -> Region | str:
        """The region that ``surface`` at ``span`` of the normalised text names, or the reason why it cannot be told."""
        if _COUNTRY.fullmatch(surface):
            return self._region(self._gazetteer.by_code["CN"], "")
        stand_in = _STAND_IN.fullmatch(surface)
        if stand_in:
            return self._stand_in(surface, stand_in[1], span)
        return self._named(surface)

    def _stand_in(self, surface: str, kind: str, span: Span) -> Region | str:
        if _NEAREST.match(surface):
            nearest = self._nearest(kind, span.start)
            if nearest:
                return self._region(nearest.places[0], f"{surface}: nearest before it: {self._surface(nearest)}")
        for home in self._homes:
            around = (home.place, *reversed(self._gazetteer.parents(home.place)))
            place = next((p for p in around if _is_kind(p, kind)), None)
            if place:
                return self._region(place, f"{surface}: {home.evidence}")
        return f"{surface}: the document does not say which {kind} it is about; give its city or title"

    def _nearest(self, kind: str, before: int) -> PlaceMatch | None:
        earlier = range(bisect_left(self._starts, before) - 1, -1, -1)
        matches = (self._matches[i] for i in earlier)
        return next((m for m in matches if not m.ambiguous and _is_kind(m.places[0], kind)), None)

    def _named(self, surface: str) -> Region | str:
        name = re.sub(r"(?<=[\u4e00-\u9fff]{2})(?:全[市省县区州]|全境|市区|地区)$", "", surface)
        matches = self._gazetteer.find(name)
        if not matches:
            return f"{surface}: not in the gazetteer"
        last = matches[-1]
        if len(matches) > 1 or _GROUP.search(name[last.span.end :]):
            return f"{surface}: names a group of regions"
        rest = name[last.span.end :]
        place = self._choose(last)
        if isinstance(place, str):
            return f"{surface}: {place}"
        if rest and _ZONE.search(rest):
            path = (*self._gazetteer.path(place), surface)
            return Region(
                surface, "", "zone", path, f"{self._surface_of(name, last)} is in the gazetteer, {rest} by pattern"
            )
        if rest or last.span.start:
            return f"{surface}: only {self._surface_of(name, last)} is in the gazetteer"
        return self._region(place, "")

    @staticmethod
    def _surface_of(name: str, match: PlaceMatch) -> str:
        return name[match.span.start : match.span.end]

    def _surface(self, match: PlaceMatch) -> str:
        return self._text[match.span.start : match.span.end]

    def _choose(self, match: PlaceMatch) -> Place | str:
        """One of several places of a name: near the document's home, else the only one of the highest level."""
        places = [p for p in match.places if not p.former] or list(match.places)
        if len(places) == 1:
            return places[0]
        gazetteer = self._gazetteer
        for home in self._homes:
            for around in (home.place, *reversed(gazetteer.parents(home.place)[1:])):
                near = [p for p in places if p is around or gazetteer.contains(around, p)]
                if len(near) == 1:
                    return near[0]
        if not match.ambiguous and sum(p.level == places[0].level for p in places) == 1:
            return places[0]
        return "names " + ", ".join("".join(gazetteer.path(p)[1:]) for p in places[:4])

    def _region(self, place: Place, evidence: str) -> Region:
        successor = self._gazetteer.successor(place) if place.former else None
        if successor:
            evidence = f"former name; now {successor.name} ({successor.code})" + (f"; {evidence}" if evidence else "")
            return Region(place.name, successor.code, place.level, self._gazetteer.path(successor), evidence)
        return Region(place.name, place.code, place.level, self._gazetteer.path(place), evidence)

    def _find_homes(self, document: Document) -> list[_Home]:
        homes: list[_Home] = []

        def add(text: str, evidence: str) -> None:
            place = next((m for m in self._gazetteer.find(text) if _names_home(m)), None)
            if place:
                homes.append(_Home(place.places[0], f"{evidence}: {text[place.span.start : place.span.end]}"))

        given = self._gazetteer.lookup(document.city)
        if given:
            homes.append(_Home(given[0], f"city given with the document: {document.city}"))
        elif document.city:
            add(document.city, "city given with the document")
        if document.title:
            add(document.title, "title")
        else:
            first_line = self._text.lstrip().partition("\n")[0]
            add("" if "。" in first_line else first_line[:_TITLE_CHARS], "first line")
        self._add_datelines(homes)
        if document.source:
            add(document.source, "source")
        self._add_most_named(homes)
        return homes

    def _add_datelines(self, homes: list[_Home]) -> None:
        """Places whose newspaper, web site or government the text names, the earliest first."""
        media, bodies = [], []
        for match in self._matches:
            if not _names_home(match):
                continue
            after = self._text[match.span.end : match.span.end + 12]
            if _MEDIA.match(after):
                media.append(_Home(match.places[0], f"byline: {self._surface(match)}{after[:4].rstrip()}"))
            elif _BODY.match(after):
                bodies.append(_Home(match.places[0], f"issuing body: {self._surface(match)}{after[:6].rstrip()}"))
        homes.extend(media[:1] + bodies[:1])

    def _add_most_named(self, homes: list[_Home]) -> None:
        """Of each level the place named most often, if it is the only one or stands out."""
        named = [match.places[0] for match in self._matches if _names_home(match)]
        by_name = {place.name: place for place in named}
        for level in ("prefecture", "county", "province"):
            counts = Counter(place.name for place in named if place.level == level).most_common(2)
            if counts and (len(counts) == 1 or counts[0][1] >= _STANDS_OUT * counts[1][1]):
                name, count = counts[0]
                homes.append(_Home(by_name[name], f"named most often in the text: {name} ({count} times)"))


def _is_kind(place: Place, kind: str) -> bool:
    return place.level in _LEVELS[kind] and place.name.endswith(kind)


def _names_home(match: PlaceMatch) -> bool:
    """True if a mention is certain enough to say what a document is about."""
    place = match.places[0]
    return not match.ambiguous and not place.former and place.level in ("province", "prefecture", "county")
