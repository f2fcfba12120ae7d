import json
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_model import TEXTS, write_config, write_encoder, write_gold  # noqa: E402
from zhibiao.core.errors import AnnotationError, CheckpointError, ConfigError  # noqa: E402
from zhibiao.core.spans import Span  # noqa: E402
from zhibiao.training.checkpoint import load_checkpoint, load_model_system, save_checkpoint  # noqa: E402
from zhibiao.training.config import load_config  # noqa: E402
from zhibiao.training.train import train  # noqa: E402


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    encoder = write_encoder(folder / "encoder")
    (encoder / "README.md").write_text("# Encoder\n\nDrawn by lot.\n", encoding="utf-8")
    return folder, encoder, write_gold(folder / "gold.jsonl", copies=2)


@pytest.fixture(scope="module")
def trained(base):
    folder, encoder, gold = base
    return train(load_config(write_config(folder / "c.yaml", encoder, gold)), folder / "run")


def test_a_checkpoint_holds_everything(trained):
    names = {path.name for path in trained.folder.iterdir()}
    assert names >= {"model.safetensors", "tokenizer.json", "schema.yaml", "config.yaml", "parts.json", "README.md"}
    assert names >= {"metrics.json", "ledger.json", "provenance.json"}
    provenance = json.loads((trained.folder / "provenance.json").read_text())
    assert all(len(digest) == 64 for digest in provenance["data"].values())
    assert "torch" in provenance["versions"]
    card = (trained.folder / "README.md").read_text(encoding="utf-8")
    assert "## Limits" in card
    assert "Drawn by lot." in card


def test_a_checkpoint_predicts_within_the_text(trained):
    system = load_model_system(trained.folder)
    for text, found in zip(TEXTS, system.annotate(TEXTS), strict=True):
        assert all(e.span.end <= len(text) for e in found.entities)
        assert all(0 <= e.score <= 1 for e in found.entities)


def test_long_text_is_read_to_its_end_and_repetitions_stay_apart(trained):
    from zhibiao.pipeline.gold_spans import GoldSpanSystem

    text = TEXTS[1] * 30
    once = [Span(8, 10), Span(10, 11)]
    spans = [
        (Span(s.start + i, s.end + i), label)
        for i in range(0, len(text), len(TEXTS[1]))
        for s, label in zip(once, ("VALUE", "UNIT"), strict=True)
    ]
    system = load_model_system(trained.folder)
    assert len(system.encoder.encode(text, __import__("zhibiao.features.rules").features.rules.rule_view(text))) > 3
    (found,) = GoldSpanSystem(system, {text: spans}).annotate([text])
    assert sum(e.label == "VALUE" for e in found.entities) == 30


def test_the_same_folder_is_not_trained_twice(base, trained):
    folder, encoder, gold = base
    with pytest.raises(ConfigError, match="already holds a run"):
        train(load_config(write_config(folder / "c2.yaml", encoder, gold)), folder / "run")


def test_kill_and_resume_give_the_same_model(base, tmp_path, monkeypatch):
    from zhibiao.training.trainer import ModelTrainer

    _, encoder, gold = base
    config = load_config(write_config(tmp_path / "c.yaml", encoder, gold, epochs=3))
    whole = train(config, tmp_path / "whole")
    evaluate = ModelTrainer.evaluate

    def killed(self, *args, **kwargs):
        if (self.state.epoch or 0) > 1.5:
            raise KeyboardInterrupt
        return evaluate(self, *args, **kwargs)

    monkeypatch.setattr(ModelTrainer, "evaluate", killed)
    with pytest.raises(KeyboardInterrupt):
        train(config, tmp_path / "part")
    monkeypatch.undo()
    resumed = train(config, tmp_path / "part", resume=True)
    one, other = (load_checkpoint(t.folder).model.state_dict() for t in (whole, resumed))
    assert resumed.metrics == whole.metrics
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_damaged_checkpoint_is_an_error(trained, tmp_path):
    checkpoint = load_checkpoint(trained.folder)
    save_checkpoint(checkpoint, tmp_path / "m", {})
    weights = tmp_path / "m" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="damaged"):
        load_checkpoint(tmp_path / "m")
    weights.unlink()
    with pytest.raises(CheckpointError, match=r"no model\.safetensors"):
        load_checkpoint(tmp_path / "m")


def test_another_schema_is_an_error(trained, tmp_path):
    other = tmp_path / "schema.yaml"
    text = (trained.folder / "schema.yaml").read_text(encoding="utf-8")
    other.write_text(text.replace("up: rises", "up: climbs"), encoding="utf-8")
    with pytest.raises(CheckpointError, match="differs from the schema"):
        load_checkpoint(trained.folder, schema=other)


def test_a_label_that_never_occurs_is_an_error(base, tmp_path):
    _, encoder, gold = base
    lines = [line for line in gold.read_text(encoding="utf-8").splitlines() if "YEAR" not in line]
    poor = tmp_path / "poor.jsonl"
    poor.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="YEAR"):
        train(load_config(write_config(tmp_path / "c.yaml", encoder, poor)), tmp_path / "run")


def test_a_limit_leaves_the_later_paragraphs_out(base, tmp_path):
    _, encoder, gold = base
    lines = gold.read_text(encoding="utf-8").splitlines()
    ordered = tmp_path / "ordered.jsonl"
    ordered.write_text("\n".join(sorted(lines, key=lambda line: "YEAR" in line)) + "\n", encoding="utf-8")
    config = load_config(write_config(tmp_path / "c.yaml", encoder, ordered), ["data.limit=4"])
    with pytest.raises(AnnotationError, match="YEAR"):  # the paragraphs that have one come last
        train(config, tmp_path / "run")


def test_an_encoder_that_is_not_there_is_an_error(base, tmp_path):
    _, _, gold = base
    config = load_config(write_config(tmp_path / "c.yaml", tmp_path / "nothing", gold))
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        train(replace(config), tmp_path / "run")


def test_a_development_file_named_dev_keeps_its_own_figure(base, tmp_path):
    from zhibiao.rules.system import RuleSystem
    from zhibiao.training.measure import dev_metrics

    _, _, gold = base
    texts = gold.read_text(encoding="utf-8").splitlines(keepends=True)
    dev, other = tmp_path / "dev.jsonl", tmp_path / "other.jsonl"
    dev.write_text("".join(texts), encoding="utf-8")  # annotated by the rules: all of it is right
    other.write_text("".join(line.replace('"level"', '"share"') for line in texts), encoding="utf-8")
    metrics = dev_metrics(RuleSystem(), [str(dev), str(other)])
    assert metrics["dev_records_f1"] == 1.0 > metrics["other_records_f1"]
    assert metrics["mean_records_f1"] == pytest.approx((1.0 + metrics["other_records_f1"]) / 2)
