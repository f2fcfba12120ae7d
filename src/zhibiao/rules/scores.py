"""Confidence of what the rules find, by the way it was found.

Precision on development paragraphs (authored and real news together), drawn towards that on the training paragraphs as
if those were 20 more: the rules were tuned on the latter and look better there than they are. Measured with

    from zhibiao.rules.calibrate import smoothed, way_precision
    files = {s: [folder / f"{source}_{s}.jsonl" for source in ("authored", "real")] for s in ("dev", "train")}
    smoothed(way_precision(files["dev"]), way_precision(files["train"]))

A link counts as right if its value and its tail are as annotated.
"""

from __future__ import annotations

# Precision of the spans by label on the development paragraphs (zhibiao evaluate, both files pooled).
ENTITY = {"VALUE": 0.98, "UNIT": 0.98, "INDICATOR": 0.8, "CITY": 0.86, "YEAR": 0.95, "BASELINE": 0.98}

LINK = {
    "unit.unit": 0.99,
    "indicator.own": 0.81,
    "indicator.after": 0.75,
    "indicator.item": 0.96,
    "indicator.carried": 0.77,
    "indicator.respective": 0.72,
    "region.clause": 0.9,
    "region.sentence": 0.89,
    "region.paragraph": 0.87,
    "region.list": 0.92,
    "region.behind": 0.36,
    "year.clause": 0.97,
    "year.sentence": 0.98,
    "year.paragraph": 0.84,
    "year.local": 0.99,
    "baseline.frame": 0.97,
    "baseline.yoy": 0.98,
}
"""Kind of link and way it was found (``zhibiao.rules.model.Link.way``)."""
