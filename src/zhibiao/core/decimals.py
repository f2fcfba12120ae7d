"""Exact decimals as people write them."""

from __future__ import annotations

from decimal import Decimal


def plain(number: Decimal) -> str:
    """Positional notation without trailing zeros: ``13270000000``, ``0.5``, ``-3.2``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
