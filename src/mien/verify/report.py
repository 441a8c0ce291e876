"""The report of a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Something that is wrong with an output.

    Attributes:
        path: The file or folder.
        what: What is wrong with it and what to do, in one line.
    """

    path: Path
    what: str

    def __str__(self) -> str:
        """Return the problem as one line."""
        return f"{self.path}: {self.what}"


@dataclass
class Report:
    """The results of checking one path; each check adds to them.

    Attributes:
        path: What was checked.
        trusted: Certificates in PEM, of which one must vouch for the signer of a clip; None to accept any signer.
        kind: Kind of the output, such as ``clip``; empty if it is not known.
        checked: Number of outputs at the path that were checked.
        problems: What is wrong.
        facts: Further facts about the output, JSON values by name.
    """

    path: Path
    trusted: str | None = None
    kind: str = ""
    checked: int = 0
    problems: list[Problem] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, path: Path, what: object) -> None:
        """Add a problem."""
        self.problems.append(Problem(path, " ".join(str(what).split())))

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "path": str(self.path),
            "kind": self.kind,
            "checked": self.checked,
            "problems": [{"path": str(p.path), "what": p.what} for p in self.problems],
            **({"facts": self.facts} if self.facts else {}),
        }
