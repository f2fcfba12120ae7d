"""Label Studio results as entities, relations and attributes; what cannot be taken over is reported, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhibiao.annotate.interface import LABELS
from zhibiao.annotate.kept import Kept
from zhibiao.annotate.problems import Report
from zhibiao.annotate.regions import Region, Regions, brief, name_of, read_regions
from zhibiao.annotate.sent import SentText
from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.schema import Schema


def from_results(
    results: Sequence[Any], empty: AnnotatedText, *, sent: SentText, kept: Kept, schema: Schema, report: Report
) -> AnnotatedText:
    """``empty``, which has id, text and meta, with what ``results`` say about it; the rest goes to ``report``.

    A region keeps the id that it was sent with; one that was made in a page gets the next free T1, T2 ... in the order
    of the spans.
    """
    reader = _ResultReader(results, sent, schema, report)
    regions = reader.regions()
    names = _entity_ids(regions, kept)
    entities = [
        RawEntity(
            names[region.id],
            region.label,
            sent.to_original(region.start, region.end),
            kept.surfaces.get((region.start, region.end)),
            region.score,
        )
        for region in regions.taken.values()
    ]
    relations = [replace(r, head=names[r.head], tail=names[r.tail]) for r in reader.relations(regions)]
    attributes = [replace(a, entity=names[a.entity]) for a in reader.attributes(regions)]
    ordered = kept.in_order(entities, relations, attributes, schema)
    return replace(empty, entities=ordered[0], relations=ordered[1], attributes=ordered[2])


def _entity_ids(regions: Regions, kept: Kept) -> dict[str, str]:
    known = {name: kept.entity_id(name) for name in regions.taken}
    free = (f"T{number}" for number in range(1, 2 * len(known) + 1))
    used = set(known.values())
    fresh = (name for name in free if name not in used)
    by_span = sorted(regions.taken.values(), key=lambda region: region.start)
    names: dict[str, str] = {}
    for region in by_span:
        name = known[region.id]
        names[region.id] = next(fresh) if name is None or name in names.values() else name
    return names


class _ResultReader:
    def __init__(self, results: Sequence[Any], sent: SentText, schema: Schema, report: Report) -> None:
        self._sent = sent
        self._schema = schema
        self._report = report
        self._labels: list[Mapping[str, Any]] = []
        self._chosen: list[Mapping[str, Any]] = []
        self._linked: list[Mapping[str, Any]] = []
        self._others: list[Mapping[str, Any]] = []
        for item in results:
            self._sort(item)
        self._report_others()

    def _sort(self, item: Any) -> None:
        if not isinstance(item, Mapping):
            self._report.add("bad-result", f"a result is an object, got {brief.repr(item)}")
        elif item.get("type") == "relation":
            self._linked.append(item)
        elif item.get("from_name") == LABELS:
            self._labels.append(item)
        elif name_of(item, "from_name") in self._schema.attributes:
            self._chosen.append(item)
        else:
            self._others.append(item)

    def _report_others(self) -> None:
        """Controls that an owner has added beside ours do no harm; spans that were marked with these alone are lost."""
        expected = [LABELS, *self._schema.attributes]
        for item in self._others:
            given = (f"{key}={brief.repr(item.get(key))}" for key in ("from_name", "type", "value"))
            message = f"one of {expected} is expected, got {' '.join(given)}"
            if not self._labels and name_of(item, "type").endswith("labels"):
                message += f'; annotate with <Labels name="{LABELS}">, see `zhibiao annotate init`'
                self._report.add("unknown-labels", message, **_given_place(item))
            else:
                self._report.add("unknown-control", message, **_given_place(item))

    def regions(self) -> Regions:
        """The labelled regions."""
        return read_regions(self._labels, text=self._sent.text, schema=self._schema, report=self._report)

    def relations(self, regions: Regions) -> list[Relation]:
        """The relations between regions that were taken over, by region ids."""
        found: dict[Relation, None] = {}
        for item in self._linked:
            start, end = self._end(item, "from_id", regions), self._end(item, "to_id", regions)
            if start is None or end is None:
                self._report_missing(item, start, end)
                continue
            head, tail = self._direct(item, start, end)
            if head.label != self._schema.head:
                message = f"{brief.repr(item.get('labels'))} leads to {tail.id} {self._quote(tail)}; one end is a value"
                self._report.add("no-value", message, **self._where(head))
                continue
            for kind in self._types(item, head, tail):
                relation = Relation(head.id, tail.id, kind)
                if relation in found:
                    message = f"{kind} leads to {tail.id} {self._quote(tail)} already; one is kept"
                    self._report.add("duplicate-relation", message, **self._where(head))
                found[relation] = None
        return list(found)

    def _end(self, item: Mapping[str, Any], key: str, regions: Regions) -> Region | None:
        return regions.taken.get(regions.same.get(name_of(item, key), ""))

    def _report_missing(self, item: Mapping[str, Any], start: Region | None, end: Region | None) -> None:
        given = [brief.repr(item.get(key)) for key in ("from_id", "to_id")]
        missing = " and ".join(name for name, region in zip(given, (start, end), strict=True) if region is None)
        message = f"{brief.repr(item.get('labels'))} leads from {given[0]} to {given[1]}"
        there = start or end
        where = self._where(there) if there else {}
        self._report.add("missing-region", f"{message}; {missing} is not there or was left out", **where)

    def _direct(self, item: Mapping[str, Any], start: Region, end: Region) -> tuple[Region, Region]:
        """Head and tail: by the direction of the arrow, and from the value if only that makes a relation."""
        direction = item.get("direction", "right")
        head, tail = (end, start) if direction == "left" else (start, end)
        if tail.label == self._schema.head != head.label:
            if direction != "bi":
                message = f"it led from {head.id} {self._quote(head)} to its {tail.label}; turned"
                self._report.add("turned-relation", message, **self._where(tail))
            return tail, head
        return head, tail

    def _types(self, item: Mapping[str, Any], head: Region, tail: Region) -> list[str]:
        labels = item.get("labels") or []
        known = [name for name in labels if name in list(self._schema.relations)] if isinstance(labels, list) else []
        target = f"the relation to {tail.id} {self._quote(tail)}"
        if not labels:
            message = f"{target} has none; choose one of {list(self._schema.relations)}"
            self._report.add("no-type", message, **self._where(head))
        elif known != labels:
            message = f"{target}: of {list(self._schema.relations)} are expected, got {brief.repr(labels)}"
            self._report.add("unknown-type", message, **self._where(head))
        return known

    def attributes(self, regions: Regions) -> list[Attributes]:
        """The attributes of values, by region ids; what was not chosen is an empty string."""
        chosen: dict[str, dict[str, str]] = {}
        for item in self._chosen:
            region = regions.same.get(name_of(item, "id"))
            control = item["from_name"]
            choice = self._choice(item, control)
            if choice is None:
                continue
            if region is None:
                message = f"{control} {choice} of a region that is not there or was left out"
                self._report.add("missing-region", message, **_given_place(item))
            elif regions.taken[region].label != self._schema.head:
                message = f"only a {self._schema.head} has {control}, got {choice} of a {regions.taken[region].label}"
                self._report.add("misplaced-choice", message, **self._where(regions.taken[region]))
            elif chosen.setdefault(region, {}).setdefault(control, choice) != choice:
                message = f"{control} is {chosen[region][control]} already, got {choice}; the first one counts"
                self._report.add("duplicate-choice", message, **self._where(regions.taken[region]))
        return [Attributes(name, *(given.get(key, "") for key in ATTRIBUTE_NAMES)) for name, given in chosen.items()]

    def _choice(self, item: Mapping[str, Any], control: str) -> str | None:
        value = item.get("value")
        choices = value.get("choices") if isinstance(value, Mapping) else None
        allowed = self._schema.attributes[control].values
        if not isinstance(choices, list) or len(choices) != 1:
            message = f"exactly one choice of {control} is expected, got {brief.repr(choices)}"
            self._report.add("several-choices", message, **_given_place(item))
        elif not isinstance(choices[0], str) or choices[0] not in allowed:
            message = f"{control} is one of {list(allowed)}, got {brief.repr(choices[0])}; choose another"
            self._report.add("unknown-choice", message, **_given_place(item))
        else:
            return choices[0]
        return None

    def _quote(self, region: Region) -> str:
        return f"{region.label} {self._sent.text[region.start : region.end]!r:.60}"

    def _where(self, region: Region) -> dict[str, Any]:
        text = self._sent.text[region.start : region.end]
        return {"region": region.id, "start": region.start, "end": region.end, "text": text}


def _given_place(item: Mapping[str, Any]) -> dict[str, Any]:
    """The place of a result as it says itself, as far as it does."""
    value = item.get("value")
    given = value if isinstance(value, Mapping) else {}
    where = {key: given[key] for key in ("start", "end") if isinstance(given.get(key), int)}
    return {"region": name_of(item, "id"), "text": name_of(given, "text"), **where}
