"""Checks that several engines share."""

from __future__ import annotations

import math
from typing import TypeVar

from mien.au.catalog import RIG_NAMES
from mien.au.track import AUTrack
from mien.engines.base import KnownAUs, MotionSession, TrackSession, own_shape
from mien.errors import UsageError

Session = TypeVar("Session", bound=TrackSession | MotionSession)


def shows_portrait(session: Session, what: str) -> Session:
    """Return a session unchanged, or refuse it if it shows its network's own picture instead of the portrait.

    Args:
        session: The session.
        what: What needs the portrait, in words.

    Raises:
        UsageError: The session shows another picture.
    """
    if own_shape(session) is not None:
        raise UsageError(
            f"expected frames of the portrait for {what}, got --show raw: use it with mien generate or mien transfer"
        )
    return session


def check_strength(strength: float) -> None:
    """Raise UsageError if a strength is negative or not finite."""
    if not (math.isfinite(strength) and strength >= 0):
        raise UsageError(f"expected --strength of 0 or more, got {strength:g}")


def unknown_aus(known: KnownAUs, track: AUTrack) -> tuple[str, ...]:
    """Return the sided AUs that a track moves and an engine does not know."""
    if known is None:
        return ()
    values = track.to_sided()
    return tuple(
        name
        for column, name in enumerate(RIG_NAMES)
        if values[:, column].any() and name not in known
    )


def check_known(engine: str, known: KnownAUs, track: AUTrack) -> None:
    """Raise UsageError if a track moves an AU that an engine does not know."""
    if unknown := unknown_aus(known, track):
        raise UsageError(
            f"the {engine} engine does not know {' '.join(unknown)}: use --engine rig, or give the other AUs by --au"
        )
