"""Another order of listed items and of clauses, where every link stays true."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import pairwise

from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.data.augment.edit import rearrange
from zhibiao.data.links import Links
from zhibiao.data.patterns import value_lists
from zhibiao.lexicon.regions import Gazetteer
from zhibiao.text.sentences import sentences

Slice = tuple[int, int]

_ITEM_MARK_RE = re.compile("、|,|，|和|与|及|以及")
_VERB = "(?:同比|环比)?(?:增长|下降|减少|增加|提高|上升|回落|下跌|上涨)"
_VERB_RE = re.compile(_VERB)
_VALUE_MARK_RE = re.compile(f"(?:、|,|，|和|与|及|以及)+(?P<verb>(?:{_VERB})?)")
# What only the last item of a list names for all of them (粗钢、水泥产量), or only the first one (进口木材、煤炭).
_SHARED_TAIL_RE = re.compile(
    "[量额值率价积能数业类]$|收入|投资|支出|规模|装机|业务|贷款|存款|消费|出口|进口|就业|人口|项目|企业|产业"
)
_SHARED_HEAD_RE = re.compile(
    "^(?:进口|出口|新增|新建|规上|规模|国家级|省级|市级|全|限额|完成|实现|实施|在建|签约|累计)"
)
_ALTERNATING_MARK_RE = re.compile("[、,，;；]")
_DEPENDENT_RE = re.compile(
    "^(?:其中|此外|同时|但|而|另|与此同时|从而|因此|也|还|又|再|则|并|且|同期|该|这|其|对此|为此|反观|相比|尤其|特别|甚至|不过|只是|随后|之后"
    "|前者|后者|两者|二者|剩余|其余|余下|总量|占比|增速|增幅|降幅|涨幅|跌幅|比重|份额|较|比|高于|低于|居|位居|列|排|分别|至此|加上|扣除|按|即"
    "|与[之此]|值得|更|同样|业内|[^,，]{1,8}也[在有]"
    "|第[一二三四五六七八九十]|[一二三四五六七八九十][是、]|首先|其次|再次|最后|[0-9]+[.、．)）]|[(（〔【①-⑩])"
)
_POINTING_RE = re.compile(
    "其中|该[市县区州省]|此|上述|前述|前者|后者|这[一两三些个]|其余|[两三][市县区地]|记者|据|获悉|通报|表示|指出|认为|如下|介绍|透露|坦言|提醒"
    "|说[,，]|:|："
)
_LEAD_IN_RE = re.compile("^[^,，]{1,12}(?:看|方面|来说|而言|上|中|里)[,，]|^(?:分|从)")
# An order of size (前三位依次是甲、乙、丙), or of signs (甲、乙、丙“两降一升”).
_TOLD_ORDER_RE = re.compile(
    "依次|[由从][高低大小多少]到|前[二两三四五六七八九十0-9]+[位名强]|[一二两三四五六七八九][升降涨跌增减][一二两三四五六七八九][升降涨跌增减]"
)
_TOLD_BEFORE = 15
_STAND_IN_RE = re.compile("全[市省县区州旗镇]|当地|本[市省县区]")
_PERIOD_RE = re.compile("[年月日季]")
_PAIRS = ("“”", "()", "（）", "《》", "【】", "「」", "‘’", "[]")


def shuffle_enumerations(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Put the items of a list and their VALUEs in another order, alike: A、B分别增长x、y becomes B、A分别增长y、x.

    Also lists in which each region stands before its own VALUE (A 3家、B 2家). Items that share a word with their
    neighbours (粗钢、水泥产量) and lists that another VALUE points into stay. None if there is no list to shuffle.
    """
    links = Links.of(annotated)
    lists = [found for find in (_respective, _alternating) for found in find(links)]
    taken = [False] * len(annotated.text)
    order: dict[Slice, Slice] = {}
    for groups in lists:
        places = [place for group in groups for place in group]
        low, high = min(places)[0], max(places)[1]
        if any(taken[low:high]):
            continue
        taken[low:high] = [True] * (high - low)
        permutation = list(range(len(groups[0])))
        while permutation == sorted(permutation):
            rng.shuffle(permutation)
        for group in groups:
            order.update({group[i]: group[j] for i, j in enumerate(permutation)})
    return rearrange(annotated, _slices(len(annotated.text), order)) if order else None


