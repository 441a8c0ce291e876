"""From arguments to a command: the list of commands, and usage errors in one line."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from itertools import dropwhile, takewhile
from typing import Annotated, TypeAlias

import tyro

from mien.cli.batch import Batch
from mien.cli.demo import Demo
from mien.cli.expressions import Expressions
from mien.cli.generate import Generate
from mien.cli.sheet import Sheet
from mien.errors import UsageError

DESCRIPTION = "Make facial micro-expressions from a single portrait. mien COMMAND --help says more."

Command: TypeAlias = (
    Annotated[Generate, tyro.conf.subcommand("generate")]
    | Annotated[Demo, tyro.conf.subcommand("demo")]
    | Annotated[Sheet, tyro.conf.subcommand("sheet")]
    | Annotated[Expressions, tyro.conf.subcommand("expressions")]
    | Annotated[Batch, tyro.conf.subcommand("batch")]
)
"""Every command; each is a dataclass whose fields are its options, with a ``run()``."""

_CONFIG = (tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes)

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def parse(arguments: list[str]) -> Command:
    """Read the command line.

    Raises:
        UsageError: it is not understood, or options do not fit together.
        SystemExit: help was asked for and printed.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(
                Command,
                prog="mien",
                description=DESCRIPTION,
                args=repeat_au(arguments),
                config=_CONFIG,
            )
    except SystemExit as error:
        if not error.code:
            raise
        raise UsageError(condensed(said.getvalue())) from None
    finally:
        sys.stdout.flush()


def repeat_au(arguments: list[str]) -> list[str]:
    """Let ``--au A B`` mean ``--au A --au B``.

    A word without ``=`` ends the list, so that a portrait may follow.
    """
    repeated: list[str] = []
    in_list = False
    for word in arguments:
        if in_list and "=" in word and not word.startswith("-") and repeated[-1] != "--au":
            repeated.append("--au")
        elif word == "--au":
            in_list = True
        elif not (repeated and repeated[-1] == "--au"):
            in_list = False
        repeated.append(word)
    return repeated


def condensed(box: str) -> str:
    """Make one line of the box that tyro draws around a usage error."""
    lines = [_ANSI.sub("", line).strip("│ ") for line in box.splitlines()[1:]]
    # The title is left out already. Where the terminal takes ASCII only, a rule follows it.
    body = list(dropwhile(_is_rule, lines))
    what = list(takewhile(lambda line: not _is_rule(line), body))
    where = re.findall(r"mien(?: [a-z]+)? --help", " ".join(lines))
    text = " ".join(what).split(" Got errors:")[0].strip(" .")
    return f"{text or 'the command line is not understood'}; see {(where or ['mien --help'])[-1]}"


def _is_rule(line: str) -> bool:
    return not line.strip("─-╰╯ ")
