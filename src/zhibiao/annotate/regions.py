"""The labelled regions of a task's results: offsets checked against the text, flat, one label each."""

from __future__ import annotations

import re
import reprlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhibiao.annotate.problems import Report
from zhibiao.annotate.utf16 import Utf16Offsets
from zhibiao.core.schema import Schema

# A page writes a line end within a region as these two characters, and may leave out blanks that it does not show.
_NOT_SHOWN_RE = re.compile(r"\\n|\s+")

brief = reprlib.Repr()
brief.maxstring = brief.maxother = 60


@dataclass(frozen=True, slots=True)
class Region:
    """One labelled region; ``[start, end)`` are code points of the sent text."""

    id: str
    label: str
    start: int
    end: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions that are taken over, by id in the order of the results.

    ``same`` maps the id of every region, one that repeats an earlier one included, to the one that is taken over.
    """

    taken: Mapping[str, Region] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)


def read_regions(items: Iterable[Mapping[str, Any]], *, text: str, schema: Schema, report: Report) -> Regions:
    """The regions of the results ``items``, all of the labels control, over the sent ``text``."""
    reader = _RegionReader(text, schema, report)
    items = list(items)
    reader.find_unit(items)
    for number, item in enumerate(items):
        reader.read(item, number)
    return Regions(reader.taken, reader.same)


class _RegionReader:
    def __init__(self, text: str, schema: Schema, report: Report) -> None:
        self.taken: dict[str, Region] = {}
        self.same: dict[str, str] = {}
        self._text = text
        self._wide = Utf16Offsets(text)
        self._schema = schema
        self._report = report
        self._placed: list[tuple[int, int, str]] = []
        self._in_units = False

    def find_unit(self, items: Iterable[Mapping[str, Any]]) -> None:
        """See in which unit the tool counts that wrote the results ``items``.

        Tools differ in the unit of offsets, which only matters behind a character outside the BMP. It is UTF-16 if
        some regions cover the text that they name only so, and none only in code points.
        """
        fitting = [self._fitting(item["value"]) for item in items if isinstance(item.get("value"), Mapping)]
        units = {unit for spans in fitting if len(spans) == 1 for unit in spans}
        self._in_units = units == {"UTF-16"}

    def read(self, item: Mapping[str, Any], number: int) -> None:
        """Take over the region of ``item``, the result of that ``number``, or report why not."""
        # Without an id no relation can name the region; it is one all the same.
        value, name = item.get("value"), name_of(item, "id") or f"result {number}"
        if not isinstance(value, Mapping):
            expected = "a region has a value with start and end"
            self._report.add("bad-result", f"{expected}, got {brief.repr(item)}; mark it again", region=name)
            return
        span = self._span(name, value)
        if span is None:
            return
        where = {"region": name, "start": span[0], "end": span[1], "text": self._text[slice(*span)]}
        if note := _note(item.get("meta")):
            self._report.add("region-note", f"{note!r} is a note for people; it is not taken over", **where)
        labels = value.get("labels")
        if not isinstance(labels, list) or len(labels) != 1:
            self._report.add("several-labels", f"exactly one label is expected, got {brief.repr(labels)}", **where)
        elif not isinstance(labels[0], str) or labels[0] not in self._schema.labels:
            expected = f"one of {list(self._schema.labels)} is expected"
            self._report.add("unknown-label", f"{expected}, got {brief.repr(labels[0])}; choose another", **where)
        else:
            self._place(Region(name, labels[0], *span, _score(item.get("score"))), where)

    def _place(self, region: Region, where: Mapping[str, Any]) -> None:
        at = bisect_left(self._placed, (region.end,))
        other = self.taken[self._placed[at - 1][2]] if at and self._placed[at - 1][1] > region.start else None
        if region.id in self.same:
            self._report.add("duplicate-id", "an earlier region has this id; the first one counts", **where)
        elif other is None:
            self.taken[region.id] = region
            self.same[region.id] = region.id
            insort(self._placed, (region.start, region.end, region.id))
        elif (other.start, other.end, other.label) == (region.start, region.end, region.label):
            self.same[region.id] = other.id
            self._report.add("duplicate-region", f"{other.id} is the same; both are taken as one", **where)
        else:
            got = f"{other.id} {other.label} [{other.start}, {other.end}) {self._text[other.start : other.end]!r:.60}"
            self._report.add("overlap", f"flat spans are expected, this one overlaps {got}; delete one", **where)

    def _span(self, name: str, value: Mapping[str, Any]) -> tuple[int, int] | None:
        """The offsets of a region, in code points; None, and reported, if they are none or cover another text."""
        start, end = _offset(value.get("start")), _offset(value.get("end"))
        if start is None or end is None:
            got = f"start={brief.repr(value.get('start'))} end={brief.repr(value.get('end'))}"
            expected = "offsets that count the characters of the text are expected"
            where = {"region": name, "text": name_of(value, "text")}
            self._report.add("bad-result", f"{expected}, got {got}; mark it again on a page with <Text>", **where)
            return None
        fitting = self._fitting(value)
        if not fitting:
            self._report_misfit(name, (start, end), list(self._readings(value).values()), value.get("text"))
            return None
        return fitting.get("UTF-16" if self._in_units else "code points") or next(iter(fitting.values()))

    def _readings(self, value: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
        """The offsets of a region in code points, by the unit that they are taken for; those within the text."""
        start, end = _offset(value.get("start")), _offset(value.get("end"))
        if start is None or end is None:
            return {}
        readings = {"code points": (start, end)} if 0 <= start < end <= len(self._text) else {}
        units = self._wide.to_code_points(start), self._wide.to_code_points(end)
        if units[0] is not None and units[1] is not None and units[0] < units[1]:
            readings["UTF-16"] = units[0], units[1]
        return readings

    def _fitting(self, value: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
        """The readings under which a region covers the text that it names; all if it names none."""
        named = value.get("text")
        return {unit: span for unit, span in self._readings(value).items() if not named or self._covers(span, named)}

    def _covers(self, span: tuple[int, int], named: Any) -> bool:
        covered = self._text[slice(*span)]
        return isinstance(named, str) and _NOT_SHOWN_RE.sub("", covered) == _NOT_SHOWN_RE.sub("", named)

    def _report_misfit(self, name: str, given: tuple[int, int], readings: list[tuple[int, int]], named: Any) -> None:
        where = {"region": name, "start": given[0], "end": given[1], "text": str(named or "")}
        if readings:
            covered = " or ".join(f"{self._text[slice(*span)]!r:.60}" for span in dict.fromkeys(readings))
            self._report.add(
                "text-differs", f"{brief.repr(named)} is expected, the offsets cover {covered}; mark it again", **where
            )
        else:
            expected = f"offsets from 0 to {len(self._text)} with start < end are expected"
            self._report.add("out-of-range", f"{expected}; mark it again", **where)


def name_of(item: Mapping[str, Any], key: str) -> str:
    """The id or other string ``item[key]``; tools also write ids as numbers. Empty if it is neither."""
    name = item.get(key)
    if isinstance(name, int) and not isinstance(name, bool):
        return str(name)
    return name if isinstance(name, str) else ""


def _note(meta: Any) -> Any:
    """What somebody wrote in the box that a page has for remarks on a region."""
    return meta.get("text") if isinstance(meta, Mapping) else None


def _offset(raw: Any) -> int | None:
    """A whole number, which tools also write as a float or a string."""
    if isinstance(raw, bool):
        return None
    try:
        return int(raw) if float(raw).is_integer() else None
    except (TypeError, ValueError, OverflowError):
        return None


def _score(raw: Any) -> float | None:
    return raw if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw <= 1 else None
