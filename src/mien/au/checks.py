"""Checks of AU names, intensities and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from jaxtyping import Float

from mien.au.catalog import CATALOG, canonical_name, parse_au
from mien.au.intensity import MAX_INTENSITY
from mien.errors import BadTrackError, UsageError
from mien.types import Times

TOLERANCE = 1e-6
"""How far a value may lie outside its range because of rounding before it is an error."""


def check_padding(lead_seconds: float, tail_seconds: float) -> None:
    """Refuse a lead or tail that is negative or not finite: UsageError."""
    for word, seconds in (("lead", lead_seconds), ("tail", tail_seconds)):
        if not 0.0 <= seconds < float("inf"):
            raise UsageError(f"expected a {word} of 0 s or more, got {seconds!r} s")


def check_strength(strength: float) -> None:
    """Refuse a strength that is negative or not finite: UsageError."""
    if not 0.0 <= strength < float("inf"):
        raise UsageError(f"expected a strength of 0 or more, got {strength!r}")


def check_scaled_peaks(peaks: Mapping[str, float], strength: float) -> None:
    """Refuse a strength that takes an AU above 5: BadTrackError names the largest strength allowed."""
    name, peak = max(peaks.items(), key=lambda item: item[1])
    if peak * strength > MAX_INTENSITY + TOLERANCE:
        largest = (
            np.floor(MAX_INTENSITY / peak * 1000) / 1000
        )  # rounded down, so that the user can type the number in the message
        raise BadTrackError(
            f"strength {strength:g} takes {name} from {peak:g} to {peak * strength:g}, "
            f"over the maximum of 5: use a strength of at most {largest:g}"
        )


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a track's AUs as a tuple.

    Raises:
        UnknownAUError: A name that is not in the catalogue.
        BadTrackError: No name, a name that is not canonical, the same name twice, or both an AU and
            one of its sides.
    """
    names = tuple(names)
    if not names:
        raise BadTrackError(f"expected at least one AU, got none: known are {' '.join(CATALOG)}")
    for name in names:
        if name != canonical_name(name):
            raise BadTrackError(f"expected AU name {canonical_name(name)}, got {name!r}")
        if names.count(name) > 1:
            raise BadTrackError(f"expected each AU once, got {name} {names.count(name)} times")
        unit, side = parse_au(name)
        if side is not None and unit.name in names:
            raise BadTrackError(
                f"expected either {unit.name} or its sides, got both {unit.name} and {name}"
            )
    return names


def as_numbers(what: str, data: object, ndim: int) -> np.ndarray:
    """Return ``data`` as a new float64 array.

    Raises:
        BadTrackError: Not numbers, or not of ``ndim`` dimensions (an empty array may have any).
    """
    try:
        array = np.array(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadTrackError(f"expected numbers in {what}, got something else ({error})") from error
    if array.ndim != ndim and array.size > 0:
        raise BadTrackError(f"expected {what} of {ndim} dimensions, got shape {array.shape}")
    return array


def check_times(times: Times) -> None:
    """Refuse times that are not finite, start before 0 or do not rise: BadTrackError says where."""
    if not np.isfinite(times).all():
        frame = int(np.argmin(np.isfinite(times)))
        raise BadTrackError(f"expected finite times, got {times[frame]} s at frame {frame}")
    if times[0] < -TOLERANCE:
        raise BadTrackError(f"expected times from 0 s on, got {times[0]:g} s at frame 0")
    # Times just below 0 are stored as 0, so they count as 0 here.
    steps = np.diff(np.maximum(times, 0.0))
    if (steps <= 0).any():
        frame = int(np.argmax(steps <= 0)) + 1
        raise BadTrackError(
            f"expected times that rise from frame to frame, got {times[frame]:g} s at frame "
            f"{frame} after {times[frame - 1]:g} s"
        )


def check_values(names: tuple[str, ...], values: Float[np.ndarray, "frames aus"]) -> None:
    """Refuse intensities (T, A) outside 0 to 5: BadTrackError names AU, frame and value."""
    inside = (values >= -TOLERANCE) & (values <= MAX_INTENSITY + TOLERANCE)  # False for NaN too
    if not inside.all():
        frame, column = np.argwhere(~inside)[0]
        raise BadTrackError(
            f"expected intensities from 0 to 5, got {values[frame, column]:g} for {names[column]} "
            f"at frame {frame}"
        )


def check_confidence(confidence: Float[np.ndarray, " frames"], frames: int) -> None:
    """Refuse confidences that are outside [0, 1] or not one for each frame: BadTrackError."""
    if confidence.shape != (frames,):
        raise BadTrackError(f"expected {frames} confidences, got shape {confidence.shape}")
    inside = (confidence >= -TOLERANCE) & (confidence <= 1.0 + TOLERANCE)
    if not inside.all():
        frame = int(np.argmin(inside))
        raise BadTrackError(
            f"expected confidence from 0 to 1, got {confidence[frame]:g} at frame {frame}"
        )
