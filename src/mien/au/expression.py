"""A set of envelopes that together make one facial expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mien.au.catalog import RIG_NAMES, Side, names_on_side, parse_au, sided_names
from mien.au.checks import check_padding, check_scaled_peaks, check_strength
from mien.au.envelope import Envelope
from mien.au.frame_rate import FrameRate, frame_times
from mien.au.intensity import parse_intensity
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError
from mien.types import Times


@dataclass(frozen=True)
class Expression:
    """The AUs that move and when they move, without a frame rate.

    Attributes:
        envelopes: At least one, in any order; several of one AU combine by the larger intensity.
        name: What to call it; may be empty.

    Raises:
        BadTrackError: No envelope.

    Example:
        >>> smile = Expression((Envelope("AU12", 0.0, 0.2, 0.2, 0.4, 2.0),), "smile")
        >>> smile.track(fps=10).values[:, 0].round(2).tolist()
        [0.0, 1.0, 2.0, 1.0, 0.0]
    """

    envelopes: tuple[Envelope, ...]
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "envelopes", tuple(self.envelopes))
        if not self.envelopes:
            raise BadTrackError("expected an expression of at least one AU envelope, got none")

    @property
    def au_names(self) -> tuple[str, ...]:
        """The names of the AUs that move, each once, as in the envelopes."""
        return tuple(dict.fromkeys(envelope.au for envelope in self.envelopes))

    @property
    def duration_seconds(self) -> float:
        """The time at which the last AU is back to 0."""
        return max(envelope.offset_seconds for envelope in self.envelopes)

    @property
    def onset_seconds(self) -> float:
        """When the first AU starts to move."""
        return min(envelope.onset_seconds for envelope in self.envelopes)

    @property
    def apex_seconds(self) -> float:
        """The first time at which the summed intensity of all AUs and sides is largest, to a millisecond."""
        return self._apex_times()[0]

    @property
    def apex_end_seconds(self) -> float:
        """The last time at which that sum is largest; equal to `apex_seconds` if there is only one such time."""
        return self._apex_times()[1]

    def _apex_times(self) -> tuple[float, float]:
        """Return the first and the last time at which the summed intensity is largest."""
        corners = [t for envelope in self.envelopes for t in envelope.times_seconds]
        # The sum can peak between corners, where one AU falls and another rises: check a fine
        # grid as well.
        steps = int(min(np.ceil(self.duration_seconds * 1000), 100_000)) + 1
        times = np.unique([*corners, *np.linspace(0.0, self.duration_seconds, steps)])
        summed = self._sided_intensities(times).sum(axis=1)
        largest = times[summed >= summed.max() - 1e-9]
        return float(largest[0]), float(largest[-1])

    @property
    def peak_intensity(self) -> float:
        """The strongest peak of all envelopes."""
        return max(envelope.peak_intensity for envelope in self.envelopes)

    def track(
        self, fps: FrameRate, lead_seconds: float = 0.0, tail_seconds: float = 0.0
    ) -> AUTrack:
        """Sample the expression into frames.

        Args:
            fps: Frames a second; see :func:`mien.au.frame_rate.parse_fps`.
            lead_seconds: Neutral time before.
            tail_seconds: Neutral time after.

        Returns:
            Frame i at i / fps, from 0 to the last frame that is not after lead + duration + tail.
            AU columns are in catalogue order. An AU has a column for each side if one of its sides
            has its own envelope.

        Raises:
            UsageError: A bad frame rate, a negative lead or tail.
            BadTrackError: More than a million frames.
        """
        check_padding(lead_seconds, tail_seconds)
        times = frame_times(lead_seconds + self.duration_seconds + tail_seconds, fps)
        sided = dict(zip(RIG_NAMES, self._sided_intensities(times - lead_seconds).T, strict=True))
        names = self._track_names()
        values = np.stack([sided[sided_names(name)[0]] for name in names], axis=1)
        return AUTrack(names, values, times)

    def scaled(self, strength: float) -> Expression:
        """Return the expression with all peaks multiplied by ``strength``.

        Raises:
            UsageError: A strength that is negative or not finite.
            BadTrackError: A peak would pass 5; the message names the AU and the largest strength
                allowed.
        """
        check_strength(strength)
        peaks: dict[str, float] = {}
        for envelope in self.envelopes:
            peaks[envelope.au] = max(envelope.peak_intensity, peaks.get(envelope.au, 0.0))
        check_scaled_peaks(peaks, strength)
        return self._with_peaks(lambda peak: min(peak * strength, 5.0))

    def with_peak(self, intensity: str | float) -> Expression:
        """Return the expression scaled so that its strongest peak is ``intensity``.

        Args:
            intensity: A number from 0 to 5, or a FACS level A to E.

        Raises:
            BadTrackError: An intensity outside 0 to 5, or an expression whose peaks are all 0.
        """
        wanted, strongest = parse_intensity(intensity), self.peak_intensity
        if strongest == 0.0:
            raise BadTrackError(
                "expected an expression with a peak above 0 to scale, got peaks of 0"
            )
        # Divide first, so that the strongest peak is exactly the intensity asked for.
        return self._with_peaks(lambda peak: peak / strongest * wanted)

    def with_duration(self, seconds: float) -> Expression:
        """Return the expression with all times scaled so that its last offset is at ``seconds``.

        Raises:
            UsageError: A duration that is not above 0.
        """
        if not 0.0 < seconds < float("inf"):
            raise UsageError(f"expected a duration above 0 s, got {seconds!r} s")
        total = self.duration_seconds
        envelopes = tuple(
            replace(
                envelope,
                onset_seconds=envelope.onset_seconds / total * seconds,
                apex_start_seconds=envelope.apex_start_seconds / total * seconds,
                apex_end_seconds=envelope.apex_end_seconds / total * seconds,
                offset_seconds=envelope.offset_seconds / total * seconds,
            )
            for envelope in self.envelopes
        )
        return replace(self, envelopes=envelopes)

    def side(self, side: Side) -> Expression:
        """Return the expression with its sided AUs on one side only; midline AUs do not change.

        An AU that has envelopes only for the other side is moved to this side; see
        :meth:`mien.au.track.AUTrack.side`.

        Raises:
            UsageError: A side that is not left, right or both.
        """
        kept = names_on_side(self.au_names, side)
        envelopes = tuple(
            replace(envelope, au=kept[envelope.au])
            for envelope in self.envelopes
            if envelope.au in kept
        )
        return replace(self, envelopes=envelopes)

    def to_dict(self) -> dict[str, Any]:
        """Return the expression ready for JSON: its name and a list of envelopes."""
        return {"name": self.name, "envelopes": [e.to_dict() for e in self.envelopes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Expression:
        """Make an expression from :meth:`to_dict`'s form.

        Raises:
            BadTrackError: Another form, or envelopes that are not valid.
        """
        if not isinstance(data, Mapping) or not {"envelopes"} <= set(data) <= {"envelopes", "name"}:
            raise BadTrackError(
                f"expected an expression with a name and a list of envelopes, got {data!r:.80}"
            )
        envelopes, name = data["envelopes"], data.get("name", "")
        if not isinstance(envelopes, list) or not isinstance(name, str):
            raise BadTrackError(
                "expected the expression's envelopes as a list and its name as text"
            )
        return cls(tuple(Envelope.from_dict(item) for item in envelopes), name)

    def _with_peaks(self, change: Callable[[float], float]) -> Expression:
        return replace(
            self,
            envelopes=tuple(
                replace(e, peak_intensity=change(e.peak_intensity)) for e in self.envelopes
            ),
        )

    def _sided_intensities(self, times_seconds: Times) -> np.ndarray:
        """Return (T, len(RIG_NAMES)) intensities: the largest envelope of each AU and side."""
        sided = np.zeros((len(times_seconds), len(RIG_NAMES)))
        for envelope in self.envelopes:
            intensity = envelope.intensity(times_seconds)
            for name in sided_names(envelope.au):
                column = sided[:, RIG_NAMES.index(name)]
                np.maximum(column, intensity, out=column)
        return sided

    def _track_names(self) -> tuple[str, ...]:
        own = set(self.au_names)
        names: dict[str, None] = {}
        for rig_name in RIG_NAMES:
            whole = parse_au(rig_name)[0].name
            split = not own.isdisjoint(n for n in sided_names(whole) if n != whole)
            if rig_name in own or (whole in own and split):
                names[rig_name] = None
            elif whole in own:
                names[whole] = None
        return tuple(names)
