"""The FACS intensity scale: 0 (absent) to 5, with the letters A (trace, 1) to E (maximum, 5)."""

from __future__ import annotations

import math

from mien.errors import BadTrackError

MAX_INTENSITY = 5.0
"""Level E, the maximum of a face."""

PRESENCE_THRESHOLD = 0.5
"""Intensity from which an AU counts as present: from here on it rounds to level A or higher."""

LEVELS = "0ABCDE"
"""The level of each whole intensity; FACS writes absence as 0."""


def intensity_from_level(level: str) -> float:
    """Return the intensity of a FACS level: A is 1.0, E is 5.0 (and 0 is 0.0).

    Raises:
        BadTrackError: Not one of the letters A to E (any case) or 0.
    """
    text = level.strip().upper() if isinstance(level, str) else ""
    if len(text) != 1 or text not in LEVELS:
        raise BadTrackError(f"expected a FACS level A, B, C, D or E, got {level!r}")
    return float(LEVELS.index(text))


def level_from_intensity(intensity: float) -> str:
    """Return the nearest FACS level, halves upwards: 2.0 is ``'B'``, 0.3 is ``'0'``.

    Raises:
        BadTrackError: Not a finite number in [0, 5].
    """
    return LEVELS[math.floor(parse_intensity(intensity) + 0.5)]


def parse_intensity(value: str | float) -> float:
    """Read an intensity as a FACS letter or a number: ``'B'``, ``'2.0'`` and ``2.0`` are all 2.0.

    Raises:
        BadTrackError: Neither a letter A to E nor a finite number in [0, 5].
    """
    if isinstance(value, str) and len(value.strip()) == 1 and value.strip().upper() in LEVELS:
        return intensity_from_level(value)
    try:
        intensity = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        intensity = float("nan")
    if not 0.0 <= intensity <= MAX_INTENSITY:  # False for NaN too
        raise BadTrackError(
            f"expected an intensity from 0 to 5 or a FACS level A to E, got {value!r}"
        )
    return intensity
