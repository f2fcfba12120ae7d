"""Gold annotations of the five seed pages, kept as offsets into the raw pages: the text is other people's and not here.

``data/seeds/gold_offsets.jsonl`` has one page a line: id, SHA-256 of its text, entities, relations, attributes in the
form of the guideline. The pages lie beside the checkout where the project is developed; else nothing can be loaded.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from zhibiao.core.codec import decode
from zhibiao.core.ledger import Ledger
from zhibiao.io.readers import ReadOptions, read_documents
from zhibiao.text.normalize import normalize

SEEDS = Path(__file__).parents[1].parent / "shared" / "seeds"
OFFSETS = Path(__file__).parent / "data" / "seeds" / "gold_offsets.jsonl"


def load_seed_gold():
    """Documents and their gold, paired; the clean surface of a span is that of the normalised text."""
    documents = {d.id: d for d in read_documents([str(SEEDS)], options=ReadOptions(), ledger=Ledger())}
    pairs = []
    for line in OFFSETS.read_text("utf-8").splitlines():
        stored = json.loads(line)
        document = documents[stored["id"]]
        if hashlib.sha256(document.text.encode()).hexdigest() != stored["sha256"]:
            raise ValueError(f"{stored['id']}: not the page that was annotated")
        gold = decode({**stored, "text": document.text})
        normalized = normalize(document.text)
        spans = {e.id: normalized.map.to_normalised(e.span) for e in gold.entities}
        entities = [replace(e, surface=normalized.text[spans[e.id].start : spans[e.id].end]) for e in gold.entities]
        pairs.append((document, replace(gold, entities=tuple(entities))))
    return pairs
