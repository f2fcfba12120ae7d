"""Documents, annotations and records: the small typed values that travel through the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from zhibiao.core.spans import RawSpan, Span


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read, with what is known about it; unknown facts are empty strings.

    ``date`` is ISO 8601 (``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``). ``origin`` says where it came from, as a user would
    look it up: ``path`` or ``path:line``. ``encoding`` is the one it was decoded from.
    """

    id: str
    text: str
    title: str = ""
    date: str = ""
    city: str = ""
    source: str = ""
    origin: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Entity:
    """A labelled span of normalised text; ``score`` is a probability in [0, 1], 1.0 where nothing is known."""

    id: str
    label: str
    span: Span
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Relation:
    """``type`` leads from the entity ``head`` (a VALUE) to the entity ``tail``; ``score`` is the probability of this
    argument, its span included, for a VALUE that is right.
    """

    head: str
    tail: str
    type: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Attributes:
    """The four attributes of the VALUE ``entity``; allowed values are in ``schema.yaml``.

    ``score`` is the probability that all four are right and that the value has no argument beyond those linked;
    ``record_score`` that the value with all its arguments and attributes is right, None where only its parts have one.
    """

    entity: str
    measure: str
    trend: str
    status: str
    bound: str
    score: float = field(default=1.0, kw_only=True)
    record_score: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What was found in one text: entities in order of their spans, relations, attributes; ids are unique within it."""

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    attributes: tuple[Attributes, ...] = ()


@dataclass(frozen=True, slots=True)
class RawEntity:
    """A labelled span of a text as it was given, the form of GUIDELINES section 5.

    ``surface`` is the clean form where it differs from or is derived from the raw characters; ``score`` as in Entity.
    """

    id: str
    label: str
    span: RawSpan
    surface: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """One line of an annotation file: a text with gold or predicted annotations in its own offsets."""

    id: str
    text: str
    meta: Mapping[str, str] = field(default_factory=dict)
    entities: tuple[RawEntity, ...] = ()
    relations: tuple[Relation, ...] = ()
    attributes: tuple[Attributes, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number in a canonical unit.

    ``number`` is the number as written (132.7), ``value`` the signed number in ``unit`` (13270000000 元, -3.2 %);
    ``scale`` is the factor between them, the sign from the trend left aside. ``lower`` and ``upper`` are set where a
    bound or range says so (None: open or exact), ``approximate`` where the text says about. ``unit`` is canonical
    (元, 户, 人, %, 百分点, 位, ...), ``dimension`` its kind (currency, count, percent, percentage_point, rank, ...).
    """

    value: Decimal | None
    number: Decimal | None
    scale: Decimal
    unit: str
    dimension: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar days ``start`` to ``end``, both inclusive, ISO 8601; ``kind`` is year, quarter, months, month, half,
    plan, instant (a state at ``end``) or span. ``relative`` is true where the document's date was needed.
    """

    start: str
    end: str
    kind: str
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its code is GB/T 2260, ISO 3166-1 alpha-2 for other countries, empty for economic regions.

    ``path`` holds the names from the country down. ``evidence`` says how a stand-in or an ambiguous name was resolved.
    """

    name: str
    code: str
    level: str
    path: tuple[str, ...]
    evidence: str = ""


BaselineType = Literal[
    "year_on_year", "month_on_month", "quarter_on_quarter", "period", "region", "plan", "whole", "average", "other"
]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a value is compared with, typed; ``period`` and ``region`` are set where the type and the text give them."""

    type: BaselineType
    period: Period | None = None
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One argument of a record where it stands: clean surface, raw and normalised place, score."""

    surface: str
    raw: RawSpan
    span: Span
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """One measured statement, resolved.

    ``mentions`` holds the spans by role (value, unit, indicator, region, year, baseline). A field that could not be
    resolved is None and has its reason in ``unresolved``. ``confidence`` is the probability that the record is right.
    """

    id: str
    document_id: str
    mentions: Mapping[str, Mention]
    indicator: str | None
    quantity: Quantity | None
    region: Region | None
    period: Period | None
    baseline: Baseline | None
    measure: str
    trend: str
    status: str
    bound: str
    confidence: float
    sentence: str
    sentence_raw: RawSpan
    unresolved: Mapping[str, str] = field(default_factory=dict)
