import json

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collections import Counter
from dataclasses import replace
from pathlib import Path

from tiny_model import TEXTS, write_config, write_encoder, write_gold
from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.core.records import AnnotatedText
from zhibiao.data.paragraphs import write_paragraphs
from zhibiao.rules.system import RuleSystem
from zhibiao.training.checkpoint import load_checkpoint
from zhibiao.training.config import load_config
from zhibiao.training.retrain import RetrainOptions, judge_systems, retrain
from zhibiao.training.train import train


class WithoutCities:
    """The rules, but blind to regions."""

    name = "blind"

    def annotate(self, paragraphs):
        found = []
        for annotation in RuleSystem().annotate(paragraphs):
            gone = {e.id for e in annotation.entities if e.label == "CITY"}
            found.append(
                replace(
                    annotation,
                    entities=tuple(e for e in annotation.entities if e.id not in gone),
                    relations=tuple(r for r in annotation.relations if r.tail not in gone),
                )
            )
        return found


@pytest.fixture(scope="module")
def gold(tmp_path_factory):
    return write_gold(tmp_path_factory.mktemp("gate") / "gold.jsonl", copies=3)


def test_a_model_that_lost_a_label_is_refused(gold):
    verdict = judge_systems(RuleSystem(), WithoutCities(), gold, resamples=100)
    assert not verdict.accepted
    assert {fall.kind for fall in verdict.falls} >= {"CITY", "region"}
    assert verdict.lost
    assert not verdict.gained
    assert "132.7" in verdict.lost[0]


def test_a_model_that_is_better_is_accepted(gold):
    verdict = judge_systems(WithoutCities(), RuleSystem(), gold, resamples=100)
    assert verdict.accepted
    assert verdict.gained


@pytest.fixture(scope="module")
def first(gold, tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    config = write_config(folder / "c.yaml", write_encoder(folder / "encoder"), gold, epochs=1)
    return train(load_config(config), folder / "run")


def test_retraining_goes_on_from_the_weights_with_replay(gold, first, tmp_path):
    new = write_gold(tmp_path / "new.jsonl")
    done = retrain(first.folder, [new], tmp_path / "again", options=RetrainOptions(replay=0.5, epochs=1))
    ids = [json.loads(line)["id"] for line in (tmp_path / "again" / "mixed.jsonl").read_text("utf-8").splitlines()]
    assert len(set(ids)) == len(TEXTS) * 2  # a third of the old ones is replaced, half of the others seen
    assert Counter(Counter(ids).values()) == {8: len(TEXTS), 1: len(TEXTS)}  # the few new ones are seen more often
    before, after = (load_checkpoint(t.folder).model.state_dict() for t in (first, done))
    moved = max(float((before[name] - after[name]).abs().max()) for name in before)
    assert 0 < moved < 0.5
    with pytest.raises(ConfigError, match="nothing to learn from"):
        retrain(first.folder, [], tmp_path / "none")
    gold.rename(gold.with_suffix(".moved"))
    try:
        with pytest.raises(ConfigError, match="the model forgets"):
            retrain(first.folder, [new], tmp_path / "lost")
    finally:
        gold.with_suffix(".moved").rename(gold)


def test_new_paragraphs_are_repeated_until_they_count_among_the_old(first, tmp_path, monkeypatch):
    learned = []
    monkeypatch.setattr("zhibiao.training.retrain.train", lambda config, *_, **__: learned.append(config.data.train))
    for number, (count, old, repeats) in enumerate([(20, 0, 5), (20, 400, 5), (20, 600, 8), (150, 400, 1), (3, 2, 8)]):
        files = [tmp_path / f"{name}{number}.jsonl" for name in ("new", "old")]
        for file, rows in zip(files, (count, old), strict=True):
            write_paragraphs(file, [AnnotatedText(f"{file.stem}-{i}", "全市增长5%。") for i in range(rows)])
        output = tmp_path / f"run{number}"
        retrain(first.folder, files[:1], output, options=RetrainOptions(replay=float(old > 0), old=(files[1],)))
        [(mixed,)] = learned
        learned.clear()
        seen = Counter(text.id for text in read_annotated(Path(mixed)))
        assert Counter(seen.values()) == Counter({repeats: count}) + Counter({1: old})


def test_a_model_that_is_trained_already_need_not_see_every_label_again(gold, first, tmp_path):
    poor = tmp_path / "poor.jsonl"
    lines = [line for line in gold.read_text("utf-8").splitlines() if "YEAR" not in line]
    poor.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = RetrainOptions(replay=0, epochs=1)
    assert retrain(first.folder, [poor], tmp_path / "again", options=options).folder.is_dir()


def test_records_that_fall_as_a_whole_refuse_a_model(gold):
    class WithoutMeasures:
        name = "unmeasured"

        def annotate(self, paragraphs):
            found = RuleSystem().annotate(paragraphs)
            return [replace(a, attributes=tuple(replace(x, measure="rank") for x in a.attributes)) for a in found]

    verdict = judge_systems(RuleSystem(), WithoutMeasures(), gold, resamples=100)
    assert [fall.kind for fall in verdict.falls] == ["records"]
