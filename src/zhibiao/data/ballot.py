"""The votes on one paragraph that several annotators marked, and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.schema import default_schema
from zhibiao.core.spans import RawSpan

Link = tuple[RawSpan, RawSpan, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that the annotators of a paragraph do not all have; offsets are those of its text.

    ``kind`` is span, relation or attribute, ``name`` the label, type or attribute. ``votes`` maps each answer to the
    annotators who gave it (``-``: not marked); ``decision`` is the answer that was taken.
    """

    id: str
    kind: str
    name: str
    start: int
    end: int
    text: str
    votes: Mapping[str, tuple[str, ...]]
    decision: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph id with its annotations by annotator, in order of precedence."""

    id: str
    given: Mapping[str, AnnotatedText]


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged paragraph and its conflicts."""

    annotated: AnnotatedText
    conflicts: tuple[Conflict, ...]
    ballot: _Ballot

    def decided_by(self, chosen: AnnotatedText) -> list[Conflict]:
        """The conflicts with the decisions that ``chosen`` stands for instead."""
        side = _Side.of(chosen)
        return [replace(c, decision=self.ballot.answer(c, side)) for c in self.conflicts]


@dataclass(frozen=True, slots=True)
class _Side:
    """What one annotator marked, by offsets."""

    labels: Mapping[RawSpan, str]
    links: Mapping[tuple[RawSpan, str], RawSpan]
    attributes: Mapping[RawSpan, Attributes]

    @classmethod
    def of(cls, annotated: AnnotatedText) -> _Side:
        span = {entity.id: entity.span for entity in annotated.entities}
        return cls(
            {entity.span: entity.label for entity in annotated.entities},
            {(span[r.head], r.type): span[r.tail] for r in annotated.relations},
            {span[a.entity]: a for a in annotated.attributes},
        )


