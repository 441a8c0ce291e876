"""What is wrong with a user's copy of a data set, one line each."""

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
"""What can be wrong."""

MISSING: tuple[Kind, ...] = (
    *("missing frames", "missing frame", "missing apex", "missing offset"),
)
"""Something that the annotations speak of is not there."""

NOTES: tuple[Kind, ...] = ("unknown AU",)
"""Nothing is wrong with the copy, but Mien does not know what it says."""


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or does not fit.

    Attributes:
        kind: see :data:`Kind`.
        where: the clip, or file and line.
        text: what was expected and what came.
    """

    kind: Kind
    where: str
    text: str

    def __str__(self) -> str:
        """Return the line for people."""
        return f"{self.where}: {self.text}"
