"""What was chosen for annotation and what was not, and why: a row a document, and tables for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from zhibiao.annotate.select import Ranked, Reason, Selection, SelectOptions, Strata
from zhibiao.data.tables import TextTable
from zhibiao.io.sinks import ColumnType

# The columns of the report, in order.
COLUMNS: dict[str, ColumnType] = {
    "rank": "integer",
    "id": "string",
    "origin": "string",
    "reason": "string",
    "detail": "string",
    "gain": "number",
    "priority": "number",
    "uncertain": "number",
    "disagreed": "number",
    "f1": "number",
    "records": "integer",
    "other_records": "integer",
    "chars": "integer",
    "similarity": "number",
    "like": "string",
    "region": "string",
    "source": "string",
}
_MEANING = {
    Reason.NO_VALUE: "no statement found",
    Reason.NO_GAIN: "nothing uncertain",
    Reason.UNSENDABLE: "no text for Label Studio",
    Reason.REPEATED_ID: "the id was there before",
    Reason.ANNOTATED: "much like an annotated text",
    Reason.NEAR_DUPLICATE: "much like one that was chosen",
    Reason.QUOTA: "its region or source had its share",
    Reason.LOWER_GAIN: "less to gain than from those chosen",
}
_SHOWN = 20
_DIGITS = 6
_UNKNOWN = "unknown"


def report_rows(selection: Selection) -> Iterator[Mapping[str, object]]:
    """A row for every document that was scored: those chosen by rank (``reason`` is empty), then all others.

    ``gain`` and ``priority`` are in expected wrong records per 1,000 characters of work, ``uncertain`` and
    ``disagreed`` in records; the last, ``f1`` and ``other_records`` are None without a second system.
    """
    for rank, ranked in enumerate(selection.chosen, 1):
        yield _row(ranked, rank)
    for ranked in selection.left_out:
        yield _row(ranked, None)


def _row(ranked: Ranked, rank: int | None) -> dict[str, object]:
    candidate, gain = ranked.candidate, ranked.candidate.gain
    return {
        "rank": rank,
        "id": candidate.id,
        "origin": candidate.origin,
        "reason": ranked.reason.value if ranked.reason else "",
        "detail": candidate.detail,
        "gain": round(ranked.gain, _DIGITS),
        "priority": round(ranked.priority, _DIGITS) if ranked.reason is None else None,
        "uncertain": round(gain.uncertain, _DIGITS),
        "disagreed": gain.disagreed,
        "f1": None if gain.f1 is None else round(gain.f1, _DIGITS),
        "records": gain.records,
        "other_records": gain.others,
        "chars": gain.chars,
        "similarity": ranked.similarity if ranked.compared >= 0 else None,
        "like": ranked.like,
        "region": candidate.region,
        "source": candidate.source,
    }


def selection_tables(selection: Selection, options: SelectOptions) -> list[TextTable]:
    """The first documents with their gain, what each stratum gave, and how many were left out for which reason."""
    columns = ("", "gain", "uncertain", "disagreed", "records", "similar", "region", "source")
    shown = selection.chosen[:_SHOWN]
    title = "Chosen" if len(shown) == len(selection.chosen) else f"Chosen, the first {len(shown)}"
    tables = [TextTable(title, columns, tuple(map(_cells, shown)))] if shown else []
    if options.strata is not Strata.NONE and shown:
        tables.append(_strata_table(selection, options))
    counts = Counter(ranked.reason for ranked in selection.left_out)
    rows = tuple((reason.value, str(counts[reason]), _MEANING[reason]) for reason in Reason if counts[reason])
    return [*tables, TextTable("Left out", ("", "documents", "why"), rows)] if rows else tables


def _cells(ranked: Ranked) -> tuple[str, ...]:
    candidate, gain = ranked.candidate, ranked.candidate.gain
    disagreed = "" if gain.disagreed is None else f"{gain.disagreed:.1f}"
    figures = (f"{ranked.gain:.2f}", f"{gain.uncertain:.2f}", disagreed, str(gain.records), f"{ranked.similarity:.2f}")
    return (candidate.id, *figures, candidate.region or _UNKNOWN, candidate.source or _UNKNOWN)


def _strata_table(selection: Selection, options: SelectOptions) -> TextTable:
    """What each stratum gave of what it has, those that gave most first; the rest in one row."""
    gave = Counter(options.stratum(ranked.candidate) for ranked in selection.chosen)
    of = Counter(options.stratum(ranked.candidate) for ranked in _eligible(selection))
    order = sorted(gave, key=lambda name: (-gave[name], name))
    rows = [(" · ".join(part or _UNKNOWN for part in name), str(gave[name]), str(of[name])) for name in order[:_SHOWN]]
    others = [name for name in of if name not in order[:_SHOWN]]
    if others:
        chosen, all_of_them = (sum(counts[name] for name in others) for counts in (gave, of))
        rows.append((f"{len(others)} others", str(chosen), str(all_of_them)))
    return TextTable(f"By {options.strata.value.replace('-', ' and ')}", ("", "chosen", "candidates"), tuple(rows))


def _eligible(selection: Selection) -> Iterator[Ranked]:
    never = {Reason.NO_VALUE, Reason.NO_GAIN, Reason.UNSENDABLE, Reason.REPEATED_ID}
    yield from selection.chosen
    yield from (ranked for ranked in selection.left_out if ranked.reason not in never)
