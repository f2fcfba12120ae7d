"""HTML pages to text, one paragraph, list item or table row a line, with title, date and source.

The lines are read off the page's own block structure, so that no paragraph is joined to the next, shortened or
dropped as a repetition; trafilatura says where on the page the article is, and gives the metadata.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from zhibiao.core.errors import InputError
from zhibiao.core.ledger import Ledger
from zhibiao.io.blocks import Block, page_blocks
from zhibiao.io.document import iso_date
from zhibiao.io.encoding import decode_bytes

_META_CHARSET = re.compile(rb"""(?i)<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# GB2312 and Big5 pages use characters of the larger sets; browsers read them so, too (WHATWG Encoding Standard).
_WIDER_CODECS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
}
_LABELLED_DATE = re.compile(r"(?:时间|日期|時間|来源|來源)")
_DATE_IN_TEXT = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_MAX_DATE_LINE_CHARS = 80
_BOILERPLATE = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|footer|sidebar|share|comment|related|recommend|crumb|breadcrumb|copyright|pinglun|xgyd|tuijian)"
)
_BOILERPLATE_TAGS = frozenset({"nav", "footer", "aside", "form"})
_MIN_MATCH_CHARS = 10


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page and what it says about itself; ``date`` is ISO 8601, unknown facts are empty strings."""

    text: str
    title: str
    date: str
    source: str
    encoding: str


def read_html(data: bytes, *, where: str, encoding: str | None = None, ledger: Ledger) -> Page:
    """The article of the page ``data``; offsets into it count in ``Page.text``, not in the file.

    The encoding is ``encoding``, a byte order mark, UTF-8 if the page is that, the Chinese one of its meta tag if
    the page fits it, or is detected.
    Table cells are joined by a tab. Where trafilatura finds no article the text of the whole body is taken, counted in
    ``ledger`` as ``html_fallback``. Raises InputError if the bytes cannot be decoded or are no HTML.
    """
    markup, name = _decode(data, where, encoding, ledger)
    markup = _XML_DECLARATION.sub("", markup).replace("\0", "")
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"{where}: no HTML ({error}); check the file, or read it with --input-format txt") from error
    blocks = page_blocks(tree)
    document = _trafilatura(tree)
    article = _article(blocks, getattr(document, "text", None) or "")
    if not article and blocks:
        ledger.add("html_fallback", where)
        article = blocks
    return Page(
        text="\n".join(block.text for block in article),
        title=_meta(tree, "articletitle") or getattr(document, "title", None) or "",
        date=_date(tree, getattr(document, "date", None) or "", blocks),
        source=_meta(tree, "contentsource", "source")
        or getattr(document, "sitename", None)
        or _meta(tree, "sitename")
        or getattr(document, "author", None)
        or _meta(tree, "publisher"),
        encoding=name,
    )


def _decode(data: bytes, where: str, encoding: str | None, ledger: Ledger) -> tuple[str, str]:
    if encoding is None and not data.startswith(_BOMS):
        declared = _META_CHARSET.search(data[:4096])
        if declared:
            # Valid UTF-8 under another declaration is a page converted without its head; a declared single-byte set
            # (iso-8859-1) fits everything and says nothing.
            for name in ("utf-8", _WIDER_CODECS.get(declared[1].decode("ascii").lower(), "utf-8")):
                with suppress(UnicodeDecodeError):
                    return data.decode(name), name
    return decode_bytes(data, where=where, encoding=encoding, ledger=ledger)


@cache
def _settings() -> Any:
    from trafilatura.settings import use_config

    for name in ("trafilatura", "htmldate"):  # else Python prints what they log about odd pages on standard error
        logging.getLogger(name).addHandler(logging.NullHandler())
    config = deepcopy(use_config())
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return config


def _trafilatura(tree: Any) -> Any:
    """What trafilatura extracts, or None. Its extensive date search takes any year in the text for a date and is off.

    Imported on first use: it is slow to load, and most runs read no HTML.
    """
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            deepcopy(tree),
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
            config=_settings(),
        )
    except Exception:  # foreign code on arbitrary pages: whatever fails in it, the caller has its own way to the text
        return None


def _article(blocks: Sequence[Block], extracted: str) -> list[Block]:
    """The blocks of the article that trafilatura extracted, with the ones that it dropped from within.

    Blocks found in ``extracted`` are kept; so is every other block of the smallest element that holds them all (its
    parent if it is but one block), unless it is marked as navigation, sharing or comments or is a mere link.
    """
    lines = {squeezed for line in extracted.splitlines() if (squeezed := _squeeze(line).lstrip("-"))}
    whole = _squeeze(extracted)
    kept = set()
    for number, block in enumerate(blocks):
        squeezed = _squeeze(block.text)
        if squeezed in lines or (len(squeezed) >= _MIN_MATCH_CHARS and squeezed in whole):
            kept.add(number)
    if not kept:
        return []
    shared = _common_path([blocks[number].path for number in kept])
    if len(shared) > 2 and all(blocks[number].path == shared for number in kept):
        shared = shared[:-1]
    return [
        block
        for number, block in enumerate(blocks)
        if number in kept or (block.path[: len(shared)] == shared and _is_content(block, len(shared)))
    ]


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("|", "").split())


def _common_path(paths: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    shared = paths[0]
    for path in paths[1:]:
        same = takewhile(lambda pair: pair[0] is pair[1], zip(shared, path, strict=False))
        shared = shared[: sum(1 for _ in same)]
    return shared


def _is_content(block: Block, depth: int) -> bool:
    if block.is_link and not block.text.endswith(("。", "；", ";")):
        return False
    return not any(
        element.tag in _BOILERPLATE_TAGS or _BOILERPLATE.search(f"{element.get('class', '')} {element.get('id', '')}")
        for element in block.path[depth:]
    )


def _meta(tree: Any, *names: str) -> str:
    """The content of the first non-empty meta tag called one of ``names`` (lower case)."""
    for name in names:
        for element in tree.iter("meta"):
            if (element.get("name") or "").lower() == name and (content := (element.get("content") or "").strip()):
                return str(content)
    return ""


def _date(tree: Any, found: str, blocks: Sequence[Block]) -> str:
    """The publication date: the PubDate tag, what trafilatura ``found``, or a date in a line with 时间, 日期, 来源."""
    for candidate in (_meta(tree, "pubdate", "publishdate"), found):
        if iso := iso_date(candidate):
            return iso
    for block in blocks:
        if len(block.text) <= _MAX_DATE_LINE_CHARS and _LABELLED_DATE.search(block.text):
            match = _DATE_IN_TEXT.search(block.text)
            if match and (iso := iso_date(match[0])):
                return iso
    return ""
