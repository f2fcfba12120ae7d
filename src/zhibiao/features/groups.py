"""Lists of values and of arguments: which item of a list a span is."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhibiao.core.spans import Span

_JOIN = re.compile(r"(?:以上|左右|以内)?(?:、|和|及|与|以及|或|至|到|[-—~–]{1,2}|,)?(?:约|近|超|的)?(?:、|和|及|与)?")
_MAX_GAP = 6


def list_places(text: str, spans: Sequence[Span], ends: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each span its index in the list it belongs to, and the size of that list (1: no list).

    ``spans`` are of one label, in order; ``ends`` tell where each ends with what belongs to it (a value with its unit).
    Neighbours are of one list if only a conjunction stands between them.
    """
    index = np.zeros(len(spans), dtype=np.int64)
    size = np.ones(len(spans), dtype=np.int64)
    begin = 0
    for i in range(1, len(spans) + 1):
        if i < len(spans):
            gap = text[ends[i - 1] : spans[i].start]
            if 0 < len(gap) <= _MAX_GAP and _JOIN.fullmatch(gap):
                continue
        index[begin:i] = np.arange(i - begin)
        size[begin:i] = i - begin
        begin = i
    return index, size
