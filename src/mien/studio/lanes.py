"""Lanes to edit: one envelope for each AU of a measured track."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mien.au.catalog import parse_au
from mien.au.envelope import Envelope
from mien.au.envelope_fit import fit_courses
from mien.au.intensity import MAX_INTENSITY
from mien.au.recode_mode import RecodeMode
from mien.au.track import AUTrack
from mien.types import Times

LEAST_INTENSITY = 0.05
"""A measured AU that never reaches this intensity counts as still."""

VISIBLE_INTENSITY = 0.2
"""An AU whose lane stays below this intensity is left out at first: a fifth of level A is invisible and often noise."""


def lanes(
    track: AUTrack, mode: RecodeMode = "smooth", least: float = VISIBLE_INTENSITY
) -> list[Envelope]:
    """Return one envelope for each AU that moves visibly, the strongest first; the two sides of an AU stay together.

    Args:
        track: The intensities.
        mode: How the track was re-encoded; straight courses become straight lanes.
        least: An AU whose envelope stays below this intensity gets no lane.
    """
    if len(track) < 2 or track.peak <= 0:
        return []
    found = straight_lanes(track) if mode in ("linear", "apex") else _fitted_lanes(track)
    seen = [each for each in found if each.peak_intensity >= max(least, LEAST_INTENSITY)]
    strongest: dict[str, float] = {}
    for each in seen:
        unit = parse_au(each.au)[0].name
        strongest[unit] = max(strongest.get(unit, 0.0), each.peak_intensity)
    return sorted(seen, key=lambda each: -strongest[parse_au(each.au)[0].name])


def _fitted_lanes(track: AUTrack) -> list[Envelope]:
    """Return the envelope that fits each AU's course best.

    Only the lane of a course is kept, so the fit has no baseline: an AU that is active from the first frame to the last
    becomes a long hold, not a small rise above a level that would be lost.
    """
    last = float(track.times_seconds[-1])
    courses = fit_courses(track.times_seconds, track.values, track.confidence, from_zero=True)
    return [
        _within(Envelope(name, *course.corners_seconds, course.amplitude, "minimum_jerk"), last)
        for name, course in zip(track.names, courses, strict=True)
        if course.amplitude > 0
    ]


def _within(envelope: Envelope, last_seconds: float) -> Envelope:
    """End an envelope at the driver's last frame, where the clip that is made from it ends too."""
    return replace(
        envelope,
        apex_start_seconds=min(envelope.apex_start_seconds, last_seconds),
        apex_end_seconds=min(envelope.apex_end_seconds, last_seconds),
        offset_seconds=min(envelope.offset_seconds, last_seconds),
    )


def straight_lanes(track: AUTrack) -> list[Envelope]:
    """Return envelopes that run straight from the first frame to each AU's peak, and to the last frame."""
    first, last = (float(seconds) for seconds in track.times_seconds[[0, -1]])
    peaks = track.values.argmax(axis=0)
    return [
        Envelope(name, first, float(seconds), float(seconds), last, float(peak), "linear")
        for name, seconds, peak in zip(
            track.names,
            track.times_seconds[peaks],
            track.values.max(axis=0),
            strict=True,
        )
        if peak > 0
    ]


def courses(made: list[Envelope], times_seconds: Times, strength: float = 1.0) -> AUTrack:
    """Return the intensities of lanes at given times.

    Args:
        made: The lanes, at least one.
        times_seconds: (T,) seconds.
        strength: Factor of the intensities, which are limited to 5.
    """
    values = np.stack([envelope.intensity(times_seconds) for envelope in made], axis=1)
    names = tuple(envelope.au for envelope in made)
    return AUTrack(names, np.minimum(strength * values, MAX_INTENSITY), times_seconds)


def with_and_without_lane(track: AUTrack, made: list[Envelope]) -> tuple[list[str], list[str]]:
    """Return the AUs of a track that have a lane, and those that move but have none."""
    have = {envelope.au for envelope in made}
    moves = track.values.max(axis=0) >= LEAST_INTENSITY
    kept = [name for name in track.names if name in have]
    left_out = [
        name for name, moving in zip(track.names, moves, strict=True) if moving and name not in have
    ]
    return kept, left_out
