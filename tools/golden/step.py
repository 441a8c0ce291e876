"""A command to run, and its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .place import Place


@dataclass(frozen=True)
class Ran:
    """The result of a command.

    Attributes:
        code: Exit code.
        out: Text of the output stream.
        err: Text of the error stream.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        name: Name of the step, and of its folder in the work folder, into which it writes.
        words: The command's arguments; paths are relative to the work folder.
        code: The expected exit code; another one is recorded and reported.
        prepare: Makes further files in the work folder just before the command runs.
        after: Further steps that must have run, besides those whose files are named in `words`.
        run: Runs something other than a command.
    """

    name: str
    words: tuple[str, ...] = ()
    code: int = 0
    prepare: Callable[[Path], None] | None = None
    after: tuple[str, ...] = ()
    run: Callable[[Place], Ran] | None = None

    def needs(self, names: Sequence[str]) -> set[str]:
        """Return which of the named steps must have run before this one."""
        firsts = {word.split("/", 1)[0] for word in self.words if "/" in word}
        return ((firsts & set(names)) | set(self.after)) - {self.name}


def step(name: str, line: str, *more: str, **options: object) -> Step:
    """Make a step from a line of words.

    Args:
        name: Name of the step.
        line: Words separated by spaces; ``@/`` means the step's own folder.
        more: Further words, which may hold spaces.
        options: Further fields of `Step`.
    """
    words = tuple(word.replace("@/", f"{name}/") for word in (*line.split(), *more))
    return Step(name, words, **options)  # type: ignore[arg-type]
