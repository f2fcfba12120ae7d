"""Mentions of regions: gazetteer names, stand-ins (全市, 该县), zones by pattern, and lists of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from zhibiao.lexicon.regions import Gazetteer
from zhibiao.rules.lexicon import ORDINARY_WORDS, ORGANISATION_SUFFIXES
from zhibiao.rules.model import Piece, covers
from zhibiao.rules.towns import find_towns
from zhibiao.rules.words import alternation, last_match

_FALSE_START = re.compile(
    r"其中|通江达海|盘山路|增城(?=[市镇])|东至(?=[\u4e00-\u9fff]{2,3}站)|二七(?=纪念)|从(?=江[西苏门阴山])"
    r"|大江南北|天(?=全[国省市])|面(?=启动)|和(?=平[潭乡])|(?<=[强名位])中(?=江)|[创更]新(?=和)|在(?=建[阳水])"
    r"|[年月日](?=内[蒙江黄])|津(?=兴)|搬迁|医保(?=定)|投(?=资[中溪])|地区(?=生产总值)"
)
"""A character or word that would seem to begin a region's name together with what follows it."""

_STAND_IN = re.compile(
    r"全[国省市区县州旗镇乡盟疆村](?!际|内[知有]|民(?!间|营|生)|域|委|务|长|政|直|域性)|全地区|全自治[区州县]"
    r"|我[国省市区县州](?!民|场)|[该本](?:省|市|区|县|州|镇|乡|村|地区|园区|自治区)(?![场镇]|属|级|人[里占中、])|当地|内地"
    r"|自治区(?![级党人政市])"
    r"|(?:两|三|四|五)(?:市|县|区|省|州|镇)(?=合计|共|总)|全[园片]区(?!域)"
)
_ZONE = (
    r"(?:国家级?)?(?:经济技术开发区|高新技术产业开发区|经济开发区|高新技术产业园区?|高新技术开发区"
    r"|高新技术产业区|综合保税区|自由贸易试验区|自由贸易港|自贸试验区|自贸片区|自贸区|自贸港"
    r"|出口加工区|保税物流园区|保税港区|保税区|边境经济合作区|跨境经济合作区|临空经济区|航空港区|港口经济区"
    r"|示范区|合作区|开发区|经开区|高新区|工业园区|产业园区|工业园|产业园|科创园|科技城|新城|新区|园区|灾区"
    r"|城区|垦区|库区|矿区|风景区|景区|示范园|大学城|试验区|物流园区|片区|港区|科学城)"
)
_ZONE_RE = re.compile(_ZONE)
_ZONE_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}$")
_PROPER_ZONE = re.compile(
    r"新区|高新区|经开区|开发区|综合保税区|科技城|港区|合作区|科学城|经济技术开发区|高新技术产业|自贸"
)
_NAMED_ZONE = re.compile(rf"{_PROPER_ZONE.pattern}|工业园|片区")
_GENERIC_ZONE = re.compile(
    r"[碳色态能化材业品字游片新型态源药造体流制]|低碳|智慧|科技|科创|离岸|飞地|循环|两业|双创|重点|孵化|专业|农业|标准|配套|生物|医"
)
"""In front of a zone's kind these characters tell what it is for, not its name."""
_VILLAGE = re.compile(r"(?![城农])[^\W\d_的在和各已将把有]{1,3}?(?:镇|乡|村|社区|街道)(?![企镇民办集])")
_BARE_ZONES = (
    "高新区",
    "经开区",
    "新区",
    "开发区",
    "合作区",
    "垦区",
    "自贸区",
    "自贸港",
    "综合保税区",
    "保税区",
    "灾区",
)
_NAME_STOP = re.compile(
    r"(?:"
    r"[在的是由和与及对从到把让为、各全该我本这个批一家座条项大类级市县区省州年月日内外中以其各将已并等了着过说向往如经引入驻进设建成批准]"
    r"|其中|今年|去年|重点|国家|省级|市级|特色|产业|工业|现代|重大|建设|打造|推动|推进)"
)
_ORGANISATION = re.compile(rf"(?:省|市|州|区|县)?(?:{alternation(ORGANISATION_SUFFIXES)})(?!区|级以上|率)")
_NATIONAL_BODY = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:联合会|协会|学会|研究院|银行|集团|公司|联盟|委员会|中心|交易所|共产党|移动|联通"
    r"|电信|石油|石化|一重|中车|建筑|国际|制造|这十年|梦|创造|品牌|驰名|名牌|专利|质量奖|500强|企业500强)"
)
_TOWN_END = re.compile(r"(?:镇|街道)(?![企村民级办集域])")
_WHOLE = re.compile(r"全[省市区县州境盟疆]|境内(?=[各共])")
_STAND_IN_END = re.compile(r"(?:全[国省市区县州]|[我该本][国省市县])$")
_NOT_STAND_IN = re.compile(r"人大|政协|性|运动|统一|率先|前列|领先|首[个家批座条]|叫得响|范围|人民代表")
_LIST_END = re.compile(
    r"等?(?:[\d一二两三四五六七八九十]+个?)?(?:省区市|省市|省份|市州|市县|区县|县市|县区|县\(市、区\)|市\(州\)"
    r"|地|省|市|县|区|州|盟)(?=[^\u4e00-\u9fff]|[\u4e00-\u9fff])(?![场级区域委属])"
)
_AREA = re.compile(
    r"(?:京津冀|长三角|珠三角|粤港澳大湾区|大湾区|环渤海|东北地区|东北三省|西部地区|东部地区|中部地区|西南地区"
    r"|西北地区|华北地区|华东地区|华南地区|华中地区|华北|长江经济带|成渝地区|民族地区|河西走廊|皖北|苏南|苏北"
    r"|鲁南|陕北|陕南|关中|辽西|桂北|豫西|湘西|川南|川东北|浙南)(?:地区)?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A region mention; ``members`` are the single regions of a list (平乡、广宗两县), empty otherwise."""

    piece: Piece
    members: tuple[Piece, ...] = ()


def find_regions(text: str, titles: Sequence[Piece]) -> list[Mention]:
    """Every region mention of ``text`` in order, without overlap; names inside ``titles`` (《…》) are left out."""
    readable = _FALSE_START.sub(lambda m: "\0" * len(m.group()), text)
    found = Gazetteer.default().find(readable)
    abroad = {m.span.start for m in found if m.places[0].level == "country" and m.places[0].code != "CN"}
    places = [
        Piece(m.span.start, m.span.end)
        for m in found
        if not (m.ambiguous and m.places[0].former)  # 半山 of 半山区, which is gone: by now an ordinary word
        and (text[m.span.start : m.span.end] not in ORDINARY_WORDS or _listed(text, m.span.start, m.span.end))
    ]
    places += [Piece(*m.span()) for pattern in (_STAND_IN, _AREA) for m in pattern.finditer(text)]
    merged = _with_zones(text, _merge(text, sorted(places)))
    starts = [title.start for title in titles]
    mentions = _with_lists(
        text, [p for p in merged if not covers(titles, starts, p.start) and not _organisation(text, p)]
    )
    return _at_home(_with_towns(text, mentions, titles), abroad)


def _at_home(mentions: list[Mention], abroad: set[int]) -> list[Mention]:
    """Without the markets and origins abroad that follow a region at home: those belong to the quantity's name."""
    first = next((m.piece.start for m in mentions if m.piece.start not in abroad), None)
    return [m for m in mentions if first is None or m.piece.start < first or m.piece.start not in abroad]


def _with_towns(text: str, mentions: list[Mention], titles: Sequence[Piece]) -> list[Mention]:
    taken = sorted([*(mention.piece for mention in mentions), *titles])
    singles, lists = find_towns(text, taken)
    if not singles and not lists:
        return mentions
    listed = [Mention(piece, items) for piece, items in lists]
    starts = sorted(mention.piece for mention in listed)
    places = [p for p in singles if not covers(starts, [s.start for s in starts], p.start)]
    joined = _with_lists(text, places)
    found = sorted(listed + joined, key=lambda mention: mention.piece)
    begins = [mention.piece.start for mention in found]
    kept = [m for m in mentions if not _overlaps(found, begins, m.piece)]
    return sorted(kept + found, key=lambda mention: mention.piece)


def _overlaps(found: Sequence[Mention], begins: Sequence[int], piece: Piece) -> bool:
    index = bisect_left(begins, piece.end) - 1
    return index >= 0 and found[index].piece.end > piece.start


_IN_LIST = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?=、|和|及|与|等|[两三四五六]?[地市县区]|工业|地区|规上|固定|财政|外贸|GDP|分别)"
)


