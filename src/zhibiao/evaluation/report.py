"""The evaluation report as typed values, and as JSON and Markdown with each definition beside its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from zhibiao.evaluation.definitions import CONVENTIONS, DEFINITIONS
from zhibiao.evaluation.errors import KINDS, Mistake, count_mistakes
from zhibiao.evaluation.markdown import SCORE_COLUMNS, escape, folded, interval_cell, score_cells, table
from zhibiao.evaluation.metrics import Score
from zhibiao.evaluation.pairing import Pairing

EXACT_LEVELS = ("spans", "relations", "records")
LENIENT_LEVELS = ("characters", "partial_spans", "partial_relations")
NOT_FOUND = "(not found)"


@dataclass(frozen=True, slots=True)
class LevelScore:
    """The score of one level over everything, and by label or relation type."""

    total: Score
    by_kind: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class AttributeScore:
    """One attribute: hits over the VALUEs found exactly, over all gold VALUEs, and what was taken for what.

    Both scores count a share: tp / gold, with ``predicted`` equal to ``gold``. ``confusion`` counts (gold value,
    predicted value), None where no VALUE with attributes was found; its cells sum to all gold VALUEs with attributes.
    """

    found: Score
    of_gold: Score
    confusion: Mapping[tuple[str, str | None], int]

    @property
    def accuracy(self) -> float:
        """Share of equal values over the VALUEs found exactly; 0.0 where none was."""
        return self.found.recall


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one evaluation says; ``levels`` and ``attributes`` are empty where only facts were asked.

    ``levels`` has the keys of ``EXACT_LEVELS`` and ``LENIENT_LEVELS``; ``facts`` those of ``match.FACT_CUTS``.
    """

    pairing: Pairing
    levels: Mapping[str, LevelScore]
    attributes: Mapping[str, AttributeScore]
    facts: Mapping[str, Score]
    mistakes: tuple[Mistake, ...]
    resamples: int
    seed: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before the figures: ids without a partner, ids given twice."""
        return self.pairing.warnings

    def to_json(self) -> dict[str, Any]:
        """Everything, as values that ``json.dumps`` takes; an interval that is not defined is None."""
        pairing = self.pairing
        counts = count_mistakes(self.mistakes)
        out: dict[str, Any] = {
            "paragraphs": len(pairing.gold),
            "warnings": list(self.warnings),
            "gold_only": list(pairing.gold_only),
            "predicted_only": list(pairing.predicted_only),
            "repeated_gold": list(pairing.repeated_gold),
            "repeated_predicted": list(pairing.repeated_predicted),
            "conventions": list(CONVENTIONS),
            "bootstrap": {"resamples": self.resamples, "seed": self.seed, "units": "paragraphs; documents for facts"},
        }
        if self.levels:
            out |= {name: _score_json(name, self.levels[name].total) for name in EXACT_LEVELS}
            out["by_label"] = {kind: _numbers(score) for kind, score in self.levels["spans"].by_kind.items()}
            out["by_type"] = {kind: _numbers(score) for kind, score in self.levels["relations"].by_kind.items()}
            out["attributes"] = {name: _attribute_json(score) for name, score in self.attributes.items()}
            out["lenient"] = {name: _level_json(name, self.levels[name]) for name in LENIENT_LEVELS}
        out["facts"] = {name: _score_json(name, score) for name, score in self.facts.items()}
        out["error_counts"] = {
            kind: {"definition": KINDS[kind], "total": sum(names.values()), "by_name": names}
            for kind, names in counts.items()
        }
        out["errors"] = [asdict(mistake) for mistake in self.mistakes]
        return out

    def to_markdown(self) -> str:
        """The same for a reader: tables with definitions, then every error in its sentence, folded by kind and name."""
        lines = ["# Evaluation", "", f"{len(self.pairing.gold)} gold paragraphs.", ""]
        lines += [line for warning in self.warnings for line in (f"> **Warning:** {escape(warning)}", "")]
        lines += [*(f"- {convention}" for convention in CONVENTIONS)]
        lines += [f"- {self.resamples} resamples, seed {self.seed}.", ""]
        if self.levels:
            lines += ["## Exact matches", "", *self._level_table(EXACT_LEVELS)]
            lines += ["### Spans by label", "", *_kind_table(self.levels["spans"])]
            lines += ["### Relations by type", "", *_kind_table(self.levels["relations"])]
            lines += [*self._attribute_lines()]
            lines += ["## Lenient matches", "", *self._level_table(LENIENT_LEVELS)]
            for name in LENIENT_LEVELS:
                lines += [f"### {name.replace('_', ' ').capitalize()} by kind", "", *_kind_table(self.levels[name])]
        rows = [(name, *score_cells(score), DEFINITIONS[name]) for name, score in self.facts.items()]
        lines += ["## Facts", "", *table(("", *SCORE_COLUMNS, "definition"), rows)]
        return "\n".join([*lines, *self._mistake_lines()]).rstrip() + "\n"

    def _level_table(self, names: tuple[str, ...]) -> list[str]:
        rows = [(name, *score_cells(self.levels[name].total), DEFINITIONS[name]) for name in names]
        return table(("", *SCORE_COLUMNS, "definition"), rows)

    def _attribute_lines(self) -> Iterator[str]:
        yield from ("## Attributes", "")
        for key in ("attributes", "attributes_of_gold"):
            yield from (f"- {key}: {DEFINITIONS[key]}", "")
        columns = ("", "attributes", "95%", "hits", "of", "attributes_of_gold", "95%", "hits", "of")
        scores = ((name, (score.found, score.of_gold)) for name, score in self.attributes.items())
        yield from table(columns, ((name, *(c for s in both for c in _share_cells(s))) for name, both in scores))
        for name, score in self.attributes.items():
            yield from (f"### {name}: gold in rows, predicted in columns", "", *_confusion_table(score))

    def _mistake_lines(self) -> Iterator[str]:
        yield from ("## Errors", "")
        counts = count_mistakes(self.mistakes)
        rows = (
            (kind, str(sum(names.values())), ", ".join(f"{escape(name)} {n}" for name, n in names.items()), KINDS[kind])
            for kind, names in counts.items()
        )
        yield from table(("kind", "count", "by name", "definition"), rows)
        listed: dict[tuple[str, str], list[Mistake]] = {}
        for mistake in self.mistakes:
            listed.setdefault((mistake.kind, mistake.name), []).append(mistake)
        for kind, names in counts.items():
            for name, count in names.items():
                title = f"{kind}: {name} ({count})"
                yield from folded(title, (_mistake_line(mistake) for mistake in listed[kind, name]))


def _numbers(score: Score) -> dict[str, Any]:
    return {
        "p": score.precision,
        "r": score.recall,
        "f1": score.f1,
        "ci95": list(score.interval) if score.interval else None,
        "tp": score.true_positives,
        "gold": score.gold,
        "pred": score.predicted,
    }


def _score_json(name: str, score: Score) -> dict[str, Any]:
    return {**_numbers(score), "definition": DEFINITIONS[name]}


def _level_json(name: str, level: LevelScore) -> dict[str, Any]:
    by_kind = {kind: _numbers(score) for kind, score in level.by_kind.items()}
    return {**_score_json(name, level.total), "by_kind": by_kind}


def _share_json(name: str, score: Score) -> dict[str, Any]:
    return {
        "accuracy": score.recall,
        "ci95": list(score.interval) if score.interval else None,
        "hits": score.true_positives,
        "of": score.gold,
        "definition": DEFINITIONS[name],
    }


def _attribute_json(score: AttributeScore) -> dict[str, Any]:
    confusion: dict[str, dict[str, int]] = {}
    for (gold, predicted), count in score.confusion.items():
        confusion.setdefault(gold, {})[NOT_FOUND if predicted is None else predicted] = count
    of_gold = _share_json("attributes_of_gold", score.of_gold)
    return {**_share_json("attributes", score.found), "of_gold": of_gold, "confusion": confusion}


def _kind_table(level: LevelScore) -> list[str]:
    return table(("", *SCORE_COLUMNS), ((escape(kind), *score_cells(score)) for kind, score in level.by_kind.items()))


def _share_cells(score: Score) -> tuple[str, ...]:
    return f"{score.recall:.3f}", interval_cell(score.interval), str(score.true_positives), str(score.gold)


def _confusion_table(score: AttributeScore) -> list[str]:
    rows = list(dict.fromkeys(gold for gold, _ in score.confusion))
    predicted = {value for _, value in score.confusion}
    columns: list[str | None] = [*rows, *sorted(value for value in predicted if value and value not in rows)]
    columns += [None] if None in predicted else []
    titles = ["", *(NOT_FOUND if column is None else escape(column) for column in columns)]
    cells = ([escape(row), *(str(score.confusion.get((row, column), 0)) for column in columns)] for row in rows)
    return table(titles, cells)


def _mistake_line(mistake: Mistake) -> str:
    what = {"expected": mistake.gold, "got": mistake.predicted}
    said = "; ".join(f"{side} {escape(text)}" for side, text in what.items() if text is not None)
    note = f" ({mistake.note})" if mistake.note else ""
    return f"- {escape(mistake.id)} [{mistake.start}, {mistake.end}) {said}{note}: {escape(mistake.sentence)}"
