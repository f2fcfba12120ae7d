"""Several annotations of one task: which of them count, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, combinations
from typing import Any

from zhibiao.core.records import AnnotatedText
from zhibiao.core.spans import RawSpan
from zhibiao.data import merge
from zhibiao.data.ballot import Conflict

# The key of ``meta`` that names the annotator where every annotator's row is kept.
ANNOTATOR = "annotator"


class Policy(StrEnum):
    """Which annotations of a task are taken over; cancelled ones never are.

    ``latest``: the one that was changed last. ``first``: the one that was made first. ``every``: the latest of each
    annotator, one row each, with the annotator in ``meta``. ``majority``: the latest of each annotator, merged by vote
    (zhibiao.data.merge).
    """

    LATEST = "latest"
    FIRST = "first"
    EVERY = "every"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Given:
    """One annotation (or prediction) of a task as the server has it; ``annotator`` is a model's version for those."""

    id: str
    annotator: str
    created: datetime
    updated: datetime
    results: Sequence[Any]


def choose(given: Sequence[Given], policy: Policy) -> list[Given]:
    """The annotations that count under ``policy``, in the order in which they were made."""
    made = sorted(given, key=lambda one: (one.created, len(one.id), one.id))
    changed = sorted(made, key=lambda one: one.updated)
    if policy is Policy.FIRST:
        return made[:1]
    if policy is Policy.LATEST:
        return changed[-1:]
    last = {one.annotator: one for one in changed}
    return [one for one in made if last[one.annotator] is one]


def read_given(raw: Mapping[str, Any]) -> Given:
    """The annotation or prediction ``raw``, whose ``result`` is a list."""
    created = _time(raw.get("created_at"))
    name = str(raw.get("id") or "")
    return Given(name, _annotator(raw, name), created, max(_time(raw.get("updated_at")), created), raw["result"])


def combine(
    rows: Sequence[tuple[str, AnnotatedText]], policy: Policy
) -> tuple[tuple[AnnotatedText, ...], tuple[Conflict, ...]]:
    """The rows to keep of what each annotator has, and the conflicts that a vote decided."""
    if policy is Policy.EVERY:
        return tuple(replace(row, meta={**row.meta, ANNOTATOR: name}) for name, row in rows), ()
    if len(rows) < 2:
        return tuple(row for _, row in rows), ()
    merged = merge.merge_annotations({name: [row] for name, row in rows}, policy=merge.Policy.MAJORITY)
    return (_named_as_before(merged.paragraphs[0], [row for _, row in rows]),), merged.conflicts


def pairs_of_annotators(
    rows: Iterable[AnnotatedText],
) -> Iterator[tuple[tuple[str, str], list[AnnotatedText], list[AnnotatedText]]]:
    """Each two annotators who share a row id, with their rows of the shared ids, aligned.

    ``rows`` are those of the policy ``every``, of any number of tasks; what is yielded is what
    ``zhibiao.data.agreement.agreement`` compares.
    """
    by_name: dict[str, dict[str, AnnotatedText]] = {}
    for row in rows:
        by_name.setdefault(row.meta.get(ANNOTATOR, ""), {})[row.id] = row
    for (first, one), (second, other) in combinations(sorted(by_name.items()), 2):
        shared = [key for key in one if key in other]
        if shared:
            yield (first, second), [one[key] for key in shared], [other[key] for key in shared]


def _annotator(raw: Mapping[str, Any], name: str) -> str:
    by = raw.get("completed_by") or raw.get("model_version")
    if isinstance(by, Mapping):
        by = by.get("email") or by.get("id")
    return f"annotation {name}" if by is None or by == "" else str(by)


def _time(raw: Any) -> datetime:
    try:
        read = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _named_as_before(merged: AnnotatedText, rows: Sequence[AnnotatedText]) -> AnnotatedText:
    """``merged`` with the ids and surfaces that its entities have in ``rows``, the earlier row first."""
    before: dict[tuple[RawSpan, str], list[tuple[str, str | None]]] = {}
    for row in rows:
        for entity in row.entities:
            before.setdefault((entity.span, entity.label), []).append((entity.id, entity.surface))
    taken: set[str] = {name for known in before.values() for name, _ in known}
    free = (f"T{number}" for number in range(1, 2 + len(taken) + len(merged.entities)))
    fresh = (name for name in free if name not in taken)
    names: dict[str, str] = {}
    entities = []
    for entity in merged.entities:
        known = before[(entity.span, entity.label)]
        used = set(names.values())
        names[entity.id] = next(chain((name for name, _ in known if name not in used), fresh))
        entities.append(replace(entity, id=names[entity.id], surface=known[0][1]))
    return replace(
        merged,
        entities=tuple(entities),
        relations=tuple(replace(r, head=names[r.head], tail=names[r.tail]) for r in merged.relations),
        attributes=tuple(replace(a, entity=names[a.entity]) for a in merged.attributes),
    )