def swap_clauses(annotated: AnnotatedText, rng: random.Random) -> AnnotatedText | None:
    """Exchange two neighbouring sentences, or clauses between semicolons, that do not lean on one another.

    Both hold VALUEs with their own indicators, and either name every region and period themselves or none at all; no
    link leads from elsewhere into them, and neither they nor what follows begin with a word that points back (其中, 但
    ...). None if there is no such pair.
    """
    links = Links.of(annotated)
    pairs = [
        (a, b)
        for units in (_sentences(annotated.text), *_clauses(annotated.text))
        for i, (a, b) in enumerate(pairwise(units))
        if _independent(links, a, b)
        and not any(_DEPENDENT_RE.match(annotated.text[slice(*unit)]) for unit in units[i + 2 : i + 3])
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    return rearrange(annotated, _slices(len(annotated.text), {first: second, second: first}))


def _slices(length: int, order: dict[Slice, Slice]) -> list[Slice]:
    """The partition of the text in its new order: at each place of ``order`` stands what it maps to."""
    slices: list[Slice] = []
    done = 0
    for place in sorted(order):
        if done < place[0]:
            slices.append((done, place[0]))
        slices.append(order[place])
        done = place[1]
    return [*slices, (done, length)] if done < length else slices


def _respective(links: Links) -> list[list[list[Slice]]]:
    """Lists after 分别 that can be shuffled: groups of places (items, VALUEs, more VALUEs) that change order alike."""
    by_items: dict[tuple[str, ...], list[list[RawEntity]]] = {}
    kind_of: dict[tuple[str, ...], str] = {}
    for values in value_lists(links):
        for kind in ("region", "indicator", "baseline"):
            tails = [links.tail(value, kind) for value in values]
            # Periods are named in the order of the calendar.
            if kind == "baseline" and any(t is not None and _PERIOD_RE.search(links.text(t)) for t in tails):
                continue
            items = tuple(tail.id for tail in tails if tail is not None)
            if len(set(items)) == len(values):
                by_items.setdefault(items, []).append(values)
                kind_of.setdefault(items, kind)
                break
    found = []
    text = links.annotated.text
    for items, lists in by_items.items():
        places = _item_places(links, [links.entities[key] for key in items], kind_of[items])
        listed = {value.id for values in lists for value in values}
        served = {head for key in items for head, _ in links.heads[key]}
        quantities = [_value_places(links, values) for values in lists]
        if places and _TOLD_ORDER_RE.search(text, max(0, places[0][0] - _TOLD_BEFORE), lists[0][0].span.start):
            continue
        if places and served == listed and all(quantities):
            found.append([places, *(group for group in quantities if group)])
    return found


def _item_places(links: Links, items: Sequence[RawEntity], kind: str) -> list[Slice] | None:
    text = links.annotated.text
    for a, b in pairwise(items):
        if a.span.end > b.span.start or not _ITEM_MARK_RE.fullmatch(text, a.span.end, b.span.start):
            return None
    names = [links.text(item) for item in items]
    if kind != "region":
        tails = [_SHARED_TAIL_RE.search(name) is not None for name in names]
        heads = [_SHARED_HEAD_RE.search(name) is not None for name in names]
        if len(set(tails)) > 1 or len(set(heads)) > 1 or (tails[0] and len({name[-1] for name in names}) > 1):
            return None
    elif len({name[-1] for name in names}) > 1 and any(len(name) > 4 for name in names):
        return None
    return [(item.span.start, item.span.end) for item in items]


def _value_places(links: Links, values: Sequence[RawEntity]) -> list[Slice] | None:
    """The places of the VALUEs with what goes with each: its unit, or its verb where each has one."""
    text = links.annotated.text
    units = [links.tail(value, "unit") for value in values]
    own = len({unit.id for unit in units if unit}) == len(values)
    ends = [links.quantity_end(value) if own else value.span.end for value in values]
    surfaces = {links.text(unit) for unit in units if unit}
    if any(a != b and (a.startswith(b) or b.startswith(a)) for a in surfaces for b in surfaces):
        return None
    starts = [values[0].span.start]
    verbs = 0
    for end, value in zip(ends, values[1:], strict=False):
        match = _VALUE_MARK_RE.fullmatch(text, end, value.span.start)
        if match is None:
            return None
        verbs += bool(match["verb"])
        starts.append(match.start("verb"))
    if verbs:
        before = [m.start() for m in _VERB_RE.finditer(text, max(0, starts[0] - 4), starts[0]) if m.end() == starts[0]]
        if verbs + 1 < len(values) or not before:
            return None
        starts[0] = before[0]
    return list(zip(starts, ends, strict=True))


def _alternating(links: Links) -> list[list[list[Slice]]]:
    """Runs of two or more REGION VALUE UNIT side by side, each region serving its own VALUE only."""
    text = links.annotated.text
    runs: list[list[Slice]] = [[]]
    for value in links.values:
        region = links.tail(value, "region")
        end = links.quantity_end(value)
        alone = region is not None and region.label == "CITY" and links.heads[region.id] == ((value.id, "region"),)
        if region is None or not alone or region.span.end != value.span.start or end == value.span.end:
            runs.append([])
            continue
        if runs[-1] and not _ALTERNATING_MARK_RE.fullmatch(text, runs[-1][-1][1], region.span.start):
            runs.append([])
        runs[-1].append((region.span.start, end))
    return [[run] for run in runs if len(run) > 1]


def _sentences(text: str) -> list[Slice]:
    """Sentences without the mark that ends them, so that marks stay where they are."""
    return [(s.start, s.end - int(text[s.end - 1] in "。!?！？")) for s in sentences(text)]


def _clauses(text: str) -> list[list[Slice]]:
    """The clauses between semicolons of each sentence that has any."""
    found = []
    for start, end in _sentences(text):
        marks = [m.start() for m in re.finditer("[;；]", text[start:end])]
        edges = [-1, *marks, end - start]
        if marks:
            found.append([(start + a + 1, start + b) for a, b in pairwise(edges) if b > a + 1])
    return found


def _independent(links: Links, first: Slice, second: Slice) -> bool:
    text = links.annotated.text
    if text[first[1] : first[1] + 1] != text[second[1] : second[1] + 1] and text[first[1]] not in ";；":
        return False
    for place in (first, second):
        piece = text[slice(*place)]
        balanced = all(piece.count(pair[0]) == piece.count(pair[1]) for pair in _PAIRS)
        if (
            not balanced
            or _LEAD_IN_RE.match(piece)
            or _DEPENDENT_RE.match(piece)
            or _POINTING_RE.search(piece)
            or not _closed(links, place)
        ):
            return False
    if _refers(text[slice(*first)], text[slice(*second)]) or _refers(text[slice(*second)], text[slice(*first)]):
        return False
    return all(_settled(links, kind, first, second) for kind in ("region", "year"))


def _refers(piece: str, other: str) -> bool:
    """True if ``piece`` speaks of 全州 and the like without naming it, and ``other`` names a place."""
    return _STAND_IN_RE.search(piece) is not None and not _names_a_place(piece) and _names_a_place(other)


def _names_a_place(piece: str) -> bool:
    # 全州 is a county too.
    return any(not match.ambiguous for match in Gazetteer.default().find(piece))


def _within(entity: RawEntity, place: Slice) -> bool:
    return place[0] <= entity.span.start and entity.span.end <= place[1]


def _closed(links: Links, place: Slice) -> bool:
    """True if its VALUEs (one or more) have unit, indicator and baseline within, and no other VALUE points into it."""
    values = [value for value in links.values if _within(value, place)]
    for value in values:
        arguments = links.tails.get(value.id, {})
        if "indicator" not in arguments:
            return False
        if any(not _within(tail, place) for kind, tail in arguments.items() if kind not in ("region", "year")):
            return False
    inside = {value.id for value in values}
    entities = [e for e in links.entities.values() if _within(e, place)]
    return bool(values) and all(head in inside for e in entities for head, _ in links.heads.get(e.id, ()))


def _settled(links: Links, kind: str, first: Slice, second: Slice) -> bool:
    """True if both places name every argument of that kind themselves, or neither names any and both have the same."""
    places = (first, second)
    tails = [[links.tail(value, kind) for value in links.values if _within(value, place)] for place in places]
    own = all(t is not None and _within(t, place) for ts, place in zip(tails, places, strict=True) for t in ts)
    label = "CITY" if kind == "region" else "YEAR"
    named = any(e.label == label and (_within(e, first) or _within(e, second)) for e in links.entities.values())
    ids = {t.id if t is not None else "" for ts in tails for t in ts}
    return own or (not named and len(ids) == 1)
