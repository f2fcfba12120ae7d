"""What a round did, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhibiao.evaluation.markdown import escape, folded, interval_cell, table
from zhibiao.evaluation.metrics import Score
from zhibiao.evaluation.paired import Difference
from zhibiao.evaluation.report import EXACT_LEVELS, Report
from zhibiao.evaluation.scoring import NOTHING
from zhibiao.loop.plan import Plan, RoundOptions
from zhibiao.loop.set_aside import count_reasons
from zhibiao.training.retrain import Gate

ACCEPTED, REFUSED, NOTHING_NEW = "accepted", "refused", "nothing new"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FileFigures:
    """One file scored with the old and the new model; ``differences`` are new minus old."""

    role: str
    path: str
    before: Report
    after: Report
    differences: Mapping[str, Difference]

    def to_json(self) -> dict[str, Any]:
        """Values that ``json.dumps`` takes."""
        levels = {
            level: {
                "before": _score(self.before, level),
                "after": _score(self.after, level),
                "difference": {
                    "f1": self.differences[level].difference,
                    "interval": list(self.differences[level].interval),
                    "p": self.differences[level].p,
                },
            }
            for level in EXACT_LEVELS
        }
        return {"role": self.role, "path": self.path, "levels": levels}

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of a Markdown table with the columns of ``FIGURE_COLUMNS``."""
        for level in EXACT_LEVELS:
            cells = (_cell(side.levels[level].total) for side in (self.before, self.after))
            found = self.differences[level]
            low, high = found.interval
            difference = f"{found.difference:+.3f} ({low:+.3f} to {high:+.3f})"
            yield (f"{self.role} `{self.path}`", level, *cells, difference)


FIGURE_COLUMNS = ("file", "level", "F1 before (95%)", "F1 after (95%)", "difference (95%, paired)")


@dataclass(frozen=True, slots=True)
class RoundReport:
    """A finished round. ``trained`` is what the training said of itself, ``seconds`` how long each step took.

    ``model`` is the version of the new model where it was accepted, otherwise the folder it was left in.
    """

    plan: Plan
    options: RoundOptions
    gate: Gate
    figures: tuple[FileFigures, ...]
    trained: Mapping[str, Any]
    seconds: Mapping[str, float]
    model: str

    @property
    def verdict(self) -> str:
        """``accepted`` or ``refused``."""
        return ACCEPTED if self.gate.accepted else REFUSED

    def to_json(self) -> dict[str, Any]:
        """Values that ``json.dumps`` takes."""
        gate = self.gate
        return {
            "verdict": self.verdict,
            "model": self.model,
            "started_from": self.plan.start.name,
            "round": self.plan.key,
            **plan_json(self.plan),
            "training": {"replay": self.options.replay, "epochs": self.options.epochs, **self.trained},
            "figures": [of.to_json() for of in self.figures],
            "gate": {"falls": [asdict(fall) for fall in gate.falls], "lost": gate.lost, "gained": gate.gained},
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
        }

    def to_markdown(self) -> str:
        """The same for a reader."""
        lines = [f"# Retraining: {self.verdict}", ""]
        lines += [f"New model: `{self.model}`. Started from: `{self.plan.start.name}`.", ""]
        lines += ["## Figures", "", *table(FIGURE_COLUMNS, [row for of in self.figures for row in of.rows()])]
        lines += [*self._gate_lines(), *self._kind_lines(), *plan_lines(self.plan), *self._training_lines()]
        rows = [(name, f"{value:.0f}") for name, value in self.seconds.items()]
        lines += ["## Duration", "", *table(("step", "seconds"), rows)]
        return "\n".join(lines).rstrip() + "\n"

    def _gate_lines(self) -> Iterator[str]:
        yield from ("## Gate", "")
        if self.gate.falls:
            yield "Refused: on the frozen test these fell below the old model's 95% interval."
            yield ""
            rows = [(f.kind, f"{f.before:.3f}", f"{f.after:.3f}", f"{f.bound:.3f}") for f in self.gate.falls]
            yield from table(("what", "F1 before", "F1 after", "lower end of the interval"), rows)
        else:
            yield "Accepted: no label, no relation type and not the records fell below the old model's 95% interval."
            yield ""
        for name, places in (("Records lost", self.gate.lost), ("Records gained", self.gate.gained)):
            if places:
                yield from folded(f"{name}: {len(places)}", [f"- {escape(place)}" for place in places])
            else:
                yield from (f"{name}: 0", "")

    def _kind_lines(self) -> Iterator[str]:
        yield from ("## Frozen test by label and relation type", "")
        rows = []
        for level in ("spans", "relations"):
            before, after = (side.levels[level].by_kind for side in (self.gate.before, self.gate.after))
            rows += [
                (kind, _cell(before.get(kind, NOTHING)), _cell(after.get(kind, NOTHING)))
                for kind in {**before, **after}
            ]
        yield from table(("kind", "F1 before (95%)", "F1 after (95%)"), rows)

    def _training_lines(self) -> Iterator[str]:
        yield from ("## Training", "")
        yield f"Epochs: {self.options.epochs}; share of the old paragraphs seen again: {self.options.replay:g}."
        yield ""
        yield from table(("dev figure", "F1"), [(k, f"{v:.3f}") for k, v in self.trained["metrics"].items()])
        if self.trained["losses"]:
            yield from table(("gold that cannot be learned", "count"), _counts(self.trained["losses"]))


