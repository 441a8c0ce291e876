"""Problems of a user's copy of a data set, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "missing frames",
    "missing frame",
    "missing apex",
    "missing offset",
    "apex outside",
    "offset before onset",
    "unknown emotion",
    "unreadable code",
    "unknown AU",
    "unreadable row",
    "unreadable frames",
    "duplicate",
]
"""All kinds of problems."""

MISSING: tuple[Kind, ...] = ("missing frames", "missing frame", "missing apex", "missing offset")
"""Problems where the copy lacks something that the annotations mention."""

NOTES: tuple[Kind, ...] = ("unknown AU",)
"""Problems where the copy is correct but has something that Mien does not know."""


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or inconsistent.

    Attributes:
        kind: What sort of problem.
        where: The clip, or file and line.
        text: What was expected and what came.
    """

    kind: Kind
    where: str
    text: str

    def __str__(self) -> str:
        """Return the line for people."""
        return f"{self.where}: {self.text}"
