"""Documents of the schema for the tests of the Label Studio conversion, drawn at random and written by hand."""

from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.schema import default_schema
from zhibiao.core.spans import RawSpan

SCHEMA = default_schema()

# A machine that is busy is no fault.
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXAMPLE = AnnotatedText(
    id="yangzhou-01#1",
    text="1至8月,全市在建亿元以上工业项目共计146个,较1至7月增加12个。",
    meta={"city": "扬州市", "date": "2024-09-20", "source": "news"},
    entities=(
        RawEntity("T1", "YEAR", RawSpan(0, 4)),
        RawEntity("T2", "CITY", RawSpan(5, 7)),
        RawEntity("T3", "INDICATOR", RawSpan(7, 17)),
        RawEntity("T4", "VALUE", RawSpan(19, 22)),
        RawEntity("T5", "UNIT", RawSpan(22, 23)),
        RawEntity("T6", "BASELINE", RawSpan(25, 29)),
        RawEntity("T7", "VALUE", RawSpan(31, 33)),
        RawEntity("T8", "UNIT", RawSpan(33, 34)),
    ),
    relations=(
        Relation("T4", "T5", "unit"),
        Relation("T4", "T3", "indicator"),
        Relation("T4", "T2", "region"),
        Relation("T4", "T1", "year"),
        Relation("T7", "T8", "unit"),
        Relation("T7", "T3", "indicator"),
        Relation("T7", "T6", "baseline"),
    ),
    attributes=(
        Attributes("T4", "level", "none", "actual", "exact"),
        Attributes("T7", "change", "up", "actual", "exact"),
    ),
)

# Everything that is text: line ends of all kinds, emoji, characters outside the BMP, markup, combining characters.
_PIECES = st.sampled_from(
    [
        "\t",
        " ",
        "\r\n",
        "\r",
        "\n",
        "💩",
        "𠮷",
        "👨‍👩‍👧",
        "é",
        "\ufeff",
        "\u2028",
        "\x0b",
        "\\n",
        "<br/>",
        "&amp;",
        "$text",
        "\t",
        " ",
    ]
)
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
STRINGS = st.text(CHARACTERS, max_size=6)
TEXTS = st.lists(
    _PIECES | st.text(CHARACTERS, max_size=8) | st.sampled_from(["全市146个", "增长5.7%"]), max_size=10
).map("".join)
_IDS = st.one_of(st.integers(0, 30).map("T{}".format), STRINGS, st.sampled_from(["r1", "r2", "T01", "#", "T3#x", ""]))
_SCORES = st.none() | st.floats(0, 1) | st.sampled_from([0, 1])


@st.composite
def _spans(draw, text):
    """Flat spans of ``text`` that cut no \\r\\n in two."""
    allowed = [i for i in range(len(text) + 1) if text[max(0, i - 1) : i + 1] != "\r\n"]
    bounds = sorted(draw(st.lists(st.sampled_from(allowed), unique=True, max_size=14)))
    return [RawSpan(*pair) for pair in pairwise(bounds) if draw(st.booleans())]


@st.composite
def documents(draw, scores=_SCORES):
    """A document of the schema: flat, unique ids, relations and attributes of VALUEs only; in any order."""
    text = draw(TEXTS)
    spans = draw(_spans(text))
    ids = draw(st.lists(_IDS, min_size=len(spans), max_size=len(spans), unique=True))
    entities = [
        RawEntity(name, draw(st.sampled_from(list(SCHEMA.labels))), span, draw(st.none() | STRINGS), draw(scores))
        for name, span in zip(ids, spans, strict=True)
    ]
    heads = [entity.id for entity in entities if entity.label == SCHEMA.head]
    relations, attributes = [], []
    if heads:
        triples = st.tuples(st.sampled_from(heads), st.sampled_from(ids), st.sampled_from(list(SCHEMA.relations)))
        relations = [Relation(*triple) for triple in draw(st.lists(triples, max_size=8, unique=True))]
        chosen = draw(st.lists(st.sampled_from(heads), unique=True))
        attributes = [Attributes(h, *(draw(_values(a)) for a in SCHEMA.attributes.values())) for h in chosen]
        attributes = [item for item in attributes if any((item.measure, item.trend, item.status, item.bound))]
    if draw(st.booleans()):
        entities, relations = draw(st.permutations(entities)), draw(st.permutations(relations))
    else:
        types = list(SCHEMA.relations)
        relations.sort(key=lambda r: (ids.index(r.head), types.index(r.type), ids.index(r.tail)))
        attributes.sort(key=lambda a: ids.index(a.entity))
    meta = draw(
        st.dictionaries(STRINGS | st.sampled_from(["city", "text", "id", "sha256", "meta"]), STRINGS, max_size=4)
    )
    return AnnotatedText(draw(STRINGS), text, meta, tuple(entities), tuple(relations), tuple(attributes))


def _values(attribute):
    """A value of the attribute, now and then none: annotators forget one."""
    return st.sampled_from([*attribute.values, *attribute.values, ""])
