"""The command line: parses, calls the library, prints; every command is a module of its own."""

from __future__ import annotations

import signal
import sys

import typer
from rich.console import Console

from zhibiao import __version__
from zhibiao.cli.check import check
from zhibiao.cli.evaluate import evaluate
from zhibiao.cli.extract import extract
from zhibiao.core.errors import ZhibiaoError

EXIT_SYSTEM = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

app = typer.Typer(
    name="zhibiao",
    help="Chinese regional-economy text in, normalised indicator records out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(extract)
app.command()(check)
app.command()(evaluate)


def _version(asked: bool) -> None:
    if asked:
        Console().print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    _: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and exit."),
) -> None:
    """Chinese regional-economy text in, normalised indicator records out."""


def main() -> None:
    """Run the command line; errors that the user can mend are one message and exit code 2."""
    # An exception, so that files which are not finished are removed; by default the process would just end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    try:
        app()
    except ZhibiaoError as error:
        Console(stderr=True, soft_wrap=True).print(f"error: {error}", style="red", markup=False, highlight=False)
        sys.exit(EXIT_USAGE)
    except OSError as error:
        Console(stderr=True, soft_wrap=True).print(f"error: {error}", style="red", markup=False, highlight=False)
        sys.exit(EXIT_SYSTEM)
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted; nothing partial was left behind", style="red")
        sys.exit(EXIT_INTERRUPTED)
