"""Comparing the clean forms (surfaces) of spans, as the reference scorer of the guideline does."""

from __future__ import annotations

import unicodedata


def fold(surface: str) -> str:
    """``surface`` in NFKC without any white space: two surfaces that fold alike are the same surface."""
    return "".join(unicodedata.normalize("NFKC", surface).split())
