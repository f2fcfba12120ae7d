"""Records of the sample pages as they were last reviewed."""

import json
from pathlib import Path

from zhibiao.core.ledger import Ledger
from zhibiao.io.readers import ReadOptions, read_documents
from zhibiao.pipeline.extractor import Extractor
from zhibiao.pipeline.rows import to_json
from zhibiao.rules.system import RuleSystem

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
GOLDEN = Path(__file__).parent / "golden" / "sample_records.jsonl"


def stable(record):
    """What a review can judge: everything but the confidences, which change whenever they are calibrated anew."""
    nested = to_json(record)
    del nested["confidence"]
    for mention in nested["mentions"].values():
        del mention["score"]
    return nested


def test_records_of_the_sample_pages_are_the_reviewed_ones(request):
    extractor = Extractor(RuleSystem())
    documents = read_documents([str(SAMPLE)], options=ReadOptions(), ledger=Ledger())
    found = [stable(record) for document in documents for record in extractor.extract(document).records]
    if request.config.getoption("--update-golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in found), encoding="utf-8")
    golden = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    by_id = {r["record_id"]: r for r in golden}
    assert [r["record_id"] for r in found] == list(by_id)
    for record in found:
        assert record == by_id[record["record_id"]]
