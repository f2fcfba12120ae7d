"""Every difference between gold and prediction, classed, with the sentence it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhibiao.core.codec import ATTRIBUTE_NAMES
from zhibiao.core.records import AnnotatedText
from zhibiao.evaluation.excerpt import Excerpts
from zhibiao.evaluation.lenient import maximum_matching, overlapping
from zhibiao.evaluation.match import Fact, LocatedFact, Offsets, RelationItem, SpanItem, View, fact_slots

# The classes of errors in the order of the report, with what each one means.
KINDS = {
    "span_boundary": "a gold span met by a predicted span of the same label that overlaps it with other boundaries",
    "span_label": "a gold span whose exact boundaries were predicted with another label",
    "span_missed": "a gold span that no predicted span answers to in either of these ways",
    "span_spurious": "a predicted span that answers to no gold span",
    "relation_tail": "a gold relation whose VALUE has a predicted relation of the same type to another tail",
    "relation_missed": "a gold relation whose VALUE has no predicted relation of that type",
    "relation_spurious": "a predicted relation whose VALUE has no gold relation of that type",
    "attribute": "an attribute with another value on a VALUE that was found exactly",
    "attributes_missing": "a VALUE that was found exactly but was given no attributes",
    "fact_slots": "a gold fact whose value was found in the document with other surfaces in some slots",
    "fact_missed": "a gold fact whose value was not found in the document",
    "fact_spurious": "a predicted fact whose value answers to no gold fact of the document",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference; offsets are those of the paragraph ``id``, half-open, in code points.

    ``name`` is the label, relation type, attribute, or the slots of a fact that differ. ``start``, ``end`` and ``text``
    belong to the span it is about: the gold one, or the predicted one where there is no gold one; the VALUE of a
    relation, attribute or fact. ``gold`` and ``predicted`` say what was expected and got, None for nothing; ``note``
    says why, where the spans tell.
    """

    kind: str
    id: str
    name: str
    start: int
    end: int
    text: str
    gold: str | None
    predicted: str | None
    sentence: str
    note: str = ""


def count_mistakes(mistakes: Iterable[Mistake]) -> dict[str, dict[str, int]]:
    """How many mistakes of each kind and name there are; kinds in the order of ``KINDS``, names by falling count."""
    counts: dict[str, Counter[str]] = {}
    for mistake in mistakes:
        counts.setdefault(mistake.kind, Counter())[mistake.name] += 1
    return {
        kind: dict(sorted(counts[kind].items(), key=lambda item: (-item[1], item[0])))
        for kind in KINDS
        if kind in counts
    }


def paragraph_mistakes(doc: AnnotatedText, gold: View, predicted: View) -> list[Mistake]:
    """Every difference in spans, relations and attributes of the gold paragraph ``doc``, in the order of the text."""
    paragraph = _Paragraph(doc)
    found = [
        *_span_mistakes(paragraph, gold, predicted),
        *_relation_mistakes(paragraph, gold, predicted),
        *_attribute_mistakes(paragraph, gold, predicted),
    ]
    order = {kind: i for i, kind in enumerate(KINDS)}
    return sorted(found, key=lambda m: (m.start, m.end, order[m.kind], m.name, m.gold or "", m.predicted or ""))


class _Paragraph:
    """Makes the mistakes of one paragraph, with text and sentence from its offsets."""

    def __init__(self, doc: AnnotatedText) -> None:
        self._doc = doc
        self._excerpts = Excerpts(doc.text)

    def quote(self, span: Offsets) -> str:
        return f"{self._doc.text[span[0] : span[1]]} [{span[0]}, {span[1]})"

    def mistake(
        self, kind: str, name: str, span: Offsets, *, gold: str | None, predicted: str | None, note: str = ""
    ) -> Mistake:
        text, sentence = self._doc.text[span[0] : span[1]], self._excerpts.around(*span)
        return Mistake(kind, self._doc.id, name, *span, text, gold, predicted, sentence, note)


def _span_mistakes(paragraph: _Paragraph, gold: View, predicted: View) -> Iterator[Mistake]:
    missed = sorted((gold.spans - predicted.spans).elements())
    spurious = sorted((predicted.spans - gold.spans).elements())

    def same_boundaries(a: Sequence[SpanItem], b: Sequence[SpanItem]) -> list[list[int]]:
        return [[j for j in near if b[j][:2] == a[i][:2]] for i, near in enumerate(_near(a, b))]

    def same_label(a: Sequence[SpanItem], b: Sequence[SpanItem]) -> list[list[int]]:
        return [[j for j in near if b[j][2] == a[i][2]] for i, near in enumerate(_near(a, b))]

    relabelled, missed, spurious = _take(missed, spurious, same_boundaries)
    moved, missed, spurious = _take(missed, spurious, same_label)
    for a, b in relabelled:
        yield paragraph.mistake("span_label", a[2], a[:2], gold=a[2], predicted=b[2])
    for a, b in moved:
        yield paragraph.mistake(
            "span_boundary", a[2], a[:2], gold=paragraph.quote(a[:2]), predicted=paragraph.quote(b[:2])
        )
    for a in missed:
        yield paragraph.mistake("span_missed", a[2], a[:2], gold=paragraph.quote(a[:2]), predicted=None)
    for b in spurious:
        yield paragraph.mistake("span_spurious", b[2], b[:2], gold=None, predicted=paragraph.quote(b[:2]))


