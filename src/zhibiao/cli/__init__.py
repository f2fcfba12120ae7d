"""The command line: parses, calls the library, prints; each command is a module, loaded when it is called."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from zhibiao import __version__
from zhibiao.cli.terminal import say
from zhibiao.core.errors import ZhibiaoError

EXIT_SYSTEM = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143

_COMMANDS = ("extract", "evaluate", "check", "data", "train", "export", "annotate", "retrain", "serve")


class _Commands(TyperGroup):
    """Loads a command's module when it is called: `extract` need not wait for what only `evaluate` needs."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"zhibiao.cli.{cmd_name}").app)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="zhibiao",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        say(__version__)
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
        say(f"error: {error}", error=True, style="red")
        sys.exit(EXIT_USAGE)
    except OSError as error:
        say(f"error: {error}", error=True, style="red")
        sys.exit(EXIT_SYSTEM)
    except KeyboardInterrupt:
        say("interrupted; nothing partial was left behind", error=True, style="red")
        sys.exit(EXIT_INTERRUPTED)
