"""Several systems on several annotation files: one report with everything that is asked of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhibiao.core.codec import ATTRIBUTE_NAMES, read_annotated
from zhibiao.core.ledger import Ledger
from zhibiao.core.records import AnnotatedText, Document
from zhibiao.core.schema import Schema
from zhibiao.data.patterns import value_patterns
from zhibiao.evaluation.paired import compare
from zhibiao.evaluation.reliability import reliability
from zhibiao.evaluation.scoring import evaluate
from zhibiao.io.readers import ReadOptions, read_documents
from zhibiao.pipeline.extractor import Extractor, System
from zhibiao.pipeline.gold_spans import GoldSpanSystem
from zhibiao.pipeline.neural import ModelSystem
from zhibiao.training.calibrate import judge
from zhibiao.training.gold import to_gold
from zhibiao.training.measure import predict

_LEVELS = ("spans", "relations", "records")


def study(
    systems: Mapping[str, System],
    files: Sequence[Path],
    *,
    resamples: int = 1000,
    facts: tuple[Path, Path] | None = None,
) -> dict[str, Any]:
    """Figures of each system on each file, as plain data; the first system is compared with each other one.

    ``facts`` are a gold file and the folder of the pages it is about: facts found in the pages are compared by surface.
    Raises what reading the files raises.
    """
    found: dict[str, Any] = {"files": {}, "facts": {}}
    for path in files:
        gold = list(read_annotated(path))
        predicted = {name: predict(system, gold) for name, system in systems.items()}
        entry: dict[str, Any] = {name: _figures(gold, texts, resamples) for name, texts in predicted.items()}
        first, *others = systems
        for name in others:
            entry[f"{first} - {name}"] = {
                level: asdict(d) | {"difference": d.difference}
                for level, d in compare(gold, predicted[first], predicted[name]).items()
            }
        for name, system in systems.items():
            if isinstance(system, ModelSystem):
                entry[name] |= _of_model(system, gold, resamples)
        found["files"][path.name] = entry
    if facts is not None:
        gold = list(read_annotated(facts[0]))
        pages = [
            item
            for item in read_documents([str(facts[1])], options=ReadOptions(), ledger=Ledger())
            if isinstance(item, Document)
        ]
        for name, system in systems.items():
            extractor = Extractor(system)
            predicted_pages = [extractor.extract(page).to_annotated() for page in pages]
            report = evaluate(gold, predicted_pages, resamples=resamples, facts_only=True)
            found["facts"][name] = {cut: _score(score) for cut, score in report.facts.items()}
    return found


def _figures(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText], resamples: int) -> dict[str, Any]:
    report = evaluate(gold, predicted, resamples=resamples)
    return {
        **{level: _score(report.levels[level].total) for level in _LEVELS},
        "by_label": {k: _score(s) for k, s in report.levels["spans"].by_kind.items()},
        "by_type": {k: _score(s) for k, s in report.levels["relations"].by_kind.items()},
        "attributes": {name: a.accuracy for name, a in report.attributes.items()},
        "by_pattern": _by_pattern(gold, predicted),
    }


def _score(score: Any) -> dict[str, Any]:
    return {"p": score.precision, "r": score.recall, "f1": score.f1, "interval": score.interval, "gold": score.gold}


def _of_model(system: ModelSystem, gold: Sequence[AnnotatedText], resamples: int) -> dict[str, Any]:
    """What only a model has: figures on gold spans, reliability of its probabilities."""
    schema, ledger = Schema.load(), Ledger()
    paragraphs = [to_gold(text, schema, ledger) for text in gold]
    on_gold = predict(GoldSpanSystem(system, {p.text: p.spans for p in paragraphs}), gold)
    report = evaluate(gold, on_gold, resamples=resamples)
    judged = judge(system.annotate([p.text for p in paragraphs]), paragraphs)
    return {
        "on_gold_spans": {level: _score(report.levels[level].total) for level in ("relations", "records")},
        "reliability": {
            name: asdict(reliability(*outcomes))
            for name in ("spans", "relations", "attributes", "records")
            if (outcomes := getattr(judged, name))[0]
        },
    }


def _by_pattern(gold: Sequence[AnnotatedText], predicted: Sequence[AnnotatedText]) -> dict[str, Any]:
    """For each pattern the VALUEs that show it, and the share of them whose whole record is right."""
    records = {text.id: set(_records(text).values()) for text in predicted}
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for text in gold:
        own = _records(text)
        for value, names in value_patterns(text).items():
            for name in (*names, "all"):
                seen[name] += 1
                right[name] += own[value] in records.get(text.id, ())
    return {name: {"values": count, "records_right": right[name] / count} for name, count in seen.most_common()}


def _records(text: AnnotatedText) -> dict[str, tuple[object, ...]]:
    spans = {e.id: e.span for e in text.entities}
    links: dict[str, frozenset[tuple[str, object]]] = {}
    for relation in text.relations:
        links[relation.head] = links.get(relation.head, frozenset()) | {(relation.type, spans[relation.tail])}
    given = {a.entity: tuple(getattr(a, name) for name in ATTRIBUTE_NAMES) for a in text.attributes}
    return {e.id: (e.span, links.get(e.id, frozenset()), given.get(e.id)) for e in text.entities if e.label == "VALUE"}


def to_markdown(found: Mapping[str, Any]) -> str:
    """The figures as tables."""
    lines = ["| file | system | spans | relations | records |", "|---|---|---|---|---|"]
    for file, systems in found["files"].items():
        for name, figures in systems.items():
            cells = " | ".join(_cell(figures[level]) for level in _LEVELS)
            lines.append(f"| {file} | {name} | {cells} |")
    if found["facts"]:
        cuts = list(next(iter(found["facts"].values())))
        lines += ["", f"| facts | {' | '.join(cuts)} |", "|---" * (len(cuts) + 1) + "|"]
        lines += [f"| {name} | {' | '.join(_cell(f[cut]) for cut in cuts)} |" for name, f in found["facts"].items()]
    for file, systems in found["files"].items():
        for name, figures in systems.items():
            if "reliability" in figures:
                lines += [
                    "",
                    f"{file}, {name}: probabilities",
                    "",
                    "| | n | ECE | Brier | right at 50% / 80% / 100% coverage |",
                    "|---|---|---|---|---|",
                ]
                for kind, r in figures["reliability"].items():
                    kept = dict(r["coverage"])
                    lines.append(
                        f"| {kind} | {r['count']} | {r['error']:.3f} | {r['brier']:.3f} | "
                        f"{kept[0.5]:.3f} / {kept[0.8]:.3f} / {kept[1.0]:.3f} |"
                    )
    return "\n".join(lines) + "\n"


def _cell(score: Mapping[str, Any]) -> str:
    if "difference" in score:
        return (
            f"{score['difference']:+.3f} ({score['interval'][0]:+.3f}..{score['interval'][1]:+.3f}, p {score['p']:.3f})"
        )
    interval = f" ({score['interval'][0]:.3f}..{score['interval'][1]:.3f})" if score["interval"] else ""
    return f"{score['f1']:.3f}{interval}"
