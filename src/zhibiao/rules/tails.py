"""Reads the words in front of a number from the right: adverbs, copulas, bounds, verbs of growth."""

from __future__ import annotations

import re

from zhibiao.rules import lexicon as lx
from zhibiao.rules.model import Frame, Piece

MAX_LEFT = 120
"""A frame is looked for in so many characters before the number: bounds the work on text without punctuation."""

_VERBS: dict[str, int] = {**dict.fromkeys(lx.UP_VERBS, 1), **dict.fromkeys(lx.DOWN_VERBS, -1)}
_ATTAINING = ("到", "至", "为", "成")
_ATTAINED_VERBS: dict[str, int] = {
    **{verb + to: sign for verb, sign in _VERBS.items() for to in _ATTAINING if len(verb) <= 2},
    **{verb + to: 1 for verb in lx.RISING_TO for to in _ATTAINING},
    **{verb + to: -1 for verb in lx.FALLING_TO for to in _ATTAINING},
    **{verb + "回": sign for verb, sign in (("落", -1), ("升", 1), ("跌", -1))},
    **{
        verb + to: 0
        for verb in ("扭转", "调整", "整合", "转", "优化", "变", "转变", "转化")
        for to in ("为", "到", "成", "至")
    },
}
_TAIL: dict[str, str] = {
    **dict.fromkeys(lx.BE_VERBS, "be"),
    **dict.fromkeys(("同比", "环比"), "yoy"),
    **dict.fromkeys(lx.APPROXIMATE, "approx"),
    **dict.fromkeys(lx.AT_LEAST, "min"),
    **dict.fromkeys(lx.AT_MOST, "max"),
    **dict.fromkeys(_ATTAINED_VERBS, "be"),
}
_ADVERBIAL = re.compile(
    r"(?:受[^,;:。]{1,16}(?:影响|拖累|制约|冲击|带动|推动|拉动|提振|支撑)"
    r"|由[正负升降增减涨跌平]转[正负升降增减涨跌平]|在[^,;:。]{2,14}(?:带动下|拉动下|下|基础上|基数上)"
    r"|按[^,;:。]{1,12}(?:计算|口径|统计|测算|计)|(?:扣除|剔除)[^,;:。]{1,24}(?:因素|后|影响)+"
    r"|(?:由|从)[^,;:。由从]{2,10}(?:年|期|末|底|初|月|前|季度|原来|原先|过去|以前|现在)的?"
    r"|连续(?:[\d一二两三四五六七八九十]+|多)个?(?:年|月|季度)|自[^,;:。]{1,8}以来)$"
)
_NOT_TAIL = re.compile(
    r"(?:小微|细微|显微|战略|策略|大略|(?:年度|行动|培训|投资|三年|年)计划|公共|自由|理由|服从|人均|户均|亩均"
    r"|日均|月均|车均|地均|单位|国有|所有|现代化|产能|应有|作为|行为|占比|以上|总共同|方向|意向|流向"
    r"|[国省市区州县业]平均|[高格年均价]上|同类|[协工委商博社大学展机年庭例股理聘接谈览座晚发交]会)$"
)


def tail_word(text: str, start: int, end: int) -> str:
    """The longest adverb, copula or bound that ends at ``end``, empty if there is none."""
    for length in range(min(6, end - start), 0, -1):
        word = text[end - length : end]
        if word in _TAIL and not (length <= 2 and _NOT_TAIL.search(text, max(start, end - 4), end)):
            return word
    return ""


class Reader:
    """Reads one left context from its right end; ``end`` moves towards the subject."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.frame = Frame(end)
        self.yoy: Piece | None = None
        self.seen: list[str] = []

    def rest(self) -> str:
        """What is not read yet."""
        return self.text[self.start : self.end]

    def strip(self) -> str:
        """Read tail words; notes bounds and 同比/环比. Returns the leftmost word that was read."""
        last = ""
        while True:
            word = tail_word(self.text, self.start, self.end)
            if not word:
                adverbial = (
                    _ADVERBIAL.search(self.text[max(self.start, self.end - 36) : self.end])
                    if self.end - self.start > 3
                    else None
                )
                if adverbial is None:
                    break
                self.end -= len(adverbial.group())
                continue
            self.seen.append(word)
            kind = _TAIL[word]
            if kind == "yoy":
                self.yoy = self.yoy or Piece(self.end - len(word), self.end)
            elif kind != "be" and not self.frame.bound and not self.frame.verb:
                self.frame.bound = "min" if word == "上" else kind
            if word == "分别" or word in ("依次", "各"):
                self.frame.respectively = self.frame.respectively or word != "各"
            self.end -= len(word)
            last = word
        while self.end > self.start and self.text[self.end - 1] in " ,、(“":
            self.end -= 1
        return last

    def verb(self, after: str) -> None:
        """Read a verb of growth or decline; ``after`` is the word between it and the number."""
        for length in range(min(4, self.end - self.start), 0, -1):
            word = self.text[self.end - length : self.end]
            if word in _VERBS:
                self.frame.verb, self.frame.direction = word, _VERBS[word]
                self.frame.attained = after in _ATTAINING
                self.end -= length
                return

    def unread(self, word: str) -> None:
        """Put back a verb that turned out to belong to the name."""
        self.end += len(word)
        self.frame.verb, self.frame.direction, self.frame.attained = "", 0, False


def attained_word(reader: Reader) -> None:
    """提高到, 降至: the words that were read last lead to a new level."""
    for length in (4, 3, 2):
        surface = reader.text[reader.end : reader.end + length]
        if surface in _ATTAINED_VERBS:
            reader.frame.direction, reader.frame.attained, reader.frame.verb = _ATTAINED_VERBS[surface], True, surface
            return


def trim(text: str, start: int, end: int) -> Piece:
    """``text[start:end]`` without tail words and particles at its edges."""
    while start < end and text[start] in "于 、,“了到的" and not (text[start] == "“" and "”" in text[start:end]):
        start += 1
    moving = True
    while moving and start < end:
        moving = False
        word = tail_word(text, start, end)
        if (
            word
            and len(word) < end - start
            and text[start:end]
            not in (
                "上年",
                "全年",
                "预期目标",
                "目标",
                "计划",
                "年度计划",
                "控制目标",
                "全部总量",
                "总量",
                "总数",
                "均值",
            )
            and not text[start:end].endswith(
                ("平均", "目标", "计划", "规模", "总量", "总数", "预期", "总额为", "均值", "增量", "数量")
            )
        ):
            end -= len(word)
            moving = True
        elif text[end - 1] in " ,、(“有还净":
            end -= 1
            moving = True
    return Piece(start, end)
