"""Choose the people to hold out for validation by a hash of their names, so that they are the same in all sets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from mien.errors import UsageError


def held_out_people(identities: Sequence[str], share: float = 0.1) -> Bool[np.ndarray, " faces"]:
    """Return which faces are held out for validation.

    Args:
        identities: Name of the person on each picture.
        share: Share of the people to hold out, in (0, 1).

    Raises:
        UsageError: All faces would be held out, or none.
    """
    held_out = np.array([is_held_out(identity, share) for identity in identities])
    if held_out.all() or not held_out.any():
        raise UsageError(
            f"expected enough people to hold out {share:.0%} of them by a hash of their names, "
            f"got {len(set(identities))}: {round(5 / share)} are nearly always enough"
            + _way_out(identities[-1], share, wanted=not held_out.any())
        )
    return held_out


def _way_out(identity: str, share: float, *, wanted: bool) -> str:
    """Return a hint how to rename a person to change sides by adding a number; empty if none below 1000 does it."""
    names = (f"{identity}{number}" for number in range(1, 1000))
    other = next((name for name in names if is_held_out(name, share) == wanted), None)
    return f"; with few, rename one, such as {identity} to {other}" if other else ""


def is_held_out(identity: str, share: float) -> bool:
    """Return whether a person is held out; depends on the name alone."""
    digest = hashlib.sha256(identity.encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
