"""Pieces of Markdown: escaped text, tables, foldable sections."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from zhibiao.evaluation.metrics import Interval, Score

SCORE_COLUMNS = ("P", "R", "F1", "95%", "tp", "gold", "predicted")

_SPECIAL_RE = re.compile(r"([\\`*_\[\]<>|#~&])")
_BLANK_RE = re.compile(r"[\s\x00-\x1f\x7f]+")


def escape(text: str) -> str:
    """``text`` as Markdown shows it literally, on one line; also safe inside a table cell."""
    printable = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return _SPECIAL_RE.sub(r"\\\1", _BLANK_RE.sub(" ", printable))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table, followed by an empty one; cells are taken as they are (escape them first)."""
    lines = [columns, ["---"] * len(columns), *rows]
    return [*("| " + " | ".join(cells) + " |" for cells in lines), ""]


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """A section that opens on a click, for renderers that know HTML's details element; ``title`` is plain text."""
    return [
        "<details>",
        f"<summary>{html.escape(_BLANK_RE.sub(' ', title))}</summary>",
        "",
        *lines,
        "",
        "</details>",
        "",
    ]


def score_cells(score: Score) -> tuple[str, ...]:
    """The cells of ``SCORE_COLUMNS``, rounded to three places."""
    shares = (f"{share:.3f}" for share in (score.precision, score.recall, score.f1))
    counts = (str(count) for count in (score.true_positives, score.gold, score.predicted))
    return (*shares, interval_cell(score.interval), *counts)


def interval_cell(interval: Interval | None) -> str:
    """``0.812–0.855``, or a dash where there is none."""
    return f"{interval[0]:.3f}–{interval[1]:.3f}" if interval else "–"
