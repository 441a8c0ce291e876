"""Where in a clip a micro-expression begins, peaks and ends, from its AU track."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.track import AUTrack

CLOSING = ("AU43", "AU45")
"""Blinks: no part of a micro-expression unless asked for."""
SMOOTHING_SECONDS = 0.02
"""Sigma of the smoothing of the summed course."""
LEAST_FALL = 0.3
"""An offset is one where the course has lost this share of the apex's intensity; else the clip ends before it."""
EDGE_SHARE = 0.2
"""Onset and offset lie where the course passes this share of the apex's rise, as coders see the first and last change
a little after and before the true ones."""


@dataclass(frozen=True)
class Spotted:
    """A micro-expression's three frames.

    Attributes:
        onset_index: The last frame before it rises.
        apex_index: The frame of the greatest intensity.
        offset_index: The first frame after it has fallen, or the clip's last.
        onset_seconds: Its time.
        apex_seconds: Its time.
        offset_seconds: Its time.
        peak: The summed intensity at the apex, above its lowest before.
        offset_seen: Whether it has fallen before the clip ends.
    """

    onset_index: int
    apex_index: int
    offset_index: int
    onset_seconds: float
    apex_seconds: float
    offset_seconds: float
    peak: float
    offset_seen: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.onset_index <= self.apex_index <= self.offset_index:
            raise ValueError(
                "expected onset <= apex <= offset, got "
                f"{self.onset_index}, {self.apex_index}, {self.offset_index}"
            )

    @property
    def duration_seconds(self) -> float:
        """From onset to offset."""
        return self.offset_seconds - self.onset_seconds


def spot(track: AUTrack, aus: Iterable[str] | None = None) -> Spotted | None:
    """Find onset, apex and offset.

    Args:
        track: The AU track.
        aus: Which AUs count (``AU12`` both sides); by default all but blinks.

    Returns:
        The three frames, or None where none of these AUs moves.

    Raises:
        UnknownAUError: A name that is not in the catalogue.
    """
    course = summed_course(track, aus)
    apex = int(course.argmax())
    if course[apex] <= 0:
        return None
    onset = _leave(course[: apex + 1][::-1])
    offset = _leave(course[apex:])
    first, last = apex - onset, apex + offset
    times = track.times_seconds
    rise = float(course[apex] - course[: apex + 1].min())
    return Spotted(
        first,
        apex,
        last,
        float(times[first]),
        float(times[apex]),
        float(times[last]),
        rise,
        offset_seen=bool(course[last] <= (1 - LEAST_FALL) * course[apex]),
    )


def summed_course(track: AUTrack, aus: Iterable[str] | None = None) -> Float64[np.ndarray, " t"]:
    """Return the summed intensity over time, smoothed. Arguments and errors as in `spot`."""
    from scipy.ndimage import gaussian_filter1d

    if aus is None:
        chosen = [not name.startswith(CLOSING) for name in RIG_NAMES]
    else:
        wanted = {side for name in aus for side in sided_names(name)}
        chosen = [name in wanted for name in RIG_NAMES]
    course: np.ndarray = track.to_sided()[:, chosen].sum(1, dtype=np.float64)
    if len(course) < 3:
        return course
    step = float(np.median(np.diff(track.times_seconds)))
    smooth: np.ndarray = gaussian_filter1d(course, SMOOTHING_SECONDS / step, mode="nearest")
    return smooth


def _leave(falling: np.ndarray) -> int:
    """How many frames from the apex until the course has left all but `EDGE_SHARE` of its height behind."""
    level = falling.min() + EDGE_SHARE * (falling[0] - falling.min())
    below = np.flatnonzero(falling <= level)
    return int(below[0]) if len(below) else len(falling) - 1
