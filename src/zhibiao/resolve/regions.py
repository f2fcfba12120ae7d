"""From region mentions to places: stand-ins (全市, 该市) from what the document says it is about, names by the gazetteer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zhibiao.core.records import Document, Region
from zhibiao.core.spans import Span
from zhibiao.lexicon.regions import Gazetteer, Place, PlaceMatch

# Stand-in → levels it may stand for, the likeliest first. 区 is a district (county level) or an autonomous region.
_LEVELS = {
    "市": ("prefecture", "county", "province"),
    "县": ("county",),
    "区": ("county", "zone", "province"),
    "州": ("prefecture",),
    "盟": ("prefecture",),
    "旗": ("county",),
    "省": ("province",),
    "国": ("country",),
}
_STAND_IN = re.compile(r"(?:全|我|本|该|当地?|这个)(市|县|区|州|盟|旗|省|国)(?:范围|境内|上下|各地|域)?|(?:我)?(国)内?")
_NEAREST = re.compile(r"[该当这]")
_COUNTRY = re.compile(r"全国|我国|中国|国内|全中国")
_ZONE = re.compile(r"(?:经济技术|高新技术产业|经济|产业|综合|旅游|自由|农业|工业|临空|临港|循环|化工|科技|生态)*(?:开发区|高新区|经开区|新区|试验区|示范区|保税区|自贸区|自贸试验区|合作区|管理区|集聚区|园区|工业园|产业园|科技园|片区|港区|矿区|林区|景区|城市群|都市圈|经济圈|经济带|城市圈|地区)$")
_GROUP = re.compile(r"\d+|[一二两三四五六七八九十]+[个省市县区]|、|和|与|及|各|沿|其他|部分|东部|中部|西部|东北|城市|农村|乡镇|街道|村")

_DATELINE = re.compile(
    r"^.{0,30}?(?:本报|([\u4e00-\u9fff]{2,8}?)(?:网|日报|晚报|新闻网|发布|电视台|广播|新闻)(?:社|消息|讯|全媒体)?)"
    r"|(?:讯|消息|电)[(:]"
)
_BODY = "(?:市|县|区|省|州|盟|旗)?(?:人民政府|政府|市委|县委|区委|省委|委|统计局|调查队|发展改革委|发改委|工信局|经信局|工业和信息化局|商务局|财政局|人大|海关|税务局|新闻办|住建局|农业农村局|宣传部)"
_MEDIA = re.compile(r"(?:日报|晚报|晨报|网|新闻网|网讯|发布|电视台|融媒)")
_HEAD_CHARS = 160


@dataclass(frozen=True, slots=True)
class _Home:
    place: Place
    evidence: str


class RegionResolver:
    """Resolves the region mentions of one document.

    What 全市 stands for is looked for in this order: the city given with the document, its title, the dateline or byline, the
    issuing body, the place most often named in the text. The evidence is kept with every region resolved by it.
    """

    def __init__(self, document: Document, text: str, *, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or Gazetteer.default()
        self._text = text
        self._matches = self._gazetteer.find(text)
        self._homes = self._find_homes(document)

    def resolve(self, surface: str, span: Span) -> Region | str:
        """The region that ``surface`` at ``span`` of the normalised text names, or the reason why it cannot be told."""
        if _COUNTRY.fullmatch(surface):
            return self._region(self._gazetteer.by_code["CN"], "")
        stand_in = _STAND_IN.fullmatch(surface)
        if stand_in:
            return self._stand_in(surface, stand_in, span)
        return self._named(surface)

    def _stand_in(self, surface: str, stand_in: re.Match[str], span: Span) -> Region | str:
        levels = _LEVELS[stand_in[1] or stand_in[2]]
        if _NEAREST.match(surface):
            nearest = self._nearest(levels, span.start)
            if nearest:
                return self._region(nearest.places[0], f"{surface}: nearest before it: {self._surface(nearest)}")
        for level in levels:
            for home in self._homes:
                place = self._at_level(home.place, level)
                if place:
                    return self._region(place, f"{surface}: {home.evidence}")
        return f"{surface}: the document does not say which {'/'.join(levels)} it is about; give its city or title"

    def _at_level(self, place: Place, level: str) -> Place | None:
        if place.level == level:
            return place
        return next((p for p in self._gazetteer.parents(place) if p.level == level), None)

    def _nearest(self, levels: Sequence[str], before: int) -> PlaceMatch | None:
        found = None
        for match in self._matches:
            if match.span.start >= before:
                break
            if not match.ambiguous and match.places[0].level in levels:
                found = match
        return found

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
            return Region(surface, "", "zone", path, f"{self._surface_of(name, last)} is in the gazetteer, {rest} by pattern")
        if rest or last.span.start:
            return f"{surface}: only {self._surface_of(name, last)} is in the gazetteer"
        return self._region(place, "")

    @staticmethod
    def _surface_of(name: str, match: PlaceMatch) -> str:
        return name[match.span.start : match.span.end]

    def _surface(self, match: PlaceMatch) -> str:
        return self._text[match.span.start : match.span.end]

    def _choose(self, match: PlaceMatch) -> Place | str:
        """One of several places of a name: inside or around the document's home, else the only one of the highest level."""
        places = [p for p in match.places if not p.former] or list(match.places)
        if len(places) == 1:
            return places[0]
        gazetteer = self._gazetteer
        for home in self._homes:
            for around in (home.place, *reversed(gazetteer.parents(home.place)[1:])):
                near = [p for p in places if p is around or gazetteer.contains(around, p)]
                if len(near) == 1:
                    return near[0]
        top = [p for p in places if p.level == places[0].level]
        if len(top) == 1 and not match.ambiguous:
            return top[0]
        return "names " + ", ".join("".join(gazetteer.path(p)[1:]) for p in places[:4])

    def _region(self, place: Place, evidence: str) -> Region:
        successor = self._gazetteer.successor(place) if place.former else None
        if successor:
            evidence = f"former name; now {successor.name} ({successor.code})" + (f"; {evidence}" if evidence else "")
            return Region(place.name, successor.code, place.level, self._gazetteer.path(successor), evidence)
        return Region(place.name, place.code, place.level, self._gazetteer.path(place), evidence)

    def _find_homes(self, document: Document) -> list[_Home]:
        homes: list[_Home] = []

        def add(text: str, evidence: str, *, first: bool = True) -> None:
            for match in self._gazetteer.find(text):
                place = match.places[0]
                if place.code != "CN" and (place.level != "country") and (len(match.places) == 1 or not match.ambiguous):
                    homes.append(_Home(place, f"{evidence}: {text[match.span.start : match.span.end]}"))
                    if first:
                        return

        if document.city:
            add(document.city, "city given with the document")
        if document.title:
            add(document.title, "title")
        self._add_datelines(homes)
        if document.source:
            add(document.source, "source")
        self._add_most_named(homes)
        return homes

    def _add_datelines(self, homes: list[_Home]) -> None:
        """Places whose newspaper, web site or government the text names, the earliest first."""
        media, bodies = [], []
        for match in self._matches:
            if match.places[0].level in ("country", "zone") or (match.ambiguous and len(match.places) > 1):
                continue
            after = self._text[match.span.end : match.span.end + 12]
            if _MEDIA.match(after):
                media.append(_Home(match.places[0], f"byline: {self._surface(match)}{after[:4].rstrip()}"))
            elif re.match(_BODY, after):
                bodies.append(_Home(match.places[0], f"issuing body: {self._surface(match)}{after[:6].rstrip()}"))
        homes.extend(media[:1] + bodies[:1])

    def _add_most_named(self, homes: list[_Home]) -> None:
        counts = Counter(m.places[0].name for m in self._matches if not m.ambiguous and m.places[0].level != "country")
        by_name = {m.places[0].name: m.places[0] for m in self._matches}
        for level in ("prefecture", "county", "province"):
            at_level = [(n, c) for n, c in counts.most_common() if by_name[n].level == level]
            if at_level:
                name, count = at_level[0]
                homes.append(_Home(by_name[name], f"named most often in the text: {name} ({count} times)"))
