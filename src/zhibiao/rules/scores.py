"""Confidence of what the rules find, by the way it was found.

Precision of each way on the training paragraphs (authored and real news together); measured by running RuleSystem on them and
counting, for every way, the links whose both ends are as annotated.
"""

from __future__ import annotations

ENTITY = {"VALUE": 0.98, "UNIT": 0.98, "INDICATOR": 0.85, "CITY": 0.9, "YEAR": 0.9, "BASELINE": 0.9}

WAYS = {
    "unit": 0.99,
    "own": 0.85,
    "after": 0.8,
    "item": 0.85,
    "carried": 0.85,
    "respective": 0.85,
    "clause": 0.9,
    "sentence": 0.9,
    "paragraph": 0.8,
    "local": 0.9,
    "list": 0.9,
    "behind": 0.4,
    "frame": 0.9,
    "yoy": 0.97,
}
