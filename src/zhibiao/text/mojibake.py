"""Text that was decoded with the wrong encoding: repaired where the bytes leave no doubt, else found and marked.

Three repairs, each on the shortest run that shows the damage:

- UTF-8 read as GB 18030 (鍏ㄥ競 for 全市);
- UTF-8 or GBK read as Latin-1 or Windows-1252 (å…¨å¸‚ or È«ÊÐ for 全市);
- GBK of which a lead byte was lost, so that the pairs after it are shifted by one byte up to the next ASCII
  character (担?！皹I for 担保“業).

The library ftfy knows only the second, and only for UTF-8.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from zhibiao.core.spans import Span
from zhibiao.text.charsets import common_characters, rare_characters
from zhibiao.text.offsets import Edit, OffsetMap, apply_edits

_PUNCTUATION = "、。，；：？！（）“”‘’《》〈〉【】〔〕—…·％～　℃㎡①②③④⑤⑥⑦⑧⑨⑩×"
# What Windows-1252 makes of the bytes 80 to FF, and Latin-1's own 80 to 9F.
_CP1252 = {chr(byte): byte for byte in range(0x80, 0x100)}
_CP1252 |= {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0xA0)}
_LATIN_RUN = re.compile("[\ufffd" + "".join(map(re.escape, _CP1252)) + "]{3,}")
_LATIN_LETTER = re.compile("[À-ÖØ-öø-ÿ]")  # × alone is no evidence: ××××年
_WIDE_RUN = re.compile(r"[^\x00-\x7f\ufffd]+[?\ufffd]?")
_LOST = "\ufffd"
_LOST_RUN = re.compile("\ufffd+")
_CERTAIN = 3
_SHIFTED = re.compile(r"(?<=[一-鿿])\?[?？!！][一-鿿\u00a0-\u33ff\uff00-\uffef]{1,16}[@-~](?![a-zA-Z])")
_PINYIN_SYLLABLE = r"[a-zA-Zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹɡ]{1,6}"
_PINYIN_NEXT = re.compile(rf"[(（]{_PINYIN_SYLLABLE}[)）]")
# The lost character whose second byte is A3 (as in 担?！): the common ones, by the character before them.
_BEFORE_BAO = "确確擔環担环社医劳参投低承续保人安"
_BEFORE_CHANG = "非正经經異时時日异平通时照"
_BEFORE_HAI = "上沿临渤威珠黄"
_TONED = rf"(?=[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]){_PINYIN_SYLLABLE}[)）]"
# One pattern each, so that every search starts with a literal or a character class, which is many times faster.
_DAMAGE = (
    re.compile(r"[\ufffd\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff]+\??"),
    re.compile(r"锟(?:斤拷锟)*斤(?:拷[锟斤]*)?"),
    re.compile(r"烫{3,}"),
    re.compile(r"屯{3,}"),
    re.compile(r"锘[匡挎縿]"),
    re.compile(r"[\u00a1-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{4,}"),
    # Pinyin was written into the middle of a character, 工?chéng)?shí)施: the characters between are shifted, too.
    re.compile(rf"\?{_TONED}(?:[一-鿿]{{0,8}}\?{_TONED})*"),
)
_KANA = re.compile("[\u3040-\u312f]")
_SOUP_CHARS = 6


def repair_mojibake(text: str) -> tuple[str, OffsetMap]:
    """Put right what was decoded with the wrong encoding; each repaired run is one block of the map.

    A byte that was lost on the way leaves U+FFFD in its place. Must come before any other step, as it goes by bytes.
    """
    fixed, first = apply_edits(text, _latin_edits(text))
    fixed, second = apply_edits(fixed, _utf8_as_gb_edits(fixed))
    fixed, third = apply_edits(fixed, _shift_edits(fixed))
    return fixed, first.then(second).then(third)


def find_damage(text: str) -> tuple[Span, ...]:
    """The stretches of ``text`` that are no text any more.

    U+FFFD, private use characters and lone surrogates, 锟斤拷 and its like, broken pinyin, soups of rare characters.
    """
    spans = [Span(*match.span()) for pattern in _DAMAGE for match in pattern.finditer(text)]
    spans += _soup(text)
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)


def _soup(text: str) -> Iterator[Span]:
    """Three characters within six that are outside GB 2312 in either script, or kana or bopomofo beside such."""
    rare = {match.start() for match in rare_characters().finditer(text)}
    if not rare:
        return
    odd = sorted(rare.union(match.start() for match in _KANA.finditer(text)))
    for found in zip(odd, odd[1:], odd[2:], strict=False):
        if found[-1] - found[0] < _SOUP_CHARS and not rare.isdisjoint(found):
            yield Span(found[0], found[-1] + 1)


def _is_chinese(text: str) -> bool:
    """True if all of ``text`` is everyday Chinese."""
    common = common_characters()
    return all(c in common or c in _PUNCTUATION or "０" <= c <= "９" or c.isascii() for c in text)


def _latin_edits(text: str) -> Iterator[Edit]:
    for match in _LATIN_RUN.finditer(text):
        if not _LATIN_LETTER.search(match[0]):
            continue
        data = bytes(_CP1252.get(char, 0xFF) for char in match[0])
        for encoding, fewest in (("utf-8", 1), ("gbk", 2)):
            decoded = _LOST_RUN.sub(_LOST, data.decode(encoding, "replace"))
            whole = decoded.replace(_LOST, "")
            if len(whole) >= fewest and len(decoded) < 2 * len(whole) and _is_chinese(whole):
                yield Edit(match.start(), match.end(), decoded)
                break


@functools.cache
def _suspects() -> re.Pattern[str]:
    """Matches what GB 18030 makes of the first two UTF-8 bytes (E2-E9 or EF, 80-BF) of Chinese text."""
    chars = []
    for lead in (*range(0xE2, 0xEA), 0xEF):
        for trail in range(0x80, 0xC0):
            chars.append(bytes((lead, trail)).decode("gb18030", "ignore"))
    return re.compile("[" + "".join(map(re.escape, filter(None, chars))) + "]")


def _utf8_as_gb_edits(text: str) -> Iterator[Edit]:
    suspects = _suspects()
    if not suspects.search(text):
        return
    found = []
    certain = False
    for match in _WIDE_RUN.finditer(text):
        decoded = _utf8_of_gb(match[0]) if suspects.match(match[0]) else None
        if decoded is not None:
            found.append(Edit(match.start(), match.end(), decoded))
            certain |= len(decoded) >= _CERTAIN
    # One or two characters fit by chance, but not beside a longer run.
    yield from found if certain else []


def _utf8_of_gb(run: str) -> str | None:
    """The Chinese text whose UTF-8 bytes, read as GB 18030, give ``run``; None if there is none.

    If the last byte was lost, U+FFFD stands for the last character.
    """
    lost = run[-1] in "?\ufffd"
    try:
        data = (run[:-1] if lost else run).encode("gb18030")
        decoded = data.decode("utf-8", "replace" if lost else "strict")
    except UnicodeError:
        return None
    whole = decoded.removesuffix(_LOST) if lost else decoded
    if (lost and whole == decoded) or _LOST in whole or not _is_chinese(whole):
        return None
    return decoded


def _shift_edits(text: str) -> Iterator[Edit]:
    for match in _SHIFTED.finditer(text):
        wide = match[0][1:-1].replace("?", "？", 1).replace("!", "！", 1)
        try:
            data = wide.encode("gbk")
        except UnicodeEncodeError:
            continue
        pinyin = _PINYIN_NEXT.match(text, match.end()) is not None
        whole = _decode_gbk(data[1:] + match[0][-1].encode("ascii"))
        if whole and (pinyin or len(whole) > 1):
            yield Edit(match.start(), match.end(), _lost_character(text[match.start() - 1], whole) + whole)
            continue
        # A pair that means nothing in GBK was dropped before the ASCII byte: the characters up to there are certain.
        part = _decode_gbk(data[1:-1])
        if part and pinyin:
            yield Edit(match.start(), match.end(), _lost_character(text[match.start() - 1], part) + part + _LOST)


def _decode_gbk(data: bytes) -> str | None:
    try:
        decoded = data.decode("gbk")
    except UnicodeDecodeError:
        return None
    return decoded if _is_chinese(decoded) else None


def _lost_character(before: str, after: str) -> str:
    """The character of GBK code ?A3 between the two: 保, 常, 海, 模 in their words, else the full stop A1A3."""
    for char, words in (("保", _BEFORE_BAO), ("常", _BEFORE_CHANG), ("海", _BEFORE_HAI), ("模", "规規")):
        if before in words:
            return char
    return _LOST if after[0] in "、。，；：" else "。"
