import runpy
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from loop_examples import OTHERS, annotated, write

from tiny_model import write_config, write_encoder, write_gold
from zhibiao.core.codec import read_annotated
from zhibiao.data.patterns import patterns

SCRIPT = Path(__file__).parents[2] / "scripts" / "retrain_study.py"
RANKS = (
    "上半年,全市固定资产投资增速居全省第4位。",
    "去年,我县农村居民人均可支配收入排名全区第2位。",
    "截至6月底,该市空气质量综合指数列全省第9位。",
    "一季度,全区社会消费品零售总额居全市第3位。",
)


def study(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    return ended.value.code, capsys.readouterr()


def test_a_model_without_a_pattern_before_and_after(tmp_path, monkeypatch, capsys):
    gold = write_gold(tmp_path / "gold.jsonl")
    rows = [*read_annotated(gold), *(annotated(f"r{i}", text) for i, text in enumerate(RANKS))]
    config = write_config(tmp_path / "c.yaml", write_encoder(tmp_path / "encoder"), write(gold, *rows), epochs=1)
    frozen = write(tmp_path / "test.jsonl", *(annotated(f"t{i}", text) for i, text in enumerate(OTHERS)))
    options = ["--output", tmp_path / "study", "--frozen", frozen, "--epochs", 1, "--count", 2, "--resamples", 50]
    code, printed = study(monkeypatch, capsys, config, *options)
    assert code == 0, printed.err
    learned, corrected, held = (
        list(read_annotated(tmp_path / "study" / f"{name}.jsonl")) for name in ("weak", "corrected", "held_out")
    )
    assert not any("rank" in patterns(text) for text in learned)
    assert all("rank" in patterns(text) for text in (*corrected, *held))
    assert len({text.id for text in (*corrected, *held)}) == 4
    table = [line for line in printed.out.splitlines() if line.startswith(("| frozen", "| held"))]
    assert [line.split("|")[2].strip() for line in table[:5]] == [
        "before",
        "after, replay",
        "after, no replay",
        "after, replay - before",
        "after, no replay - before",
    ]
    assert len(table) == 10
    sizes = [len(list(read_annotated(tmp_path / "study" / f"run{n}" / "mixed.jsonl"))) for n in (1, 2)]
    assert sizes == [len(learned) + 2 * 8, 2 * 8]  # what is new is repeated

    again = study(monkeypatch, capsys, config, *options)[1]
    assert again.out.splitlines()[-10:] == printed.out.splitlines()[-10:]
    code, printed = study(monkeypatch, capsys, config, *options[:-4], "--count", 3)
    assert code == 2
    assert "too few" in printed.err
