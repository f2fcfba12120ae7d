"""Measures how often each way of linking is right, for the constants of ``zhibiao.rules.scores``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from zhibiao.core.codec import read_annotated
from zhibiao.core.records import AnnotatedText
from zhibiao.rules.system import find_rows

_FULL_WIDTH = {
    ord(wide): narrow
    for wide, narrow in zip("，：；（）％！？０１２３４５６７８９．－～", ",:;()%!?0123456789.-~", strict=True)
}
_NAMES = ("unit", "indicator", "region", "year", "baseline")


def way_precision(files: Iterable[Path]) -> dict[str, tuple[float, int]]:
    """For every way a link is found (and for VALUE) its precision and count on annotated files.

    Full-width punctuation is folded one to one, so that gold offsets hold. Raises AnnotationError for a broken line.
    """
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for file in files:
        for gold in read_annotated(file):
            _count(gold, right, seen)
    return {way: (right[way] / seen[way], seen[way]) for way in sorted(seen)}


def smoothed(
    measured: Mapping[str, tuple[float, int]], prior: Mapping[str, tuple[float, int]], *, weight: int = 20
) -> dict[str, float]:
    """Each precision of ``measured`` drawn towards that of ``prior`` as if this were ``weight`` more cases."""
    drawn = {}
    for way, (expected, _) in prior.items():
        precision, count = measured.get(way, (expected, 0))
        drawn[way] = (precision * count + expected * weight) / (count + weight)
    return drawn


def _count(gold: AnnotatedText, right: Counter[str], seen: Counter[str]) -> None:
    spans = {e.id: (e.span.start, e.span.end) for e in gold.entities}
    values = {spans[e.id] for e in gold.entities if e.label == "VALUE"}
    links = {(*spans[r.head], r.type): spans[r.tail] for r in gold.relations}
    for row in find_rows(gold.text.translate(_FULL_WIDTH)):
        head = (row.number.start, row.number.end)
        seen["VALUE"] += 1
        right["VALUE"] += head in values
        for name in _NAMES:
            link = row.links.get(name)
            if link is not None and head in values:
                way = f"{name}.{link.way}"
                seen[way] += 1
                right[way] += links.get((*head, name)) == tuple(link.piece)
