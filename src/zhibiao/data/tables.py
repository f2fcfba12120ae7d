"""Tables of the data tools, as text that a terminal or Markdown takes; no arithmetic here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhibiao.data.patterns import PATTERNS
from zhibiao.data.stats import CorpusStats


@dataclass(frozen=True, slots=True)
class TextTable:
    """A title, column names and rows of text; the first column is a name, the others are figures or words."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def stats_tables(corpora: Mapping[str, CorpusStats]) -> list[TextTable]:
    """The tables of one or several corpora side by side, one column (or group of columns) each."""
    names = tuple(corpora)
    every = tuple(corpora.values())
    totals = (
        ("documents", [str(s.documents) for s in every]),
        ("paragraphs", [str(s.paragraphs) for s in every]),
        ("paragraphs without a VALUE", [str(s.paragraphs_without_value) for s in every]),
        ("cities", [str(s.cities) for s in every]),
        ("characters", [str(s.characters) for s in every]),
        ("characters a paragraph: median / 95% / greatest", [_lengths(s) for s in every]),
        ("distinct 8-grams that occur in several documents", [_percent(s.grams.share_of_distinct) for s in every]),
        ("occurrences of such 8-grams", [_percent(s.grams.share_of_occurrences) for s in every]),
    )
    tables = [TextTable("Size", ("", *names), tuple((name, *cells) for name, cells in totals))]
    labels = list(dict.fromkeys(label for s in every for label in s.labels))
    tables.append(
        TextTable(
            "Spans: count, different surfaces, type/token ratio, longest",
            ("label", *names),
            tuple((label, *(_label_cell(s, label) for s in every)) for label in labels),
        )
    )
    kinds = list(dict.fromkeys(kind for s in every for kind in s.relations))
    tables.append(TextTable("Relations", ("type", *names), _counts(kinds, [s.relations for s in every])))
    attributes = list(dict.fromkeys((name, value) for s in every for name, of in s.attributes.items() for value in of))
    rows = tuple(
        (f"{name} {value}", *(str(s.attributes.get(name, {}).get(value, 0)) for s in every))
        for name, value in attributes
    )
    tables.append(TextTable("Attributes", ("value", *names), rows))
    shown = tuple(
        (name, *(f"{s.patterns[name].paragraphs} / {s.patterns[name].values}" for s in every), PATTERNS[name])
        for name in PATTERNS
    )
    tables.append(TextTable("Patterns: paragraphs / VALUEs", ("pattern", *names, "definition"), shown))
    return tables


def _counts(keys: Iterable[str], columns: Sequence[Mapping[str, int]]) -> tuple[tuple[str, ...], ...]:
    return tuple((key, *(str(column.get(key, 0)) for column in columns)) for key in keys)


def _label_cell(stats: CorpusStats, label: str) -> str:
    of = stats.labels.get(label)
    return f"{of.spans} / {of.types} / {of.type_token_ratio:.3f} / {of.lengths.greatest}" if of else "0"


def _lengths(stats: CorpusStats) -> str:
    return f"{stats.lengths.median} / {stats.lengths.p95} / {stats.lengths.greatest}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"
