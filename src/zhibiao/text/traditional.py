"""Traditional to simplified characters with OpenCC, with an exact map also where the length changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zhibiao.core.errors import ConfigError
from zhibiao.text.charsets import converter, simplified_only, traditional_only
from zhibiao.text.offsets import Edit, OffsetMap, apply_edits

AUTO = "auto"
OFF = "off"
_LINE = re.compile(r"[^\n]+")
_HAN_RUN = re.compile(r"[㐀-鿿\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_FEWEST_IN_SIMPLIFIED = 3
_ALIGNED_CHARS = 64
_CONTEXT_CHARS = 8
# Taiwan's own terms, exchanged (with tw2sp, word by word) only in a text that has such evidence and no mainland form.
# All of tw2sp would make 添加 of 新增, 内核 of 核心, 指针 of 指標, 文档 of 文件: words of indicators everywhere.
_MAINLAND_EVIDENCE = re.compile("互聯網|網絡|軟件|硬件|打印機|服務器|數字|芯片|納米|激光|出租車|項目|程序|信息|集群")
_TAIWAN_CERTAIN = (
    "網際網路|網路|軟體|硬體|印表機|伺服器|晶片|奈米|雷射|計程車|專案|叢集|"
    "(?<![件個人次指總])數位(?![居列於次置數])|(?<!方)程式(?!化)"
)
_TAIWAN_EVIDENCE = re.compile(f"{_TAIWAN_CERTAIN}|資訊(?=[服科產技業工安化系])")
_TAIWAN_TERMS = re.compile(
    f"{_TAIWAN_CERTAIN}|資訊|行動電話|智慧財產權|人工智慧|記憶體|光碟|螢幕|滑鼠|太空梭|原始碼|雲端運算"
)


def to_simplified(text: str, *, config: str = AUTO) -> tuple[str, OffsetMap]:
    """Convert traditional characters.

    ``auto`` converts the lines that are set in traditional characters, judged by the characters that only one script
    has, with tw2s and then hk2s (which together undo s2t, s2tw and s2hk alike); Taiwan's own terms (網際網路 → 互联网)
    are exchanged only in a text that uses them and none of the mainland's. Simplified lines stay as they are. ``off``
    does nothing; any other value is an OpenCC configuration, applied to every line. Raises ConfigError if OpenCC has
    none of that name.
    """
    if config == OFF or (config == AUTO and not traditional_only().search(text)):
        return text, OffsetMap.identity(len(text))
    if config == AUTO:
        return apply_edits(text, _auto_edits(text))
    convert = _converter(config)
    runs = (run for run in _HAN_RUN.finditer(text) if convert(run[0]) != run[0])
    return apply_edits(text, (edit for run in runs for edit in _aligned(run[0], run.start(), convert)))


def _converter(config: str) -> Callable[[str], str]:
    try:
        return converter(config).convert
    except Exception as error:
        raise ConfigError(
            f"OpenCC has no configuration {config!r}; use {AUTO!r}, {OFF!r}, 't2s', 'tw2s', 'hk2s' ..."
        ) from error


def _weights(text: str) -> tuple[int, int]:
    """How many characters of ``text`` are traditional only, and how many simplified only."""
    return len(traditional_only().findall(text)), len(simplified_only().findall(text))


def _auto_edits(text: str) -> Iterator[Edit]:
    traditional, simplified = _weights(text)
    whole = traditional > simplified
    terms = whole and _TAIWAN_EVIDENCE.search(text) is not None and _MAINLAND_EVIDENCE.search(text) is None
    for line in _LINE.finditer(text):
        traditional, simplified = _weights(line[0])
        if (traditional < simplified) if whole else (traditional <= simplified or traditional < _FEWEST_IN_SIMPLIFIED):
            continue
        for run in _HAN_RUN.finditer(text, line.start(), line.end()):
            yield from _run_edits(text, run.start(), run.end(), terms=terms)


def _run_edits(text: str, start: int, end: int, *, terms: bool) -> Iterator[Edit]:
    """The edits of one run of Chinese characters, Taiwan's terms apart from the rest if ``terms``."""
    for term in _TAIWAN_TERMS.finditer(text, start, end) if terms else ():
        if start < term.start():
            yield from _plain_edits(text[start : term.start()], start)
        yield Edit(term.start(), term.end(), converter("tw2sp").convert(term[0]))
        start = term.end()
    if start < end:
        yield from _plain_edits(text[start:end], start)


def _plain(text: str) -> str:
    converted: str = converter("hk2s").convert(converter("tw2s").convert(text))
    return converted


def _plain_edits(run: str, offset: int) -> Iterator[Edit]:
    converted = _plain(run)
    if len(converted) == len(run):
        yield Edit(offset, offset + len(run), converted)
    else:
        yield from _aligned(run, offset, _plain)


def _aligned(run: str, offset: int, convert: Callable[[str], str]) -> Iterator[Edit]:
    """The conversion of ``run`` as the smallest blocks that can be converted one by one with the same result."""
    while run:
        cut = _cut(run, convert)
        yield from _blocks(run[:cut], offset, convert)
        run, offset = run[cut:], offset + cut


def _cut(run: str, convert: Callable[[str], str]) -> int:
    """A place near ``_ALIGNED_CHARS`` where ``run`` can be cut without changing its conversion."""
    for cut in range(_ALIGNED_CHARS, min(len(run), 2 * _ALIGNED_CHARS)):
        left, right = run[cut - _CONTEXT_CHARS : cut], run[cut : cut + _CONTEXT_CHARS]
        if convert(left + right) == convert(left) + convert(right):
            return cut
    return min(len(run), 2 * _ALIGNED_CHARS)


def _blocks(run: str, offset: int, convert: Callable[[str], str]) -> Iterator[Edit]:
    rest = convert(run)
    start = 0
    for end in range(1, len(run) + 1):
        left = convert(run[start:end])
        if rest == left + (convert(run[end:]) if end < len(run) else ""):
            if left != run[start:end]:
                yield Edit(offset + start, offset + end, left)
            rest, start = rest[len(left) :], end
