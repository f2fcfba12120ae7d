"""Agreement between two annotations of the same paragraphs, with every disagreement in its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhibiao.core.errors import AnnotationError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.kappa import Kappa, attribute_kappas
from zhibiao.data.tables import TextTable
from zhibiao.evaluation.errors import Mistake
from zhibiao.evaluation.markdown import escape, table
from zhibiao.evaluation.metrics import Interval, Score
from zhibiao.evaluation.report import EXACT_LEVELS, Report
from zhibiao.evaluation.scoring import evaluate

CONVENTIONS = (
    "F1 of exact matches is the same whichever side is taken as gold (Hripcsak and Rothschild 2005); spans: start, "
    "end and label; relations: offsets of both ends and type; records: a VALUE with all its relations and attributes",
    "kappa: (po - pe) / (1 - pe) (Cohen 1960) over the VALUEs that both sides marked with the same boundaries",
    "intervals: 95% percentile bootstrap over paragraphs",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The two sides by name; ``report`` takes the first as gold, over the ids that both sides have.

    ``first_only`` and ``second_only`` are the ids that were left out.
    """

    names: tuple[str, str]
    report: Report
    kappas: Mapping[str, Kappa]
    first_only: tuple[str, ...]
    second_only: tuple[str, ...]

    @property
    def disagreements(self) -> tuple[Mistake, ...]:
        """Every difference in spans, relations and attributes; ``gold`` is the first side, ``predicted`` the second."""
        return self.report.mistakes

    def to_json(self) -> dict[str, Any]:
        """Everything, as values that ``json.dumps`` takes."""
        levels = self.report.levels
        return {
            "sides": list(self.names),
            "conventions": list(CONVENTIONS),
            "paragraphs": len(self.report.pairing.gold),
            "first_only": list(self.first_only),
            "second_only": list(self.second_only),
            **{name: _score_json(levels[name].total) for name in EXACT_LEVELS},
            "by_label": {kind: _score_json(score) for kind, score in levels["spans"].by_kind.items()},
            "by_type": {kind: _score_json(score) for kind, score in levels["relations"].by_kind.items()},
            "kappa": {name: _kappa_json(kappa) for name, kappa in self.kappas.items()},
            "disagreements": [
                {
                    "kind": m.kind,
                    "name": m.name,
                    "id": m.id,
                    "start": m.start,
                    "end": m.end,
                    "text": m.text,
                    "first": m.gold,
                    "second": m.predicted,
                    "note": m.note,
                    "sentence": m.sentence,
                }
                for m in self.disagreements
            ],
        }

    def tables(self) -> list[TextTable]:
        """Spans (by label), relations (by type), records; then the attributes."""
        rows = []
        for level in EXACT_LEVELS:
            rows.append((level, *_score_cells(self.report.levels[level].total)))
            if level != "records":
                rows += [(f"- {k}", *_score_cells(s)) for k, s in self.report.levels[level].by_kind.items()]
        kappas = tuple((name, *_kappa_cells(kappa)) for name, kappa in self.kappas.items())
        return [
            TextTable("Agreement", ("", "F1", "95%", "both", *self.names), tuple(rows)),
            TextTable("Attributes", ("", "kappa", "95%", "agreed", "expected", "VALUEs"), kappas),
        ]

    def to_markdown(self) -> str:
        """The tables and every disagreement for a reader."""
        lines = ["# Agreement", "", f"{len(self.report.pairing.gold)} paragraphs of both sides.", ""]
        for side, ids in zip(self.names, (self.first_only, self.second_only), strict=True):
            if ids:
                lines += [f"> {len(ids)} paragraphs only in {escape(side)}, left out: {escape(', '.join(ids))}", ""]
        lines += [*(f"- {convention}" for convention in CONVENTIONS), ""]
        for of in self.tables():
            lines += [f"## {of.title}", "", *table(of.columns, [[escape(cell) for cell in row] for row in of.rows])]
        lines += [f"## Disagreements ({len(self.disagreements)})", ""]
        lines += [f"- {escape(line)}" for line in self.lines()]
        return "\n".join(lines).rstrip() + "\n"

    def lines(self) -> list[str]:
        """One line a disagreement: id, offsets, kind, what either side has, the sentence."""
        return [
            f"{m.id} [{m.start}, {m.end}) {m.kind.replace('_missed', '').replace('_spurious', '')} {m.name}: "
            f"{self.names[0]}: {m.gold or '-'}; {self.names[1]}: {m.predicted or '-'}: {m.sentence}"
            for m in self.disagreements
        ]


def agreement(
    first: Sequence[AnnotatedText],
    second: Sequence[AnnotatedText],
    *,
    names: tuple[str, str] = ("first", "second"),
    resamples: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Compare two annotations, paired by paragraph id; ids that one side lacks are left out and named.

    Raises AnnotationError if the sides share no id, the texts of an id differ, or a relation names no entity;
    ConfigError if ``resamples`` is negative.
    """
    sides = ({p.id: p for p in first}, {p.id: p for p in second})
    shared = [key for key in sides[0] if key in sides[1]]
    if not shared:
        raise AnnotationError(
            f"{names[0]} and {names[1]} share no paragraph id: {_some(sides[0])} against {_some(sides[1])}; "
            "annotate the same paragraphs under the same ids"
        )
    one, other = ([side[key] for key in shared] for side in sides)
    report = evaluate(one, other, resamples=resamples, seed=seed)
    kappas = attribute_kappas(list(zip(one, other, strict=True)), resamples=resamples, seed=seed)
    only = [tuple(key for key in side if key not in shared) for side in sides]
    return Agreement(names, report, kappas, only[0], only[1])


def _some(ids: Mapping[str, AnnotatedText]) -> str:
    return ", ".join(list(ids)[:3]) + (", ..." if len(ids) > 3 else "") if ids else "(empty)"


def _score_json(score: Score) -> dict[str, Any]:
    return {
        "f1": score.f1,
        "ci95": list(score.interval) if score.interval else None,
        "both": score.true_positives,
        "first": score.gold,
        "second": score.predicted,
    }


def _kappa_json(kappa: Kappa) -> dict[str, Any]:
    return {
        "kappa": kappa.kappa,
        "ci95": list(kappa.interval) if kappa.interval else None,
        "observed": kappa.observed,
        "expected": kappa.expected,
        "values": kappa.count,
        "confusion": [{"first": a, "second": b, "count": n} for (a, b), n in kappa.confusion.items()],
    }


def _interval(interval: Interval | None) -> str:
    return f"{interval[0]:.3f}–{interval[1]:.3f}" if interval else "–"


def _score_cells(score: Score) -> tuple[str, ...]:
    counts = (score.true_positives, score.gold, score.predicted)
    return f"{score.f1:.3f}", _interval(score.interval), *map(str, counts)


def _kappa_cells(kappa: Kappa) -> tuple[str, ...]:
    shown = "–" if kappa.kappa is None else f"{kappa.kappa:.3f}"
    return shown, _interval(kappa.interval), f"{kappa.observed:.3f}", f"{kappa.expected:.3f}", str(kappa.count)
