"""``zhibiao train``: a model from a configuration, or on from a checkpoint with new annotations."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhibiao.cli.terminal import terminal
from zhibiao.core.errors import ConfigError

if TYPE_CHECKING:
    from zhibiao.training.train import Training

EXIT_REFUSED = 1

app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def train(
    config: Annotated[Path | None, typer.Argument(help="Training configuration (YAML).")] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder of the run; the model is in OUTPUT/model.")
    ] = Path("out/model"),
    overrides: Annotated[list[str] | None, typer.Option("--set", help="section.key=value, as often as needed.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on where a run in OUTPUT was stopped.")] = False,
    start: Annotated[Path | None, typer.Option("--from", help="Checkpoint to go on from, with --data.")] = None,
    data: Annotated[list[Path] | None, typer.Option(help="New annotations (JSON Lines).")] = None,
    frozen: Annotated[Path | None, typer.Option(help="Test the new model must not fall on (with --from).")] = None,
    replay: Annotated[float, typer.Option(help="Share of the old training data seen again (with --from).")] = 1.0,
) -> None:
    """Train a model. Exit code 1: the new model was refused because it fell on the frozen test."""
    if (config is None) == (start is None):
        raise ConfigError("name a configuration, or a checkpoint with --from and --data, and not both")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if config is not None:
        _from_config(config, output, overrides or [], resume)
    elif start is not None:
        _from_checkpoint(start, data or [], output, frozen, replay, resume)


def _from_config(config: Path, output: Path, overrides: list[str], resume: bool) -> None:
    need_torch()
    from zhibiao.training.config import load_config
    from zhibiao.training.train import train as run

    _print_run(run(load_config(config, overrides), output, resume=resume))


def _from_checkpoint(
    start: Path, data: list[Path], output: Path, frozen: Path | None, replay: float, resume: bool
) -> None:
    need_torch()
    from zhibiao.training.retrain import RetrainOptions, gate, retrain

    done = retrain(start, data, output, options=RetrainOptions(replay), resume=resume)
    _print_run(done)
    if frozen is None:
        return
    verdict = gate(start, done.folder, frozen)
    console = terminal()
    for fall in verdict.falls:
        console.print(f"fell: {fall.kind} {fall.before:.3f} -> {fall.after:.3f}, below {fall.bound:.3f}")
    for name, places in (("lost", verdict.lost), ("gained", verdict.gained)):
        for place in places:
            console.print(f"{name}: {place}")
    console.print("accepted" if verdict.accepted else "refused")
    if not verdict.accepted:
        raise typer.Exit(EXIT_REFUSED)


def need_torch() -> None:
    """Raise ConfigError, which says what to install, unless training is possible here."""
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise ConfigError(f"training needs torch and transformers ({error}); pip install 'zhibiao[model]'") from error


def _print_run(done: Training) -> None:
    console = terminal()
    for kind, count in sorted(done.ledger.counts.items()):
        console.print(f"lost: {kind} {count}")
    for name, value in done.metrics.items():
        console.print(f"{name} {value:.4f}")
    console.print(f"{done.folder} in {done.seconds:.0f} s")
