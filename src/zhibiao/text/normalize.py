"""Raw text to normalised text: the steps in their order, and the composition of their maps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from zhibiao.core.ledger import Ledger
from zhibiao.core.spans import RawSpan, Span
from zhibiao.text.controls import remove_invisible, unify_blanks, unify_line_ends
from zhibiao.text.mojibake import find_damage, repair_mojibake
from zhibiao.text.offsets import OffsetMap, blocks
from zhibiao.text.pinyin import remove_pinyin
from zhibiao.text.spaces import join_letters, join_numbers, join_units, join_wraps, restore_dashes
from zhibiao.text.traditional import AUTO, to_simplified
from zhibiao.text.width import fold_width

Step = Callable[[str], tuple[str, OffsetMap]]
_QUOTED_CHARS = 20


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """Normalised text, its map to the raw text, and the mojibake (in normalised offsets) that is still in it."""

    text: str
    map: OffsetMap
    damaged: tuple[Span, ...]


def steps(*, traditional: str = AUTO) -> tuple[Step, ...]:
    """The steps in order; mojibake first because it goes by the bytes that were read."""
    return (
        repair_mojibake,
        unify_line_ends,
        remove_invisible,
        unify_blanks,
        remove_pinyin,
        fold_width,
        partial(to_simplified, config=traditional),
        restore_dashes,
        join_wraps,
        join_letters,
        join_numbers,
        join_units,
    )


def normalize(raw: str, *, ledger: Ledger | None = None, where: str = "", traditional: str = AUTO) -> NormalizedText:
    """Normalise ``raw``: newlines separate paragraphs; ASCII , : ; ( ) % ! ? but 。 、 “ ” 《 》 — as they are.

    ``traditional`` is ``auto``, ``off`` or an OpenCC configuration (see ``to_simplified``). ``ledger`` counts
    ``mojibake`` that stays in the text and ``mojibake_repaired``, with ``where`` (a document id) and raw offsets as the
    place. Raises ConfigError for an unknown configuration.
    """
    text, offsets = raw, OffsetMap.identity(len(raw))
    repaired: list[RawSpan] = []
    for step in steps(traditional=traditional):
        before = text
        text, change = step(text)
        if step is repair_mojibake:
            repaired += blocks(change)
        elif step is restore_dashes and text != before:
            repaired += [offsets.to_raw(Span(i, i + 1)) for i, char in enumerate(before) if char != text[i]]
        offsets = offsets.then(change)
    damaged = find_damage(text)
    if ledger is not None:
        for raw_span in repaired:
            ledger.add("mojibake_repaired", _place(raw, raw_span, where))
        for span in damaged:
            ledger.add("mojibake", _place(raw, offsets.to_raw(span), where))
    return NormalizedText(text, offsets, damaged)


def _place(raw: str, span: RawSpan, where: str) -> str:
    return f"{where}[{span.start},{span.end}) {raw[span.start : min(span.end, span.start + _QUOTED_CHARS)]!r}"