def _listed(text: str, start: int, end: int) -> bool:
    """An ordinary word is a region as an inner item of an enumeration: 玉环、[天台]、仙居."""
    return (
        text[start - 1 : start] == "、"
        and _IN_LIST.match(text, start) is not None
        and text[end : end + 1] in ("、", "和", "及", "与")
    )


def _organisation(text: str, piece: Piece) -> bool:
    """True if the name belongs to an organisation or a set phrase (全国人大, 全国率先, 中国移动)."""
    surface = text[piece.start : piece.end]
    if _STAND_IN_END.search(surface):
        return _NOT_STAND_IN.match(text, piece.end) is not None
    if surface == "中国" and _NATIONAL_BODY.match(text, piece.end):
        return True
    return _ORGANISATION.match(text, piece.end) is not None


def _merge(text: str, places: list[Piece]) -> list[Piece]:
    """Join what touches: 武汉 + 全市, 西部科学城 + 重庆高新区; drop what lies inside another mention."""
    merged: list[Piece] = []
    for piece in places:
        last = merged[-1] if merged else None
        if last is not None and (piece.start < last.end or (piece.start == last.end and _joins(text, piece))):
            merged[-1] = Piece(last.start, max(last.end, piece.end))
        else:
            merged.append(piece)
    return merged


