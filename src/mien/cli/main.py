"""``mien``: read the command line, run the command, report an error in one line.

Imports nothing heavy: a command imports what it needs when it runs.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mien.cli import clock  # noqa: F401 - starts the clock
from mien.cli.say import complain
from mien.cli.streams import flush_output, prepare_streams, to_stderr
from mien.errors import EXIT_CODE, MienError, OutputError
from mien.interrupts import Interrupted, exit_code, ignore_signals, take_signals, uninterrupted
from mien.version import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments. None for those of the process, whose signals and standard streams are then handled too.

    Returns:
        The exit code: 0 for success, 2 for an error that the user can fix, 130 after Ctrl-C, 143 after SIGTERM, 129
        after SIGHUP.
    """
    if argv is not None:
        return run(list(argv))
    try:
        take_signals()
        prepare_streams()
        code = run(sys.argv[1:])
        ignore_signals()
    except Interrupted as signal:  # a signal before the command began or after it ended
        code = signal.exit_code
    if code > EXIT_CODE:
        leave(code)
    return code


def run(arguments: list[str]) -> int:
    """Run a command, report an error in one line, and return the exit code."""
    try:
        return flush_output(command(arguments))
    except SystemExit as end:  # after --help
        raise SystemExit(flush_output(end.code if isinstance(end.code, int) else 0)) from None
    except MienError as error:
        complain("error", error)
        return flush_output(EXIT_CODE)
    except BrokenPipeError:  # the reader of the standard output, such as head, closed the pipe
        return flush_output(0)
    except OSError as error:
        # The error concerns the standard output, and flushing then fails too, or a file, such as on a full disk.
        if (code := flush_output(0)) == 0:
            complain("error", in_words(error))
        return code or EXIT_CODE
    except KeyboardInterrupt as error:
        with uninterrupted():
            to_stderr("; ".join(("mien: interrupted", *getattr(error, "__notes__", ()))))
            return error.exit_code if isinstance(error, Interrupted) else exit_code()


def command(arguments: list[str]) -> int:
    """Parse the arguments and run what they ask for."""
    if not arguments or arguments[0] in ("-h", "--help"):
        from mien.cli.commands import overview

        print(overview())
        return 0 if arguments else EXIT_CODE
    if arguments == ["--version"]:
        print(f"mien {__version__}")
        return 0
    from mien.cli.parse import parse
    from mien.io.replacing import overwriting

    asked = parse(arguments)
    # Commands without an output have no such option. In some commands, a subcommand has it.
    given = getattr(getattr(asked, "what", asked), "overwrite", False)
    with overwriting(given):
        return asked.run()


def leave(code: int) -> NoReturn:
    """End the process at once, without waiting for threads that still compute.

    A normal exit removes the interpreter while they still run, which crashes C++ code.
    """
    with uninterrupted():
        with contextlib.suppress(Exception):
            atexit._run_exitfuncs()
        flush_output(code)
        os._exit(code)


def in_words(error: OSError) -> OutputError:
    """Return an error whose message names the file and says what to check."""
    place = (
        "the standard output or a file" if error.filename is None else os.fsdecode(error.filename)
    )
    reason = error.strerror or error
    return OutputError(
        f"cannot use {place}: {reason}; check the path, the disk and the permissions"
    )
