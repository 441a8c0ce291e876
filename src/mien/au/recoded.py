"""The result of re-encoding an AU matrix."""

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
    """A re-encoded AU track, with the intermediate results.

    Attributes:
        track: names, times and confidence of the measured track, its values re-encoded.
        mode: what was done to the AUs that stay.
        apex_index: the apex frame of the measured track, found or given, from 0.
        kept: the AUs that stay, in the track's order; may be none.
        dropped: the AUs that the presence filter removed; they are 0 in all frames.
        expression: in mode ``smooth`` the motion of the AUs above their baselines, with the track's
            times; None in other modes, and if no AU moves.
        baseline: in mode ``smooth`` the intensity of each kept AU before and after it moves; empty in
            other modes.

    Raises:
        UsageError: an unknown mode.
        BadTrackError: an apex outside the track; kept and dropped that are not the track's AUs.
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
        """Return the root mean square difference to a track with the same frames.

        Only kept AUs count, because dropped AUs are the same in all modes. 0 if no AU is kept.

        Raises:
            BadTrackError: a track with other times, or without an AU that stays.
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

        Mode ``smooth`` computes the fitted envelopes there; other modes are linear between frames.

        Raises:
            BadTrackError: bad times, or times outside the track.
        """
        track = self.track.resampled(times_seconds)
        if self.mode != "smooth":
            return track
        values = smooth_values(track.names, track.times_seconds, self.expression, self.baseline)
        return replace(track, values=values)

    def at_frame_rate(self, fps: FrameRate) -> AUTrack:
        """Return the track at a frame rate, frame i at i / fps, its own first frame at 0.

        Raises:
            UsageError: a bad frame rate.
        """
        first, last = self.track.times_seconds[[0, -1]]
        times = frame_times(float(last - first), fps)
        # Rounding may make the sum slightly later than the last frame.
        return replace(self.resampled(np.minimum(times + first, last)), times_seconds=times)


def smooth_values(
    names: tuple[str, ...],
    times_seconds: Times,
    expression: Expression | None,
    baseline: Mapping[str, float],
) -> np.ndarray:
    """Return (T, A) float64 intensities: each AU's baseline, and its envelope on top of it."""
    values = np.zeros((len(times_seconds), len(names)))
    for name, level in baseline.items():
        values[:, names.index(name)] = level
    for envelope in expression.envelopes if expression else ():
        values[:, names.index(envelope.au)] += envelope.intensity(times_seconds)
    return values
