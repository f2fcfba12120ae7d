"""Removal of pinyin in brackets after the characters that it reads: 推進(jìn), 業（yè）, 推進(tuī jìn), 進(jin4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from zhibiao.text.offsets import Edit, OffsetMap, apply_edits

# The syllables of Modern Standard Mandarin by initial (as in Xinhua Zidian's table, without the interjections ê, m, n,
# ng, hm); ü is written v here.
_FINALS = {
    "": "a o e ai ei ao ou an en ang eng er",
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ei ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan un v ve ue",
    "l": "a o e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un v ve van vn",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un v ve van vn",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un v ve van vn",
    "zh": "a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang",
    "ch": "a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang",
    "sh": "a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang",
    "r": "e ao ou an en ang eng ong i u ua uo ui uan un",
    "z": "a e ai ei ao ou an en ang eng ong i u uo ui uan un",
    "c": "a e ai ao ou an en ang eng ong i u uo ui uan un",
    "s": "a e ai ao ou an en ang eng ong i u uo ui uan un",
    "y": "a o e ao ou an ang i in ing ong u ue uan un v ve van vn",
    "w": "a o ai ei an en ang eng u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
_MARKS = "\u0304\u0301\u030c\u0306\u0300"  # macron, acute, caron (a breve is often typed for it), grave
_LETTER = "a-zA-ZāáǎăàēéěĕèīíǐĭìōóǒŏòūúǔŭùǖǘǚǜüńňǹḿɑɡĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙǕǗǙǛÜ"
_BRACKET = re.compile(
    rf"[ \u3000]{{0,2}}[(（\[［【]([{_LETTER}{_MARKS}\u03081-5 \u3000\u00a0:'’·・,，/-]{{1,60}})[)）\]］】]"
)
_HAN = re.compile(r"[㐀-鿿\uf900-\ufaff\U00020000-\U0003ffff〇]")
_SEPARATOR = re.compile(r"[ \u3000\u00a0'’·・,，/-]+")
_TONED_LETTER = re.compile(rf"[{_MARKS}]|[1-5]")
_FEWEST_UNTONED = 3


def remove_pinyin(text: str) -> tuple[str, OffsetMap]:
    """Remove every bracket that holds nothing but the reading of what is before it.

    A bracket is a reading if it is a row of Mandarin syllables of which at least one has its tone (a mark, combining or
    not, or a digit 1 to 5); a run must not be longer than the Chinese characters before it. Brackets without any tone,
    (jin), are ambiguous with abbreviations: they count only in a text that has toned ones as well, or three of them,
    and never if a single letter or with capitals.
    """
    return apply_edits(text, _brackets(text))


def _brackets(text: str) -> Iterator[Edit]:
    untoned: list[Edit] = []
    toned: list[Edit] = []
    for match in _BRACKET.finditer(text):
        tones = _reading(match[1], _characters_before(text, match.start()))
        if tones is None:
            continue
        (toned if tones else untoned).append(Edit(match.start(), match.end()))
    if toned or len(untoned) >= _FEWEST_UNTONED:
        toned = sorted(toned + untoned, key=lambda edit: edit.start)
    return iter(toned)


def _characters_before(text: str, end: int) -> int:
    """How many Chinese characters, at most 20, end at ``end``, not counting quotes that close there."""
    start = end
    while start > 0 and text[start - 1] in '”’》」』"':
        start -= 1
    end = start
    while start > 0 and end - start < 20 and _HAN.match(text[start - 1]):
        start -= 1
    return end - start


def _reading(inside: str, characters: int) -> int | None:
    """The number of tones in ``inside``, None if it cannot be a reading of the last of ``characters`` characters."""
    decomposed = unicodedata.normalize("NFD", inside.replace("ɑ", "a").replace("ɡ", "g"))
    tones = len(_TONED_LETTER.findall(decomposed))
    if tones == 0 and decomposed != decomposed.lower():
        return None
    plain = decomposed.lower().replace("u\u0308", "v").replace("u:", "v").replace(":", "?")
    syllables = 0
    for word in _SEPARATOR.split(plain.strip()):
        found = _syllables(word)
        if found is None:
            return None
        syllables += found
    if characters == 0:
        # The character itself may have been damaged; only a marked tone is then evidence enough.
        return tones if syllables == 1 and tones == 1 and not decomposed.isascii() else None
    if syllables > characters or tones > syllables or (tones == 0 and len(plain) < 2):
        return None
    return tones


def _syllables(word: str) -> int | None:
    """The number of syllables in ``word`` (ü as v, tone marks after their vowel), None if it is no pinyin."""
    toneless = "".join(char for char in word if char not in _MARKS and char not in "12345")
    if toneless in SYLLABLES:
        digits = sum(char.isdigit() for char in word)
        return 1 if digits == 0 or (digits == 1 and word[-1].isdigit() and len(toneless) > 1) else None
    # Written together (tuījìn): foreign words such as café fit too, so every syllable must have its tone.
    if "v" in toneless and not any(mark in word for mark in _MARKS):
        return None
    count = _split(word)
    return count if count and count == len(_TONED_LETTER.findall(word)) else None


def _split(word: str) -> int | None:
    """How many toned syllables ``word`` falls into, by trying the longest first; None if it does not."""
    fewest: list[int | None] = [0] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 8), end):
            before = fewest[start]
            part = word[start:end]
            if before is None or len(_TONED_LETTER.findall(part)) != 1 or part[0] in _MARKS or part[0].isdigit():
                continue
            if any(char.isdigit() for char in part[:-1]):
                continue
            toneless = "".join(char for char in part if char not in _MARKS and not char.isdigit())
            if toneless in SYLLABLES and (fewest[end] is None or before + 1 < (fewest[end] or 0)):
                fewest[end] = before + 1
    return fewest[len(word)]
