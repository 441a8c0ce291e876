"""``mien``: read the command line, run the command, say in one line what went wrong.

Imports nothing heavy: a command imports what it needs when it runs.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from mien.cli import clock  # noqa: F401 - starts the clock
from mien.cli.say import complain
from mien.errors import EXIT_CODE, INTERRUPTED, MienError
from mien.version import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the arguments; those of the process if not given.

    Returns:
        The exit code: 0, 2 for anything that the user can mend, 130 after Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        return help_instead()
    if arguments == ["--version"]:
        print(f"mien {__version__}")
        return 0
    try:
        from mien.cli.parse import parse
        from mien.io.replacing import overwriting

        command = parse(arguments)
        # Commands without an output have no such option; some have it in a command of their own.
        given = getattr(getattr(command, "what", command), "overwrite", False)
        with overwriting(given):
            code = command.run()
        sys.stdout.flush()
        return code
    except MienError as error:
        complain("error", error)
        return EXIT_CODE
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a path that the system refuses, such as a name that is too long
        where = "a file" if error.filename is None else os.fsdecode(error.filename)
        complain("error", f"cannot use {where}: {error.strerror or error}; check the path")
        return EXIT_CODE
    except KeyboardInterrupt:
        print("mien: interrupted", file=sys.stderr)
        return INTERRUPTED


def help_instead() -> int:
    """Print the help to somebody who typed ``mien`` alone."""
    from mien.cli.parse import parse

    with contextlib.suppress(SystemExit):
        parse(["--help"])
    return EXIT_CODE