def plan_json(plan: Plan) -> dict[str, Any]:
    """What came in and what would be learned, as values that ``json.dumps`` takes."""
    merged = plan.merged
    return {
        "sources": [asdict(source) for source in plan.intake.sources],
        "annotations": {
            "lines": len(merged.rows),
            **{name: getattr(merged, name) for name in ("added", "replaced", "unchanged", "removed")},
        },
        "set_aside": {
            "reasons": dict(count_reasons(plan.set_aside)),
            "entries": [{k: v for k, v in asdict(e).items() if k != "row"} for e in plan.set_aside],
        },
        "data": [asdict(file) for file in plan.data],
    }


def plan_lines(plan: Plan) -> Iterator[str]:
    """The same as lines of Markdown."""
    yield from ("## What came in", "")
    rows = [
        (f"`{s.name}`", str(s.rows), str(s.passed), str(s.lines), str(s.furniture), _notes(s.notes), f"{s.seconds:.0f}")
        for s in plan.intake.sources
    ]
    columns = ("source", "rows", "passed the check", "lines", "lines of page furniture", "notes", "seconds")
    yield from table(columns, rows)
    merged = plan.merged
    yield f"New annotations now: {len(merged.rows)} lines; {merged.added} added, {merged.replaced} replaced,"
    yield f"{merged.unchanged} unchanged, {merged.removed} dropped because their page no longer has them."
    yield ""
    yield from (f"## Set aside: {len(plan.set_aside)}", "")
    if plan.set_aside:
        yield from table(("reason", "count"), _counts(count_reasons(plan.set_aside)))
        yield from (f"- {escape(str(entry))}" for entry in plan.set_aside[:_SHOWN])
        if len(plan.set_aside) > _SHOWN:
            yield f"- and {len(plan.set_aside) - _SHOWN} more, in set_aside.jsonl"
        yield ""
    yield from ("## Data", "")
    data = [(file.role, f"`{file.path}`", str(file.rows or "–"), f"`{file.sha256[:16]}…`") for file in plan.data]
    yield from table(("role", "file", "lines", "sha256"), data)


def _counts(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in sorted(counts.items(), key=lambda item: -item[1])]


def _notes(notes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in notes.items()) or "–"


def _cell(score: Score) -> str:
    return f"{score.f1:.3f} ({interval_cell(score.interval)})"


def _score(report: Report, level: str) -> dict[str, Any]:
    total = report.levels[level].total
    interval = list(total.interval) if total.interval else None
    return {"p": total.precision, "r": total.recall, "f1": total.f1, "interval": interval, "gold": total.gold}
