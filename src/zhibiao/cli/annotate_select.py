"""``zhibiao annotate select``: which documents to annotate next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from zhibiao.annotate.diversity import annotated_signatures
from zhibiao.annotate.gain import DISAGREEMENT_WEIGHT
from zhibiao.annotate.quotas import Quota
from zhibiao.annotate.scoring import Scorer, open_spool
from zhibiao.annotate.select import Candidate, Selection, SelectOptions, Strata
from zhibiao.annotate.select import select as select_documents
from zhibiao.annotate.select_report import COLUMNS, report_rows, selection_tables
from zhibiao.cli.annotate_rows import ProgressLine, read_inputs
from zhibiao.cli.extract import EXIT_SKIPPED, InputFormat
from zhibiao.cli.outputs import Outputs
from zhibiao.cli.summary import print_summary
from zhibiao.cli.systems import SystemName, make_system
from zhibiao.cli.tables import print_tables
from zhibiao.cli.terminal import say, terminal
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import Document
from zhibiao.data.dedupe import DEFAULT_THRESHOLD
from zhibiao.io.readers import Failure, ReadOptions, read_documents
from zhibiao.io.sinks import atomic_file, open_failures, open_sink
from zhibiao.pipeline.batch import BatchSummary
from zhibiao.pipeline.extractor import Extractor, System
from zhibiao.pipeline.version import model_version, rules_version

_JSON_SUFFIXES = (".jsonl", ".ndjson")

AnnotatedFiles = Annotated[
    list[Path] | None, typer.Option(help="Texts annotated before (JSON Lines); what is like them is left out.")
]
Disagreement = Annotated[
    float, typer.Option(min=0, max=1, help="Weight of model against rules, the rest is uncertainty.")
]
ReportFile = Annotated[
    Path | None, typer.Option(help="FILE.jsonl, .csv or .parquet: every document, its gain, why it was left out.")
]
ErrorFile = Annotated[
    Path | None, typer.Option(help="List of what failed; default: OUTPUT.errors.jsonl, where anything did.")
]


def select(
    inputs: Annotated[list[str], typer.Argument(help="Files, folders, glob patterns, or - for standard input.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="FILE.jsonl for those chosen, with predictions.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Documents to choose.")] = 50,
    annotated: AnnotatedFiles = None,
    system: Annotated[SystemName, typer.Option(help="What predicts.")] = SystemName.MODEL,
    model: Annotated[Path | None, typer.Option(help="Folder of an exported model, not the one that ships.")] = None,
    disagreement: Disagreement = DISAGREEMENT_WEIGHT,
    strata: Annotated[Strata, typer.Option(help="What the documents shall be spread over.")] = Strata.BOTH,
    quota: Annotated[Quota, typer.Option(help="Shares of regions and sources.")] = Quota.PROPORTIONAL,
    max_similarity: Annotated[float, typer.Option(help="Leave out what is as like as this.")] = DEFAULT_THRESHOLD,
    seed: Annotated[int, typer.Option(help="Decides between equal gains.")] = 0,
    report: ReportFile = None,
    errors: ErrorFile = None,
    input_format: Annotated[InputFormat | None, typer.Option(help="Overrides the suffix of the inputs.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the inputs instead of detection.")] = None,
    text_column: Annotated[str, typer.Option(help="Column or key that holds the text.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column or key that holds the document id.")] = "id",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No tables, no summary.")] = False,
) -> None:
    """Choose the documents from which there is most to learn, ready to push, the most rewarding first.

    Exit code 0: everything was read; 3: something was skipped (see the summary and the error file); 2: wrong usage.
    """
    if output.suffix.lower() not in _JSON_SUFFIXES:
        raise ConfigError(f"{output}: annotations are nested; name a .jsonl file")
    if not 0 < max_similarity <= 1:
        raise ConfigError(f"--max-similarity {max_similarity}: a similarity above 0 and at most 1 is expected")
    options = SelectOptions(count, disagreement, quota, strata, max_similarity, seed)
    reading = ReadOptions(
        input_format=input_format.value if input_format else None,
        encoding=encoding,
        text_column=text_column,
        id_column=id_column,
    )
    summary, started = BatchSummary(), perf_counter()
    documents = read_documents(inputs, options=reading, ledger=summary.ledger)
    known = annotated_signatures(read_inputs(annotated or []))
    with ExitStack() as stack:
        files = _Files(stack, output, report, errors, summary)
        scorer = Scorer(*_systems(system, model, disagreement), files.spool)
        selection = select_documents(_scored(documents, scorer, summary, files.failures), options, annotated=known)
        files.write(selection)
    if not quiet:
        print_tables(selection_tables(selection, options))
        print_summary(terminal(error=True), summary, files.failures, perf_counter() - started)
        version = model_version(model) if system is SystemName.MODEL else rules_version()
        say(f"{output}: {len(selection.chosen)} documents; push them with --model-version {version}")
    if summary.skipped:
        raise typer.Exit(EXIT_SKIPPED)


def _systems(name: SystemName, model: Path | None, disagreement: float) -> tuple[Extractor, System | None]:
    """What predicts, and the second opinion: the rules, unless they predict themselves or nobody asks for it."""
    second = make_system(SystemName.RULES) if name is SystemName.MODEL and disagreement else None
    return Extractor(make_system(name, model)), second


def _scored(
    documents: Iterator[Document | Failure], scorer: Scorer, summary: BatchSummary, failures: Outputs
) -> Iterator[Candidate]:
    with ProgressLine() as line:
        for outcome in scorer.score_all(documents, summary):
            if isinstance(outcome, Failure):
                failures.accept(outcome)
            else:
                yield outcome
            line(f"{summary.documents} documents, {summary.records} records, {summary.failures} failed")


class _Files:
    """The files of one run: they appear whole at the end, or not at all."""

    def __init__(
        self, stack: ExitStack, output: Path, report: Path | None, errors: Path | None, summary: BatchSummary
    ) -> None:
        self._output = stack.enter_context(atomic_file(output))
        self._report = report and stack.enter_context(open_sink(report, columns=COLUMNS, ledger=summary.ledger))
        self.spool = stack.enter_context(open_spool(output.parent))
        error_file = errors or output.with_name(output.name + ".errors.jsonl")
        self.failures = Outputs([], lambda: stack.enter_context(open_failures(error_file)), error_file)

    def write(self, selection: Selection) -> None:
        """Write the documents chosen and the report."""
        for ranked in selection.chosen:
            self.spool.copy(ranked.candidate.place, self._output)
        if self._report:
            for row in report_rows(selection):
                self._report.write(row)
        if self.failures.error_file and not self.failures.first_failures:
            self.failures.error_file.unlink(missing_ok=True)  # of an earlier run
