"""The labeling interface: complete by the schema, and a project whose interface has lost a part is found out."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from annotate_examples import EXAMPLE, SCHEMA

from zhibiao.annotate.interface import config_problems, labeling_config
from zhibiao.annotate.results import to_results
from zhibiao.core.schema import AttributeType, Label

XML = labeling_config(SCHEMA)
ROOT = ET.fromstring(XML)


def values(tag, name=None):
    (found,) = [item for item in ROOT.iter(tag) if name is None or item.get("name") == name]
    return [child.get("alias") or child.get("value") for child in found]


def test_it_has_every_label_relation_and_attribute_value_in_the_order_of_the_schema():
    assert values("Labels", "label") == list(SCHEMA.labels)
    assert values("Relations") == list(SCHEMA.relations)
    for name, attribute in SCHEMA.attributes.items():
        assert values("Choices", name) == list(attribute.values)


def test_it_is_shown_in_chinese_with_the_colours_of_the_schema():
    for item in ROOT.iter("Label"):
        label = SCHEMA.labels[item.get("alias")]
        assert (item.get("value"), item.get("background")) == (label.name, label.color)
    assert [item.get("value") for item in ROOT.iter("Header")] == [a.name for a in SCHEMA.attributes.values()]
    for item in ROOT.iter("Choice"):
        assert re.fullmatch(r"[\u4e00-\u9fff]+", item.get("value"))


def test_every_key_has_one_meaning_and_none_is_a_key_of_the_page():
    keys = [item.get("hotkey") for item in ROOT.iter() if item.get("hotkey")]
    assert len(keys) == len(SCHEMA.labels) + sum(len(a.values) for a in SCHEMA.attributes.values())
    assert len(set(keys)) == len(keys)
    assert "u" not in keys  # unselects a region


def test_attributes_are_asked_of_each_value_and_of_nothing_else():
    for item in ROOT.iter("Choices"):
        assert (item.get("perRegion"), item.get("whenTagName"), item.get("whenLabelValue")) == (
            "true",
            "label",
            "VALUE",
        )
        assert item.get("required") == "true"


def test_single_characters_can_be_marked():
    (text,) = ROOT.iter("Text")
    assert (text.get("name"), text.get("value"), text.get("granularity")) == ("text", "$text", "symbol")


def test_its_own_interface_has_no_problems():
    assert config_problems(XML, SCHEMA) == []


def test_what_an_owner_adds_is_no_problem():
    more = XML.replace("</Labels>", '<Label value="TODO"/></Labels>').replace(
        "</Relations>", '<Relation value="see"/></Relations><TextArea name="note" toName="text"/>'
    )
    assert config_problems(more, SCHEMA) == []


@pytest.mark.parametrize(
    ("pattern", "replacement", "problem"),
    [
        (r"<View", "<Vie", "the labeling configuration is not valid XML: "),
        (r'<Label [^>]*alias="UNIT"[^>]*/>', "", "Labels label: the value UNIT is missing"),
        (r'alias="UNIT"', 'alias="MEASURE"', "Labels label: the value UNIT is missing"),
        (r'<Relation value="year" />', "", "Relations: the type year is missing"),
        (r'<Choice [^>]*alias="min"[^>]*/>', "", "Choices bound: the value min is missing"),
        (r'name="trend"', 'name="direction"', '<Choices name="trend" toName="text"> is missing'),
        (r'name="label"', 'name="entity"', '<Labels name="label" toName="text"> is missing'),
        (r'name="text"', 'name="body"', '<Text name="text" value="$text"> is missing'),
        (r'value="\$text"', 'value="$body"', "Text text: it shows '$body', $text is expected"),
        (r'granularity="symbol"', 'granularity="word"', "Text text: granularity is 'word', symbol is expected"),
        (r'granularity="symbol"', 'encoding="base64"', "Text text: it does not show the text itself"),
        (r'(name="bound"[^>]*)perRegion="true"', r"\1", 'Choices bound: perRegion="true" is missing'),
        (
            r'(name="bound"[^>]*)whenLabelValue="VALUE"',
            r'\1whenLabelValue="UNIT"',
            "Choices bound: it is not offered for",
        ),
    ],
)
def test_a_part_that_is_missing_is_named(pattern, replacement, problem):
    changed, count = re.subn(pattern, replacement, XML, count=1)
    assert count == 1
    assert any(found.startswith(problem) for found in config_problems(changed, SCHEMA)), config_problems(
        changed, SCHEMA
    )


def test_another_schema_gives_another_interface():
    many = {str(n): f"value {n}" for n in range(9)}
    schema = replace(
        SCHEMA,
        labels={**SCHEMA.labels, "A<B": Label("A<B", '"甲"&', "x", "#000000")},
        attributes={"other": AttributeType("other", "其他", many)},
    )
    assert config_problems(labeling_config(schema), schema) == []
    assert config_problems(XML, schema) == [
        "Labels label: the value A<B is missing",
        '<Choices name="other" toName="text"> is missing',
    ]
    assert 'value="0" alias="0"' in labeling_config(schema)


def test_the_sdk_takes_the_interface_and_a_prediction():
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface(XML)
    interface.validate()
    prediction = {"result": to_results(EXAMPLE), "model_version": "rules", "score": 0.5}
    assert interface.validate_prediction(prediction, return_errors=True) == []
