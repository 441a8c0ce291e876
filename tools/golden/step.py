"""One command to run, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .place import Place


@dataclass(frozen=True)
class Ran:
    """What a command said.

    Attributes:
        code: Its exit code.
        out: Its output stream.
        err: Its error stream.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        name: Of the step, and of the folder in the work folder that it writes into.
        words: The command's arguments; paths are relative to the work folder.
        code: The exit code that is expected; another one is recorded and reported.
        prepare: Makes further files in the work folder just before the command runs.
        after: Further steps that must have run; those whose files are named in `words` are known.
        run: Runs something else than one command.
    """

    name: str
    words: tuple[str, ...] = ()
    code: int = 0
    prepare: Callable[[Path], None] | None = None
    after: tuple[str, ...] = ()
    run: Callable[[Place], Ran] | None = None

    def needs(self, names: Sequence[str]) -> set[str]:
        """Return which of the named steps must have run before."""
        firsts = {word.split("/", 1)[0] for word in self.words if "/" in word}
        return ((firsts & set(names)) | set(self.after)) - {self.name}


def step(name: str, line: str, *more: str, **options: object) -> Step:
    """Make a step from a line of words.

    Args:
        name: Of the step.
        line: Words with spaces between; ``@/`` stands for the step's own folder.
        more: Further words, which may hold spaces.
        options: Further fields of `Step`.
    """
    words = tuple(word.replace("@/", f"{name}/") for word in (*line.split(), *more))
    return Step(name, words, **options)  # type: ignore[arg-type]
