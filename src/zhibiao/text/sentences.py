"""Sentences of a text."""

from __future__ import annotations

import re

from zhibiao.core.spans import Span

_CLOSING = "”’」』》】〕)\"'"
# ASCII ? and ! within an address or a formula end nothing, nor does a mark that a comma follows (“是什么?”,他问).
_END = rf"(?<![。!?])[。!?]++[{_CLOSING}]*+(?![a-zA-Z0-9=&,、;:])"
_SENTENCE = re.compile(rf"[^\n]*?(?:{_END}|(?=\n)|$)")


def sentences(text: str) -> list[Span]:
    """The sentences of ``text`` in order, without outer blanks; none crosses a newline.

    A sentence ends after 。 ! or ? together with the quotes and brackets that close there; a mark inside a quotation
    that goes on with a comma does not end it.
    """
    found = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append(Span(start, end))
    return found
