"""The outcome of a clip: faces of the set, or the reason why the clip was skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mien.errors import BadTrackError, DatasetError, FaceError, MienError

TOO_SHORT = "fewer than two frames"

_KINDS: tuple[tuple[type[MienError], str], ...] = (
    (FaceError, "no usable face"),
    (BadTrackError, "no labels that fit"),
    (DatasetError, "not in the copy"),
)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a clip.

    Attributes:
        name: The clip's name.
        person: Name of the clip's person.
        frames: Number of the clip's frames in the set; 0 if it was skipped.
        left_out: Number of the clip's frames that were left out, by reason.
        skipped: Kind of the reason why the clip was skipped; empty if it was not.
        why: The reason in one line.
    """

    name: str
    person: str
    frames: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    skipped: str = ""
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return all fields as JSON values."""
        return asdict(self)


def skip_for(name: str, person: str, error: MienError) -> Outcome:
    """Return the outcome of a clip that an error keeps out of the set."""
    kind = next((kind for of, kind in _KINDS if isinstance(error, of)), "unreadable")
    return Outcome(name, person, skipped=kind, why=" ".join(str(error).split()))
