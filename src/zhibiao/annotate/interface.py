"""The labeling interface of a Label Studio project: spans, relations and attributes per VALUE, from the schema."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from zhibiao.core.schema import Schema

# Names of the tags, which results refer to; an attribute's control has the name of the attribute.
TEXT = "text"
LABELS = "label"

# What a page shows for the values of attributes; the schema defines them in English. Without a caption: the value.
_CAPTIONS = {
    "level": "数额",
    "growth": "增长率",
    "change": "增减量",
    "share": "占比",
    "rank": "位次",
    "up": "上升",
    "down": "下降",
    "none": "无",
    "actual": "实际",
    "target": "目标",
    "estimate": "预计",
    "exact": "确切",
    "min": "至少",
    "max": "至多",
    "approx": "约数",
}
# One row of the keyboard for each attribute; a page has "u" and combinations with Alt and Ctrl for itself.
_ROWS = ("qwert", "asdfg", "zxcvb", "hjkl")
# Room between the lines for the captions of relations, which Label Studio draws above the text. The classes are those
# of its text field, which has no parameter for this.
_LINES = "[class*=richtext__container][class*=htx-richtext] { line-height: 40px }"


def labeling_config(schema: Schema) -> str:
    """The labeling configuration (XML) of a project.

    Labels and attribute values are stored by their ids and shown in Chinese; relations have no caption apart from their
    id. Single characters can be marked (``granularity="symbol"``). Digits choose labels, letters the attributes of the
    selected VALUE.
    """
    root = ET.Element("View", style="display: grid; grid-template-columns: minmax(0, 1fr) 15em; gap: 1.5em")
    main = ET.SubElement(root, "View")
    _add_labels(ET.SubElement(main, "View", style="position: sticky; top: 0; z-index: 1; background: inherit"), schema)
    ET.SubElement(main, "Style").text = _LINES
    ET.SubElement(main, "Text", name=TEXT, value="$text", granularity="symbol", saveTextResult="yes")
    relations = ET.SubElement(main, "Relations", choice="multiple")
    for name in schema.relations:
        ET.SubElement(relations, "Relation", value=name)
    _add_attributes(ET.SubElement(root, "View", style="position: sticky; top: 0; align-self: start"), schema)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _add_labels(parent: ET.Element, schema: Schema) -> None:
    labels = ET.SubElement(parent, "Labels", name=LABELS, toName=TEXT, choice="single", showInline="true")
    for number, label in enumerate(schema.labels.values(), 1):
        item = ET.SubElement(labels, "Label", value=label.name, alias=label.id, background=label.color)
        item.set("hint", f"{label.id}: {label.definition}")
        if number <= 9:
            item.set("hotkey", str(number))


def _add_attributes(parent: ET.Element, schema: Schema) -> None:
    for number, attribute in enumerate(schema.attributes.values()):
        only = {"whenTagName": LABELS, "whenLabelValue": schema.head}
        group = ET.SubElement(parent, "View", {"visibleWhen": "region-selected", **only})
        ET.SubElement(group, "Header", value=attribute.name, size="5")
        choices = ET.SubElement(
            group, "Choices", name=attribute.id, toName=TEXT, choice="single-radio", perRegion="true"
        )
        choices.attrib |= {"layout": "vertical", **only, "required": "true"}
        choices.set("requiredMessage", f"请为每个{schema.labels[schema.head].name}选择{attribute.name}")
        keys = _ROWS[number] if number < len(_ROWS) else ""
        for place, (value, definition) in enumerate(attribute.values.items()):
            item = ET.SubElement(choices, "Choice", value=_CAPTIONS.get(value, value), alias=value, hint=definition)
            if place < len(keys):
                item.set("hotkey", keys[place])


def config_problems(xml: str, schema: Schema) -> list[str]:
    """What makes a project with the labeling configuration ``xml`` unfit for annotated texts of ``schema``.

    Anything that it has besides, and how it looks, is its owner's business. No content makes it fail.
    """
    try:
        root = ET.fromstring(xml)
    except ET.ParseError as error:
        return [f"the labeling configuration is not valid XML: {error}"]
    tags = {tag.get("name"): tag for tag in root.iter() if tag.get("name")}
    problems = _text_problems(tags.get(TEXT))
    expected = {LABELS: ("Labels", list(schema.labels))}
    expected |= {name: ("Choices", list(attribute.values)) for name, attribute in schema.attributes.items()}
    for name, (kind, values) in expected.items():
        tag = tags.get(name)
        if tag is None or tag.tag != kind or tag.get("toName") != TEXT:
            problems.append(f'<{kind} name="{name}" toName="{TEXT}"> is missing')
            continue
        given = {child.get("alias") or child.get("value") for child in tag.iter() if child is not tag}
        problems += [f"{kind} {name}: the value {value} is missing" for value in values if value not in given]
        if kind == "Choices" and (tag.get("perRegion") or "").lower() != "true":
            problems.append(f'Choices {name}: perRegion="true" is missing, it would be asked once for the whole text')
        only = tag.get("whenLabelValue")
        if kind == "Choices" and only is not None and schema.head not in only.split(","):
            problems.append(f"Choices {name}: it is not offered for {schema.head} (whenLabelValue={only!r})")
    types = {tag.get("value") for tag in root.iter("Relation")}
    problems += [f"Relations: the type {name} is missing" for name in schema.relations if name not in types]
    return problems


def _text_problems(tag: ET.Element | None) -> list[str]:
    if tag is None or tag.tag != "Text":
        return [f'<Text name="{TEXT}" value="$text"> is missing']
    problems = []
    if tag.get("value") != "$text":
        problems.append(f"Text {TEXT}: it shows {tag.get('value')!r}, $text is expected")
    if tag.get("granularity", "symbol") != "symbol":
        problems.append(
            f"Text {TEXT}: granularity is {tag.get('granularity')!r}, symbol is expected: Chinese words are not found"
        )
    if tag.get("valueType", "text") != "text" or tag.get("encoding", "none") != "none":
        problems.append(f"Text {TEXT}: it does not show the text itself (valueType or encoding is set)")
    return problems
