"""Very long paragraphs (whole books without a line break) in parts, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhibiao.core.records import Annotation
from zhibiao.core.spans import Span
from zhibiao.text.sentences import sentences


def split_long(text: str, max_chars: int) -> list[Span]:
    """Parts of at most ``max_chars`` that cover ``text``; each ends with a sentence if one ends in its second half."""
    if not text:
        return []
    if len(text) <= max_chars:
        return [Span(0, len(text))]
    ends = [span.end for span in sentences(text)]
    parts: list[Span] = []
    start = 0
    while len(text) - start > max_chars:
        fitting = [end for end in ends if start + max_chars // 2 < end <= start + max_chars]
        end = fitting[-1] if fitting else start + max_chars
        parts.append(Span(start, end))
        ends = [e for e in ends if e > end]
        start = end
    parts.append(Span(start, len(text)))
    return parts


def join_parts(parts: Sequence[tuple[int, Annotation]]) -> Annotation:
    """One annotation of the parts that begin at these characters; entity ids are T1, T2, ... in order."""
    joined: list[Annotation] = []
    count = 0
    for start, annotation in parts:
        names = {entity.id: f"T{count + i}" for i, entity in enumerate(annotation.entities, 1)}
        count += len(names)
        joined.append(
            Annotation(
                tuple(replace(e, id=names[e.id], span=e.span.shift(start)) for e in annotation.entities),
                tuple(replace(r, head=names[r.head], tail=names[r.tail]) for r in annotation.relations),
                tuple(replace(a, entity=names[a.entity]) for a in annotation.attributes),
            )
        )
    return Annotation(
        tuple(e for a in joined for e in a.entities),
        tuple(r for a in joined for r in a.relations),
        tuple(x for a in joined for x in a.attributes),
    )
