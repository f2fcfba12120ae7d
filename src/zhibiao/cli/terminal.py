"""The terminal, on which text is shown as it is."""

from __future__ import annotations

import sys

from rich.console import Console

_PIPE_WIDTH = 200


def terminal(*, error: bool = False) -> Console:
    """Lines to standard output or, for ``error``, to standard error; long ones are not cut.

    Nothing in them is markup: a place such as ``file.jsonl:100:`` must not become an emoji, nor ``[12, 15)`` a style.
    """
    return Console(stderr=error, soft_wrap=True, markup=False, emoji=False, highlight=False)


def say(line: str, *, error: bool = False, style: str | None = None) -> None:
    """Print one line; what UTF-8 cannot hold is escaped."""
    printable = line.encode("utf-8", "backslashreplace").decode("utf-8")
    terminal(error=error).print(printable, style=style)


def table_terminal() -> Console:
    """Standard output for tables, which are fitted to its width; a pipe is wide. Nothing in them is markup."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)
