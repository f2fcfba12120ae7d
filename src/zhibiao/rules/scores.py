"""Confidence of what the rules find, by the way it was found.

Precision on the training paragraphs (authored and real news together), rounded; measured with

    from zhibiao.rules.calibrate import way_precision
    way_precision(Path("../shared/annotation") / f"{name}_train.jsonl" for name in ("authored", "real"))

A link counts as right if its value and its tail are as annotated; the rules were tuned on the same paragraphs, so that
unseen text is a little worse (most for the indicator).
"""

from __future__ import annotations

ENTITY = {"VALUE": 0.99, "UNIT": 0.99, "INDICATOR": 0.88, "CITY": 0.88, "YEAR": 0.93, "BASELINE": 0.97}

LINK = {
    "unit.unit": 0.99,
    "indicator.own": 0.89,
    "indicator.after": 0.85,
    "indicator.item": 0.93,
    "indicator.carried": 0.9,
    "indicator.respective": 0.7,
    "region.clause": 0.9,
    "region.sentence": 0.9,
    "region.paragraph": 0.83,
    "region.list": 0.98,
    "region.behind": 0.28,
    "year.clause": 0.95,
    "year.sentence": 0.97,
    "year.paragraph": 0.84,
    "year.local": 0.99,
    "baseline.frame": 0.96,
    "baseline.yoy": 0.99,
}
"""Kind of link and way it was found (``zhibiao.rules.model.Link.way``)."""
