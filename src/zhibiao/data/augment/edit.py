"""Editing annotated text: replacing, inserting and rearranging characters with every span carried along exactly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from zhibiao.core.errors import AlignmentError
from zhibiao.core.records import AnnotatedText, RawEntity
from zhibiao.core.spans import RawSpan
from zhibiao.text.offsets import Edit

__all__ = ["Edit", "crosses", "rearrange", "rewrite"]


def rewrite(annotated: AnnotatedText, edits: Iterable[Edit], *, inside: bool = False) -> AnnotatedText:
    """``annotated`` with every edit made; offsets are those of its text, half-open.

    An edit with ``start == end`` inserts. At the edge of a span an insertion stays outside of it. An edit may lie
    outside all spans or replace exactly one (not by nothing); with ``inside`` it may also lie within one, which then
    grows or shrinks with it. A surface that was given is dropped where the span's characters change.

    Raises AlignmentError if edits overlap or reach beyond the text, or one cuts, removes or (without ``inside``) lies
    within a span.
    """
    ordered = sorted((e for e in edits if annotated.text[e.start : e.end] != e.text), key=lambda e: (e.start, e.end))
    _check(annotated, ordered, inside)
    pieces: list[str] = []
    done = 0
    for edit in ordered:
        pieces += (annotated.text[done : edit.start], edit.text)
        done = edit.end
    text = "".join([*pieces, annotated.text[done:]])
    growth = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in ordered)]
    # Ends are not decreasing, so the edits up to a position are a prefix. A start counts the insertions at its own
    # place (they go before the span), an end leaves them out.
    ends = [(edit.end, edit.start == edit.end) for edit in ordered]

    def move(entity: RawEntity) -> RawEntity:
        start = entity.span.start + growth[bisect_right(ends, (entity.span.start, True))]
        end = entity.span.end + growth[bisect_left(ends, (entity.span.end, True))]
        kept = text[start:end] == annotated.text[entity.span.start : entity.span.end]
        return replace(entity, span=RawSpan(start, end), surface=entity.surface if kept else None)

    return replace(annotated, text=text, entities=tuple(move(entity) for entity in annotated.entities))


def _check(annotated: AnnotatedText, ordered: Sequence[Edit], inside: bool) -> None:
    done = 0
    previous = None
    for edit in ordered:
        same_place = previous is not None and previous.start == previous.end == edit.start == edit.end
        if not done <= edit.start <= edit.end <= len(annotated.text) or same_place:
            length = len(annotated.text)
            raise AlignmentError(
                f"{annotated.id}: edit [{edit.start}, {edit.end}) after {done} in a text of {length} characters"
            )
        done, previous = edit.end, edit
    spans = sorted(annotated.entities, key=lambda entity: entity.span)
    ends = [entity.span.end for entity in spans]
    for edit in ordered:
        for entity in spans[bisect_right(ends, edit.start) :]:
            if entity.span.start >= edit.end:
                break
            _check_pair(annotated, edit, entity, inside)


def _check_pair(annotated: AnnotatedText, edit: Edit, entity: RawEntity, inside: bool) -> None:
    start, end = entity.span.start, entity.span.end
    whole = (edit.start, edit.end) == (start, end)
    within = start <= edit.start <= edit.end <= end
    if whole and not edit.text:
        what = "removes"
    elif not within:
        what = "cuts"
    elif not (whole or inside):
        what = "lies within"
    else:
        return
    covered = annotated.text[start:end]
    raise AlignmentError(
        f"{annotated.id}: edit [{edit.start}, {edit.end}) {what} {entity.id} [{start}, {end}) {covered!r}"
    )


def crosses(annotated: AnnotatedText, edits: Iterable[Edit]) -> bool:
    """True if one of ``edits`` reaches over the edge of a span, so that ``rewrite`` would refuse it even ``inside``."""
    spans = [entity.span for entity in annotated.entities]
    return any(
        edit.start < span.end and span.start < edit.end and not (span.start <= edit.start and edit.end <= span.end)
        for edit in edits
        for span in spans
    )


def rearrange(annotated: AnnotatedText, slices: Sequence[tuple[int, int]]) -> AnnotatedText:
    """``annotated`` with its text cut into ``slices`` (half-open, together all of it) and joined in that order.

    Entities go with their slice and are listed in the new order of the text. Raises AlignmentError if the slices are no
    partition of the text or cut a span.
    """
    cuts = sorted(slices)
    edges = [0, *(end for _, end in cuts)]
    if [start for start, _ in cuts] != edges[:-1] or edges[-1] != len(annotated.text):
        raise AlignmentError(f"{annotated.id}: {cuts} is no partition of a text of {len(annotated.text)} characters")
    moved_to = dict(zip(slices, accumulate((end - start for start, end in slices), initial=0), strict=False))
    moved = []
    for entity in annotated.entities:
        start, end = cuts[bisect_right(edges, entity.span.start) - 1]
        if entity.span.end > end:
            raise AlignmentError(f"{annotated.id}: the cut at {end} falls into {entity.id} {entity.span}")
        by = moved_to[start, end] - start
        moved.append(replace(entity, span=RawSpan(entity.span.start + by, entity.span.end + by)))
    text = "".join(annotated.text[start:end] for start, end in slices)
    return replace(annotated, text=text, entities=tuple(sorted(moved, key=lambda entity: entity.span)))
