import itertools
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

from tiny_model import TEXTS, write_config, write_encoder, write_gold  # noqa: E402
from zhibiao.core.errors import CheckpointError, ExportError  # noqa: E402
from zhibiao.export.onnx import decisions, export  # noqa: E402
from zhibiao.features.batch import pad_windows  # noqa: E402
from zhibiao.features.rules import rule_view  # noqa: E402
from zhibiao.models.joint import TorchBackend  # noqa: E402
from zhibiao.pipeline.neural import ModelSystem  # noqa: E402
from zhibiao.pipeline.onnx_backend import OnnxBackend, load_system  # noqa: E402
from zhibiao.training.checkpoint import load_checkpoint  # noqa: E402
from zhibiao.training.config import load_config  # noqa: E402
from zhibiao.training.train import train  # noqa: E402


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    gold = write_gold(folder / "gold.jsonl")
    config = write_config(folder / "c.yaml", write_encoder(folder / "encoder"), gold, epochs=4)
    return load_checkpoint(train(load_config(config), folder / "run").folder)


@pytest.fixture(scope="module")
def bundle(checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle") / "model"
    export(checkpoint, folder, quantize=False, probe=[*TEXTS, TEXTS[0] * 8, "5个。"])
    return folder


@pytest.mark.parametrize("texts", [TEXTS[:1], TEXTS, (TEXTS[0] * 2, TEXTS[1])])
def test_scores_agree_whatever_the_lengths_and_padding(checkpoint, bundle, texts):
    batch = pad_windows([w for t in texts for w in checkpoint.encoder.encode(t, rule_view(t))])
    for ours, theirs in zip(TorchBackend(checkpoint.model).tag(batch), OnnxBackend(bundle).tag(batch), strict=True):
        mask = batch.char_mask.astype(bool)
        assert np.allclose(ours[mask], theirs[mask], atol=1e-4)


def test_decisions_are_equal(checkpoint, bundle):
    texts = [*TEXTS, TEXTS[2] * 20]
    one = ModelSystem(TorchBackend(checkpoint.model), checkpoint.encoder, checkpoint.schema).annotate(texts)
    other = load_system(bundle).annotate(texts)
    assert [decisions(a) for a in one] == [decisions(b) for b in other]


def test_a_bundle_that_differs_is_not_written(checkpoint, tmp_path, monkeypatch):
    different = itertools.count()
    monkeypatch.setattr("zhibiao.export.onnx.decisions", lambda _: next(different))
    with pytest.raises(ExportError, match="differ on"):
        export(checkpoint, tmp_path / "m", quantize=False, probe=[TEXTS[0]])
    assert not (tmp_path / "m").exists()


def test_a_quantized_bundle_is_smaller_and_runs(checkpoint, bundle, tmp_path):
    size = export(checkpoint, tmp_path / "m", quantize=True, probe=[])
    assert size < sum(p.stat().st_size for p in bundle.iterdir())
    assert len(load_system(tmp_path / "m").annotate(TEXTS)) == len(TEXTS)


def test_a_damaged_bundle_is_an_error(bundle, tmp_path):
    with pytest.raises(CheckpointError, match=r"no tagger\.onnx"):
        load_system(tmp_path)
    for path in bundle.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckpointError, match="damaged"):
        load_system(tmp_path)


def test_the_runtime_imports_neither_torch_nor_transformers(bundle):
    code = (
        "import sys; from pathlib import Path; from zhibiao.pipeline.onnx_backend import load_system;"
        f"load_system(Path({str(bundle)!r})).annotate([{TEXTS[0]!r}]);"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
