"""Say where the frames of a clip do not show what was asked for."""

from __future__ import annotations

from fractions import Fraction

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.expression import Expression
from mien.au.track import AUTrack

LONGEST_SECONDS = 30.0
"""A movement that lasts longer was probably given in milliseconds."""

MISSED_SHARE = 0.02
"""Share of a peak by which the frames may stay below it without a note."""


def course_notes(expression: Expression, track: AUTrack, fps: Fraction) -> tuple[str, ...]:
    """Return a note if a movement lasts very long, and one if no frame shows an AU's peak.

    Args:
        expression: What was asked for.
        track: The same in frames.
        fps: Frames a second.
    """
    notes = []
    if expression.duration_seconds > LONGEST_SECONDS:
        notes.append(
            f"the face moves for {expression.duration_seconds:g} s: times are in seconds, so write 0.2 for 200 ms"
        )
    shown = dict(zip(RIG_NAMES, track.to_sided().max(axis=0).tolist(), strict=True))
    for envelope in expression.envelopes:
        highest = max(shown[name] for name in sided_names(envelope.au))
        if highest < (1 - MISSED_SHARE) * envelope.peak_intensity:
            rate = float(fps)
            notes.append(
                f"{envelope.au} reaches only {highest:.2f} of {envelope.peak_intensity:g} in the frames: at {rate:g} a "
                f"second none is at its apex; use a longer apex or whole frames of {1000 / rate:.2f} ms"
            )
    return tuple(notes)
