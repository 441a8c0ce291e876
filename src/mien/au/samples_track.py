"""Convert AU values of a program to an AU track, and back."""

from __future__ import annotations

import numpy as np

from mien.au.samples import AUSamples, ScaleNeededError
from mien.au.track import AUTrack
from mien.errors import BadTrackError


def track_of_samples(
    samples: AUSamples, scale: float | None = None
) -> tuple[AUTrack, tuple[str, ...]]:
    """Return a program's values as a track of FACS intensities.

    Frames without a face are interpolated linearly from their neighbours; at both ends they are left out. The value of
    an AU that is missing in a frame is interpolated too.

    Args:
        samples: The values. If there is only presence, a present AU gets the intensity ``scale``.
        scale: The intensity that the largest value stands for, above 0 to 5; not needed for intensities.

    Returns:
        The track, and notes of one line each.

    Raises:
        ScaleNeededError: Values that are not intensities, and no scale.
        BadTrackError: No frame has a face.
    """
    if not samples.names:
        samples = _of_presence(samples, scale)
    inside = samples.in_unit("intensity", scale)
    known = np.stack([inside.known(name) for name in inside.names], axis=1)
    good = np.flatnonzero(known.any(axis=1))
    if not len(good):
        raise BadTrackError("expected a frame with a face, got none")
    kept = slice(int(good[0]), int(good[-1]) + 1)
    notes = []
    if gone := len(inside) - (kept.stop - kept.start):
        notes.append(f"{_frames(gone)} without a face at the ends left out")
    times, known, values = inside.times_seconds[kept], known[kept], inside.values[kept].copy()
    valued = np.asarray(known.any(axis=0))
    empty = [n for n, there in zip(inside.names, valued.tolist(), strict=True) if not there]
    if empty:
        notes.append(f"no value in any frame, left out: {' '.join(empty)}")
    for column in np.flatnonzero(valued):
        there = known[:, column]
        values[:, column] = np.interp(times, times[there], values[there, column])
    if bridged := int((~known[:, valued]).any(axis=1).sum()):
        notes.append(f"{_frames(bridged)} without a face or a value bridged by the frames around")
    columns = [i for i, name in enumerate(inside.names) if name not in empty]
    confidence = None if inside.confidence is None else inside.confidence[kept].astype(np.float32)
    track = AUTrack(
        tuple(inside.names[i] for i in columns),
        values[:, columns].astype(np.float32),
        times,
        confidence,  # type: ignore[arg-type]
    )
    return track, tuple(notes)


def samples_of_track(track: AUTrack) -> AUSamples:
    """Return a track's intensities as samples; a confidence of 1 throughout counts as none."""
    confidence = track.confidence.astype(np.float64)
    return AUSamples(
        track.names,
        # By the shortest decimals of float32, so that 0.3 becomes 0.3 and not 0.30000001192.
        np.array([[float(str(value)) for value in row] for row in track.values]),
        track.times_seconds,
        "intensity",
        None if (confidence == 1).all() else confidence,
    )


def _of_presence(samples: AUSamples, scale: float | None) -> AUSamples:
    if scale is None:
        raise ScaleNeededError(
            "presence is not a FACS intensity: say which intensity a present AU has, such as --scale 2"
        )
    names = tuple(samples.presence)
    values = np.stack([samples.presence[name] for name in names], axis=1).astype(np.float64)
    return AUSamples(
        names, values, samples.times_seconds, "probability", samples.confidence, {}, samples.seen
    )


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
