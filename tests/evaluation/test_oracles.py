"""The figures against three others: the reference scorer where it is at hand, naive loops, and seqeval."""

from __future__ import annotations

import importlib.util
import json
import random
import unicodedata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from evaluation_examples import TYPES, VALUES, Raw, random_gold, random_prediction, texts
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.scheme import IOB2

from zhibiao.evaluation import evaluate

SHARED = Path(__file__).parents[3] / "shared" / "annotation"
SEEDS = range(12)


def sides(seed: int) -> tuple[list[Raw], list[Raw]]:
    rng = random.Random(seed)
    gold = random_gold(rng)
    return gold, random_prediction(rng, gold)


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    path = SHARED / "score.py"
    if not path.exists():
        pytest.skip("the reference scorer is not at hand")
    spec = importlib.util.spec_from_file_location("reference_score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Reference:
    """Runs the reference scorer's own command on files."""

    def __init__(self, module: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module, self.folder, self.monkeypatch = module, folder, monkeypatch

    def score(self, gold: list[Raw], predicted: list[Raw], *options: str) -> dict[str, Any]:
        names = []
        for name, docs in (("gold", gold), ("predicted", predicted)):
            path = self.folder / f"{name}.jsonl"
            path.write_text("".join(json.dumps(doc, ensure_ascii=False) + "\n" for doc in docs), encoding="utf-8")
            names.append(str(path))
        out = self.folder / "out.json"
        self.monkeypatch.setattr("sys.argv", ["score.py", *names, *options, "--json", str(out)])
        assert self.module.main() == 0
        scores: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return scores


@pytest.fixture
def reference_run(reference: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reference:
    return Reference(reference, tmp_path, monkeypatch)


def figures(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("p", "r", "f1", "gold", "pred")}


def assert_equal_to_reference(run: Reference, gold: list[Raw], predicted: list[Raw]) -> None:
    ours = evaluate(texts(gold), texts(predicted), resamples=0).to_json()
    theirs = run.score(gold, predicted)
    for level in ("spans", "relations", "records"):
        assert figures(ours[level]) == theirs[level]
    for table in ("by_label", "by_type"):
        assert {kind: figures(ours[table][kind]) for kind in theirs[table]} == theirs[table]
        # What the reference does not list can only be predicted.
        assert all(row["gold"] == 0 for kind, row in ours[table].items() if kind not in theirs[table])
    assert {name: row["accuracy"] for name, row in ours["attributes"].items()} == theirs["attributes"]
    facts = run.score(gold, predicted, "--facts")
    assert {name: figures(row) for name, row in ours["facts"].items()} == facts
    alone = evaluate(texts(gold), texts(predicted), resamples=0, facts_only=True).to_json()
    assert {name: figures(row) for name, row in alone["facts"].items()} == facts


@pytest.mark.parametrize("seed", SEEDS)
def test_equals_the_reference_scorer_on_random_predictions(reference_run: Reference, seed: int) -> None:
    assert_equal_to_reference(reference_run, *sides(seed))


@pytest.mark.parametrize("name", ["authored_dev", "real_dev"])
def test_equals_the_reference_scorer_on_spoiled_gold(reference_run: Reference, name: str) -> None:
    lines = (SHARED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines]
    assert_equal_to_reference(reference_run, gold, random_prediction(random.Random(name), gold))


def test_facts_of_other_texts_and_paragraphs_equal_the_reference(reference_run: Reference) -> None:
    gold, predicted = sides(99)
    for number, doc in enumerate(predicted):
        doc["text"] = "另一页:" + doc["text"]
        doc["id"] = doc["id"].split("#")[0] + f"#{number}"
    ours = evaluate(texts(gold), texts(predicted), resamples=0, facts_only=True).to_json()
    theirs = reference_run.score(gold, predicted, "--facts")
    assert {name: figures(row) for name, row in ours["facts"].items()} == theirs


# naive loops


def naive_matches(gold: list[Any], predicted: list[Any]) -> int:
    left, found = list(predicted), 0
    for item in gold:
        if item in left:
            left.remove(item)
            found += 1
    return found


def naive_figures(pairs: list[tuple[list[Any], list[Any]]]) -> dict[str, Any]:
    found = sum(naive_matches(a, b) for a, b in pairs)
    gold, predicted = sum(len(a) for a, _ in pairs), sum(len(b) for _, b in pairs)
    p, r = found / predicted if predicted else 0.0, found / gold if gold else 0.0
    return {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0, "gold": gold, "pred": predicted}


class Naive:
    """The items of one paragraph, in lists."""

    def __init__(self, doc: Raw) -> None:
        entities: dict[str, Raw] = {}
        for entity in doc.get("entities", []):
            entities[entity["id"]] = entity
        self.entities = entities
        self.spans = [(e["start"], e["end"], e["label"]) for e in entities.values()]
        self.relations = [(self.at(r["head"]), self.at(r["tail"]), r["type"]) for r in doc.get("relations", [])]
        self.records, self.facts, self.attributes = [], [], {}
        for key, entity in entities.items():
            if entity["label"] != "VALUE":
                continue
            tails: list[str | None] = []
            for kind in TYPES:
                of_kind = [r["tail"] for r in doc.get("relations", []) if r["head"] == key and r["type"] == kind]
                tails.append(of_kind[-1] if of_kind else None)
            given = [a for a in doc.get("attributes", []) if a["entity"] == key]
            values = [given[-1].get(name, "") for name in VALUES] if given else None
            self.records.append((self.at(key), [t and self.at(t) for t in tails], values))
            self.facts.append([self.surface(doc, t) for t in (key, *tails)])
            self.attributes[self.at(key)] = values

    def at(self, key: str) -> tuple[int, int]:
        return self.entities[key]["start"], self.entities[key]["end"]

    def surface(self, doc: Raw, key: str | None) -> str:
        if key is None:
            return ""
        start, end = self.at(key)
        given = self.entities[key].get("surface") or doc["text"][start:end]
        return "".join(c for c in unicodedata.normalize("NFKC", given) if not c.isspace())


@pytest.mark.parametrize("seed", SEEDS)
def test_equals_naive_loops(seed: int) -> None:
    gold, predicted = sides(seed)
    ours = evaluate(texts(gold), texts(predicted), resamples=0).to_json()
    a = {doc["id"]: Naive(doc) for doc in gold}
    b = {doc["id"]: Naive(doc) for doc in predicted}
    pairs = [(a[key], b.get(key, Naive({}))) for key in a]
    for level in ("spans", "relations", "records"):
        assert figures(ours[level]) == naive_figures([(getattr(x, level), getattr(y, level)) for x, y in pairs])
    for level, table in (("spans", "by_label"), ("relations", "by_type")):
        for kind, row in ours[table].items():
            of_kind = [
                ([i for i in getattr(x, level) if i[-1] == kind], [i for i in getattr(y, level) if i[-1] == kind])
                for x, y in pairs
            ]
            assert figures(row) == naive_figures(of_kind)
    for place, (name, row) in enumerate(ours["attributes"].items()):
        both = [(v, y.attributes[k]) for x, y in pairs for k, v in x.attributes.items() if v and y.attributes.get(k)]
        hits = sum(v[place] == w[place] for v, w in both)
        annotated = sum(bool(v) for x, _ in pairs for v in x.attributes.values())
        assert (row["hits"], row["of"], row["accuracy"]) == (hits, len(both), hits / len(both) if both else 0.0), name
        assert row["of_gold"]["accuracy"] == (hits / annotated if annotated else 0.0)
        assert sum(n for cells in row["confusion"].values() for n in cells.values()) == annotated
        assert sum(cells.get(value, 0) for value, cells in row["confusion"].items()) == hits
    documents = sorted({key.split("#")[0] for key in a})
    for name, slots in {"facts": 6, "value": 1, "value+unit+indicator": 3, "value+unit+indicator+region": 4}.items():
        facts = [
            tuple(
                [f[:slots] for key, of in side.items() if key.split("#")[0] == d for f in of.facts] for side in (a, b)
            )
            for d in documents
        ]
        assert figures(ours["facts"][name]) == naive_figures([(x, y) for x, y in facts])


# seqeval


def tags(doc: Raw) -> list[str]:
    out = ["O"] * len(doc["text"])
    for entity in doc["entities"]:
        out[entity["start"]] = f"B-{entity['label']}"
        for place in range(entity["start"] + 1, entity["end"]):
            out[place] = f"I-{entity['label']}"
    return out


def flat(doc: Raw) -> Raw:
    """Without the spans that overlap an earlier one, which tags cannot hold."""
    kept: list[Raw] = []
    for entity in sorted(doc["entities"], key=lambda e: (e["start"], e["end"])):
        if not kept or entity["start"] >= kept[-1]["end"]:
            kept.append({**entity, "id": f"T{len(kept)}"})
    return {**doc, "entities": kept, "relations": [], "attributes": []}


@pytest.mark.parametrize("seed", SEEDS)
def test_spans_agree_with_seqeval_in_strict_iob2(seed: int) -> None:
    gold, predicted = sides(seed)
    by_id = {doc["id"]: doc for doc in predicted if "entities" in doc}
    kept = [flat(doc) for doc in gold if doc["id"] in by_id]
    answers = [{**flat(by_id[doc["id"]]), "text": doc["text"]} for doc in kept]
    score = evaluate(texts(kept), texts(answers), resamples=0).levels["spans"].total
    true, guessed = [tags(doc) for doc in kept], [tags(doc) for doc in answers]
    options = {"mode": "strict", "scheme": IOB2, "zero_division": 0}
    assert score.precision == pytest.approx(precision_score(true, guessed, **options))
    assert score.recall == pytest.approx(recall_score(true, guessed, **options))
    assert score.f1 == pytest.approx(f1_score(true, guessed, **options))
    assert 0 < score.f1 < 1
