"""A tiny random BERT over single characters and paragraphs of our own, for tests of what is learned."""

import json
from pathlib import Path

TEXTS = (
    "1至10月,全市工业投资132.7亿元,同比增长12.4%,高于全省9.2个百分点。",
    "全县新增规模工业企业15家,居全省第2位。",
    "咸宁市轨道交通、航空分别增长15.5%、17.5%。",
    "会议强调,要抓好落实。",
)


def write_encoder(folder: Path, *, layers: int = 2, hidden: int = 32) -> Path:
    """A seeded random encoder with a tokenizer of single characters and two longer pieces."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, processors
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    characters = sorted({char for text in TEXTS for char in text} - {"<", ">"})
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(char, -5.0) for char in characters] + [("同比增长", -3.0), ("全市工业", -3.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=4,
        intermediate_size=2 * hidden, max_position_embeddings=128, pad_token_id=1,
    )  # fmt: skip
    BertModel(config).save_pretrained(str(folder))
    return folder


def write_gold(path: Path, *, copies: int = 1) -> Path:
    """Annotation by the rules of TEXTS (good enough to be learned by heart), ``copies`` times."""
    from zhibiao.core.codec import dumps
    from zhibiao.core.records import Document
    from zhibiao.pipeline.extractor import Extractor
    from zhibiao.rules.system import RuleSystem

    extractor = Extractor(RuleSystem())
    lines = [
        dumps(extractor.extract(Document(f"d{copy}-{i}", text)).to_annotated())
        for copy in range(copies)
        for i, text in enumerate(TEXTS)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_config(path: Path, encoder: Path, gold: Path, **training: object) -> Path:
    """A configuration for a few seconds of training."""
    settings = {"epochs": 2, "batch_size": 2, "threads": 1, "head_learning_rate": 0.005, "learning_rate": 0.001}
    path.write_text(
        json.dumps(
            {
                "data": {"train": [str(gold)], "dev": [str(gold)]},
                "model": {"encoder": str(encoder), "hidden": 32, "span": 16, "pair": 16, "bilinear": 4,
                          "min_character_count": 1, "max_pieces": 96, "overlap_pieces": 16},
                "loss": {"predicted_from_epoch": 1},
                "training": {**settings, **training},
            }
        ),
        encoding="utf-8",
    )  # fmt: skip
    return path
