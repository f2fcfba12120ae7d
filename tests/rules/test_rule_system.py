import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.core.schema import Schema
from zhibiao.rules.calibrate import smoothed, way_precision
from zhibiao.rules.scores import LINK
from zhibiao.rules.system import RuleSystem

PIECES = (
    *(
        "全市",
        "工业投资",
        "增长",
        "下降",
        "同比",
        "分别",
        "占",
        "居",
        "第",
        "前",
        "%",
        "亿元",
        "个",
        "个百分点",
        "、",
        "和",
    ),
    *(
        ",",
        "。",
        ";",
        ":",
        "(",
        ")",
        "“",
        "”",
        "《",
        "》",
        "由",
        "从",
        "提高到",
        "比上年",
        "高于",
        "全国",
        "武汉",
        "湖北省",
    ),
    *(
        "2023年",
        "一季度",
        "1至10月",
        "截至",
        "目前",
        "其中",
        "约",
        "超",
        "以上",
        "左右",
        "5.6",
        "12",
        "-3",
        "三",
        "千亿",
    ),
    *("五分之一", "首位", "一半", "过半", "余", "多", "万", "的", "项目", "企业", "开发区", "力争", "预计", "到2025年"),
    *("—", "-", "/", "\n", " ", "对", "中", "贡献率", "拉动", "倍", "成", "每", "新增", "完成"),
)
ANNOTATION = Path(__file__).parents[2] / ".." / "shared" / "annotation"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_gives_a_valid_annotation(text):
    schema = Schema.load()
    (annotation,) = RuleSystem().annotate([text])
    spans = [entity.span for entity in annotation.entities]
    assert all(span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert [entity.id for entity in annotation.entities] == [f"T{i}" for i in range(1, len(spans) + 1)]
    labels = {entity.id: entity.label for entity in annotation.entities}
    values = [key for key, label in labels.items() if label == schema.head]
    assert [a.entity for a in annotation.attributes] == values
    assert len({(r.head, r.type) for r in annotation.relations}) == len(annotation.relations)
    assert all(
        labels[r.head] == "VALUE" and labels[r.tail] in schema.relations[r.type].tails for r in annotation.relations
    )
    used = {r.tail for r in annotation.relations}
    assert all(label == "VALUE" or key in used for key, label in labels.items())
    for attributes in annotation.attributes:
        for name, kind in schema.attributes.items():
            assert getattr(attributes, name) in kind.values


def test_one_annotation_per_paragraph():
    system = RuleSystem()
    assert system.name == "rules"
    found = system.annotate(["", "全市产值12亿元。", "没有数字。"])
    assert [len(annotation.attributes) for annotation in found] == [0, 1, 0]


def test_threads_agree():
    texts = [f"全市产值{n}亿元,同比增长3%,高于全省1个百分点。" for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: RuleSystem().annotate([text])[0], texts))
    assert found == RuleSystem().annotate(texts)


@pytest.mark.parametrize(
    "text",
    [
        "全市工业投资完成10亿元" * 3000,
        "5.1%、" * 8000,
        "(5%)" * 8000,
        "武汉、黄石、" * 8000 + "5%",
        "增长" * 20000 + "5%",
        "2023年" * 8000 + "5%",
    ],
)
def test_time_grows_with_the_length_only(text):
    system = RuleSystem()
    system.annotate(["全市产值12亿元。"])
    start = time.perf_counter()
    system.annotate([text])
    assert time.perf_counter() - start < 10


def test_every_way_of_linking_has_a_score(tmp_path):
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"id": "a#1", "text": "产值12亿元", "entities": [{"id": "T1", "label": "VALUE", "start": 2, "end": 4}, '
        '{"id": "T2", "label": "UNIT", "start": 4, "end": 6}], '
        '"relations": [{"head": "T1", "tail": "T2", "type": "unit"}], '
        '"attributes": []}\n',
        encoding="utf-8",
    )
    found = way_precision([gold])
    assert found == {"VALUE": (1.0, 1), "indicator.own": (0.0, 1), "unit.unit": (1.0, 1)}


@pytest.mark.skipif(not ANNOTATION.exists(), reason="the annotated paragraphs are not here")
def test_precision_of_the_ways_is_what_the_table_says():
    dev, train = (
        way_precision(ANNOTATION / f"{source}_{split}.jsonl" for source in ("authored", "real"))
        for split in ("dev", "train")
    )
    found = smoothed(dev, train)
    found.pop("VALUE")
    assert set(found) == set(LINK)
    for way, precision in found.items():
        assert abs(precision - LINK[way]) < 0.03, (way, precision)
