"""What the rule system says about one paragraph, in the form the model reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhibiao.core.records import Attributes
from zhibiao.core.spans import Span
from zhibiao.rules.clauses import titles
from zhibiao.rules.regions import Mention, find_regions
from zhibiao.rules.system import annotate_paragraph


@dataclass(frozen=True, slots=True)
class RuleLink:
    """One relation by the rules."""

    value: Span
    tail: Span
    type: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """Spans with labels, links and attributes (by VALUE) of the rule system, and every region mention it saw."""

    spans: Mapping[Span, str] = field(default_factory=dict)
    links: tuple[RuleLink, ...] = ()
    attributes: Mapping[Span, Attributes] = field(default_factory=dict)
    regions: tuple[Mention, ...] = ()


def rule_view(text: str) -> RuleView:
    """The rules' view of a paragraph of normalised text."""
    annotation = annotate_paragraph(text)
    spans = {e.id: e.span for e in annotation.entities}
    books = [piece for piece in titles(text) if text[piece.start] == "《"]
    return RuleView(
        spans={e.span: e.label for e in annotation.entities},
        links=tuple(RuleLink(spans[r.head], spans[r.tail], r.type) for r in annotation.relations),
        attributes={spans[a.entity]: a for a in annotation.attributes},
        regions=tuple(find_regions(text, books)),
    )
