"""``zhibiao data``: counts, splits, merges, agreement, near-duplicates and augmentation of annotation files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from zhibiao.cli.tables import print_tables
from zhibiao.cli.terminal import say
from zhibiao.core.errors import ConfigError
from zhibiao.data.agreement import agreement as compare
from zhibiao.data.augment import TRANSFORMATIONS, augment_all
from zhibiao.data.dedupe import DEFAULT_THRESHOLD
from zhibiao.data.dedupe import near_duplicates as find_near_duplicates
from zhibiao.data.leakage import CrossPair, leakage
from zhibiao.data.merge import Policy, merge_annotations
from zhibiao.data.paragraphs import read_paragraphs, read_splits, write_paragraphs
from zhibiao.data.split import DEFAULT_RATIOS, split_corpus
from zhibiao.data.stats import corpus_stats
from zhibiao.data.tables import TextTable, stats_tables
from zhibiao.evaluation.markdown import escape
from zhibiao.evaluation.markdown import table as markdown_table
from zhibiao.io.sinks import atomic_file

EXIT_PROBLEMS = 1

app = typer.Typer(
    name="data",
    help="Tools for annotated paragraphs (JSON Lines).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Files = Annotated[list[Path], typer.Argument(help="Annotated paragraphs (JSON Lines).")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the result as JSON.")]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", help="Write the result for a reader.")]
Threshold = Annotated[float, typer.Option(help="Least Jaccard similarity of near-duplicates, above 0 to 1.")]
Seed = Annotated[int, typer.Option(help="Fixes every random choice.")]


@app.command()
def stats(files: Files, json_file: JsonFile = None, markdown: MarkdownFile = None) -> None:
    """Count documents, labels, relations, attributes and patterns of each file, and of all together."""
    splits = read_splits(files)
    corpora = {name: corpus_stats(paragraphs) for name, paragraphs in splits.items()}
    if len(corpora) > 1:
        corpora["all"] = corpus_stats([paragraph for paragraphs in splits.values() for paragraph in paragraphs])
    tables = stats_tables(corpora)
    _write_json(json_file, {name: of.to_json() for name, of in corpora.items()})
    _write(markdown, _markdown("Corpus", tables))
    print_tables(tables)


@app.command()
def split(
    files: Files,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for one file a split.")],
    ratio: Annotated[
        list[str] | None, typer.Option(help="NAME=SHARE, once a split; default train=0.7 dev=0.15 test=0.15.")
    ] = None,
    seed: Seed = 0,
    threshold: Threshold = DEFAULT_THRESHOLD,
) -> None:
    """Cut a corpus into splits that share no document, city or near-duplicates, stratified by annotation."""
    paragraphs = [paragraph for path in files for paragraph in read_paragraphs(path)]
    splits = split_corpus(paragraphs, ratios=_ratios(ratio), seed=seed, threshold=threshold)
    output.mkdir(parents=True, exist_ok=True)
    for name, members in splits.items():
        write_paragraphs(output / f"{name}.jsonl", members)
    print_tables(stats_tables({name: corpus_stats(members) for name, members in splits.items()})[:2])


@app.command()
def merge(
    files: Annotated[list[Path], typer.Argument(help="One file an annotator; earlier ones win ties.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The merged file.")],
    policy: Annotated[Policy, typer.Option(help="What is taken over where annotators differ.")] = Policy.MAJORITY,
    adjudicated: Annotated[Path | None, typer.Option(help="Paragraphs that are final as they are here.")] = None,
    json_file: JsonFile = None,
) -> None:
    """Merge several annotators' files and list every conflict with its decision.

    Exit code 0: no conflicts; 1: there were some, decided by the policy; 2: nothing was merged.
    """
    final = read_paragraphs(adjudicated) if adjudicated else []
    merged = merge_annotations(read_splits(files), policy=policy, adjudicated=final)
    write_paragraphs(output, merged.paragraphs)
    rows = []
    for conflict in merged.conflicts:
        votes = {answer: list(names) for answer, names in conflict.votes.items()}
        place = {"id": conflict.id, "start": conflict.start, "end": conflict.end, "text": conflict.text}
        rows.append(
            {**place, "kind": conflict.kind, "name": conflict.name, "votes": votes, "decision": conflict.decision}
        )
        given = "; ".join(f"{', '.join(names)}: {answer}" for answer, names in votes.items())
        where = f"{conflict.id} [{conflict.start}, {conflict.end}) {conflict.text!r}"
        say(f"{where}: {conflict.kind} {conflict.name}: {given}; taken: {conflict.decision}")
    _write_json(json_file, {"paragraphs": len(merged.paragraphs), "conflicts": rows})
    say(f"{output}: {len(merged.paragraphs)} paragraphs, {len(rows)} conflicts")
    if rows:
        raise typer.Exit(EXIT_PROBLEMS)


@app.command()
def agreement(
    first: Annotated[Path, typer.Argument(help="One annotation.")],
    second: Annotated[Path, typer.Argument(help="Another one of the same paragraphs.")],
    bootstrap: Annotated[int, typer.Option(help="Resamples for the 95% intervals; 0 for none.")] = 1000,
    seed: Seed = 0,
    json_file: JsonFile = None,
    markdown: MarkdownFile = None,
) -> None:
    """Agreement of two annotations: F1 of spans, relations and records, kappa of attributes, every disagreement.

    Exit code 0: compared; 2: the files have no paragraph in common or differ in their texts.
    """
    names = (first.stem, second.stem) if first.stem != second.stem else (str(first), str(second))
    result = compare(read_paragraphs(first), read_paragraphs(second), names=names, resamples=bootstrap, seed=seed)
    _write_json(json_file, result.to_json())
    _write(markdown, result.to_markdown())
    for name, ids in zip(names, (result.first_only, result.second_only), strict=True):
        if ids:
            say(
                f"warning: {len(ids)} paragraphs only in {name}, left out: {', '.join(ids[:5])}",
                error=True,
                style="yellow",
            )
    for line in result.lines():
        say(line)
    print_tables(result.tables())


@app.command()
def dedupe(files: Files, threshold: Threshold = DEFAULT_THRESHOLD, json_file: JsonFile = None) -> None:
    """List near-duplicate paragraphs within and across files, and documents and cities that files share.

    Exit code 0: none; 1: some; 2: a file cannot be read. Shared documents and cities count as problems only where
    several files are given, which are taken as the splits of one corpus.
    """
    splits = read_splits(files)
    owned = [(name, paragraph) for name, paragraphs in splits.items() for paragraph in paragraphs]
    pairs = [
        CrossPair(
            (owned[pair.first][0], owned[pair.second][0]), (pair.first_id, pair.second_id), pair.estimated, pair.exact
        )
        for pair in find_near_duplicates([paragraph for _, paragraph in owned], threshold=threshold)
    ]
    shared = leakage(splits, threshold=threshold)
    for pair in pairs:
        where = " and ".join(f"{name}: id={key}" for name, key in zip(pair.splits, pair.ids, strict=True))
        say(f"{where}: Jaccard similarity {pair.exact:.3f} (MinHash {pair.estimated:.3f})")
    for line in shared.lines():
        say(line)
    _write_json(json_file, {"near_duplicates": [pair.to_json() for pair in pairs], "leakage": shared.to_json()})
    say(f"{len(owned)} paragraphs, {len(pairs)} pairs of near-duplicates")
    if pairs or shared:
        raise typer.Exit(EXIT_PROBLEMS)


@app.command()
def augment(
    source: Annotated[Path, typer.Argument(help="Annotated paragraphs (JSON Lines).")],
    output: Annotated[Path, typer.Argument(help="File for the products.")],
    seed: Seed = 0,
    per_paragraph: Annotated[int, typer.Option(min=1, help="Products of each paragraph, where there are so many.")] = 1,
    only: Annotated[
        list[str] | None, typer.Option(help=f"Apply these and no others, all that fit: {', '.join(TRANSFORMATIONS)}.")
    ] = None,
) -> None:
    """Write augmented paragraphs, each with exact annotation; the same seed gives the same file."""
    paragraphs = read_paragraphs(source)
    products = augment_all(paragraphs, seed=seed, per_paragraph=per_paragraph, transformations=only)
    count = write_paragraphs(output, products)
    say(f"{output}: {count} products of {len(paragraphs)} paragraphs")


def _ratios(given: list[str] | None) -> dict[str, float]:
    if not given:
        return dict(DEFAULT_RATIOS)
    ratios: dict[str, float] = {}
    for item in given:
        name, _, share = item.partition("=")
        try:
            ratios[name] = float(share)
        except ValueError:
            share = ""
        if not share or not name.isidentifier():
            raise ConfigError(f"--ratio {item}: NAME=SHARE is expected, such as train=0.8")
    return ratios


def _markdown(title: str, tables: list[TextTable]) -> str:
    lines = [f"# {title}", ""]
    for of in tables:
        rows = [[escape(cell) for cell in row] for row in of.rows]
        lines += [f"## {of.title}", "", *markdown_table([escape(c) for c in of.columns], rows)]
    return "\n".join(lines).rstrip() + "\n"


def _write(path: Path | None, content: str) -> None:
    if path is not None:
        with atomic_file(path) as file:
            file.write(content.encode("utf-8", "backslashreplace"))


def _write_json(path: Path | None, content: dict[str, Any]) -> None:
    _write(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
