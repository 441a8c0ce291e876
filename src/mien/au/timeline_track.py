"""Convert events to an AU track: each event becomes a rise, a hold and a fall."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from mien.au.envelope import Envelope, Shape
from mien.au.expression import Expression
from mien.au.samples import ScaleNeededError
from mien.au.timeline import AUEvent, AUTimeline
from mien.au.track import AUTrack
from mien.errors import BadTrackError


def track_of_timeline(
    timeline: AUTimeline,
    fps: Fraction,
    scale: float | None = None,
    shape: Shape = "smooth",
) -> tuple[AUTrack, tuple[str, ...]]:
    """Sample events into frames.

    Args:
        timeline: The events. Rounded times are first put back on the frames.
        fps: Frames a second; frame i is at i / fps.
        scale: The intensity of events without a level.
        shape: How an AU gets from one level to the next.

    Returns:
        The track, from 0 to the end of the observation, and notes of one line each.

    Raises:
        ScaleNeededError: An event without a level, and no scale.
        BadTrackError: No event, or a point, which has no duration.
    """
    if not timeline.events:
        raise BadTrackError("expected an event of an AU, got none")
    timeline = timeline.on_frames(fps)
    for event in timeline.events:
        if event.is_point:
            raise BadTrackError(
                f"{event.au} at {event.onset_seconds:g} s is a point without a duration: code its onset and offset"
            )
        if event.peak_intensity is None and scale is None:
            raise ScaleNeededError(
                f"{event.au} at {event.onset_seconds:g} s has no level: say which intensity it has, such as --scale 2"
            )
    expression = Expression(tuple(_envelope(event, scale, shape) for event in timeline.events))
    tail = max(timeline.last_seconds - expression.duration_seconds, 0.0)
    track = expression.track(fps, tail_seconds=tail)
    end = timeline.end_seconds
    if end is not None and end >= expression.duration_seconds and len(track) > 1:
        # An observation of N frames ends one frame interval after its last frame.
        count = max(round(end * float(fps)), 2)
        if count < len(track):
            track = AUTrack(track.names, track.values[:count], track.times_seconds[:count])
    notes = []
    if without := sum(event.apex_start_seconds is None for event in timeline.events):
        notes.append(
            f"{without} of {len(timeline.events)} events have no apex: it is put in the middle"
        )
    if any(event.confidence is not None for event in timeline.events):
        notes.append(
            "the confidence of events is left out: a track has a confidence of frames only"
        )
    return track, tuple(notes)


def _envelope(event: AUEvent, scale: float | None, shape: Shape) -> Envelope:
    onset, offset = event.onset_seconds, event.offset_seconds
    middle = (onset + offset) / 2
    start = middle if event.apex_start_seconds is None else event.apex_start_seconds
    stop = middle if event.apex_end_seconds is None else event.apex_end_seconds
    peak = event.peak_intensity if event.peak_intensity is not None else scale
    assert peak is not None
    return Envelope(event.au, onset, start, stop, offset, peak, shape)


def presence_on_frames(
    timeline: AUTimeline, names: tuple[str, ...], times_seconds: np.ndarray
) -> dict[str, np.ndarray]:
    """Return whether AUs are present at given times.

    An AU is present from its onset until just before its offset. Rounded onsets and offsets are moved earlier by half
    of their rounding. A point is present in the last frame that begins at its time or before.

    Args:
        timeline: The events.
        names: The AUs; ``AU12`` is present if one of its sides is, and ``AU12L`` if ``AU12`` is.
        times_seconds: (T,) seconds, rising.

    Returns:
        (T,) True where the AU is present, by name.
    """
    slack = timeline.rounding_seconds / 2 + 1e-9
    there = {name: np.zeros(len(times_seconds), bool) for name in names}
    for event in timeline.events:
        first, after = np.searchsorted(
            times_seconds, [event.onset_seconds - slack, event.offset_seconds - slack]
        )
        if event.is_point:
            last = int(np.searchsorted(times_seconds, event.onset_seconds + slack, "right"))
            first, after = max(last - 1, 0), max(last, 1)
        unit = event.au.rstrip("LR")
        for name in names:
            if event.au == name or name == unit or (event.au == unit and name.rstrip("LR") == unit):
                there[name][first:after] = True
    return there
