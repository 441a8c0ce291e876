"""Find the events in AU values: runs of frames in which an AU is present, with their onset, apex and offset."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float64

from mien.au.edges import frames_to_edge
from mien.au.frame_rate import frame_rate_of
from mien.au.samples import HIGHEST, AUSamples
from mien.au.timeline import AUEvent, AUTimeline
from mien.errors import BadTrackError

PLATEAU_SHARE = 0.01
"""The apex lasts while the course is at most this share of the peak below the peak."""


def timeline_of_samples(
    samples: AUSamples, threshold: float | None = None, scale: float | None = None
) -> AUTimeline:
    """Return the events in a program's values.

    An event is a run of frames in which the AU is present (`AUSamples.there`). Its peak is the largest value. If the
    program gives values, the run is extended on both sides to where the course passes `mien.au.edges.EDGE_SHARE` of
    the rise. If it gives presence alone, onset and offset are the first frame with the AU and the first one without. A
    frame without a face ends an event.

    Args:
        samples: The values.
        threshold: The value from which an AU counts as present; None for that of `AUSamples.there`.
        scale: The intensity that the largest value stands for. None leaves events without a level, unless the values
            are intensities.
    """
    times = samples.times_seconds
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    end = float(times[-1]) + step
    events = [
        event
        for name in samples.all_names
        for event in _events(samples, name, threshold, scale, np.append(times, end))
    ]
    try:
        fps = frame_rate_of(times)
    except BadTrackError:
        fps = None
    return AUTimeline(tuple(events), end, fps, 0.0, samples.all_names)


def runs(there: Bool[np.ndarray, " frames"]) -> list[tuple[int, int]]:
    """Return the runs of True as pairs: the first frame, and the frame after the last."""
    changes = np.flatnonzero(np.diff(np.concatenate(([False], there, [False])).astype(np.int8)))
    return list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))


def _events(
    samples: AUSamples,
    name: str,
    threshold: float | None,
    scale: float | None,
    ends: Float64[np.ndarray, " bounds"],
) -> Iterator[AUEvent]:
    """Yield the events of one AU; ``ends`` has the frames' times and the end of the last frame."""
    known = samples.known(name)
    found = runs(samples.there(name, threshold) & known)
    valued = name in samples.names
    values = samples.values[:, samples.names.index(name)] if valued else None
    before = 0
    for index, (first, after) in enumerate(found):
        confidence = None
        if samples.confidence is not None:
            confidence = float(samples.confidence[first:after].mean())
        if values is None:
            yield AUEvent(name, float(ends[first]), float(ends[after]), confidence=confidence)
            continue
        limit = found[index + 1][0] if index + 1 < len(found) else len(values)
        low, high = _known_around(known, first, after, before, limit)
        yield _event(name, values, (low, first, after, high), ends, samples, scale, confidence)
        before = after


def _known_around(
    known: Bool[np.ndarray, " frames"], first: int, after: int, before: int, limit: int
) -> tuple[int, int]:
    """Return a run extended over adjacent known frames, from ``before`` at the earliest to ``limit`` at the latest."""
    low, high = first, after
    while low > before and known[low - 1]:
        low -= 1
    while high < limit and known[high]:
        high += 1
    return low, high


def _event(
    name: str,
    values: Float64[np.ndarray, " frames"],
    span: tuple[int, int, int, int],
    ends: Float64[np.ndarray, " bounds"],
    samples: AUSamples,
    scale: float | None,
    confidence: float | None,
) -> AUEvent:
    low, first, after, high = span
    apex = first + int(values[first:after].argmax())
    peak = float(values[apex])
    onset = min(apex - frames_to_edge(values[low : apex + 1][::-1]), first)
    fallen = apex + frames_to_edge(values[apex:high])
    # An AU that is still present in the last frame of the course ends with that frame.
    offset = high if after == high else max(fallen, after)
    flat = values >= peak * (1 - PLATEAU_SHARE)
    start = stop = apex
    while start > first and flat[start - 1]:
        start -= 1
    while stop + 1 < after and flat[stop + 1]:
        stop += 1
    intensity = None
    if samples.unit == "intensity":
        intensity = peak
    elif scale is not None:
        intensity = peak / HIGHEST[samples.unit] * scale
    return AUEvent(
        name,
        float(ends[onset]),
        float(ends[offset]),
        float(ends[start]),
        float(ends[stop]),
        intensity or None,
        confidence,
    )