def _near(a: Sequence[SpanItem], b: Sequence[SpanItem]) -> list[list[int]]:
    return overlapping([item[:2] for item in a], [item[:2] for item in b])


def _take(
    missed: list[SpanItem],
    spurious: list[SpanItem],
    candidates: Callable[[Sequence[SpanItem], Sequence[SpanItem]], list[list[int]]],
) -> tuple[list[tuple[SpanItem, SpanItem]], list[SpanItem], list[SpanItem]]:
    pairs = maximum_matching(candidates(missed, spurious))
    taken = set(pairs.values())
    return (
        [(missed[i], spurious[j]) for i, j in sorted(pairs.items())],
        [item for i, item in enumerate(missed) if i not in pairs],
        [item for j, item in enumerate(spurious) if j not in taken],
    )


def _relation_mistakes(paragraph: _Paragraph, gold: View, predicted: View) -> Iterator[Mistake]:
    missed = sorted((gold.relations - predicted.relations).elements())
    spurious: dict[tuple[int, int, str], list[RelationItem]] = {}
    for item in sorted((predicted.relations - gold.relations).elements()):
        spurious.setdefault((item[0], item[1], item[4]), []).append(item)
    gold_spans, predicted_spans = ({item[:2] for item in side.spans} for side in (gold, predicted))
    for item in missed:
        head, tail = item[:2], item[2:4]
        others = spurious.get((*head, item[4]), [])
        other = others.pop(0) if others else None
        yield paragraph.mistake(
            "relation_tail" if other else "relation_missed",
            item[4],
            head,
            gold=paragraph.quote(tail),
            predicted=paragraph.quote(other[2:4]) if other else None,
            note=_why(head, tail, predicted_spans, "predicted"),
        )
    for item in (item for items in spurious.values() for item in items):
        head, tail = item[:2], item[2:4]
        note = _why(head, tail, gold_spans, "in the gold")
        yield paragraph.mistake(
            "relation_spurious", item[4], head, gold=None, predicted=paragraph.quote(tail), note=note
        )


def _why(head: Offsets, tail: Offsets, spans: set[Offsets], side: str) -> str:
    absent = [name for name, span in (("head", head), ("tail", tail)) if span not in spans]
    if absent:
        return f"{' and '.join(absent)} not {side} with these boundaries"
    return f"both ends {side}, not linked so"


def _attribute_mistakes(paragraph: _Paragraph, gold: View, predicted: View) -> Iterator[Mistake]:
    for span, values in gold.attributes.items():
        if values is None or span not in predicted.attributes:
            continue
        others = predicted.attributes[span]
        if others is None:
            yield paragraph.mistake("attributes_missing", "all", span, gold=", ".join(values), predicted=None)
            continue
        for name, a, b in zip(ATTRIBUTE_NAMES, values, others, strict=True):
            if a != b:
                yield paragraph.mistake("attribute", name, span, gold=a, predicted=b)


def fact_mistakes(
    gold: Sequence[LocatedFact], predicted: Sequence[LocatedFact], excerpt: Callable[[str, str, Offsets], str]
) -> list[Mistake]:
    """Every difference in the facts of one document; facts of one value are paired by how many slots they share.

    ``excerpt`` gives the marked sentence of a side ("gold" or "predicted"), a paragraph id and the offsets of a VALUE.
    """
    missed, spurious = _subtract(gold, predicted), _subtract(predicted, gold)
    partner = _pair_facts(missed, spurious)
    taken = set(partner.values())
    mistakes = []
    for i, one in enumerate(missed):
        other = spurious[partner[i]] if i in partner else None
        mistakes.append(_fact_mistake(one, other, excerpt("gold", one.id, one.span)))
    for j, other in enumerate(spurious):
        if j not in taken:
            mistakes.append(_fact_mistake(None, other, excerpt("predicted", other.id, other.span)))
    return mistakes


def _pair_facts(missed: Sequence[LocatedFact], spurious: Sequence[LocatedFact]) -> dict[int, int]:
    by_value: dict[str, list[int]] = {}
    for j, item in enumerate(spurious):
        by_value.setdefault(item.fact[0], []).append(j)
    ranked = sorted(
        (len(_differing(item.fact, spurious[j].fact)), i, j)
        for i, item in enumerate(missed)
        for j in by_value.get(item.fact[0], ())
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def _differing(one: Fact, other: Fact) -> list[str]:
    return [slot for slot, a, b in zip(fact_slots(), one, other, strict=True) if a != b]


def _subtract(these: Sequence[LocatedFact], those: Sequence[LocatedFact]) -> list[LocatedFact]:
    left = Counter(item.fact for item in those)
    rest = []
    for item in sorted(these, key=lambda item: (item.fact, item.id, item.span)):
        if left[item.fact]:
            left[item.fact] -= 1
        else:
            rest.append(item)
    return rest


def _fact_mistake(gold: LocatedFact | None, predicted: LocatedFact | None, sentence: str) -> Mistake:
    if gold and predicted:
        kind, name, at = "fact_slots", "+".join(_differing(gold.fact, predicted.fact)), gold
    elif gold:
        kind, name, at = "fact_missed", "value", gold
    elif predicted:
        kind, name, at = "fact_spurious", "value", predicted
    else:
        raise ValueError("a mistake needs a gold or a predicted fact")
    first, second = (" | ".join(item.fact) if item else None for item in (gold, predicted))
    return Mistake(kind, at.id, name, *at.span, at.fact[0], first, second, sentence)
