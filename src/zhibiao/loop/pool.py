"""All new annotations that were ever taken in: merged by id, so that taking in the same again changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from zhibiao.core.records import AnnotatedText
from zhibiao.loop.lines import source_row


@dataclass(frozen=True, slots=True)
class Merged:
    """The pool after the new lines; counts of lines.

    ``removed`` are lines of an earlier annotation of a page that its new one no longer has.
    """

    rows: tuple[AnnotatedText, ...]
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0


def merge(pool: Sequence[AnnotatedText], new: Iterable[AnnotatedText], *, held: Collection[str] = ()) -> Merged:
    """``pool`` with the lines of every row in ``new`` in the place of those that it had from that row, or at its end.

    ``held`` are ids whose new annotation was set aside: of those the earlier one stays.
    """
    coming = {row.id: row for row in new}
    renewed = {source_row(row) for row in coming.values()}
    before = {row.id: row for row in pool}
    kept = {key: row for key, row in before.items() if key in coming or key in held or source_row(row) not in renewed}
    both = [key for key in coming if key in before]
    replaced = sum(before[key] != coming[key] for key in both)
    return Merged(
        tuple((kept | coming).values()),
        added=len(coming) - len(both),
        replaced=replaced,
        unchanged=len(both) - replaced,
        removed=len(before) - len(kept),
    )
