"""A paragraph as the arrays the encoder takes: pieces by window; of each character its piece, identity, features."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from zhibiao.features.characters import CharacterFeatures
from zhibiao.features.rules import RuleView
from zhibiao.features.windows import owners, split_windows
from zhibiao.text.sentences import sentences

N_PLACES = 4
"""Places of a character in its piece: only one, first, inside, last."""
UNKNOWN_CHARACTER = 0


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """One window: ``piece_ids`` with the special pieces at both ends; character arrays hold the characters
    ``[start, end)`` of the paragraph. ``char_pieces`` are indices into ``piece_ids``. ``owned`` marks the characters
    whose scores are taken from this window.
    """

    start: int
    end: int
    piece_ids: NDArray[np.int64]
    char_pieces: NDArray[np.int64]
    char_ids: NDArray[np.int64]
    char_places: NDArray[np.int64]
    char_features: NDArray[np.int64]
    owned: NDArray[np.bool_]


@dataclass(frozen=True)
class CharacterVocabulary:
    """Ids of characters; 0 is any other character."""

    characters: str
    ids: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", {char: i for i, char in enumerate(self.characters, 1)})

    @classmethod
    def from_texts(cls, texts: Iterable[str], *, min_count: int) -> CharacterVocabulary:
        """The characters that occur at least ``min_count`` times."""
        counts: dict[str, int] = {}
        for text in texts:
            for char in text:
                counts[char] = counts.get(char, 0) + 1
        return cls("".join(sorted(char for char, n in counts.items() if n >= min_count)))

    @property
    def size(self) -> int:
        """Number of ids."""
        return 1 + len(self.characters)


@dataclass(frozen=True)
class ParagraphEncoder:
    """Turns paragraphs into windows. ``max_pieces`` counts the two special pieces; ``overlap_pieces`` are shared."""

    tokenizer: Tokenizer
    vocabulary: CharacterVocabulary
    features: CharacterFeatures
    max_pieces: int = 512
    overlap_pieces: int = 128

    def encode(self, text: str, rules: RuleView) -> list[EncodedWindow]:
        """The windows of one paragraph of normalised text, in order; empty for an empty text."""
        if not text:
            return []
        encoding = self.tokenizer.encode(text)
        first, *inner, last = encoding.ids
        offsets = encoding.offsets[1:-1]
        char_pieces, places = _cover(offsets, len(text))
        char_ids = np.array([self.vocabulary.ids.get(char, UNKNOWN_CHARACTER) for char in text], dtype=np.int64)
        features = self.features.extract(text, rules)
        windows = split_windows(
            len(inner), limit=self.max_pieces - 2, overlap=self.overlap_pieces, stops=_stops(text, offsets)
        )
        owner = np.array(owners(windows, len(inner)))
        encoded = []
        for index, window in enumerate(windows):
            chosen = np.flatnonzero((char_pieces >= window.start) & (char_pieces < window.end))
            start, end = int(chosen[0]), int(chosen[-1]) + 1
            encoded.append(
                EncodedWindow(
                    start,
                    end,
                    np.array([first, *inner[window.start : window.end], last], dtype=np.int64),
                    char_pieces[start:end] - window.start + 1,
                    char_ids[start:end],
                    places[start:end],
                    features[start:end],
                    owner[char_pieces[start:end]] == index,
                )
            )
        return encoded


def _cover(offsets: Sequence[tuple[int, int]], length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each character its piece (one without a piece of its own belongs to the piece before it) and place in it."""
    pieces = np.full(length, -1, dtype=np.int64)
    places = np.zeros(length, dtype=np.int64)
    for index, (start, end) in enumerate(offsets):
        pieces[start:end] = index
        if end - start > 1:
            places[start:end] = 2
            places[start], places[end - 1] = 1, 3
    pieces = np.maximum.accumulate(pieces)
    return np.maximum(pieces, 0), places


def _stops(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Pieces that end a sentence."""
    starts = [start for start, _ in offsets]
    return [bisect_right(starts, span.end - 1) - 1 for span in sentences(text)] if starts else []


def merge_windows(
    windows: Sequence[EncodedWindow], arrays: Sequence[NDArray[np.float32]], length: int
) -> NDArray[np.float32]:
    """One (length, d) array of the windows' character arrays, each character from the window that owns it."""
    merged = np.zeros((length, arrays[0].shape[1]), dtype=np.float32)
    for window, array in zip(windows, arrays, strict=True):
        merged[window.start : window.end][window.owned] = array[window.owned]
    return merged
