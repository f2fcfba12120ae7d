"""schema.yaml is read as it stands; what contradicts itself is refused."""

import pytest

from zhibiao.core.errors import SchemaError
from zhibiao.core.schema import Schema


def test_the_shipped_schema_is_that_of_the_guideline():
    schema = Schema.load()
    assert list(schema.labels) == ["VALUE", "UNIT", "INDICATOR", "CITY", "BASELINE", "YEAR"]
    assert list(schema.relations) == ["unit", "indicator", "region", "year", "baseline"]
    assert {name: list(a.values) for name, a in schema.attributes.items()} == {
        "measure": ["level", "growth", "change", "share", "rank"],
        "trend": ["up", "down", "none"],
        "status": ["actual", "target", "estimate"],
        "bound": ["exact", "min", "max", "approx"],
    }
    assert schema.relations["region"].tails == ("CITY", "BASELINE")


MINIMAL = """
version: 1
head: A
labels:
  A: {name: 甲, definition: x, color: "#000000"}
relations:
  r: {name: 关系, tails: [A]}
attributes:
  m: {name: 属性, values: {yes: x}}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("head: A", "head: B", "head 'B' is none of the labels"),
        ("tails: [A]", "tails: [B]", "relations.r.tails"),
        ("tails: [A]", "tails: []", "relations.r.tails"),
        ("definition: x, ", "", "labels.A"),
        ("version: 1", "version: 1\nextra: 2", "extra"),
        ("labels:", "labels: [", "not valid YAML"),
    ],
)
def test_a_contradiction_is_named(tmp_path, old, new, message):
    path = tmp_path / "schema.yaml"
    path.write_text(MINIMAL, encoding="utf-8")
    assert Schema.load(path).head == "A"
    path.write_text(MINIMAL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError, match=message):
        Schema.load(path)
