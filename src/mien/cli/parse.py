"""Parse the arguments into a command; report usage errors in one line."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import textwrap
from difflib import get_close_matches
from importlib import import_module
from itertools import dropwhile, takewhile
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

import tyro

from mien.cli.commands import COMMANDS
from mien.cli.engine_flags import with_engine_flags
from mien.cli.subcommands import subcommands
from mien.errors import UsageError


class Command(Protocol):
    """A command with its options, ready to run."""

    def run(self) -> int:
        """Run the command and return the exit code."""
        ...


def load(command: str) -> type[Any]:
    """Import a command's class."""
    result: type[Any] = getattr(
        import_module(f"mien.cli.{command.replace('-', '_')}"), COMMANDS[command].class_name
    )
    return result


def second_words(command: type[Any]) -> tuple[str, ...]:
    """Return the valid second words of a command, read from its field ``what``: subcommands or choices."""
    what = get_type_hints(command, include_extras=True).get("what")
    choices = get_args(get_args(what)[0]) if get_origin(what) is Annotated else ()
    return tuple(subcommands(command)) or choices


_CONFIG = (tyro.conf.OmitArgPrefixes, tyro.conf.OmitSubcommandPrefixes)

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_BORDER = re.compile(r"^│|\s*│?$")


def parse(arguments: list[str]) -> Command:
    """Read the command line.

    Raises:
        UsageError: the command line is not valid, or options do not fit together.
        SystemExit: the command's help was printed.
    """
    check_command(arguments)
    name = arguments[0]
    second = second_words(load(name))
    check_subcommand(arguments, second)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            made: Command = tyro.cli(
                with_engine_flags(load(name)),
                prog=f"mien {name}",
                args=repeat_au(arguments[1:]),
                config=_CONFIG,
            )
            return made
    except SystemExit as error:
        if not error.code:
            raise
        words = 2 if set(arguments[1:2]) & set(second) else 1
        raise UsageError(condensed(said.getvalue(), " ".join(arguments[:words]))) from None
    finally:
        sys.stdout.flush()


def check_command(arguments: list[str]) -> None:
    """Refuse an unknown command, or an option in its place.

    Raises:
        UsageError: the first word is no command.
    """
    word = arguments[0]
    if word in COMMANDS:
        return
    if word.startswith("-"):
        raise UsageError(
            f"expected a command before {word}, such as mien generate; see mien --help"
        )
    close = get_close_matches(word, COMMANDS, n=1)
    hint = f"did you mean {close[0]}? The" if close else "the"
    raise UsageError(
        f"unknown command {word!r}: {hint} commands are {', '.join(COMMANDS)}; see mien --help"
    )


def check_subcommand(arguments: list[str], names: tuple[str, ...]) -> None:
    """Refuse an unknown second word of a command that has subcommands.

    Args:
        arguments: the words that were typed.
        names: the valid second words; empty for a command without any.

    Raises:
        UsageError: the second word is missing or not valid.
    """
    word = arguments[1] if len(arguments) > 1 else ""
    if {"-h", "--help"} & set(arguments) or (word.startswith("-") and set(names) & set(arguments)):
        return
    if names and word not in names:
        raise UsageError(
            f"expected one of {', '.join(names)} after {arguments[0]}, got {repr(word) if word else 'none'}; "
            f"see mien {arguments[0]} --help"
        )


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


def condensed(box: str, command: str = "") -> str:
    """Return the usage error in tyro's box as one line.

    Args:
        box: what tyro printed.
        command: the first argument, or the first two. If it is a command, the line refers to its help.
    """
    lines = [_BORDER.sub("", _ANSI.sub("", line)) for line in box.splitlines()[1:]]
    # The title is cut off already. On a terminal that takes ASCII only, a rule follows it.
    body = dropwhile(_is_rule, lines)
    what = textwrap.dedent("\n".join(takewhile(lambda line: not _is_rule(line), body)))
    where = re.findall(r"mien(?: [a-z]+)? --help", " ".join(lines))
    see = (
        f"mien {command} --help"
        if command.split(" ")[0] in COMMANDS
        else (where or ["mien --help"])[-1]
    )
    return f"{_plain(what, lines) or 'the command line is not understood'}; see {see}"


def _plain(what: str, lines: list[str]) -> str:
    """Return what is wrong: in Mien's words for known kinds of errors, otherwise in tyro's."""
    if what.startswith("Missing from"):
        # Each argument is indented; its meaning is indented further.
        missing = re.findall(r"^ {1,4}(\S.*)$", what, re.MULTILINE)
        return f"expected {' and '.join(missing)}, got none" if missing else ""
    text = " ".join(what.split()).split(" Got errors:")[0].strip(" .")
    if match := re.match(r"Unrecognized options: ([^\s,]+)", text):
        word = match[1]
        if not word.startswith("-"):
            return f"{word!r} is one word too many; a name with spaces needs quotes"
        meant = re.search(r"Perhaps you meant:\s+(--[\w-]+)", "\n".join(lines))
        return f"unknown option {word}" + (f" (did you mean {meant[1]}?)" if meant else "")
    if match := re.match(r"Missing value for argument '([^']+)'", text):
        return f"expected a value after {match[1]}, got none"
    if match := re.match(r"[Ii]nvalid choice (.+) for argument '([^']+)'.*\((.+)\)", text):
        choices = match[3].replace("'", "").split(", ")
        if "None" in choices:
            # None means that the option may be left out. tyro then lists the choices in any order.
            choices = sorted(set(choices) - {"None"})
        return f"expected one of {', '.join(choices)} after {match[2]}, got {match[1]}"
    if match := re.match(
        r"Error parsing (\S+): no type matching \{None\}\|(FLOAT|INT) .*\['?(.*?)'?\]$", text
    ):
        kind = "a number" if match[2] == "FLOAT" else "a whole number"
        return f"expected {kind} after {match[1]}, got {match[3]!r}"
    if match := re.match(r"Error parsing (\S+): could not convert string to float: (.+)", text):
        return f"expected a number after {match[1]}, got {match[2]}"
    if match := re.match(r"Error parsing (\S+): invalid literal for int\(\) .*: (.+)", text):
        return f"expected a whole number after {match[1]}, got {match[2]}"
    if match := re.match(
        r"Error parsing (\S+): no type matching \{None\}\|\{PATH PATH\} .*\[(.*)\]$", text
    ):
        return f"expected two files after {match[1]}, a certificate and its key, got {match[2] or 'none'}"
    return text[:1].lower() + text[1:]


def _is_rule(line: str) -> bool:
    return not line.strip(" ─-╰╯")
