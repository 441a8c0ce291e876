"""Frame rates as exact fractions: 29.97 means 30000/1001, and no rate is rounded to a whole number."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from mien.errors import BadTrackError, UsageError
from mien.types import Times

FrameRate: TypeAlias = Fraction | int | float | str
"""All types that :func:`parse_fps` reads."""

MAX_FPS = 10_000
"""Largest frame rate. No camera films faces faster; a larger number is a typing mistake."""

MIN_FPS = Fraction(1, 1000)
"""Smallest frame rate. No film of a face is slower, and times at a lower rate would not fit into a file."""

MAX_TERM = 2**31 - 1
"""Largest numerator and denominator of a frame rate, as in video files."""

MAX_FRAMES = 1_000_000
"""Largest number of frames of a clip: a typing mistake in a time must not fill the memory."""

NTSC_NOMINAL = (24, 30, 48, 60, 120, 240)
"""Nominal rates whose broadcast form is 1000/1001 of the nominal rate."""


def parse_fps(value: FrameRate) -> Fraction:
    """Read a frame rate, in frames a second.

    Args:
        value: A whole number, a fraction (``'30000/1001'``) or a decimal. Decimals of broadcast
            rates (23.976, 29.97, 47.952, 59.94, 119.88, 239.76) become exactly n * 1000/1001. Any
            other decimal becomes the nearest fraction with a denominator up to 1000.

    Raises:
        UsageError: Not a number, under 1/1000, above 10000, or a fraction whose numbers are too large for files.
    """
    fps = _as_fraction(value)
    if fps is not None and 0 < fps < MIN_FPS:
        raise UsageError(f"expected a frame rate of at least 0.001, got {str(value)!r}")
    if fps is not None and 0 < fps <= MAX_FPS and max(fps.as_integer_ratio()) > MAX_TERM:
        raise UsageError(
            f"expected a frame rate whose numerator and denominator are at most {MAX_TERM}, got {str(value)!r}: "
            "round it, such as 29.97"
        )
    if fps is None or not 0 < fps <= MAX_FPS:
        raise UsageError(
            f"expected a frame rate above 0 and up to {MAX_FPS} (such as 200, 29.97 or "
            f"30000/1001), got {value!r}"
        )
    return fps


def _as_fraction(value: Any) -> Fraction | None:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and "/" in value:
        try:
            return Fraction(value.strip())
        except (ValueError, ZeroDivisionError):
            return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    for nominal in NTSC_NOMINAL:
        # 0.005 accepts rates written with two decimals (23.98), but never a whole rate.
        if abs(number - nominal * 1000 / 1001) < 0.005:
            return Fraction(nominal * 1000, 1001)
    return Fraction(number).limit_denominator(1000)


def frame_times(duration_seconds: float, fps: FrameRate) -> Times:
    """Return the times of all frames from 0 to ``duration_seconds`` inclusive, frame i at i / fps.

    Returns:
        (T,) seconds, T = floor(duration * fps + 1e-9) + 1.

    Raises:
        BadTrackError: A negative duration, or more than a million frames.
        UsageError: A bad frame rate.
    """
    rate = parse_fps(fps)
    if not 0.0 <= duration_seconds < float("inf"):
        raise BadTrackError(f"expected a duration of 0 s or more, got {duration_seconds!r} s")
    last = duration_seconds * float(rate)
    check_frame_count(last + 1)
    count = int(np.floor(last + 1e-9)) + 1
    # One division per frame: i * numerator stays exact, so 90 / 200 is the float nearest to 0.45.
    return np.arange(count) * rate.denominator / rate.numerator


def check_frame_count(frames: float) -> None:
    """Refuse a clip of more than `MAX_FRAMES` frames: BadTrackError."""
    if not frames <= MAX_FRAMES:
        raise BadTrackError(
            f"expected at most {MAX_FRAMES} frames, got {frames:.10g}: shorten the times"
        )


def frame_rate_of(times_seconds: Times) -> Fraction:
    """Find the frame rate of evenly spaced times.

    Times that were written with full precision must fit within a microsecond; times that were
    rounded to whole milliseconds (as OpenFace writes them) may stray by 0.6 ms, but no more than a
    fifth of a frame.

    Args:
        times_seconds: (T,) seconds, strictly increasing.

    Returns:
        The simplest rate that fits all times: a whole one, else a broadcast one, else the nearest
        fraction with a denominator up to 1001.

    Raises:
        BadTrackError: Fewer than two frames, or uneven spacing.
    """
    frames = len(times_seconds)
    if frames < 2:
        raise BadTrackError(f"expected at least two frames to tell a frame rate, got {frames}")
    since_start = np.asarray(times_seconds, dtype=np.float64) - times_seconds[0]
    index = np.arange(frames)
    # Least squares through the first frame: one rounded time changes it less than it would change
    # the last time divided by its index.
    interval = float(index @ since_start) / float(index @ index)
    rate = 1.0 / interval
    candidates = [Fraction(round(rate)), *(Fraction(n * 1000, 1001) for n in NTSC_NOMINAL)]
    candidates.append(Fraction(rate).limit_denominator(1001))
    for tolerance_seconds in (1e-6, min(6e-4, 0.2 * interval)):
        for fps in candidates:
            if 0 < fps <= MAX_FPS:
                error = since_start - index / float(fps)
                # Rounding shifts the first time as well, so measure the errors from their middle.
                if float(error.max() - error.min()) / 2.0 <= tolerance_seconds:
                    return fps
    raise BadTrackError(
        f"expected evenly spaced frames, got steps from {np.diff(times_seconds).min():.6g} s to "
        f"{np.diff(times_seconds).max():.6g} s: resample the track at a frame rate first"
    )
