"""Fit onset-apex-offset envelopes to measured AUs by least squares, to remove the noise.

The model of one AU is ``baseline + amplitude * e(t)``, where ``e`` is the minimum-jerk rise, hold
and fall of :class:`mien.au.envelope.Envelope`, and baseline and amplitude are 0 or more. ``e``
depends on four times. For given times the best baseline and amplitude have a closed form, so only
the times are searched: first all ordered times on a coarse grid, then steps of decreasing size from
the best few of them. Each AU has its own times.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np
from jaxtyping import Float, Float64

from mien.au.envelope_samples import Samples
from mien.errors import BadTrackError
from mien.types import Times

MIN_MOVE_SECONDS = 0.03
"""The shortest rise or fall that is fitted: a faster one is a spike of noise, not a muscle."""

_GRID_STEPS = 16
_STARTS = 4  # number of the best on the grid that are refined: the first of them may not be best afterwards
_FINEST_FRAMES = 1 / 8  # the last step of the refinement
_MOVES = np.array([move for move in product((-1, 0, 1), repeat=4) if any(move)], dtype=np.float64)


@dataclass(frozen=True)
class Course:
    """The fitted course of one AU.

    Attributes:
        corners_seconds: Onset, apex start, apex end and offset.
        amplitude: Rise above the baseline, FACS intensity; 0 for an AU that does not move.
        baseline: FACS intensity before and after the movement.
    """

    corners_seconds: tuple[float, float, float, float]
    amplitude: float
    baseline: float


def fit_courses(
    times_seconds: Times,
    values: Float[np.ndarray, "frames aus"],
    confidence: Float[np.ndarray, " frames"],
    apex_seconds: float | None = None,
    *,
    from_zero: bool = False,
) -> tuple[Course, ...]:
    """Fit one envelope to each AU.

    Args:
        times_seconds: (T,) strictly increasing, T at least 2.
        values: (T, A) intensities in [0, 5].
        confidence: (T,) weights of the squared errors, in [0, 1].
        apex_seconds: A time that must lie in every envelope's hold; None for no limit.
        from_zero: Set every baseline to 0, for callers that keep the envelopes alone.

    Returns:
        A courses; baseline plus amplitude is at most 5. Times lie within the track's own. The
        offset may be one frame later, for an AU that has not fallen at the end.

    Raises:
        BadTrackError: Fewer than two frames with a confidence above 0.
    """
    sure = confidence > 0
    if sure.sum() < 2:
        raise BadTrackError(
            f"expected at least two frames with a confidence above 0 to fit, got {sure.sum()}"
        )
    samples = Samples.of(
        times_seconds[sure],
        values[sure].astype(np.float64),
        confidence[sure].astype(np.float64),
        from_zero,
    )
    frame = float(np.median(np.diff(times_seconds)))
    room = _Room(float(times_seconds[0]), float(times_seconds[-1]) + frame, apex_seconds)
    corners = room.grid()
    errors = samples.errors(corners)
    courses = []
    for column in range(values.shape[1]):
        one = samples.column(column)
        starts = corners[np.argsort(errors[:, column], kind="stable")[:_STARTS]]
        found = [_refined(start, one, room, frame * _FINEST_FRAMES) for start in starts]
        best = min(found, key=lambda item: item[1])[0]
        amplitude, baseline, _ = one.solve(best[None])
        onset, start, stop, offset = best.tolist()
        courses.append(
            Course((onset, start, stop, offset), float(amplitude[0, 0]), float(baseline[0, 0]))
        )
    return tuple(courses)


@dataclass(frozen=True)
class _Room:
    """The times in which the corners of an envelope may lie: from the first frame to just after the last."""

    first: float
    end: float
    apex: float | None

    def grid(self) -> Float64[np.ndarray, "envelopes 4"]:
        """Return all valid corners on a coarse grid of times."""
        nodes = np.linspace(self.first, self.end, _GRID_STEPS + 1)
        if self.apex is not None:
            nodes = np.sort(np.append(nodes, self.apex))
        corners = np.array(list(combinations_with_replacement(nodes, 4)))
        sound: np.ndarray = corners[self.valid(corners)]
        return sound

    def valid(self, corners: np.ndarray) -> np.ndarray:
        """Return which corners (K, 4) are an envelope inside the track that is not faster than a muscle.

        A rise before the first frame, or a fall after the last, is not visible. Only this rise or
        fall may have a length of 0.
        """
        onset, start, stop, offset = corners.T
        first, end = self.first, self.end
        shortest = min(MIN_MOVE_SECONDS, (end - first) / 8) - 1e-9
        ordered = (onset <= start) & (start <= stop) & (stop <= offset)
        inside = (onset >= first) & (offset <= end)
        rises = (start - onset >= shortest) | (start <= first)
        falls = (offset - stop >= shortest) | (stop >= end)
        # All four at one edge is a flat line, not an envelope.
        sound: np.ndarray = ordered & inside & rises & falls & (start < end) & (stop > first)
        if self.apex is not None:
            sound &= (start <= self.apex) & (stop >= self.apex)
        return sound


def _refined(
    corners: np.ndarray, samples: Samples, room: _Room, finest: float
) -> tuple[np.ndarray, float]:
    """Reduce the error by moving the four times in steps; halve the step if no move reduces it."""
    error = float(samples.solve(corners[None])[2][0, 0])
    step = (room.end - room.first) / _GRID_STEPS / 2
    while step >= finest:
        tried = np.clip(corners + _MOVES * step, room.first, room.end)
        tried = tried[room.valid(tried)]
        errors = samples.solve(tried)[2][:, 0] if len(tried) else np.array([np.inf])
        best = int(errors.argmin())
        if errors[best] < error * (1 - 1e-6) - 1e-12:
            corners, error = tried[best], float(errors[best])
        else:
            step /= 2
    return corners, error
