"""What a check found."""

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
    """What the checks of one path found; each check adds to it.

    Attributes:
        path: What was checked.
        trusted: Certificates in PEM; who signed a clip must be certified by one of them. None to leave that open.
        kind: What it is, such as ``clip``; empty if that is not known.
        checked: Number of outputs in it that were checked.
        problems: What is wrong.
        facts: What else is known of it, JSON values by name.
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
