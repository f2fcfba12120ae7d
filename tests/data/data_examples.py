"""Annotated paragraphs for the data tests, written in a short notation and built with exact offsets."""

from __future__ import annotations

import json
import re
from pathlib import Path

from zhibiao.core.codec import dumps
from zhibiao.core.records import AnnotatedText, Attributes, RawEntity, Relation
from zhibiao.core.schema import default_schema
from zhibiao.core.spans import RawSpan
from zhibiao.data.check import check_file

LABELS = {"V": "VALUE", "U": "UNIT", "I": "INDICATOR", "C": "CITY", "B": "BASELINE", "Y": "YEAR"}
TYPES = {"U": "unit", "I": "indicator", "C": "region", "B": "baseline", "Y": "year"}
_MARK_RE = re.compile(r"\{([VUICBY])(\d*):([^}]*)\}")


def build(
    marked: str, attributes: dict[int, str], *, links: str = "", id: str = "d-01#1", **meta: str
) -> AnnotatedText:
    """``marked`` holds {V1:12.4}{U1:%}: label, number, text. Relations join the VALUE and arguments of one number;
    ``links`` adds more as "V2I1 V2C1" (VALUE 2 to INDICATOR 1). ``attributes``: "growth up actual exact" by number."""
    text, names, entities, done = "", {}, [], 0
    for match in _MARK_RE.finditer(marked):
        text += marked[done : match.start()]
        done = match.end()
        name = match[1] + match[2]
        names[name] = f"T{len(entities) + 1}"
        entities.append(RawEntity(names[name], LABELS[match[1]], RawSpan(len(text), len(text) + len(match[3]))))
        text += match[3]
    text += marked[done:]
    relations = [
        Relation(names[f"V{name[1:]}"], key, TYPES[name[0]])
        for name, key in names.items()
        if name[0] != "V" and f"V{name[1:]}" in names
    ]
    for link in links.split():
        head, kind, tail = re.fullmatch(r"(V\d+)>?([a-z]*)>?([A-Z]\d+)", link).groups()
        relations.append(Relation(names[head], names[tail], kind or TYPES[tail[0]]))
    given = tuple(Attributes(names[f"V{number}"], *values.split()) for number, values in attributes.items())
    return AnnotatedText(id, text, meta, tuple(entities), tuple(relations), given)


LEVEL = "level none actual exact"
GROWTH = "growth up actual exact"

STEEL = build(
    "{Y1:2023年},{C1:苏州市}完成{I1:工业投资}{V1:986.4}{U1:亿元},{B2:同比}增长{V2:9.7}{U2:%},高于{B3:全省}{V3:3.5}{U3:个百分点};"
    "增速居{B4:全省}{V4:第2}{U4:位}。{C5:昆山市}、{C6:张家港市}、{C7:吴江区}{I5:技改投资}分别为{V5:78.6}{U5:亿元}、{V6:66.9}{U6:亿元}和"
    "{V7:61.4}{U7:亿元},其中{I8:新开工项目}{V8:1,200}{U8:个}以上。",
    {
        1: LEVEL,
        2: GROWTH,
        3: "change up actual exact",
        4: "rank none actual exact",
        5: LEVEL,
        6: LEVEL,
        7: LEVEL,
        8: "level none actual min",
    },
    links="V2I1 V2C1 V2Y1 V3I1 V3C1 V3Y1 V4I1 V4C1 V4Y1 V5Y1 V6I5 V6Y1 V7I5 V7Y1 V8Y1",
    id="su-01#1",
    city="苏州市",
    date="2024-01-18",
)
CLAUSES = build(
    "到{Y1:2025年},{C1:全市}{I1:光伏装机}达到{V1:320}{U1:万千瓦};{I2:加氢站}{V2:12}{U2:座},{I3:氢燃料车辆}{V3:1500}{U3:台}以上;"
    "{I4:储能规模}不低于{V4:60}{U4:万千瓦}。",
    {
        1: "level none target exact",
        2: "level none target exact",
        3: "level none target min",
        4: "level none target min",
    },
    links="V2C1 V2Y1 V3C1 V3Y1 V4C1 V4Y1",
    id="pan-01#1",
    city="攀枝花市",
    date="2022-11-16",
)
RANGE = build(
    "{Y1:1至9月},{C1:全县}{I1:规上工业}预计下降{V1:2}{U1:%}—{V2:2.5}{U2:%},较{B3:1至8月}收窄{V3:0.4}{U3:个百分点},{I4:亏损面}降至{V4:三分之一}"
    "左右,{I5:重点企业}{V5:三十}{U5:家}。",
    {
        1: "growth down estimate min",
        2: "growth down estimate max",
        3: "change down actual exact",
        4: "share none actual approx",
        5: LEVEL,
    },
    links="V2I1 V2C1 V2Y1 V3I1 V3C1 V3Y1 V4C1 V4Y1 V5C1 V5Y1",
    id="xian-02#3",
    city="昆山市",
    date="2023-10-12",
)
PLAIN = AnnotatedText(
    "xian-02#4", "会议要求抓好14项任务,第2项由3科负责,7月10日前报送第9号文件,电话12345。", {"city": "昆山市"}
)
EXAMPLES = (STEEL, CLAUSES, RANGE, PLAIN)


def surfaces(annotated: AnnotatedText) -> dict[str, str]:
    return {e.id: annotated.text[e.span.start : e.span.end] for e in annotated.entities}


def write(path: Path, paragraphs: list[AnnotatedText]) -> Path:
    path.write_text("".join(dumps(p) + "\n" for p in paragraphs), encoding="utf-8")
    return path


def problems(annotated: AnnotatedText, folder: Path) -> list[str]:
    return list(check_file(write(folder / "one.jsonl", [annotated]), default_schema()).lines())


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))
