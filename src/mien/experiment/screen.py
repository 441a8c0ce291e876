"""Durations as whole frames of a screen."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from mien.errors import UsageError

RATES_HZ = (60, 75, 85, 90, 100, 120, 144, 165, 200, 240)
"""Refresh rates of common screens."""

_TOLERANCE = Fraction(1, 50)
"""Share of a frame by which a duration may differ: 33.3 ms are two frames at 60 Hz."""


def whole_frames(milliseconds: float, refresh_hz: int, what: str) -> int:
    """Return the number of a screen's frames in a duration.

    Args:
        milliseconds: The duration, 0 or more.
        refresh_hz: The screen's refresh rate.
        what: The duration's name in errors.

    Raises:
        UsageError: The duration is not a whole number of frames; the message offers the nearest ones.
    """
    if not isfinite(milliseconds) or milliseconds < 0:
        raise UsageError(f"expected {what} as a number of milliseconds, got {milliseconds:g}")
    frames = Fraction(milliseconds).limit_denominator(1000) * refresh_hz / 1000
    nearest = round(frames)
    if abs(frames - nearest) <= _TOLERANCE and (nearest or not milliseconds):
        return nearest
    below, above = int(frames), int(frames) + 1
    offered = " or ".join(f"{1000 * n / refresh_hz:.4g}" for n in (below, above) if n)
    raise UsageError(
        f"{what} of {milliseconds:g} ms is {float(frames):.3g} frames at {refresh_hz} Hz: choose {offered} ms, "
        "or another refresh_hz"
    )
