"""The help of every command, as the parser prints it, in Markdown."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from unittest.mock import patch

from mien.cli.commands import COMMANDS
from mien.cli.main import main
from mien.cli.parse import load, second_words

COLUMNS = 100
"""Width of the help, characters."""


def commands() -> Iterator[str]:
    """Yield every command as it is typed after ``mien``; a command with subcommands, once for each of them."""
    for first in COMMANDS:
        seconds = second_words(load(first))
        yield from (f"{first} {second}" for second in seconds) if seconds else (first,)


def help_of(command: str) -> str:
    """Return what ``mien COMMAND --help`` prints.

    Raises:
        RuntimeError: The command printed no help.
    """
    out = io.StringIO()
    with (
        patch.dict(os.environ, {"COLUMNS": str(COLUMNS), "NO_COLOR": "1"}),
        contextlib.redirect_stdout(out),
        contextlib.suppress(SystemExit),
    ):
        main([*command.split(), "--help"])
    if "usage:" not in (text := out.getvalue()):
        raise RuntimeError(f"expected the help of mien {command}, got {text[:80]!r}")
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def help_page() -> str:
    """Return one section for each command."""
    return "\n".join(
        f"## mien {command}\n\n```text\n{help_of(command)}\n```\n" for command in commands()
    )
