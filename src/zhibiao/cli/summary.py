"""What a run did, and what was lost and why."""

from __future__ import annotations

from rich.console import Console

from zhibiao.cli.outputs import Outputs
from zhibiao.pipeline.batch import BatchSummary

# What each kind of the ledger means to a user.
_MEANING = {
    "furniture_line": "lines left out as page furniture",
    "mojibake": "places of mojibake that could not be repaired (kept in the text)",
    "mojibake_repaired": "places of mojibake that were repaired",
    "undecodable_bytes": "bytes that are no text in the encoding (shown as U+FFFD)",
    "html_fallback": "pages without a recognisable article, read whole",
    "empty_text": "documents without text",
    "unreadable_date": "dates that could not be read",
    "unreadable_front_matter": "front matters that could not be read",
    "skipped_file_type": "files of an unknown type, not read",
    "skipped_folder": "hidden or linked folders, not entered",
    "duplicate_input": "files named twice, read once",
    "duplicate_id": "document ids that occur more than once",
    "lone_surrogate": "characters that UTF-8 cannot hold, replaced",
    "number_out_of_range": "numbers that do not fit a Parquet column",
}


def print_summary(console: Console, summary: BatchSummary, outputs: Outputs, seconds: float) -> None:
    """Documents, records, speed; then every kind of loss with its count and its first place."""
    console.print(
        f"{summary.documents} documents, {summary.records} records, {summary.characters} characters in {seconds:.1f} s"
        f"; {summary.failures} failed"
    )
    for kind, count in sorted(summary.ledger.counts.items()):
        examples = summary.ledger.examples.get(kind, [])
        place = f" (e.g. {examples[0]})" if examples else ""
        console.print(f"{count:>7} {_MEANING.get(kind, kind)}{place}")
    for failure in outputs.first_failures:
        console.print(failure.error, style="red")
    rest = summary.failures - len(outputs.first_failures)
    if rest > 0:
        console.print(f"... and {rest} more", style="red")
    if summary.failures and outputs.error_file:
        console.print(f"all failures: {outputs.error_file}")
