"""See whether a portrait shows an expression already, to which a clip's movement would be added."""

from __future__ import annotations

from functools import lru_cache

from mien.au.catalog import CATALOG
from mien.face.portrait import Face
from mien.motion.still import LEAST_RELIABILITY, still_aus

STILL_ERRORS = {"AU12": 0.96, "AU15": 1.33, "AU26": 0.79, "AU43": 0.89}
"""Mean absolute error of the AUs that one picture shows well enough for the number to mean something, FACS units.

Measured on portraits that nothing was fitted on (``python -m benchmarks.still``, the table of ``docs/still.md``).
"""

VISIBLE_ERRORS = 2.0
"""An AU is clearly visible from this many times its error on. On 120 portraits, none of the 38 near-neutral ones passes
for any of the four AUs, and 55 of the 82 others, most of which smile, do for AU12."""


@lru_cache(maxsize=16)
def resting_aus(face: Face) -> dict[str, float]:
    """Return the AUs that a face clearly shows, the strongest first; the mean of both sides, 0 to 5.

    Args:
        face: A portrait's face.
    """
    if (
        not face.blendshapes
    ):  # a face that was not found by the detector; nothing can be read from it
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
    """Return a note if a portrait shows an expression already; none if it looks neutral.

    Args:
        name: What the note calls the picture.
        face: Its face.
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
