"""Bytes to text: the encodings Chinese files come in, told apart by how plausible the decoded text is.

Every candidate encoding decodes a sample; the decoded characters are scored under one model of Chinese text (classes
of characters with a probability each, shared evenly within a class), and the likeliest reading wins. This is the
classic character-distribution method (Li & Momoi 2001, "A composite approach to language/encoding detection") with
the likelihood of a whole reading instead of a ratio, so that readings of different length compare.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import lru_cache
from math import log

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.io.han import FREQUENT_HAN

SAMPLE_BYTES = 65536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("utf-8", "gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip file without the suffix .gz"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NON_ASCII_BYTE = re.compile(rb"[\x80-\xff]")
_PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】「」『』〔〕…—·％　～＋－０１２３４５６７８９①②③④⑤㎡℃×÷±°¥￥■□●○◆★▲△※→"
)
_MAX_REPLACED_SHARE = 0.05
# Measured: whole snippets of 5 characters and more score -10 or better, 32 random bytes and more below -13.
_MIN_PLAUSIBILITY = -12.5
_LOG_ASCII = log(0.3 / 98)
_LOG_PUNCTUATION = log(0.1 / 70)
_LOG_FREQUENT = log(0.5 / 700)
_LOG_COMMON = log(0.09 / 7500)
_LOG_RARE = log(0.003 / 80000)
_LOG_IMPOSSIBLE = log(1e-8)


def decode_bytes(
    data: bytes, *, where: str, encoding: str | None = None, ledger: Ledger | None = None
) -> tuple[str, str]:
    """The text of ``data`` without a byte order mark, and the name of its encoding; line ends stay as they are.

    Without ``encoding`` it is detected. A few broken bytes, or a last character that was cut, become U+FFFD and are
    counted in ``ledger`` as ``undecodable_bytes`` with ``where`` and the place of the first one. Raises InputError if
    ``data`` is binary, fits no encoding, or has more broken places than 5 % of its non-ASCII characters.
    """
    name = encoding or detect_encoding(data, where=where)
    try:
        return data.decode(name).removeprefix("\ufeff"), name
    except UnicodeDecodeError as error:
        first = error.start
    text = data.decode(name, "replace")
    replaced = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if name.startswith("utf-8") else 0)
    if replaced > max(1, _MAX_REPLACED_SHARE * _informative(text)):
        raise InputError(
            f"{where}: {replaced} places are not {name}, the first at byte {first}; name the right encoding with "
            f"--encoding (for example gb18030, big5, utf-16) or repair the file"
        )
    if ledger is not None:
        ledger.add("undecodable_bytes", f"{where}: byte {first} ({name})", replaced)
    return text.removeprefix("\ufeff"), name


def detect_encoding(sample: bytes, *, where: str) -> str:
    """The Python codec of ``sample``: utf-8, utf-8-sig, gb18030, cp950, big5hkscs, utf-16-le or utf-16-be.

    A byte order mark decides; then valid UTF-8 (the last character may be cut); then plausibility as Chinese text.
    GBK and GB2312 are reported as gb18030, which contains both. Raises InputError for binary data and for text that
    is not Chinese in any of these encodings: there is no fall-back that accepts everything.
    """
    for signature, what in _SIGNATURES:
        if sample.startswith(signature):
            raise InputError(f"{where}: this is {what}, not text; convert it to text or HTML first")
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    if _is_utf8(sample):
        return "utf-8"
    part = _informative_part(sample)
    name, text = _likeliest(part)
    if _plausibility(text) < _MIN_PLAUSIBILITY:
        zeros = sample.count(0)
        raise InputError(
            f"{where}: binary data, or Chinese text in no encoding that can be detected ({len(sample)} bytes, {zeros} "
            f"of them zero; UTF-8, UTF-16, GB18030 and Big5 were tried); if it is text, name its encoding with "
            f"--encoding"
        )
    return name


def _is_utf8(sample: bytes) -> bool:
    """True for valid UTF-8 without NUL; all-ASCII bytes with control characters may as well be UTF-16."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    if sample.isascii():
        return not _CONTROL.search(sample.decode("ascii"))
    return b"\0" not in sample


def _informative_part(sample: bytes) -> bytes:
    """Up to SAMPLE_BYTES from the first non-ASCII byte on, at an even place for UTF-16."""
    match = _NON_ASCII_BYTE.search(sample)
    start = match.start() & ~1 if match else 0
    return sample[start : start + SAMPLE_BYTES]


def _likeliest(part: bytes) -> tuple[str, str]:
    readings = ((name, part.decode(name, "replace")) for name in _CANDIDATES)
    return max(readings, key=lambda reading: sum(n * _log_probability(c) for c, n in Counter(reading[1]).items()))


def _plausibility(text: str) -> float:
    """Mean log probability of the characters that are no plain ASCII; a cut last character does not count."""
    counts = Counter(text.removesuffix("\ufffd"))
    scores = [(n, _log_probability(c)) for c, n in counts.items() if ord(c) > 126 or _CONTROL.match(c)]
    total = sum(n for n, _ in scores)
    return sum(n * score for n, score in scores) / total if total else 0.0


def _informative(text: str) -> int:
    return sum(n for c, n in Counter(text).items() if ord(c) > 126)


@lru_cache(maxsize=65536)
def _log_probability(character: str) -> float:
    code = ord(character)
    if 32 <= code < 127 or character in "\t\r\n":
        return _LOG_ASCII
    if character in _PUNCTUATION:
        return _LOG_PUNCTUATION
    if character in FREQUENT_HAN:
        return _LOG_FREQUENT
    if code < 160 or character == "\ufffd" or 0xD800 <= code < 0xF900:
        return _LOG_IMPOSSIBLE
    return _LOG_COMMON if _is_level_one(character) else _LOG_RARE


def _is_level_one(character: str) -> bool:
    """True for the common characters by standard: level 1 of GB 2312 (rows B0-D7) or of Big5 (A4-C6)."""
    for charset, low, high in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        encoded = character.encode(charset, "ignore")
        if len(encoded) == 2 and low <= encoded[0] <= high:
            return True
    return False
