#!/usr/bin/env python3
"""Speed and peak memory of a system end to end: reading, normalisation, extraction, resolution, writing.

    scripts/bench_speed.py [--system rules] [--documents 1000 --documents 20000]

Documents are made from the sample pages, so that nobody's text is needed. Each size runs in a process of its own on one
core; the peak is the process's maximum resident set. Timings on shared machines are noisy: compare figures of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
WARM_UP_DOCUMENTS = 20


def write_corpus(path: Path, documents: int) -> None:
    """``documents`` lines of JSON; numbers differ from document to document, so that no cache can help."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(SAMPLE.glob("*.txt")) if "gb18030" not in file.name]
    with path.open("w", encoding="utf-8") as out:
        for number in range(documents):
            text = re.sub(r"\d(?=\d*\.)", lambda _, n=number: str(1 + n % 9), texts[number % len(texts)])
            out.write(json.dumps({"id": f"d{number}", "text": text, "date": "2024-07-22"}, ensure_ascii=False) + "\n")


def measure(corpus: Path, system: str) -> None:
    """Run one batch in this process and print its figures as JSON."""
    from zhibiao.cli.outputs import OutputFormat, open_outputs
    from zhibiao.cli.systems import SystemName, make_system
    from zhibiao.io.readers import ReadOptions, read_documents
    from zhibiao.pipeline.batch import BatchSummary, extract_all
    from zhibiao.pipeline.extractor import Extractor

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    extractor = Extractor(make_system(SystemName(system)))
    summary = BatchSummary()
    started, characters = time.perf_counter(), 0
    documents = read_documents([str(corpus)], options=ReadOptions(), ledger=summary.ledger)
    with open_outputs(
        corpus.with_suffix(".out.jsonl"), OutputFormat.RECORDS, html=None, errors=None, ledger=summary.ledger
    ) as outputs:
        for outcome in extract_all(documents, extractor, summary):
            outputs.accept(outcome)
            if summary.documents == WARM_UP_DOCUMENTS:  # lexicons are loaded and caches filled
                started, characters = time.perf_counter(), summary.characters
    seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                "documents": summary.documents,
                "records": summary.records,
                "characters_per_second": round((summary.characters - characters) / seconds),
                "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
                "failures": summary.failures,
            }
        )
    )


def main() -> int:
    """Measure each size in a child process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--system", default="rules")
    parser.add_argument("--documents", type=int, action="append")
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.corpus:
        measure(args.corpus, args.system)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for documents in args.documents or [1000, 20000]:
            corpus = Path(folder) / f"{documents}.jsonl"
            write_corpus(corpus, documents)
            command = [sys.executable, __file__, "--system", args.system, "--corpus", str(corpus)]
            subprocess.run(command, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
