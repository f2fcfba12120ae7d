"""Statistics, near-duplicates, leakage and splits."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from data_examples import EXAMPLES, STEEL, write
from hypothesis import given, settings
from hypothesis import strategies as st

from zhibiao.core.errors import AnnotationError, ConfigError, InputError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.dedupe import near_duplicates
from zhibiao.data.grams import fold_text, shared_grams, shingles
from zhibiao.data.leakage import check_splits, leakage
from zhibiao.data.paragraphs import read_paragraphs
from zhibiao.data.split import split_corpus
from zhibiao.data.stats import corpus_stats
from zhibiao.data.tables import stats_tables
from zhibiao.evaluation.pairing import document_id


def paragraph(key: str, text: str, city: str = "") -> AnnotatedText:
    return AnnotatedText(key, text, {"city": city})


def test_folding_keeps_letters_and_one_zero_a_figure() -> None:
    assert fold_text("（Ａ）增长 12.5%，其中1,200 家。") == "a增长0其中0家"


def test_shared_grams_count_documents_not_paragraphs() -> None:
    same = "全市工业投资同比增长"
    grams = shared_grams(
        [paragraph("a#1", same), paragraph("a#2", same), paragraph("b#1", same[:8]), paragraph("c#1", "短")]
    )
    assert (grams.distinct, grams.shared_distinct, grams.occurrences, grams.shared_occurrences) == (3, 1, 7, 3)
    assert grams.share_of_distinct == pytest.approx(1 / 3)


def test_stats_count_everything_once() -> None:
    stats = corpus_stats(EXAMPLES)
    assert (stats.documents, stats.paragraphs, stats.paragraphs_without_value, stats.cities) == (3, 4, 1, 3)
    assert stats.characters == sum(len(p.text) for p in EXAMPLES)
    value = stats.labels["VALUE"]
    assert (value.spans, value.types, value.type_token_ratio) == (17, 17, 1.0)
    assert stats.labels["UNIT"].types == 9
    assert stats.relations["unit"] == sum(r.type == "unit" for p in EXAMPLES for r in p.relations)
    assert stats.attributes["status"] == {"actual": 11, "target": 4, "estimate": 2}
    assert (stats.patterns["target"].paragraphs, stats.patterns["target"].values) == (1, 4)
    assert stats.lengths.least <= stats.lengths.median <= stats.lengths.p95 <= stats.lengths.greatest
    assert json.loads(json.dumps(stats.to_json()))["labels"]["VALUE"]["type_token_ratio"] == 1.0
    titles = [table.title for table in stats_tables({"a": stats, "b": stats})]
    assert titles[0] == "Size" and titles[-1].startswith("Patterns")
    assert corpus_stats([]).labels["VALUE"].type_token_ratio == 0.0


WORDS = [chr(0x4E00 + i) for i in range(400)]


def random_text(rng: random.Random, length: int = 120) -> str:
    return "".join(rng.choices(WORDS, k=length))


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.3, 0.5, 0.8]))
def test_near_duplicates_are_those_of_all_pairs(rng: random.Random, threshold: float) -> None:
    base = [random_text(rng) for _ in range(6)]
    texts = base + [text[: rng.randint(30, 120)] + random_text(rng, rng.randint(0, 30)) for text in base]
    sets = [shingles(text, 5) for text in texts]
    expected = {
        (i, j)
        for j in range(len(texts))
        for i in range(j)
        if len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= threshold
    }
    found = near_duplicates([paragraph(f"p#{i}", text) for i, text in enumerate(texts)], threshold=threshold)
    assert {(pair.first, pair.second) for pair in found} == expected
    assert all(abs(pair.estimated - pair.exact) < 0.25 for pair in found)


def test_other_figures_and_punctuation_make_no_other_text() -> None:
    copy = replace(STEEL, id="x#1", text=STEEL.text.replace("986.4", "12.5").replace(",", "，"))
    (pair,) = near_duplicates([STEEL, copy, paragraph("y#1", "，。"), paragraph("y#2", "")])
    assert (pair.first_id, pair.second_id, pair.estimated, pair.exact) == ("su-01#1", "x#1", 1.0, 1.0)


@pytest.mark.parametrize("threshold", [0.0, 1.5])
def test_a_threshold_is_a_similarity(threshold: float) -> None:
    with pytest.raises(ConfigError, match="above 0 and at most 1"):
        near_duplicates([], threshold=threshold)


def test_leakage_names_documents_cities_and_duplicates(tmp_path: Path) -> None:
    rng = random.Random(1)
    text = random_text(rng)
    train = [
        paragraph("a#1", text, "甲市"),
        paragraph("b#1", random_text(rng), "乙市"),
        paragraph("c#1", random_text(rng)),
    ]
    test = [
        paragraph("a#2", random_text(rng)),
        paragraph("d#1", text, "丙市"),
        paragraph("e#1", random_text(rng), "乙市"),
    ]
    paths = [write(tmp_path / "train.jsonl", train), write(tmp_path / "test.jsonl", test)]
    found = check_splits(paths)
    assert found.documents == {"a": ("train", "test")}
    assert found.cities == {"乙市": ("train", "test")}
    assert [pair.ids for pair in found.near_duplicates] == [("a#1", "d#1")]
    assert [line.split("error ")[1].split(":")[0] for line in found.lines()] == [
        "shared-document",
        "shared-city",
        "near-duplicate",
    ]
    assert not leakage({"train": train[1:], "test": test[1:2]})
    with pytest.raises(InputError, match="cannot be read"):
        check_splits([tmp_path / "none.jsonl"])


def corpus(seed: int, documents: int = 30) -> list[AnnotatedText]:
    rng = random.Random(seed)
    made = []
    for number in range(documents):
        city = rng.choice(["甲市", "乙市", "丙市", "丁市", "戊市", "己市", ""])
        for part in range(rng.randint(1, 4)):
            like = rng.choice(EXAMPLES)
            made.append(replace(like, id=f"d{number}#{part}", text=like.text, meta={"city": city}))
    return made


@pytest.mark.parametrize("seed", range(5))
def test_splits_leak_nothing_and_are_the_same_again(seed: int) -> None:
    # Texts are alike by construction, so near-duplicates are told apart by a threshold that none reaches.
    rng = random.Random(seed)
    paragraphs = [replace(p, text=random_text(rng), entities=(), relations=()) for p in corpus(seed)]
    splits = split_corpus(paragraphs, seed=seed)
    assert not leakage(splits)
    assert splits == split_corpus(paragraphs, seed=seed)
    assert sorted(p.id for split in splits.values() for p in split) == sorted(p.id for p in paragraphs)
    assert all(splits.values())


def test_near_duplicates_stay_together() -> None:
    rng = random.Random(2)
    text = random_text(rng)
    paragraphs = [paragraph(f"d{i}#1", text if i in (3, 17) else random_text(rng)) for i in range(20)]
    for seed in range(4):
        splits = split_corpus(paragraphs, ratios={"a": 0.5, "b": 0.5}, seed=seed)
        owner = {p.id: name for name, split in splits.items() for p in split}
        assert owner["d3#1"] == owner["d17#1"]


def test_splits_are_stratified() -> None:
    rng = random.Random(3)
    rare = [replace(STEEL, id=f"r{i}#1", text=random_text(rng), entities=(), relations=()) for i in range(10)]
    common = [paragraph(f"c{i}#1", random_text(rng)) for i in range(40)]
    rare = [replace(p, meta={}) for p in rare]
    splits = split_corpus([*rare, *common], ratios={"train": 0.8, "test": 0.2})
    assert sum(document_id(p.id).startswith("r") for p in splits["test"]) == 2
    assert len(splits["test"]) == pytest.approx(10, abs=1)


@pytest.mark.parametrize("ratios", [{"a": 1.0}, {"a": 1.0, "b": 0.0}])
def test_ratios_must_make_splits(ratios: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="two or more splits"):
        split_corpus([], ratios=ratios)
    with pytest.raises(ConfigError, match="make 1 groups"):
        split_corpus([STEEL], ratios={"a": 1, "b": 1})


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(AnnotationError, match=r"x\.jsonl:1"):
        read_paragraphs(tmp_path / "x.jsonl")
