"""Windows padded to one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhibiao.features.encode import EncodedWindow


@dataclass(frozen=True, slots=True)
class WindowBatch:
    """Inputs of the tagger: (batch, pieces) and (batch, chars[, channels]); masks are 1 on content, 0 on padding."""

    piece_ids: NDArray[np.int64]
    piece_mask: NDArray[np.int64]
    char_pieces: NDArray[np.int64]
    char_ids: NDArray[np.int64]
    char_places: NDArray[np.int64]
    char_features: NDArray[np.int64]
    char_mask: NDArray[np.float32]


def pad_windows(windows: Sequence[EncodedWindow]) -> WindowBatch:
    """``windows`` side by side; padding is 0 everywhere and masked."""
    pieces = max(len(w.piece_ids) for w in windows)
    chars = max(len(w.char_ids) for w in windows)
    return WindowBatch(
        piece_ids=_padded([w.piece_ids for w in windows], pieces),
        piece_mask=_padded([np.ones_like(w.piece_ids) for w in windows], pieces),
        char_pieces=_padded([w.char_pieces for w in windows], chars),
        char_ids=_padded([w.char_ids for w in windows], chars),
        char_places=_padded([w.char_places for w in windows], chars),
        char_features=_padded([w.char_features for w in windows], chars),
        char_mask=_padded([np.ones_like(w.char_ids) for w in windows], chars).astype(np.float32),
    )


def _padded(arrays: Sequence[NDArray[np.int64]], length: int) -> NDArray[np.int64]:
    out = np.zeros((len(arrays), length, *arrays[0].shape[1:]), dtype=np.int64)
    for row, array in zip(out, arrays, strict=True):
        row[: len(array)] = array
    return out
