"""Sentences and clauses of one paragraph, and the stretches where a number is a name."""

from __future__ import annotations

import re
from bisect import bisect_right

from zhibiao.rules.model import Piece

_SENTENCE_END = re.compile(r"[。!?\n]")
_CLAUSE_END = re.compile(r"[,;:。!?\n]")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTE = re.compile(r"[“\"]([^“”\"\n]{1,12})[”\"]")
_BOX = re.compile(r"[〔【\[]([^〔〕【】\[\]\n]{1,12})[〕】\]]")


class Clauses:
    """Boundaries of one paragraph."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.sentence_starts = [0, *(m.end() for m in _SENTENCE_END.finditer(text))]
        marks = [m.start() for m in _CLAUSE_END.finditer(text)]
        self.clause_starts = [0, *(m + 1 for m in marks if not _in_number(text, m))]

    def sentence(self, position: int) -> int:
        """Start of the sentence that holds ``position``."""
        return self.sentence_starts[bisect_right(self.sentence_starts, position) - 1]

    def clause(self, position: int) -> int:
        """Start of the clause that holds ``position``."""
        return self.clause_starts[bisect_right(self.clause_starts, position) - 1]

    def sentence_end(self, position: int) -> int:
        """End of the sentence that holds ``position``."""
        index = bisect_right(self.sentence_starts, position)
        return self.sentence_starts[index] if index < len(self.sentence_starts) else self.length

    def clause_end(self, position: int) -> int:
        """End of the clause that holds ``position``, its punctuation left out."""
        index = bisect_right(self.clause_starts, position)
        return self.clause_starts[index] - 1 if index < len(self.clause_starts) else self.length


def _in_number(text: str, at: int) -> bool:
    return (
        text[at] in ",:"
        and text[at - 1 : at].isdigit()
        and text[at + 1 : at + 4].isdigit()
        and len(text[at + 1 : at + 4]) == 3
    )


def titles(text: str) -> list[Piece]:
    """Names between 《》, between short quotes or in box brackets, sorted and disjoint."""
    found = [Piece(*m.span()) for m in _TITLE.finditer(text)]
    found += [Piece(*m.span()) for m in _QUOTE.finditer(text) if not re.search(r"[,。;、!?]", m.group(1))]
    found += [Piece(*m.span()) for m in _BOX.finditer(text)]
    out: list[Piece] = []
    for piece in sorted(found):
        if not out or piece.start >= out[-1].end:
            out.append(piece)
    return out
