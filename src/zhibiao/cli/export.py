"""``zhibiao export``: a checkpoint as a bundle that runs without torch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhibiao.cli.terminal import terminal
from zhibiao.core.codec import read_annotated
from zhibiao.core.errors import ConfigError
from zhibiao.text.normalize import normalize

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def export(
    checkpoint: Annotated[Path, typer.Argument(help="Checkpoint folder.")],
    bundle: Annotated[Path, typer.Argument(help="Folder to write.")],
    probe: Annotated[
        list[Path] | None, typer.Option(help="Annotated texts on which torch and ONNX must agree.")
    ] = None,
    quantize: Annotated[bool, typer.Option(help="Store the weights of the encoder in 8 bits.")] = True,
) -> None:
    """Export a model to ONNX; what the bundle decides is compared with torch on the probe."""
    try:
        from zhibiao.export.onnx import export as run
        from zhibiao.training.checkpoint import load_checkpoint
    except ImportError as error:
        raise ConfigError(
            f"export needs torch, transformers and onnx ({error}); pip install 'zhibiao[model]'"
        ) from error
    texts = [normalize(text.text).text for path in probe or [] for text in read_annotated(path)]
    size = run(load_checkpoint(checkpoint), bundle, quantize=quantize, probe=texts)
    terminal().print(f"{bundle}: {size / 1e6:.1f} MB, {len(texts)} paragraphs alike")
