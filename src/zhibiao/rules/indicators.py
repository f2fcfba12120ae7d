"""INDICATOR extents: the noun phrase in front of a number's frame, or the one right after its unit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from zhibiao.rules import lexicon as lx
from zhibiao.rules.lists import split_list
from zhibiao.rules.model import Number, Piece
from zhibiao.rules.tails import MAX_LEFT, tail_word
from zhibiao.rules.words import alternation

_FRONT = frozenset(lx.FRONT_WORDS)
_KEEP = frozenset(lx.KEEP_PREFIXES)
_NOUNS = frozenset(lx.EXPRESSION_NOUNS)
_LONGEST = 6
_INNER = re.compile(rf"(?<!新)(?:{alternation(lx.INNER_SPLIT)})(?:了|出)?(?!{alternation(lx.NOUN_AFTER)})|了(?!解)")
_WORD = re.compile(r"[^\W\d_]")
_RIGHT_STOP = re.compile(
    rf"{alternation(lx.RIGHT_VERBS)}|(?<![国公私所特])有(?![色机限效])|(?<![自理])由|(?<!行)为|(?<!现)在(?![线建库])|到(?!位)|计划(?!单列|生育|内|外)"
    r"|对(?![外口接])|均(?![价衡线])|都(?!市)|(?<!公)共(?![享同建青产])|(?<![合节契签条预])约"
)
_CLAUSE = re.compile(r"[,;:。!?\n)）]|、(?=[^、,;。]{0,14}\d)|$")
_SKIP_RIGHT = re.compile(r"(?:(?:及)?以上|以下|左右|上下|以内|之多|多|余)?(?:的)?")
_NOT_NOUN = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:到|至|为)(?=[近约超]?\d)|[\s,;:。!?、()）]|$|和|与|及|以及|并|但|而|比|较|同比"
    r"|环比|占|居|增|减|降|升|提|下|上(?!市|海|游)|高于|低于|的(?=[,;。])|至|到|—|-|~|左右|为|是|有所|时|后|前"
    r"|中有|中,|来|以来|之|同时|其|则|也|还|已|又|就(?!业|医)|都(?!市)|均|仍|将|且|再(?!生|就)|不变|以(?!旧)"
    r"|新?台阶|大关|关口|(?:预期|控制)?目标"
)
_SUMMARY = re.compile(r"(?:等)?[两二三四五六七八九十\d]+(?:大|个|条|类|项|种|家)[\u4e00-\u9fff]*$|等[\u4e00-\u9fff]*$")
_OPEN, _CLOSE = "(“《〔[", ")”》〕]"
_AFTER_PERIOD = re.compile(r"(?:前|内(?![销外需贸])|间|里)")
_AFTER_REGION = re.compile(r"(?:境内|辖区内?|[\u4e00-\u9fff]{2,3}机场|机场|口岸|等地)")
_RELATIVE = re.compile(
    r"(?:取得|落户|转化|覆盖|预期|接受|入围|登记|通行|新发放)[^、,;“”]{0,12}的[\u4e00-\u9fff]{2,12}$"
)
_SERVED = re.compile(r"服务(?=中小|各类|企业|群众|旅客|农户|客户|居民|老人|职工|市场主体)")
_CLAUSE_NOUN = re.compile(
    r"以[^,;、]{2,8}方式|有[^,;]{2,10}的[\u4e00-\u9fff]{2}|以[^,;]{2,10}为[^,;]{1,6}的|以[A-Za-z旧]"
    r"|对[^,;]{1,10}(?:的|进出口|出口|进口|投资)"
)
_TODAY = re.compile(r"[今昨明]天(?:\([^()]{2,8}\))?(?:[上下]午)?")
_PROJECT_NOUN = re.compile(
    r"^(?!新|在建|签约|竣工).{3,}(?:项目|工程|基地|产业园)((?:计划|累计)?总投资额?|投资额|计划投资|全长"
    r"|占地面积|总建筑面积|年产值)$"
)
_PRONOUNS = frozenset(lx.PRONOUNS)
_ENUMERATOR = re.compile(r"\((?:\d{1,2}|[一二三四五六七八九十]{1,2})\)|[①-⑳]|(?<![\d.])\d{1,2}\.\s+")
_SOMEBODY = re.compile(r"[这那该某一]家[^,;:。、]{0,12}?(?:企业|公司|工厂|厂|合作社|店)(?=[^的,;:。]{2})")
_SAYS_SO = re.compile(r"(?:初步)?(?:预计|估计|预测|测算|估算|判断)")
_SAYER = re.compile(r"(?:人士|专家|负责人|部门|协会|商会|中心|机构|分析师|管理方|公司|厂长|企业)$")
_OWN_TOTAL = re.compile(r"(?:消费|经济|排放|用水|控制|债务|资产|业务|资源|自然|货运|人口|水资源)$")
_PREDICATE = re.compile(
    r"屡|更[惨高低快慢难]|仍在[收扩]|一路[走上下]|最[惨旺]|由[升降正负增减涨跌]转|创下?(?:历史|近|年内|了|新|出|造)|连[跨续创年]|仍在|稳步|稳中|快速|逐[步年月季]"
    r"|继续|持续|不断|保持|明显|显著|大幅|涨势|升温|走[高低强弱势]|呈|领跑|率先|最[高低快大多强](?=$|的是)"
    r"|多开|冷热|一路|再[上创]|迈上|跨上|跃上|翻着|规模最|数量|回暖|向好|提升[,。]|增长[强较迅]|提速"
)


class Phrases:
    """Cuts noun phrases out of one paragraph; ``stops`` are its regions and periods, which never begin an indicator."""

    def __init__(self, text: str, stops: Sequence[Piece], numbers: Sequence[Number]) -> None:
        self.text = text
        self.stops = sorted(stops)
        self.starts = [piece.start for piece in self.stops]
        self.numbers = [number.start for number in numbers]

    def stop_at(self, position: int) -> Piece | None:
        """The region or period that covers ``position``."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and self.stops[index].start <= position < self.stops[index].end:
            return self.stops[index]
        return None

    def front(self, start: int, end: int) -> int:
        """Where the noun phrase of ``text[start:end]`` begins: region, time, connectives and verbs are left out."""
        text = self.text
        while start < end:
            stop = self.stop_at(start)
            if stop is not None and stop.start == start and stop.end <= end:
                start = stop.end
                start = self._after_stop(stop, start, end)
                continue
            char = text[start]
            if char in " ,、;:的了着—-·/…." or (char in "”’)）》" and char):
                start += 1
                continue
            if char in "“(《〔" and not self._closes(start, end):
                start += 1
                continue
            if self._keeps(start, end):
                break
            passed = _ENUMERATOR.match(text, start, end) or _SOMEBODY.match(text, start, end)
            if passed is not None:
                start = passed.end()
                continue
            word = self._front_word(start, end)
            if not word:
                break
            start += len(word)
        return start

    def _after_stop(self, stop: Piece, start: int, end: int) -> int:
        """Skip what belongs to a region or period behind it: 年底前, 青岛口岸, 三亚凤凰机场."""
        period = self.text[stop.end - 1] in "年月末底初日期间"
        found = (_AFTER_PERIOD if period else _AFTER_REGION).match(self.text, start, end)
        return found.end() if found is not None and found.end() < end else start

    def _closes(self, start: int, end: int) -> bool:
        close = _CLOSE[_OPEN.index(self.text[start])]
        return self.text.find(close, start, end) > 0

    def _keeps(self, start: int, end: int) -> bool:
        return any(
            self.text[start : start + length] in _KEEP for length in range(_LONGEST, 1, -1) if start + length <= end
        )

    def _front_word(self, start: int, end: int) -> str:
        if _CLAUSE_NOUN.match(self.text, start, end) or _RELATIVE.match(self.text, start, end):
            return ""
        if _SERVED.match(self.text, start, end):
            return "服务"
        today = _TODAY.match(self.text, start, end)
        if today is not None:
            return today.group()
        for length in range(min(_LONGEST, end - start), 0, -1):
            word = self.text[start : start + length]
            if word in _FRONT:
                return word
        return ""

    def tail(self, start: int, end: int) -> tuple[int, str]:
        """Cut growth and comparison nouns and adverbs at the end; returns the end and the noun that was cut."""
        noun = ""
        moving = True
        while moving and end > start:
            moving = False
            stop = self.stop_at(end - 1)
            if stop is not None and stop.end == end and stop.start > start:
                end = stop.start
                moving = True
                continue
            ahead = self.stop_at(end - 2) if self.text[end - 1] in "前后" else None
            if ahead is not None and ahead.end == end - 1 and ahead.start > start:
                end = ahead.start
                moving = True
                continue
            if self.text[end - 1] in " ,、的“(之中" and not self.text.startswith(("集中", "其中"), end - 2):
                end -= 1
                moving = True
                continue
            word = tail_word(self.text, start, end)
            if not word:
                word = next(
                    (
                        self.text[end - n : end]
                        for n in range(min(_LONGEST, end - start), 1, -1)
                        if self.text[end - n : end] in _NOUNS
                    ),
                    "",
                )
                if word in ("总量", "增长率", "总数") and _OWN_TOTAL.search(self.text, start, end - len(word)):
                    word = ""
                if word and word not in ("增长", "下降"):
                    noun = noun or word
                if word in ("规模", "体量") and end - len(word) > start:
                    word = ""
            if word:
                end -= len(word)
                moving = True
        return end, noun

    def before(self, start: int, end: int) -> tuple[Piece | None, str]:
        """The indicator in ``text[start:end]``, None if nothing is named, and the expression noun that followed it."""
        end, noun = self.tail(max(start, end - MAX_LEFT), end)
        start = self.front(max(start, end - MAX_LEFT), end)
        split = start < end and self.text[start] != "每" and not _RELATIVE.match(self.text, start, end)
        for found in reversed(list(_INNER.finditer(self.text, start + 1, end))) if split else ():
            if found.end() < end and not self._quoted(start, found.start()) and self.front(found.end(), end) < end:
                start = self.front(found.end(), end)
                break
        end, more = self.tail(start, end)
        start = self._after_inner_stop(start, end)
        project = _PROJECT_NOUN.match(self.text[start:end])
        start += project.start(1) if project is not None else 0
        if (
            start >= end
            or (_SAYS_SO.match(self.text, end) is not None and _SAYER.search(self.text[start:end]) is not None)
            or self.text[start:end] in _PRONOUNS
            or re.fullmatch(r"[\W\d_]*", self.text[start:end]) is not None
        ):
            return None, noun or more
        return self._balanced(start, end), noun or more

    def _after_inner_stop(self, start: int, end: int) -> int:
        """A region or period inside the phrase begins it anew: 工信部门披露上半年[工业投资]."""
        index = bisect_right(self.starts, end - 1) - 1
        while index >= 0 and self.stops[index].start > start:
            stop = self.stops[index]
            if self.text[stop.start - 1] in "对与往销送至和、向" or _CLAUSE_NOUN.match(self.text, start, end):
                return start
            if (
                stop.end < end
                and not self._quoted(start, stop.start)
                and self.text[stop.end] not in "、和及)的路段线站"
            ):
                return self.front(stop.end, end)
            index -= 1
        return start

    def _quoted(self, start: int, position: int) -> bool:
        inside = self.text[start:position]
        return any(inside.count(o) > inside.count(c) for o, c in zip(_OPEN, _CLOSE, strict=True))

    def _balanced(self, start: int, end: int) -> Piece:
        inside = self.text[start:end]
        for open_, close in zip(_OPEN, _CLOSE, strict=True):
            if inside.count(open_) > inside.count(close):
                cut = inside.rfind(open_)
                if cut == 0:
                    start += 1
                elif close == self.text[end : end + 1]:
                    end += 1
                inside = self.text[start:end]
        return Piece(start, end)

    def subject_before(self, start: int, end: int) -> Piece | None:
        """The subject of a clause without a figure, for a figure that follows it: [用电负荷]创下新高,达312.7万千瓦."""
        found = _PREDICATE.search(self.text, start, end)
        if found is None:
            return None
        piece, _ = self.before(start, found.start())
        return piece

    def items(self, piece: Piece, count: int) -> list[Piece]:
        """The items of a named list (轨道交通、航空); the last one without a summary (两大产业)."""
        found = list(split_list(self.text, piece, count))
        if len(found) > 1:
            last = found[-1]
            summary = _SUMMARY.search(self.text[last.start : last.end])
            if summary is not None and summary.start() > 0:
                found[-1] = Piece(last.start, last.start + summary.start())
        return [Piece(self.front(p.start, p.end) if i == 0 else p.start, p.end) for i, p in enumerate(found)]

    def after(self, number: Number) -> Piece | None:
        """The indicator right after the unit: the rest of the clause up to 15 characters, else its noun phrase."""
        text = self.text
        start = number.after
        if _RIGHT_STOP.match(text, start) is not None:
            return None
        skipped = _SKIP_RIGHT.match(text, start)
        start = skipped.end() if skipped is not None else start
        if start >= len(text) or _NOT_NOUN.match(text, start):
            return None
        end = self._clause_end(start)
        index = bisect_right(self.numbers, start - 1)
        crowded = index < len(self.numbers) and self.numbers[index] < end
        if crowded or end - start > 15:
            limit = min(end, self.numbers[index]) if crowded else end
            end = self._noun_end(start, min(limit, start + 40))
            of = text.find("的", start + 1, end) if crowded else -1
            end = of if of > 0 else end
        while end > start and text[end - 1] in "的“(,、 和及与中里" and not text.endswith(("集中", "其中"), 0, end):
            end -= 1
        named = _WORD.search(text, start, end) is not None  # not the dots where a teaser breaks off
        return self._balanced(start, end) if named else None

    def _clause_end(self, start: int) -> int:
        depth, position = 0, start
        limit = min(len(self.text), start + 48)
        while position < limit:
            char = self.text[position]
            if char in "(《":
                depth += 1
            elif char in ")》":
                if depth == 0:
                    break
                depth -= 1
            elif (depth == 0 and _CLAUSE.match(self.text, position) and char != "") or (
                char == "”" and self.text.rfind("“", start, position) < 0
            ):
                break
            position += 1
        return position

    def _noun_end(self, start: int, end: int) -> int:
        position = start + 1
        while position < end:
            found = _RIGHT_STOP.search(self.text, position, end)
            if found is None:
                return end
            if found.start() - start >= 2 and not self._quoted(start, found.start()):
                return found.start()
            position = found.start() + 1
        return end
