"""The numpy part of the model on a backend that gives planted scores."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, processors

from zhibiao.core.records import Document
from zhibiao.core.schema import default_schema
from zhibiao.core.spans import Span
from zhibiao.features.characters import CharacterFeatures
from zhibiao.features.encode import CharacterVocabulary, ParagraphEncoder
from zhibiao.features.tags import TagSet
from zhibiao.pipeline.extractor import Extractor
from zhibiao.pipeline.neural import ModelSystem, may_hold_value

SCHEMA = default_schema()
TAGS = TagSet(tuple(SCHEMA.labels))
CHARACTERS = "全市工业投资5个。增长"


def char_encoder(**options):
    tokenizer = Tokenizer(
        models.Unigram([("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((c, -3.0) for c in CHARACTERS)], unk_id=2)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    return ParagraphEncoder(
        tokenizer, CharacterVocabulary(CHARACTERS), CharacterFeatures(tuple(SCHEMA.labels)), **options
    )


class Planted:
    """Every 5 is a VALUE, every 个 its UNIT, 投资 an INDICATOR; a value takes the nearest tail of each type."""

    def __init__(self):
        self.windows = 0

    def tag(self, batch):
        self.windows += len(batch.piece_ids)
        logits = np.zeros((*batch.char_ids.shape, TAGS.size), dtype=np.float32)
        logits[:, :, 0] = 5
        ids = {char: i for i, char in enumerate(CHARACTERS, 1)}
        for char, label, kind in (("5", "VALUE", 3), ("个", "UNIT", 3), ("投", "INDICATOR", 0), ("资", "INDICATOR", 2)):
            logits[batch.char_ids == ids[char], TAGS.begin(TAGS.labels.index(label)) + kind] = 20
        return logits, np.zeros((*batch.char_ids.shape, 4), dtype=np.float32)

    def link(self, states, values, tails, pair_features, value_features):
        distance = np.abs(values[:, None, 0] - tails[None, :, 0])
        scores = np.repeat(-distance[:, :, None], len(SCHEMA.relations), axis=2).astype(np.float32)
        return scores, np.full((len(values), len(SCHEMA.relations)), -50, dtype=np.float32)

    def describe(self, states, values, value_features):
        return np.zeros((len(values), sum(len(a.values) for a in SCHEMA.attributes.values())), dtype=np.float32)


def system(**options):
    return ModelSystem(Planted(), char_encoder(**options), SCHEMA)


def test_spans_and_links_come_out_where_they_were_planted():
    (found,) = system().annotate(["全市工业投资5个。"])
    spans = {e.id: (e.span, e.label) for e in found.entities}
    assert sorted(spans.values()) == [(Span(4, 6), "INDICATOR"), (Span(6, 7), "VALUE"), (Span(7, 8), "UNIT")]
    assert {(spans[r.head][0], r.type, spans[r.tail][0]) for r in found.relations} == {
        (Span(6, 7), "unit", Span(7, 8)),
        (Span(6, 7), "indicator", Span(4, 6)),
    }
    assert len(found.attributes) == 1


@pytest.mark.parametrize("copies", [1, 7, 40])
def test_long_text_gives_what_its_parts_give(copies):
    sentence = "全市工业投资5个。"
    model = system(max_pieces=32, overlap_pieces=8)
    (found,) = model.annotate([sentence * copies])
    values = [e.span.start for e in found.entities if e.label == "VALUE"]
    assert values == [6 + i * len(sentence) for i in range(copies)]
    assert len(found.relations) == 2 * copies
    assert (model.backend.windows > 1) == (copies > 1 and copies * len(sentence) > 30)


def test_paragraphs_without_a_number_are_not_read():
    model = system()
    found = model.annotate(["全市工业增长。", "", "投资5个"])
    assert [len(a.entities) for a in found] == [0, 0, 3]
    assert model.backend.windows == 1
    assert may_hold_value("增长一成")


def test_a_value_without_any_candidate():
    (found,) = system().annotate(["5"])
    assert [e.label for e in found.entities] == ["VALUE"]
    assert not found.relations


def test_records_below_the_confidence_are_left_out_and_counted():
    from zhibiao.core.ledger import Ledger

    ledger = Ledger()
    document = Document("d", "全市工业投资5个。")
    assert len(Extractor(system()).extract(document).records) == 1
    assert not Extractor(system(), min_confidence=0.99).extract(document, ledger=ledger).records
    assert ledger.counts["below_min_confidence"] == 1


def test_no_annotated_value_stands_in_a_paragraph_that_is_skipped():
    from pathlib import Path

    from zhibiao.core.codec import read_annotated
    from zhibiao.text.normalize import normalize

    root = Path(__file__).parents[2]
    files = [*(root / "data" / "gold").glob("*.jsonl"), *(root.parent / "shared" / "annotation").glob("*.jsonl")]
    assert files
    for path in files:
        for text in read_annotated(path):
            if any(entity.label == "VALUE" for entity in text.entities):
                assert may_hold_value(normalize(text.text).text), text.id


@pytest.mark.parametrize("max_chars", [9, 20, 100])
def test_endless_paragraphs_are_read_in_parts(max_chars):
    from dataclasses import replace

    text = "全市工业投资5个。" * 30
    whole, parts = system(), replace(system(), max_chars=max_chars, max_chars_at_once=50)
    (one,), (other,) = whole.annotate([text]), parts.annotate([text])
    assert [(e.span, e.label) for e in one.entities] == [(e.span, e.label) for e in other.entities]
    assert [e.id for e in other.entities] == [f"T{i}" for i in range(1, 91)]
    assert len(other.relations) == 60


def test_text_without_sentence_ends_is_cut_anyway():
    from zhibiao.pipeline.parts import split_long

    assert [(s.start, s.end) for s in split_long("五" * 25, 10)] == [(0, 10), (10, 20), (20, 25)]
    assert [(s.start, s.end) for s in split_long("五" * 7 + "。" + "五" * 5, 10)] == [(0, 8), (8, 13)]
    assert split_long("", 10) == []
