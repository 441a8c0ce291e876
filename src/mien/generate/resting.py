"""Say what makes a portrait a poor stimulus: an expression, to which the movement is added, or a turned head."""

from __future__ import annotations

from functools import lru_cache

from mien.au.catalog import CATALOG
from mien.face.portrait import Face
from mien.motion.still import LEAST_RELIABILITY, still_aus

STILL_ERRORS = {"AU12": 0.96, "AU15": 1.33, "AU26": 0.79, "AU43": 0.89}
"""Mean absolute error, in FACS units, of the AUs that can be read from a single picture well enough.

Measured on held-out portraits (``python -m benchmarks.still``, the table of ``docs/still.md``).
"""

VISIBLE_ERRORS = 2.0
"""An AU is clearly visible if it is at least this many times its error. Among 120 portraits, no AU passes in the 38
near-neutral ones. AU12 passes in 55 of the 82 others, most of which smile."""


MOST_YAW_DEGREES = 25
"""Largest yaw of a head without a note. Farther away, the far eye and mouth corner are only a few pixels wide."""


@lru_cache(maxsize=16)
def resting_aus(face: Face) -> dict[str, float]:
    """Return the AUs that a face clearly shows, the strongest first: intensity 0 to 5, the mean of both sides, by name.

    Args:
        face: A portrait's face.
    """
    if (
        not face.blendshapes
    ):  # the face does not come from the detector, so nothing can be read from it
        return {}
    read = still_aus(face)
    surely = {
        name.rstrip("LR") for name, sure in read.confidence.items() if sure >= LEAST_RELIABILITY
    }
    shown = {
        name: value
        for name, value in read.both_sides().items()
        if name in surely and value >= VISIBLE_ERRORS * STILL_ERRORS.get(name, float("inf"))
    }
    return dict(sorted(shown.items(), key=lambda item: -item[1]))


def resting_notes(name: str, face: Face) -> tuple[str, ...]:
    """Return a note if a portrait already shows an expression; no note if it looks neutral.

    Args:
        name: The picture's name in the note.
        face: The portrait's face.
    """
    shown = resting_aus(face)
    if not shown:
        return ()
    first = next(iter(shown))
    all_shown = ", ".join(
        f"{unit} ({CATALOG[unit].facs_name}) about {value:.1f}" for unit, value in shown.items()
    )
    return (
        f"{name}: the face is not neutral: it shows {all_shown}, give or take {STILL_ERRORS[first]:.1f}; the movement "
        "is added to that, so choose a neutral portrait if the clip is to begin at rest",
    )


def turn_notes(name: str, face: Face) -> tuple[str, ...]:
    """Return a note if a head is turned so far that one side of the face moves badly.

    Args:
        name: The picture's name in the note.
        face: The portrait's face.
    """
    degrees = abs(face.pose.yaw_degrees)
    if degrees <= MOST_YAW_DEGREES:
        return ()
    return (
        f"{name}: the head is turned by {degrees:.0f} degrees: movement on the far side of the face is hard to see and "
        f"may look wrong, so choose a portrait turned by at most {MOST_YAW_DEGREES} degrees",
    )
