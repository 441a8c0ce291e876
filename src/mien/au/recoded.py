"""The result of AU matrix re-encoding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from mien.au.expression import Expression
from mien.au.frame_rate import FrameRate, frame_times
from mien.au.recode_mode import RecodeMode, check_mode
from mien.au.track import AUTrack
from mien.errors import BadTrackError
from mien.types import Times


@dataclass(frozen=True, eq=False)
class Recoded:
    """A re-encoded AU track, and what re-encoding found.

    Attributes:
        track: Names, times and confidence of the measured track, with re-encoded values.
        mode: How the AUs that stay were re-encoded.
        apex_index: The apex frame of the measured track, found or given, from 0.
        kept: The AUs that stay, in the track's order; may be empty.
        dropped: The AUs that the presence filter removed: 0 throughout, except in mode ``apex``
            for an AU that the portrait shows.
        expression: In mode ``smooth``, the fitted envelopes above the baselines, with the track's
            times; None in other modes, and if no AU moves.
        baseline: In mode ``smooth``, the intensity of each AU that stays before and after it
            moves; empty in other modes.

    Raises:
        UsageError: An unknown mode.
        BadTrackError: An apex outside the track, or kept and dropped AUs that are not the track's.
    """

    track: AUTrack
    mode: RecodeMode
    apex_index: int
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    expression: Expression | None = None
    baseline: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "baseline", MappingProxyType(dict(self.baseline)))
        check_mode(self.mode)
        if not 0 <= self.apex_index < len(self.track):
            raise BadTrackError(
                f"expected an apex frame from 0 to {len(self.track) - 1}, got {self.apex_index}"
            )
        if sorted((*self.kept, *self.dropped)) != sorted(self.track.names):
            raise BadTrackError(
                f"expected kept and dropped to be {' '.join(self.track.names)}, "
                f"got {' '.join(self.kept)} and {' '.join(self.dropped)}"
            )

    @property
    def apex_seconds(self) -> float:
        """The time of the apex frame."""
        return float(self.track.times_seconds[self.apex_index])

    def rmse(self, measured: AUTrack) -> float:
        """Return the root mean square difference from a track with the same frames.

        Only the AUs that stay are compared. Return 0 if none stays.

        Raises:
            BadTrackError: A track with other times, or without an AU that stays.
        """
        if not np.array_equal(self.track.times_seconds, measured.times_seconds):
            raise BadTrackError(f"expected a track with the times of {self.track}, got {measured}")
        missing = [name for name in self.kept if name not in measured.names]
        if missing:
            raise BadTrackError(f"expected a track with {' '.join(missing)}, got {measured}")
        if not self.kept:
            return 0.0
        own = self.track.values[:, [self.track.names.index(n) for n in self.kept]]
        other = measured.values[:, [measured.names.index(n) for n in self.kept]]
        return float(np.sqrt(np.mean((own.astype(np.float64) - other) ** 2)))

    def resampled(self, times_seconds: Times) -> AUTrack:
        """Return the track at other times inside its own.

        Mode ``smooth`` evaluates the fitted envelopes; other modes interpolate linearly.

        Raises:
            BadTrackError: Bad times, or times outside the track.
        """
        track = self.track.resampled(times_seconds)
        if self.mode != "smooth":
            return track
        values = smooth_values(track.names, track.times_seconds, self.expression, self.baseline)
        return replace(track, values=values)

    def at_frame_rate(self, fps: FrameRate) -> AUTrack:
        """Return the track at a frame rate: frame i at i / fps, the first frame at 0.

        Raises:
            UsageError: A bad frame rate.
        """
        first, last = self.track.times_seconds[[0, -1]]
        times = frame_times(float(last - first), fps)
        # The sum may pass the last frame by rounding.
        return replace(self.resampled(np.minimum(times + first, last)), times_seconds=times)


def smooth_values(
    names: tuple[str, ...],
    times_seconds: Times,
    expression: Expression | None,
    baseline: Mapping[str, float],
) -> np.ndarray:
    """Return (T, A) float64 intensities: each AU's baseline plus its envelope."""
    values = np.zeros((len(times_seconds), len(names)))
    for name, level in baseline.items():
        values[:, names.index(name)] = level
    for envelope in expression.envelopes if expression else ():
        values[:, names.index(envelope.au)] += envelope.intensity(times_seconds)
    return values
