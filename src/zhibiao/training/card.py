"""The model card that every checkpoint carries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from zhibiao.core.ledger import Ledger
from zhibiao.training.config import Config, to_dict


def model_card(config: Config, metrics: Mapping[str, float], ledger: Ledger, provenance: Mapping[str, Any]) -> str:
    """Markdown: what it is, what it was trained on, dev figures, what was lost, limits."""
    dev = (*config.data.dev, *config.data.optional_dev)
    named = ", ".join(f"`{path}`" for path in provenance["data"] if path in dev)
    lines = [
        "# zhibiao model",
        "",
        "Spans, relations and attributes of measured statements in Chinese regional-economy text; a BERT whose piece",
        "states are lifted to characters, with a tag head, a pair scorer and an attribute head. The rules' output, the",
        "gazetteer and the period and number patterns are input features.",
        "",
        "## Trained on",
        "",
        *(f"- `{path}` (sha256 `{digest[:16]}…`)" for path, digest in provenance["data"].items() if path not in dev),
        "",
        f"In {provenance['seconds'] / 60:.0f} minutes; chosen at step {provenance['best_step']} by the records F1 on",
        f"{named} (development data, so a little optimistic).",
        "",
        "| figure | value |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in metrics.items()),
        "",
        "## Encoder it started from",
        "",
        *(_about_encoder(config.model.encoder)),
        "",
        "## Gold that cannot be learned or predicted",
        "",
        *([f"- {kind}: {count}" for kind, count in sorted(ledger.counts.items())] or ["- none"]),
        "",
        "## Limits",
        "",
        "One annotator; news and government prose of 2010 to 2025; paragraph by paragraph, so an argument named only",
        "in another paragraph is not found. Figures of firms, sports or science are outside what it was trained for.",
        "",
        "## Configuration and versions",
        "",
        "```yaml",
        yaml.safe_dump(
            to_dict(config) | {"versions": provenance["versions"]}, allow_unicode=True, sort_keys=False
        ).rstrip(),
        "```",
        "",
    ]
    return "\n".join(lines)


def _about_encoder(name: str) -> list[str]:
    """Its name, and what its own card says, headings left aside."""
    card = Path(name) / "README.md"
    about = card.read_text(encoding="utf-8").splitlines() if card.is_file() else []
    return [f"`{name}`", *(["", *(line for line in about if not line.startswith("#"))] if about else [])]