class _Ballot:
    def __init__(self, paragraph: Paragraph, needed: Mapping[str, float], first_only: bool) -> None:
        self.id = paragraph.id
        self.sides = {name: _Side.of(annotated) for name, annotated in paragraph.given.items()}
        self.text = next(iter(paragraph.given.values())).text
        self._needed = needed
        self._first = next(iter(self.sides)) if first_only else None
        self.conflicts: list[Conflict] = []

    def passes(self, voters: Iterable[str], entitled: Iterable[str]) -> bool:
        """True if ``voters`` among ``entitled`` are enough under the policy."""
        for_it, all_of_them = set(voters), set(entitled)
        if self._first is not None:
            return self._first in for_it
        share = len(for_it) / len(all_of_them)
        return share > self._needed["above"] and share >= self._needed["least"]

    def spans(self) -> dict[RawSpan, str]:
        """The accepted spans with their labels, none overlapping another."""
        votes: dict[tuple[RawSpan, str], list[str]] = {}
        for name, side in self.sides.items():
            for span, label in side.labels.items():
                votes.setdefault((span, label), []).append(name)
        order = list(self.sides)
        accepted: dict[RawSpan, str] = {}
        for (span, label), voters in sorted(votes.items(), key=lambda v: (-len(v[1]), order.index(v[1][0]), v[0])):
            free = not any(span.start < other.end and other.start < span.end for other in accepted)
            if free and self.passes(voters, self.sides):
                accepted[span] = label
        return accepted

    def links(self, accepted: Mapping[RawSpan, str]) -> list[Link]:
        """The accepted relations between accepted spans, at most one of each type from a VALUE."""
        schema = default_schema()
        links: list[Link] = []
        for head in (span for span, label in accepted.items() if label == schema.head):
            entitled = [name for name, side in self.sides.items() if side.labels.get(head) == schema.head]
            for kind, relation in schema.relations.items():
                votes: dict[RawSpan, list[str]] = {}
                for name in entitled:
                    tail = self.sides[name].links.get((head, kind))
                    if tail is not None and accepted.get(tail) in relation.tails:
                        votes.setdefault(tail, []).append(name)
                for tail, voters in sorted(votes.items(), key=lambda v: (-len(v[1]), entitled.index(v[1][0]))):
                    both = [name for name in entitled if tail in self.sides[name].labels]
                    if self.passes(voters, both):
                        links.append((head, tail, kind))
                        break
        return links

    def attributes(self, head: RawSpan) -> Attributes | None:
        """The attributes of an accepted VALUE; None if nobody gave it any."""
        given = [side.attributes[head] for side in self.sides.values() if head in side.attributes]
        if not given:
            return None
        chosen = {name: _most([getattr(item, name) for item in given]) for name in ATTRIBUTE_NAMES}
        if self._first is not None:
            return given[0]
        chosen["trend"] = _most([item.trend for item in given if item.measure == chosen["measure"]])
        return Attributes("", *(chosen[name] for name in ATTRIBUTE_NAMES))

    def answer(self, conflict: Conflict, side: _Side) -> str:
        """What ``side`` says to the question of ``conflict``."""
        span = RawSpan(conflict.start, conflict.end)
        if conflict.kind == "span":
            return side.labels.get(span, "-")
        if conflict.kind == "relation":
            tail = side.links.get((span, conflict.name))
            return "-" if tail is None else self.quote(tail)
        given = side.attributes.get(span)
        return "-" if given is None else str(getattr(given, conflict.name))

    def quote(self, span: RawSpan) -> str:
        return f"{self.text[span.start : span.end]} [{span.start}, {span.end})"

    def find_conflicts(self, result: AnnotatedText) -> list[Conflict]:
        """Every span, relation and attribute on which the annotators differ, with what ``result`` has."""
        head_label = default_schema().head
        questions: dict[tuple[str, str, RawSpan], None] = {}
        for side in self.sides.values():
            questions.update({("span", "label", span): None for span in side.labels})
            questions.update({("relation", kind, head): None for head, kind in side.links})
            questions.update({("attribute", name, head): None for head in side.attributes for name in ATTRIBUTE_NAMES})
        final, found = _Side.of(result), []
        for kind, name, span in sorted(questions, key=lambda q: (q[2], q[0] != "span", q[0], q[1])):
            blank = Conflict(self.id, kind, name, span.start, span.end, self.text[span.start : span.end], {}, "")
            votes: dict[str, list[str]] = {}
            for annotator, side in self.sides.items():
                # Whoever has no such VALUE disagrees once, on the span, and not again on all that hangs on it.
                if kind == "span" or side.labels.get(span) == head_label:
                    votes.setdefault(self.answer(blank, side), []).append(annotator)
            if len(votes) > 1:
                ayes = {answer: tuple(names) for answer, names in votes.items()}
                found.append(replace(blank, votes=ayes, decision=self.answer(blank, final)))
        return found


def merge_paragraph(paragraph: Paragraph, *, needed: Mapping[str, float], first_only: bool) -> Merged:
    """Take over what more than ``needed["above"]`` and at least ``needed["least"]`` of the annotators have.

    ``first_only`` takes over the first annotator's instead. Entities are numbered T1, T2 ... in the order of the text.
    """
    ballot = _Ballot(paragraph, needed, first_only)
    accepted = ballot.spans()
    links = ballot.links(accepted)
    head_label = default_schema().head
    linked = {tail for _, tail, _ in links}
    spans = sorted(span for span, label in accepted.items() if label == head_label or span in linked)
    name = {span: f"T{i}" for i, span in enumerate(spans, 1)}
    heads = [(name[s], ballot.attributes(s)) for s in spans if accepted[s] == head_label]
    order = list(default_schema().relations)
    links.sort(key=lambda link: (link[0], order.index(link[2])))
    meta: dict[str, str] = {}
    for annotated in paragraph.given.values():
        meta |= {key: value for key, value in annotated.meta.items() if not meta.get(key)}
    result = AnnotatedText(
        id=paragraph.id,
        text=ballot.text,
        meta=meta,
        entities=tuple(RawEntity(name[span], accepted[span], span) for span in spans),
        relations=tuple(Relation(name[head], name[tail], kind) for head, tail, kind in links),
        attributes=tuple(replace(given, entity=key) for key, given in heads if given is not None),
    )
    return Merged(result, tuple(ballot.find_conflicts(result)), ballot)


def _most(values: list[str]) -> str:
    """The most frequent value, of equally frequent ones the first."""
    return max(values, key=values.count)
