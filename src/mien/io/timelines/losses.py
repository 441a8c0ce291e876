"""Reduce content to what a format can hold, and name everything that is lost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from mien.au.catalog import parse_au
from mien.au.frame_rate import frame_rate_of
from mien.au.intensity import level_from_intensity
from mien.au.samples import AUSamples
from mien.au.samples_track import samples_of_track, track_of_samples
from mien.au.timeline import TIMES, AUTimeline
from mien.errors import BadTrackError
from mien.io.timelines.coded import milliseconds
from mien.io.timelines.format import Content, Format

NOT_ROUNDED_SECONDS = 1e-6
"""A time that changes by less does not count as rounded, because binary fractions are not exact milliseconds."""


def reduced(
    content: Content, target: Format, scale: float | None
) -> tuple[Content, tuple[str, ...]]:
    """Reduce content to what a format of the same kind can hold.

    Args:
        content: Events or values, as the format has them.
        target: The format.
        scale: The intensity that the largest value means, in units other than intensities.

    Returns:
        The content that can be written, and a line on each loss.

    Raises:
        ScaleNeededError: The units differ and no scale is given.
        BadTrackError: No AU is left, or the format has frame numbers only and the times are uneven.
    """
    if isinstance(content, AUTimeline):
        return _events(content, target)
    return _samples(content, target, scale)


def _events(timeline: AUTimeline, target: Format) -> tuple[AUTimeline, tuple[str, ...]]:
    losses = []
    events = timeline.events
    if not target.confidence and any(e.confidence is not None for e in events):
        losses.append(f"{target.title} has no confidence of an event")
        events = tuple(replace(event, confidence=None) for event in events)
    if target.milliseconds and timeline.rounding_seconds == 0:
        times = [t for e in events for name in TIMES if (t := getattr(e, name)) is not None]
        losses += _rounded(times, target, timeline.fps)
    if not target.points:
        short = sum(milliseconds(e.onset_seconds) == milliseconds(e.offset_seconds) for e in events)
        if short:
            losses.append(f"{target.title} has no events without duration: {short} last 1 ms")
    if timeline.searched is not None and not target.searched:
        losses.append(
            f"{target.title} does not say which AUs were looked for: when it is read, an AU without an event "
            "counts as absent"
        )
        timeline = replace(timeline, searched=None)
    facts = {"end of the observation": timeline.end_seconds, "frame rate": timeline.fps}
    known = [what for what, value in facts.items() if value is not None]
    if not events and known and not target.empty:
        losses.append(
            f"{target.title} has a row for each event and no other place for the {' and the '.join(known)}"
        )
        timeline = replace(timeline, end_seconds=None, fps=None)
    return replace(timeline, events=events), tuple(losses)


def _samples(
    samples: AUSamples, target: Format, scale: float | None
) -> tuple[AUSamples, tuple[str, ...]]:
    losses: list[str] = []
    if not samples.names and scale is not None:
        track, _ = track_of_samples(samples, scale)
        samples = replace(samples_of_track(track), presence=samples.presence)
    keeps_levels = target.levels and samples.unit == "intensity" and scale is None
    if not keeps_levels and samples.names:
        samples = samples.in_unit(target.unit, scale)
    if not target.sides:
        samples, lost = _without_sides(samples)
        losses += [f"{target.title} has no sides: {lost}"] if lost else []
    samples, lost_aus = _only(samples, target)
    losses += [f"{target.title} has no {' '.join(lost_aus)}"] if lost_aus else []
    if not samples.all_names or (not samples.names and not samples.presence):
        raise BadTrackError(f"expected an AU that {target.title} has a place for, got none")
    if gone := [n for n in samples.presence if n not in target.presence]:
        losses.append(
            f"{target.title} has no place for the program's own presence: {' '.join(gone)}"
        )
        kept = {n: there for n, there in samples.presence.items() if n in target.presence}
        samples = replace(samples, presence=kept)
    if not target.confidence and samples.confidence is not None:
        losses.append(f"{target.title} has no confidence of a frame")
        samples = replace(samples, confidence=None)
    if not target.gaps and samples.names:
        track, notes = track_of_samples(samples)
        losses += notes
        samples = samples_of_track(track)
    if keeps_levels:
        samples, lost = _levels(samples)
        losses += [f"{target.title} has levels: {lost}"] if lost else []
    rate = _rate(samples)
    if target.milliseconds:
        losses += _rounded(samples.times_seconds.tolist(), target, rate)
    if target.needs_even_times:
        if rate is None and len(samples) > 1:
            raise BadTrackError(
                f"{target.title} has frame numbers and no times, and the frames are uneven: give a rate with --fps"
            )
        losses.append(
            f"{target.title} has frame numbers and no times: to read it, give --fps {rate}"
        )
    return samples, tuple(losses)


def _without_sides(samples: AUSamples) -> tuple[AUSamples, str]:
    """Give each AU the value of its stronger side, and return a note on the AUs that had sides."""
    sided = [name for name in samples.all_names if parse_au(name)[1]]
    if not sided:
        return samples, ""
    columns: dict[str, np.ndarray] = {}
    for name, column in zip(samples.names, samples.values.T, strict=True):
        unit = parse_au(name)[0].name
        columns[unit] = np.fmax(columns[unit], column) if unit in columns else column
    presence: dict[str, np.ndarray] = {}
    for name, there in samples.presence.items():
        unit = parse_au(name)[0].name
        presence[unit] = presence[unit] | there if unit in presence else there
    values = np.stack(list(columns.values()), axis=1) if columns else samples.values
    joined = replace(samples, names=tuple(columns), values=values, presence=presence)
    return joined, f"{' '.join(sided)} become the stronger side's value"


def _only(samples: AUSamples, target: Format) -> tuple[AUSamples, list[str]]:
    """Leave out AUs that the format has no place for, and return their names."""
    if target.aus is None:
        return samples, []
    keep = [i for i, n in enumerate(samples.names) if parse_au(n)[0].name in target.aus]
    names = tuple(samples.names[i] for i in keep)
    kept_presence = {n for n in samples.presence if n in target.presence}
    lost = [n for n in samples.names if n not in names and n not in kept_presence]
    if not names and not kept_presence:
        raise BadTrackError(
            f"expected an AU that {target.title} has a place for ({' '.join(target.aus)}), got "
            f"{' '.join(samples.all_names)}"
        )
    return replace(
        samples,
        names=names,
        values=samples.values[:, keep],
        presence=samples.presence if names else {n: samples.presence[n] for n in kept_presence},
    ), lost


def _levels(samples: AUSamples) -> tuple[AUSamples, str]:
    """Round intensities to FACS levels, and return a note on how many changed and by how much."""
    values = samples.values
    known = ~np.isnan(values)
    whole = np.array(
        ["0ABCDE".index(level_from_intensity(float(v))) if k else np.nan
         for v, k in zip(values.ravel(), known.ravel(), strict=True)]
    ).reshape(values.shape)  # fmt: skip
    moved = np.abs(whole - values)[known] > 1e-6
    if not moved.any():
        return samples, ""
    far = float(np.nanmax(np.abs(whole - values)))
    note = f"{int(moved.sum())} of {moved.size} intensities rounded, by up to {far:.2g}"
    return replace(samples, values=whole), note


def _rate(samples: AUSamples) -> Fraction | None:
    try:
        return frame_rate_of(samples.times_seconds)
    except BadTrackError:
        return None


def _rounded(times: list[float], target: Format, fps: Fraction | None) -> list[str]:
    """Return a note on how far times are from whole milliseconds; empty if all are whole."""
    moves = [abs(milliseconds(seconds) / 1000 - seconds) for seconds in times]
    count = sum(move > NOT_ROUNDED_SECONDS for move in moves)
    if not count:
        return []
    why = ""
    if fps is not None and (1000 / fps).denominator != 1:
        why = f"; frames at {fps} a second are not whole milliseconds apart"
    return [
        f"{target.title} has whole milliseconds: {count} of {len(times)} times rounded, by up to "
        f"{max(moves) * 1000:.2g} ms{why}"
    ]
