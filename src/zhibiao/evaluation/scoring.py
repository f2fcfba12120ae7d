"""From gold and predicted paragraphs to a report: pair, view, count, score, list errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.errors import AnnotationError, ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import default_schema
from zhibiao.evaluation.errors import Mistake, fact_mistakes, paragraph_mistakes
from zhibiao.evaluation.excerpt import Excerpts
from zhibiao.evaluation.lenient import lenient_counts
from zhibiao.evaluation.match import (
    EMPTY,
    FACT_CUTS,
    LocatedFact,
    Offsets,
    View,
    confusion,
    exact_counts,
    fact_counts,
    view,
)
from zhibiao.evaluation.metrics import CountTable, Key, Score
from zhibiao.evaluation.pairing import Pairing, document_id, pair
from zhibiao.evaluation.report import EXACT_LEVELS, LENIENT_LEVELS, AttributeScore, LevelScore, Report

NOTHING = Score(0, 0, 0)


def evaluate(
    gold: Sequence[AnnotatedText],
    predicted: Sequence[AnnotatedText],
    *,
    resamples: int = 1000,
    seed: int = 0,
    facts_only: bool = False,
) -> Report:
    """Score ``predicted`` against ``gold``, paired by id; figures equal those of the guideline's reference scorer.

    ``resamples`` draws make the intervals (0: none), ``seed`` fixes them. With ``facts_only`` offsets are not compared:
    the two sides may hold different texts and paragraphs of a document (a cleaned page against a raw one), and the
    errors listed are those of the facts.

    Raises AnnotationError if the texts of an id differ or a span ends beyond its text (neither with ``facts_only``), or
    if a relation names an entity that is not defined; ConfigError if ``resamples`` is negative.
    """
    if resamples < 0:
        raise ConfigError(f"resamples must be 0 or more, got {resamples}")
    pairing = pair(gold, predicted, facts_only=facts_only)
    sides = (pairing.gold, pairing.predicted)
    if not facts_only:
        for side in sides:
            _check_offsets(side)
    gold_views, predicted_views = ({key: view(doc) for key, doc in side.items()} for side in sides)
    gold_facts, predicted_facts = _facts_by_document(gold_views), _facts_by_document(predicted_views)
    facts = _fact_table(gold_facts, predicted_facts).scores(resamples=resamples, seed=seed)
    levels: dict[str, LevelScore] = {}
    attributes: dict[str, AttributeScore] = {}
    if facts_only:
        mistakes = _all_fact_mistakes(pairing, gold_facts, predicted_facts)
    else:
        views = {key: (of_gold, predicted_views.get(key, EMPTY)) for key, of_gold in gold_views.items()}
        units = [{**exact_counts(*both), **lenient_counts(*both)} for both in views.values()]
        scores = CountTable.from_units(units).scores(resamples=resamples, seed=seed)
        levels = {level: _level(level, scores) for level in (*EXACT_LEVELS, *LENIENT_LEVELS)}
        attributes = _attributes(scores, list(views.values()))
        mistakes = [item for key, both in views.items() for item in paragraph_mistakes(pairing.gold[key], *both)]
    fact_scores = {name: facts.get(("facts", name), NOTHING) for name in FACT_CUTS}
    return Report(pairing, levels, attributes, fact_scores, tuple(mistakes), resamples, seed)


def fact_table(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText]) -> CountTable:
    """Counts of facts, whole and cut to their first slots (``FACT_CUTS``), with the documents of ``gold`` as units.

    Raises as ``evaluate`` does.
    """
    pairing = pair(gold, predicted, facts_only=True)
    sides = ({key: view(doc) for key, doc in side.items()} for side in (pairing.gold, pairing.predicted))
    return _fact_table(*map(_facts_by_document, sides))


def _check_offsets(docs: Mapping[str, AnnotatedText]) -> None:
    for doc in docs.values():
        for entity in doc.entities:
            if entity.span.end > len(doc.text):
                raise AnnotationError(
                    f"{doc.id}: {entity.id} [{entity.span.start}, {entity.span.end}) ends beyond the text of "
                    f"{len(doc.text)} characters; `zhibiao check FILE` lists every problem"
                )


def _facts_by_document(views: Mapping[str, View]) -> dict[str, list[LocatedFact]]:
    facts: dict[str, list[LocatedFact]] = {}
    for key, of in views.items():
        facts.setdefault(document_id(key), []).extend(of.facts)
    return facts


def _fact_table(gold: Mapping[str, list[LocatedFact]], predicted: Mapping[str, list[LocatedFact]]) -> CountTable:
    return CountTable.from_units(
        [
            fact_counts((item.fact for item in facts), (item.fact for item in predicted.get(document, ())))
            for document, facts in gold.items()
        ]
    )


def _level(level: str, scores: Mapping[Key, Score]) -> LevelScore:
    """Labels and types in the order of the schema; types all of them, labels those that occur; unknown ones follow."""
    schema = default_schema()
    found = {kind for of, kind in scores if of == level and kind}
    known = [*schema.labels, *schema.relations]
    listed = [kind for kind in known if kind in found or (level == "relations" and kind in schema.relations)]
    listed += sorted(found.difference(known))
    total = scores.get((level, ""), NOTHING)
    return LevelScore(total, {kind: scores.get((level, kind), NOTHING) for kind in listed})


def _attributes(scores: Mapping[Key, Score], pairs: Sequence[tuple[View, View]]) -> dict[str, AttributeScore]:
    cells: Counter[tuple[str, str, str | None]] = Counter()
    for both in pairs:
        cells.update(confusion(*both))
    order = {value: i for i, value in enumerate(v for a in default_schema().attributes.values() for v in a.values)}

    def place(value: str | None) -> tuple[int, str]:
        return (len(order) + 1, "") if value is None else (order.get(value, len(order)), value)

    ranked = sorted(cells.items(), key=lambda cell: (place(cell[0][1]), place(cell[0][2])))
    return {
        name: AttributeScore(
            found=scores.get(("attributes", name), NOTHING),
            of_gold=scores.get(("attributes_of_gold", name), NOTHING),
            confusion={(gold, predicted): n for (of, gold, predicted), n in ranked if of == name},
        )
        for name in ATTRIBUTE_NAMES
    }


def _all_fact_mistakes(
    pairing: Pairing, gold: Mapping[str, list[LocatedFact]], predicted: Mapping[str, list[LocatedFact]]
) -> list[Mistake]:
    cut: dict[tuple[str, str], Excerpts] = {}

    def excerpt(side: str, key: str, span: Offsets) -> str:
        if (side, key) not in cut:
            cut[side, key] = Excerpts((pairing.gold if side == "gold" else pairing.predicted)[key].text)
        return cut[side, key].around(*span)

    return [item for key, facts in gold.items() for item in fact_mistakes(facts, predicted.get(key, ()), excerpt)]
