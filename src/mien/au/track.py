"""AU intensities over time: the input of every engine that moves a face by AUs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from mien.au.catalog import RIG_NAMES, Side, names_on_side, sided_names
from mien.au.checks import (
    TOLERANCE,
    as_numbers,
    check_confidence,
    check_padding,
    check_scaled_peaks,
    check_strength,
    check_times,
    check_values,
    checked_names,
)
from mien.au.frame_rate import FrameRate, check_frame_count, frame_rate_of, frame_times
from mien.au.intensity import MAX_INTENSITY
from mien.errors import BadTrackError
from mien.types import Confidences, Intensities, Times


@dataclass(frozen=True, eq=False, repr=False)
class AUTrack:
    """AU intensities of a clip. Immutable: the arrays are read-only copies.

    Attributes:
        names: The A canonical AU names (``AU12``, ``AU12L``), each once. ``AU12`` moves both sides
            and excludes ``AU12L`` and ``AU12R``.
        values: (T, A) FACS intensities in [0, 5].
        times_seconds: (T,) seconds, from 0 or later, strictly increasing.
        confidence: (T,) how reliable the intensities are, in [0, 1]; all ones if not given.

    Raises:
        UnknownAUError: A name that is not in the catalogue.
        BadTrackError: Anything else that breaks the rules above.

    Example:
        >>> AUTrack(("AU6", "AU12"), [[0, 0], [1, 2]], [0.0, 0.005])
        AUTrack(AU6 AU12, 2 frames, 0 to 0.005 s, peak 2)
    """

    names: tuple[str, ...]
    values: Intensities
    times_seconds: Times
    confidence: Confidences = field(default=None)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", checked_names(self.names))
        times = as_numbers("times_seconds", self.times_seconds, ndim=1)
        values = as_numbers("values", self.values, ndim=2)
        frames = len(times)
        if frames == 0 or len(values) == 0:
            raise BadTrackError("expected a track of at least one frame, got no rows")
        if values.shape != (frames, len(self.names)):
            raise BadTrackError(
                f"expected values of shape ({frames} frames, {len(self.names)} AUs), "
                f"got {values.shape}"
            )
        confidence = (
            np.ones(frames)
            if self.confidence is None
            else as_numbers("confidence", self.confidence, ndim=1)
        )
        check_times(times)
        check_values(self.names, values)
        check_confidence(confidence, frames)
        _freeze(self, "values", np.clip(values, 0.0, MAX_INTENSITY).astype(np.float32))
        _freeze(self, "times_seconds", np.maximum(times, 0.0))
        _freeze(self, "confidence", np.clip(confidence, 0.0, 1.0).astype(np.float32))

    @classmethod
    def constant(
        cls, intensities: Mapping[str, float], duration_seconds: float, fps: FrameRate
    ) -> AUTrack:
        """Make a track that holds the given intensities from 0 to ``duration_seconds`` inclusive.

        Raises:
            BadTrackError: See the class; or a duration below 0.
            UsageError: A bad frame rate.
        """
        times = frame_times(duration_seconds, fps)
        row = np.array([list(intensities.values())], dtype=np.float64)
        return cls(tuple(intensities), np.repeat(row, len(times), axis=0), times)

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.times_seconds)

    def __eq__(self, other: object) -> bool:
        """Compare names and all numbers exactly."""
        if not isinstance(other, AUTrack):
            return NotImplemented
        return (
            self.names == other.names
            and np.array_equal(self.values, other.values)
            and np.array_equal(self.times_seconds, other.times_seconds)
            and np.array_equal(self.confidence, other.confidence)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return a summary without the intensities."""
        return (
            f"AUTrack({' '.join(self.names)}, {len(self)} frame{'s' * (len(self) != 1)}, "
            f"{self.times_seconds[0]:g} to {self.times_seconds[-1]:g} s, peak {self.peak:g})"
        )

    @property
    def peak(self) -> float:
        """The largest intensity of all AUs and frames."""
        return float(self.values.max())

    @property
    def apex_index(self) -> int:
        """The first frame with the largest sum of intensities over AUs and sides."""
        return int(self.to_sided().sum(axis=1, dtype=np.float64).argmax())

    @property
    def frame_rate(self) -> Fraction:
        """Frames a second.

        Raises:
            BadTrackError: One frame only, or uneven times; see
                :func:`mien.au.frame_rate.frame_rate_of`.
        """
        return frame_rate_of(self.times_seconds)

    def scaled(self, strength: float) -> AUTrack:
        """Return the track with all intensities multiplied by ``strength``.

        Raises:
            UsageError: A strength that is negative or not finite.
            BadTrackError: An intensity would pass 5; the message names the AU and the largest
                strength allowed.
        """
        check_strength(strength)
        peaks = self.values.max(axis=0).astype(np.float64)
        check_scaled_peaks(dict(zip(self.names, peaks.tolist(), strict=True)), strength)
        return replace(self, values=self.values.astype(np.float64) * strength)

    def resampled(self, times_seconds: Times) -> AUTrack:
        """Return the track at other times, interpolated linearly.

        Args:
            times_seconds: (N,) seconds, strictly increasing, inside the track's own first and last
                time.

        Raises:
            BadTrackError: Times that are not valid, or that lie outside the track.
        """
        times = as_numbers("times_seconds", times_seconds, ndim=1)
        own = self.times_seconds
        if len(times) and not (times[0] >= own[0] - TOLERANCE and times[-1] <= own[-1] + TOLERANCE):
            raise BadTrackError(
                f"expected times inside the track's {own[0]:g} to {own[-1]:g} s, "
                f"got {times[0]:g} to {times[-1]:g} s"
            )
        columns = [np.interp(times, own, column) for column in self.values.T]
        return AUTrack(
            self.names,
            np.stack(columns, axis=1),
            times,
            np.interp(times, own, self.confidence).astype(np.float32),
        )

    def at_frame_rate(self, fps: FrameRate) -> AUTrack:
        """Return the track at a frame rate, with frame i at i / fps and the first frame at 0.

        The last frame is not after the track's end. Intensities are interpolated linearly.

        Raises:
            UsageError: A bad frame rate.
        """
        start = self.times_seconds[0]
        times = frame_times(float(self.times_seconds[-1] - start), fps)
        moved = replace(self, times_seconds=self.times_seconds - start)
        return moved.resampled(times)

    def with_padding(self, lead_seconds: float = 0.0, tail_seconds: float = 0.0) -> AUTrack:
        """Return the track with neutral frames before and after, at its own frame rate.

        In neutral frames all AUs are 0 and the confidence is 1. Both times are rounded to whole
        frames. Frame 0 of the result is at the track's own first time.

        Raises:
            UsageError: A lead or tail that is negative or not finite.
            BadTrackError: Uneven frame times or a single frame, unless lead and tail are 0.
        """
        check_padding(lead_seconds, tail_seconds)
        if lead_seconds == 0 and tail_seconds == 0:
            return self
        fps = self.frame_rate
        check_frame_count(len(self) + (lead_seconds + tail_seconds) * float(fps))
        lead, tail = (round(seconds * float(fps)) for seconds in (lead_seconds, tail_seconds))
        frames = len(self) + lead + tail
        around = ((lead, tail),)
        return AUTrack(
            self.names,
            np.pad(self.values, (*around, (0, 0))),
            self.times_seconds[0] + np.arange(frames) / float(fps),
            np.pad(self.confidence, around, constant_values=1.0),
        )

    def to_sided(self) -> Intensities:
        """Return the intensities for the rig's basis.

        Returns:
            (T, len(RIG_NAMES)) float32 in [0, 5], columns as in :data:`mien.au.catalog.RIG_NAMES`;
            ``AU12`` fills both ``AU12L`` and ``AU12R``, and an AU that the track lacks is 0.
        """
        sided = np.zeros((len(self), len(RIG_NAMES)), dtype=np.float32)
        for name, column in zip(self.names, self.values.T, strict=True):
            for side_name in sided_names(name):
                sided[:, RIG_NAMES.index(side_name)] = column
        return sided

    def side(self, side: Side) -> AUTrack:
        """Return the track with its sided AUs on one side only.

        Midline AUs do not change. For the left side, ``AU12`` becomes ``AU12L``. Of ``AU12L`` and
        ``AU12R`` only the one on the given side is kept. An AU that the track has only on the other
        side is moved to the given side, so that a one-sided expression can be shown on either side.

        Raises:
            UsageError: A side that is not left, right or both.
        """
        columns = dict(zip(self.names, range(len(self.names)), strict=True))
        kept = names_on_side(self.names, side)
        return AUTrack(
            tuple(kept.values()),
            self.values[:, [columns[name] for name in kept]],
            self.times_seconds,
            self.confidence,
        )


def _freeze(track: AUTrack, name: str, array: np.ndarray) -> None:
    array = np.array(array)
    array.setflags(write=False)
    object.__setattr__(track, name, array)