def _joins(text: str, piece: Piece) -> bool:
    """True if ``piece`` goes on the mention that ends where it begins."""
    return text.startswith("全", piece.start) or (text[piece.start - 1] == "城" and text[piece.end - 1] == "区")


def _with_zones(text: str, places: list[Piece]) -> list[Piece]:
    """Add development zones, with the place or name in front of them."""
    ends = {piece.end: index for index, piece in enumerate(places)}
    out = list(places)
    gone: set[int] = set()
    for found in _ZONE_RE.finditer(text):
        start, end = found.span()
        if text[end : end + 1] in ("域", "内", "级") and found.group() in ("示范区", "园区"):
            continue
        index = ends.get(start)
        begin = start if index is None else places[index].start
        if index is not None:
            gone.add(index)
        else:
            begin, index = _zone_name(text, start, places)
            if index is not None:
                gone.add(index)
        if begin == start and found.group() not in (*_BARE_ZONES, "国家高新区", "国家级新区", "国家级经开区"):
            continue
        if begin == start and re.search(r"[级个各类家设区]$", text[max(0, start - 1) : start]):
            continue
        out.append(Piece(begin, end))
    return _merge(text, sorted(item for i, item in enumerate(out) if i not in gone))


def _zone_name(text: str, start: int, places: list[Piece]) -> tuple[int, int | None]:
    """Where a zone's proper name (滨海, 航天) begins, and the place in front of that name."""
    left = text[max(0, start - 6) : start]
    name = re.search(r"[\u4e00-\u9fff]*$", left)
    word = name.group() if name is not None else ""
    stop = last_match(_NAME_STOP, word)
    begin = start - len(word) + (stop.end() if stop is not None else 0)
    last = bisect_left(places, Piece(start, 0))
    for index in range(max(0, last - 3), last):
        piece = places[index]
        if start - 5 <= piece.end <= start:
            between = text[piece.end : start]
            if not between or (not _NAME_STOP.search(between) and re.fullmatch(r"[\u4e00-\u9fff]*", between)):
                return piece.start, index
    alone = begin == 0 or not text[begin - 1].isalnum()
    named = _NAMED_ZONE if alone and _GENERIC_ZONE.search(text, begin, start) is None else _PROPER_ZONE
    proper = named.match(text, start) is not None and 2 <= start - begin <= 3
    return (begin, None) if proper else (start, None)


def _with_lists(text: str, places: list[Piece]) -> list[Mention]:
    """Enumerations as one mention (平乡、广宗两县), villages with the county in front of them."""
    out: list[Mention] = []
    index = 0
    while index < len(places):
        members = [places[index]]
        while index + 1 < len(places) and text[members[-1].end : places[index + 1].start] in ("、", "和", "及", "与"):
            index += 1
            members.append(places[index])
        index += 1
        listed = len(members) > 1
        end = members[-1].end
        tail = _LIST_END.match(text, end)
        village = _VILLAGE.match(text, end)
        if tail is not None and (listed or tail.group().startswith("等")):
            end = tail.end()
        elif (
            village is not None
            and not listed
            and text[end - 1] in "省市县区州旗"
            and text[members[0].start] not in "全我该本"
        ):
            end = village.end()
        elif not listed and text[end - 1] not in "省市县区州旗镇国疆":
            town = _TOWN_END.match(text, end)
            end = town.end() if town is not None else end
        out.append(Mention(Piece(members[0].start, end), tuple(members) if listed else ()))
    return out
