"""Find where a micro-expression begins, peaks and ends in a clip, from its AU track."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from mien.au.catalog import RIG_NAMES, sided_names
from mien.au.edges import frames_to_edge
from mien.au.smooth import smoothed
from mien.au.track import AUTrack

CLOSING = ("AU43", "AU45")
"""Units of closing eyes, which do not count as part of a micro-expression unless the caller names them."""
SMOOTHING_SECONDS = 0.02
"""Sigma of the smoothing of the summed course."""
LEAST_FALL = 0.3
"""The offset is seen if the intensity falls by this share of its value at the apex; otherwise the clip ends before."""


@dataclass(frozen=True)
class Spotted:
    """A micro-expression's three frames.

    Attributes:
        onset_index: The last frame before the rise.
        apex_index: The frame of the greatest intensity.
        offset_index: The first frame after the fall, or the clip's last frame.
        onset_seconds: The onset frame's time.
        apex_seconds: The apex frame's time.
        offset_seconds: The offset frame's time.
        peak: The summed intensity at the apex, minus its lowest value before the apex. The sum is over all AUs that
            count, left and right apart, and is smoothed, so it can be above 5 and is not the intensity of one AU.
        offset_seen: Whether the intensity falls by `LEAST_FALL` before the clip ends.

    Raises:
        ValueError: The frames are not in order.
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
        """The time from onset to offset."""
        return self.offset_seconds - self.onset_seconds


def spot(track: AUTrack, aus: Iterable[str] | None = None) -> Spotted | None:
    """Find onset, apex and offset.

    Args:
        track: The AU track.
        aus: The AUs that count (``AU12`` means both sides); by default all except blinks.

    Returns:
        The three frames, or None if none of these AUs moves.

    Raises:
        UnknownAUError: A name that is not in the catalogue.
    """
    course = summed_course(track, aus)
    apex = int(course.argmax())
    if course[apex] <= 0:
        return None
    onset = frames_to_edge(course[: apex + 1][::-1])
    offset = frames_to_edge(course[apex:])
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
    """Return the summed intensity over time, smoothed; for arguments and errors see `spot`."""
    if aus is None:
        chosen = [not name.startswith(CLOSING) for name in RIG_NAMES]
    else:
        wanted = {side for name in aus for side in sided_names(name)}
        chosen = [name in wanted for name in RIG_NAMES]
    course: np.ndarray = track.to_sided()[:, chosen].sum(1, dtype=np.float64)
    if len(course) < 3:
        return course
    step = float(np.median(np.diff(track.times_seconds)))
    return smoothed(course, SMOOTHING_SECONDS / step)
