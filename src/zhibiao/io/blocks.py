"""The visible blocks of an HTML page in reading order: paragraphs, list items, headings, table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# fmt: off
_SKIPPED = frozenset({
    "head", "script", "style", "noscript", "template", "iframe", "svg", "object", "select", "button", "textarea", "rt",
    "rp", "canvas", "audio", "video",
})
_BLOCK = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
})
# fmt: on
_WHITE = re.compile(r"[ \t\r\n\f]+")
_MAX_CELL_LINES = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text; ``path`` are the elements around it, outermost first; ``is_link`` means nothing but links."""

    text: str
    path: tuple[Any, ...]
    is_link: bool


class _Collector:
    """Pieces of running text, closed to a block wherever the page breaks the line."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._path: tuple[Any, ...] = ()
        self._plain = False

    def add(self, text: str | None, path: tuple[Any, ...], in_link: bool) -> None:
        if text:
            if not self._path and text.strip():
                self._path = path
            self._pieces.append(text)
            self._plain |= not in_link and bool(text.strip())

    def close(self) -> None:
        text = _collapse("".join(self._pieces))
        if text:
            self.blocks.append(Block(text, self._path, not self._plain))
        self._pieces, self._path, self._plain = [], (), False


def page_blocks(tree: Any) -> list[Block]:
    """Every block of ``tree`` (an lxml element) that has text.

    Runs of white space become one space, a line break in the source between two Chinese characters nothing. A row of
    a data table is one block, its cells joined by tabs; a table that only lays out the page (a single cell a row,
    tables in cells or cells of more than two lines) is read cell by cell. Ruby readings (``rt``) are left out.
    """
    collector = _Collector()
    for event, element, path, in_link in _walk(tree):
        if event == "row":
            collector.close()
            collector.blocks.append(Block(element, path, is_link=False))
        elif event == "break":
            collector.close()
        else:
            collector.add(element, path, in_link)
    collector.close()
    return collector.blocks


def _walk(tree: Any) -> Iterator[tuple[str, Any, tuple[Any, ...], bool]]:
    """Events ``text``, ``break`` and ``row`` in document order, without recursion: pages may be nested thousands deep.

    The path given with a text consists of block elements only.
    """
    stack: list[tuple[str, Any, tuple[Any, ...], bool]] = [("open", tree, (), False)]
    while stack:
        action, element, path, in_link = stack.pop()
        if action != "open":
            yield action, element, path, in_link
            continue
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            continue
        if element.tag == "br":
            yield "break", None, path, in_link
            continue
        if element.tag == "tr" and (row := _row(element)):
            yield "row", row, (*path, element), False
            continue
        is_block = element.tag in _BLOCK
        inner = (*path, element) if is_block else path
        linked = in_link or element.tag == "a"
        following: list[tuple[str, Any, tuple[Any, ...], bool]] = []
        if is_block:
            following.append(("break", None, inner, linked))
        following.append(("text", element.text, inner, linked))
        for child in element:
            following += [("open", child, inner, linked), ("text", child.tail, inner, linked)]
        if is_block:
            following.append(("break", None, inner, linked))
        stack.extend(reversed(following))


def _row(row: Any) -> str:
    """The cells of a data row joined by tabs; empty for a row of a layout table or without text."""
    cells = [child for child in row if child.tag in ("td", "th")]
    if len(cells) < 2 or any(True for _ in row.iterdescendants("table")):
        return ""
    texts = []
    for cell in cells:
        lines = [block.text for block in page_blocks(cell)]
        if len(lines) > _MAX_CELL_LINES:
            return ""
        texts.append(_join(lines))
    return "\t".join(texts).rstrip("\t") if any(texts) else ""


def _join(lines: list[str]) -> str:
    text = ""
    for line in lines:
        glue = " " if text and text[-1].isascii() and line[0].isascii() else ""
        text += glue + line
    return text


def _collapse(text: str) -> str:
    def replacement(match: re.Match[str]) -> str:
        start, end = match.span()
        wrapped = "\n" in match[0] and start > 0 and end < len(text)
        return "" if wrapped and text[start - 1] > "\u2e7f" and text[end] > "\u2e7f" else " "

    return _WHITE.sub(replacement, text).strip()
