"""An annotated paragraph by its links: entities by id, the arguments of each VALUE, who points to an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhibiao.core.records import AnnotatedText, Attributes, RawEntity
from zhibiao.core.schema import default_schema


@dataclass(frozen=True, slots=True)
class Links:
    """Look-ups in ``annotated``; ``values`` are its VALUEs in the order of the text.

    ``tails`` maps the id of a VALUE to its arguments by relation type, ``heads`` the id of an argument to the (VALUE
    id, relation type) pairs that point to it. Relations that name unknown entities are left out.
    """

    annotated: AnnotatedText
    entities: Mapping[str, RawEntity]
    values: tuple[RawEntity, ...]
    tails: Mapping[str, Mapping[str, RawEntity]]
    heads: Mapping[str, tuple[tuple[str, str], ...]]
    attributes: Mapping[str, Attributes]

    @classmethod
    def of(cls, annotated: AnnotatedText) -> Links:
        """The links of ``annotated``."""
        entities = {entity.id: entity for entity in annotated.entities}
        tails: dict[str, dict[str, RawEntity]] = {}
        heads: dict[str, tuple[tuple[str, str], ...]] = {}
        for relation in annotated.relations:
            if relation.head in entities and relation.tail in entities:
                tails.setdefault(relation.head, {})[relation.type] = entities[relation.tail]
                heads[relation.tail] = (*heads.get(relation.tail, ()), (relation.head, relation.type))
        head_label = default_schema().head
        values = sorted((e for e in entities.values() if e.label == head_label), key=lambda e: e.span)
        return cls(annotated, entities, tuple(values), tails, heads, {a.entity: a for a in annotated.attributes})

    def tail(self, value: RawEntity, kind: str) -> RawEntity | None:
        """The argument of ``value`` of that relation type, if it has one."""
        return self.tails.get(value.id, {}).get(kind)

    def text(self, entity: RawEntity) -> str:
        """The characters that ``entity`` covers."""
        return self.annotated.text[entity.span.start : entity.span.end]

    def quantity_end(self, value: RawEntity) -> int:
        """Where ``value`` ends together with its unit, if the unit stands right after it."""
        unit = self.tail(value, "unit")
        return unit.span.end if unit is not None and unit.span.start == value.span.end else value.span.end
