"""``zhibiao evaluate``: predictions, or a system, against gold annotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from zhibiao.cli.systems import SystemName, make_system
from zhibiao.cli.terminal import table_terminal, terminal
from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText, Document
from zhibiao.evaluation.metrics import Score
from zhibiao.evaluation.report import EXACT_LEVELS, Report
from zhibiao.evaluation.scoring import evaluate as score
from zhibiao.io.sinks import atomic_file
from zhibiao.pipeline.extractor import Extractor, System

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Gold annotations (JSON Lines).")],
    pred: Annotated[Path | None, typer.Option(help="Predicted annotations, paired with gold by id.")] = None,
    system: Annotated[SystemName | None, typer.Option(help="Run this system on the gold texts instead.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a model instead of the one that ships.")] = None,
    facts: Annotated[bool, typer.Option("--facts", help="Compare surfaces by document, not offsets.")] = False,
    bootstrap: Annotated[int, typer.Option(help="Resamples for the 95% intervals; 0 for none.")] = 1000,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the whole report, every error listed.")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(help="The same for a reader.")] = None,
) -> None:
    """Score predictions against gold: spans, relations, records, attributes and facts, with intervals."""
    if (pred is None) == (system is None):
        raise ConfigError("name the predictions with --pred FILE, or a system with --system, and not both")
    gold_texts = list(read_annotated(gold))
    predicted = (
        list(read_annotated(pred)) if pred else _predict(gold_texts, make_system(system or SystemName.RULES, model))
    )
    report = score(gold_texts, predicted, resamples=bootstrap, facts_only=facts)
    for path, content in ((json_file, _json(report)), (markdown, report.to_markdown())):
        if path:
            with atomic_file(path) as file:
                file.write(content.encode("utf-8", "backslashreplace"))
    _print(report)


def _predict(gold: list[AnnotatedText], system: System) -> list[AnnotatedText]:
    extractor = Extractor(system)
    return [extractor.extract(_document(text)).to_annotated() for text in gold]


def _document(text: AnnotatedText) -> Document:
    meta = text.meta
    return Document(
        text.id, text.text, date=meta.get("date", ""), city=meta.get("city", ""), source=meta.get("source", "")
    )


def _json(report: Report) -> str:
    return json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"


def _print(report: Report) -> None:
    console = table_terminal()
    for warning in report.warnings:
        terminal(error=True).print(f"warning: {warning}", style="yellow")
    table = Table(box=None)
    for name in ("", "P", "R", "F1", "95%", "gold", "predicted"):
        table.add_column(name, justify="left" if not name else "right")
    for name in EXACT_LEVELS if report.levels else ():
        _row(table, name, report.levels[name].total)
        kinds = report.levels[name].by_kind if name != "records" else {}
        for kind, kind_score in kinds.items():
            _row(table, f"  {kind}", kind_score)
    for name, fact_score in report.facts.items():
        _row(table, f"facts: {name}" if name != "facts" else name, fact_score)
    console.print(table)
    if report.attributes:
        shares = "  ".join(f"{name} {attribute.accuracy:.3f}" for name, attribute in report.attributes.items())
        console.print(f"attributes of the VALUEs found: {shares}")


def _row(table: Table, name: str, of: Score) -> None:
    interval = "{:.3f}-{:.3f}".format(*of.interval) if of.interval else ""
    cells = (f"{of.precision:.3f}", f"{of.recall:.3f}", f"{of.f1:.3f}", interval, str(of.gold), str(of.predicted))
    table.add_row(name, *cells)
