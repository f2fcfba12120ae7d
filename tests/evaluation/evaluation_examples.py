"""Paragraphs in the JSON form for the evaluation tests: a readable example, and random gold and predictions."""

from __future__ import annotations

import copy
import random
from typing import Any

from zhibiao.core.codec import decode
from zhibiao.core.records import AnnotatedText

LABELS = ("VALUE", "UNIT", "INDICATOR", "CITY", "BASELINE", "YEAR")
TYPES = ("unit", "indicator", "region", "year", "baseline")
VALUES = {
    "measure": ("level", "growth", "change", "share", "rank"),
    "trend": ("up", "down", "none"),
    "status": ("actual", "target", "estimate"),
    "bound": ("exact", "min", "max", "approx"),
}
Raw = dict[str, Any]

TEXT = "上半年,全市完成工业投资98.6亿元,同比增长9.7%。其中技改投资41.2亿元;预计全年增长12%。"
SPANS = (
    ("YEAR", "上半年"),
    ("CITY", "全市"),
    ("INDICATOR", "工业投资"),
    ("VALUE", "98.6"),
    ("UNIT", "亿元"),
    ("BASELINE", "同比"),
    ("VALUE", "9.7"),
    ("UNIT", "%"),
    ("INDICATOR", "技改投资"),
    ("VALUE", "41.2"),
)


def example(identifier: str = "a#1") -> Raw:
    """A small correct paragraph: T4 98.6, T7 9.7 and T10 41.2 are its values."""
    entities, at = [], 0
    for number, (label, surface) in enumerate(SPANS, 1):
        at = TEXT.index(surface, at)
        entities.append({"id": f"T{number}", "label": label, "start": at, "end": at + len(surface)})
        at += len(surface)
    links = {
        "T4": {"unit": "T5", "indicator": "T3", "region": "T2", "year": "T1"},
        "T7": {"unit": "T8", "indicator": "T3", "region": "T2", "year": "T1", "baseline": "T6"},
        "T10": {"indicator": "T9", "region": "T2", "year": "T1"},
    }
    return {
        "id": identifier,
        "text": TEXT,
        "meta": {},
        "entities": entities,
        "relations": [{"head": h, "tail": t, "type": k} for h, tails in links.items() for k, t in tails.items()],
        "attributes": [
            {"entity": "T4", "measure": "level", "trend": "none", "status": "actual", "bound": "exact"},
            {"entity": "T7", "measure": "growth", "trend": "up", "status": "actual", "bound": "exact"},
            {"entity": "T10", "measure": "level", "trend": "none", "status": "actual", "bound": "exact"},
        ],
    }


def texts(docs: list[Raw]) -> list[AnnotatedText]:
    return [decode(doc) for doc in docs]


def random_gold(rng: random.Random, documents: int = 4) -> list[Raw]:
    """Flat spans with relations and attributes; some documents have several paragraphs, some paragraphs nothing."""
    docs = []
    for document in range(documents):
        for paragraph in range(rng.randint(1, 3)):
            text = "".join(rng.choice("全市工业投资增长12345亿元%同比,。； 《_|") for _ in range(rng.randint(20, 90)))
            docs.append({"id": f"doc{document}#{paragraph}", "text": text, "meta": {}, **_annotations(rng, text)})
    return docs


def _annotations(rng: random.Random, text: str) -> Raw:
    entities: list[Raw] = []
    at = rng.randint(0, 3)
    while at + 4 < len(text) and rng.random() < 0.95:
        end = at + rng.randint(1, 4)
        label = "VALUE" if rng.random() < 0.4 else rng.choice(LABELS)
        entities.append({"id": f"T{len(entities) + 1}", "label": label, "start": at, "end": end})
        at = end + rng.choice((0, 0, 1, 2, 5))
    values = [e["id"] for e in entities if e["label"] == "VALUE"]
    arguments = [e["id"] for e in entities if e["label"] != "VALUE"]
    relations = [
        {"head": head, "tail": rng.choice(arguments), "type": kind}
        for head in values
        for kind in TYPES
        if arguments and rng.random() < 0.6
    ]
    attributes = [
        {"entity": head, **{name: rng.choice(of) for name, of in VALUES.items()}}
        for head in values
        if rng.random() < 0.95
    ]
    return {"entities": entities, "relations": relations, "attributes": attributes}


def random_prediction(rng: random.Random, gold: list[Raw]) -> list[Raw]:
    """Gold with every kind of deviation that a prediction, or a broken file, can show."""
    predicted = []
    for doc in copy.deepcopy(gold):
        if rng.random() < 0.1:
            continue
        _spoil_entities(rng, doc)
        _spoil_links(rng, doc)
        predicted.append(doc)
        if rng.random() < 0.15:
            predicted.append({**copy.deepcopy(doc), "attributes": []})
        if rng.random() < 0.15:
            predicted.append({**copy.deepcopy(doc), "id": doc["id"].split("#")[0] + "#extra"})
    predicted.append({**example("elsewhere#1")})
    predicted.append({"id": gold[0]["id"], "text": gold[0]["text"]})
    rng.shuffle(predicted)
    return predicted


def _spoil_entities(rng: random.Random, doc: Raw) -> None:
    kept = [e for e in doc["entities"] if rng.random() > 0.1]
    for entity in kept:
        chance = rng.random()
        if chance < 0.1:
            entity["end"] = min(len(doc["text"]), entity["end"] + rng.choice((1, 2)))
        elif chance < 0.2:
            entity["label"] = rng.choice(LABELS)
        elif chance < 0.3:
            entity["surface"] = rng.choice(("", "１２．５", " 工 业 ", "亿元", doc["text"][entity["start"] :][:2]))
    if kept and rng.random() < 0.4:
        kept.append({**rng.choice(kept), "id": "again"})
    if kept and rng.random() < 0.3:
        kept.append({**rng.choice(kept), "start": 0, "end": 2})
    if rng.random() < 0.3:
        kept.append({"id": "extra", "label": "OTHER", "start": 1, "end": 3})
    rng.shuffle(kept)
    doc["entities"] = kept


def _spoil_links(rng: random.Random, doc: Raw) -> None:
    ids = [e["id"] for e in doc["entities"]]
    relations = [r for r in doc["relations"] if r["head"] in ids and r["tail"] in ids and rng.random() > 0.1]
    for relation in relations:
        if rng.random() < 0.1:
            relation["tail"] = rng.choice(ids)
    if ids:
        for _ in range(rng.randint(0, 4)):
            relations.append({"head": rng.choice(ids), "tail": rng.choice(ids), "type": rng.choice((*TYPES, "other"))})
    if relations and rng.random() < 0.3:
        relations.append(dict(rng.choice(relations)))
    rng.shuffle(relations)
    doc["relations"] = relations
    attributes = [a for a in doc["attributes"] if rng.random() > 0.1]
    for item in attributes:
        if rng.random() < 0.2:
            item["status"] = rng.choice(VALUES["status"])
        if rng.random() < 0.1:
            del item["bound"]
    if ids and rng.random() < 0.5:
        attributes.append({"entity": rng.choice(ids), "measure": "rank", "trend": "none"})
    doc["attributes"] = attributes
