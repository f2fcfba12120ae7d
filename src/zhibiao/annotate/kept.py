"""What Label Studio has no place for and the task data keeps: ids, surfaces and an order that is not the usual one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from zhibiao.annotate.sent import SentText
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.schema import Schema

_Item = TypeVar("_Item")
_Triple = tuple[str, str, str]

# Ids that a region can have as they are: a page builds style names of them and cuts them at "#".
_PLAIN_ID_RE = re.compile(r"T[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept beside the results of one text; every part is empty for the usual text.

    ``ids`` maps the id of a region to that of its entity where they differ, ``surfaces`` the offsets in the sent text
    to the surface. ``entities``, ``relations`` and ``attributes`` are the order of each where it is not that of the
    spans, by entity ids.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    surfaces: Mapping[tuple[int, int], str] = field(default_factory=dict)
    entities: Sequence[str] = ()
    relations: Sequence[_Triple] = ()
    attributes: Sequence[str] = ()

    @classmethod
    def of(cls, text: AnnotatedText, sent: SentText, schema: Schema) -> Kept:
        """What must be kept of ``text``, all spans of which are spans of ``sent``."""
        other = [entity.id for entity in text.entities if not _PLAIN_ID_RE.fullmatch(entity.id)]
        spans = {entity: sent.to_sent(entity.span) or (0, 0) for entity in text.entities if entity.surface is not None}
        order = Order(text.entities, schema)
        triples = [(r.head, r.tail, r.type) for r in text.relations]
        return cls(
            ids={f"r{number}": name for number, name in enumerate(other, 1)},
            surfaces={span: entity.surface or "" for entity, span in spans.items()},
            entities=_unusual([entity.id for entity in text.entities], order.entity),
            relations=_unusual(triples, order.relation),
            attributes=_unusual([a.entity for a in text.attributes], order.entity),
        )

    @classmethod
    def from_json(cls, raw: Any) -> Kept:
        """What ``to_json`` made; a part that is missing or damaged is empty."""
        given = raw if isinstance(raw, dict) else {}
        ids = given.get("ids")
        return cls(
            ids={k: v for k, v in ids.items() if isinstance(v, str)} if isinstance(ids, dict) else {},
            surfaces={
                (item[0], item[1]): item[2]
                for item in _lists(given, "surfaces")
                if list(map(type, item)) == [int, int, str]
            },
            entities=_strings(given.get("entities")),
            relations=[(i[0], i[1], i[2]) for i in _lists(given, "relations") if len(_strings(i)) == len(i) == 3],
            attributes=_strings(given.get("attributes")),
        )

    def to_json(self) -> dict[str, Any]:
        """The parts that are not empty, as values that ``json.dumps`` takes."""
        parts = {
            "ids": dict(self.ids),
            "surfaces": [[*span, surface] for span, surface in self.surfaces.items()],
            "entities": list(self.entities),
            "relations": [list(triple) for triple in self.relations],
            "attributes": list(self.attributes),
        }
        return {name: part for name, part in parts.items() if part}

    def regions(self, text: AnnotatedText) -> dict[str, str]:
        """The id of the region of each entity id of ``text``."""
        return {entity.id: entity.id for entity in text.entities} | {name: region for region, name in self.ids.items()}

    def entity_id(self, region: str) -> str | None:
        """The entity id that a region brings along; None for a region that was made in a page."""
        return self.ids.get(region, region if _PLAIN_ID_RE.fullmatch(region) else None)

    def in_order(
        self,
        entities: Sequence[RawEntity],
        relations: Iterable[Relation],
        attributes: Iterable[Attributes],
        schema: Schema,
    ) -> tuple[tuple[RawEntity, ...], tuple[Relation, ...], tuple[Attributes, ...]]:
        """All three in the order that was kept, what is new behind it in the order of the spans."""
        order = Order(entities, schema)
        placed = _ranked([(e.id, e) for e in entities], self.entities, order.entity)
        return (
            tuple(placed),
            tuple(_ranked([((r.head, r.tail, r.type), r) for r in relations], self.relations, order.relation)),
            tuple(_ranked([(a.entity, a) for a in attributes], self.attributes, order.entity)),
        )


class Order:
    """The usual order: entities by span; relations by head, type in the schema and tail; attributes by entity."""

    def __init__(self, entities: Sequence[RawEntity], schema: Schema) -> None:
        by_span = sorted(entities, key=lambda entity: entity.span)
        self._entity = {entity.id: number for number, entity in enumerate(by_span)}
        self._type = {name: number for number, name in enumerate(schema.relations)}

    def entity(self, name: str) -> tuple[int, ...]:
        """The sort key of an entity id."""
        return (self._entity[name],)

    def relation(self, triple: _Triple) -> tuple[int, ...]:
        """The sort key of head, tail and type."""
        head, tail, kind = triple
        return self._entity[head], self._type[kind], self._entity[tail]


def _unusual(given: Sequence[_Item], key: Callable[[_Item], tuple[int, ...]]) -> Sequence[_Item]:
    return given if list(given) != sorted(given, key=key) else ()


def _ranked(
    named: Sequence[tuple[Any, _Item]], listed: Sequence[Any], key: Callable[[Any], tuple[int, ...]]
) -> list[_Item]:
    rank = {name: number for number, name in enumerate(listed)}
    return [item for _, item in sorted(named, key=lambda n: (rank.get(n[0], len(rank)), key(n[0])))]


def _strings(raw: Any) -> list[str]:
    return [item for item in raw if isinstance(item, str)] if isinstance(raw, list) else []


def _lists(given: Mapping[str, Any], name: str) -> list[list[Any]]:
    raw = given.get(name)
    return [item for item in raw if isinstance(item, list)] if isinstance(raw, list) else []
