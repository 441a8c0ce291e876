"""AU events: when each action unit moves, as coders and annotation programs record it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from mien.au.catalog import RIG_NAMES, Side, canonical_name, parse_au, sided_names
from mien.au.intensity import MAX_INTENSITY, level_from_intensity
from mien.errors import BadTrackError

SAME_TIME_SECONDS = 1e-9
"""Times this close are equal: different sums may round differently."""


@dataclass(frozen=True)
class AUEvent:
    """One movement of one AU.

    The AU is present from the onset until just before the offset. An event whose onset equals its offset is a point:
    the coder marked a moment.

    Attributes:
        au: Canonical AU name; ``AU12L`` for the person's own left side.
        onset_seconds: When it begins.
        offset_seconds: When it is gone.
        apex_start_seconds: When it reaches its peak; None if unknown.
        apex_end_seconds: When it begins to fall; None if unknown.
        peak_intensity: FACS intensity of the peak, above 0 to 5; None if only presence was coded.
        confidence: How sure the coder or the program is, 0 to 1; None if unknown.

    Raises:
        UnknownAUError: An AU that is not in the catalogue.
        BadTrackError: Times out of order or negative, one end of the apex alone, an intensity or a confidence outside
            its range.

    Example:
        >>> AUEvent("AU12L", 0.1, 0.5, 0.2, 0.3, 2.0).level
        'B'
    """

    au: str
    onset_seconds: float
    offset_seconds: float
    apex_start_seconds: float | None = None
    apex_end_seconds: float | None = None
    peak_intensity: float | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        if self.au != canonical_name(self.au):
            raise BadTrackError(f"expected AU name {canonical_name(self.au)}, got {self.au!r}")
        if (self.apex_start_seconds is None) != (self.apex_end_seconds is None):
            raise BadTrackError(f"expected both ends of the apex of {self.au} or none, got one")
        apex = (self.apex_start_seconds, self.apex_end_seconds)
        times = [self.onset_seconds, *(t for t in apex if t is not None), self.offset_seconds]
        if not all(map(math.isfinite, times)) or times[0] < 0 or times != sorted(times):
            shown = "-".join(f"{t:g}" for t in times)
            raise BadTrackError(
                "expected 0 <= onset <= apex start <= apex end <= offset in seconds, got "
                f"{shown} s for {self.au}"
            )
        if self.peak_intensity is not None and not 0 < self.peak_intensity <= MAX_INTENSITY:
            raise BadTrackError(
                f"expected a peak above 0 and up to 5 for {self.au}, got {self.peak_intensity!r}"
            )
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise BadTrackError(
                f"expected a confidence from 0 to 1 for {self.au}, got {self.confidence!r}"
            )

    @property
    def side(self) -> Side:
        """The person's own side: left, right or both."""
        return parse_au(self.au)[1] or "both"

    @property
    def level(self) -> str | None:
        """The nearest FACS level, A to E; None if only presence was coded."""
        if self.peak_intensity is None:
            return None
        return max("A", level_from_intensity(self.peak_intensity))

    @property
    def is_point(self) -> bool:
        """Whether it marks a moment."""
        return self.offset_seconds - self.onset_seconds <= SAME_TIME_SECONDS

    def moved(self, times: dict[str, float]) -> AUEvent:
        """Return the event with some of its times replaced, by field name."""
        return replace(self, **times)  # type: ignore[arg-type]


TIMES = ("onset_seconds", "apex_start_seconds", "apex_end_seconds", "offset_seconds")
"""The fields of `AUEvent` that are times."""


@dataclass(frozen=True)
class AUTimeline:
    """All events of a clip.

    Attributes:
        events: In the order of their onsets; those of one AU and side do not overlap.
        end_seconds: When the observation ended; None if unknown.
        fps: Frames a second of the film; None if unknown.
        rounding_seconds: The times are rounded to multiples of this; 0 for exact ones.
        searched: The AUs that were looked for, with their sides; None for all AUs. A searched AU without an event
            was absent.

    Raises:
        BadTrackError: Events of one AU and side overlap.
    """

    events: tuple[AUEvent, ...]
    end_seconds: float | None = None
    fps: Fraction | None = None
    rounding_seconds: float = 0.0
    searched: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        ordered = sorted(
            self.events,
            key=lambda e: (e.onset_seconds, RIG_NAMES.index(sided_names(e.au)[0]), e.au),
        )
        object.__setattr__(self, "events", tuple(ordered))
        for name in self.names:
            for first, second in pairwise(self.of(name)):
                if second.onset_seconds < first.offset_seconds - SAME_TIME_SECONDS:
                    raise BadTrackError(
                        f"expected events of {name} that do not overlap, got one from "
                        f"{first.onset_seconds:g} to {first.offset_seconds:g} s and one from "
                        f"{second.onset_seconds:g} s: are they of two coders?"
                    )

    @property
    def names(self) -> tuple[str, ...]:
        """The AUs that have events, each once, in catalogue order."""
        found = {event.au for event in self.events}
        return tuple(sorted(found, key=lambda name: (RIG_NAMES.index(sided_names(name)[0]), name)))

    @property
    def last_seconds(self) -> float:
        """The end of the observation or of the last event, whichever is later."""
        return max([self.end_seconds or 0.0, *(event.offset_seconds for event in self.events)])

    def of(self, name: str) -> tuple[AUEvent, ...]:
        """Return the events of one AU and side."""
        return tuple(event for event in self.events if event.au == name)

    def on_frames(self, fps: Fraction) -> AUTimeline:
        """Return the timeline with rounded times put back on the frames that they were rounded from.

        Args:
            fps: Frames a second; frame i is at i / fps.

        Returns:
            A time that is within the rounding of a frame's time becomes that time; others stay as they are. The end
            of the observation is treated alike: 20 frames at 30 a second must not become 21.
        """
        reach = self.rounding_seconds / 2 + SAME_TIME_SECONDS

        def right(seconds: float) -> float:
            frame = round(seconds * float(fps)) * fps.denominator / fps.numerator
            return frame if abs(frame - seconds) <= reach else seconds

        events = tuple(
            event.moved(
                {
                    name: right(value)
                    for name in TIMES
                    if (value := getattr(event, name)) is not None
                }
            )
            for event in self.events
        )
        end = None if self.end_seconds is None else right(self.end_seconds)
        return replace(self, events=events, end_seconds=end, fps=fps, rounding_seconds=0.0)
