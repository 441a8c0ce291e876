"""AU matrix re-encoding: turn a measured AU track into one that can drive a face.

After Zhou et al., *ULME-GAN* (Applied Intelligence 2024): AUs that are rarely present are removed;
the others get a simple course through the apex. ``smooth`` is Mien's own mode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64

from mien.au.catalog import canonical_name, parse_au
from mien.au.checks import check_scaled_peaks, check_strength
from mien.au.envelope import Envelope
from mien.au.envelope_fit import fit_courses
from mien.au.expression import Expression
from mien.au.intensity import MAX_INTENSITY, PRESENCE_THRESHOLD, parse_intensity
from mien.au.presence import shown_aus
from mien.au.recode_mode import RecodeMode, check_mode
from mien.au.recoded import Recoded, smooth_values
from mien.au.track import AUTrack
from mien.errors import BadTrackError, UsageError

STILL_INTENSITY = 1e-3
"""A fitted rise up to this intensity counts as no rise. It is a tenth of the last digit that OpenFace writes."""


def recode_track(
    track: AUTrack,
    mode: RecodeMode,
    *,
    presence: Mapping[str, Bool[np.ndarray, " frames"]] | None = None,
    threshold: float = PRESENCE_THRESHOLD,
    apex_index: int | None = None,
    apex_seconds: float | None = None,
    portrait_aus: Mapping[str, float] | None = None,
    strength: float = 1.0,
) -> Recoded:
    """Re-encode an AU track.

    First the presence filter: an AU stays if it is present in at least half of the frames;
    otherwise it becomes 0. Then the apex is found, unless it is given. Then each AU that stays
    is replaced, by mode:

    - ``none``: it stays as measured (*none* in the paper as well);
    - ``linear``: by a straight line in time from the first frame's value to the apex frame's, and
      another to the last frame's;
    - ``apex``: by a straight line from the portrait's own intensity to the apex frame's, and back.
      AUs that the filter removed run from the portrait's own intensity to 0 at the apex, and back;
    - ``smooth``: by a baseline plus one minimum-jerk envelope, fitted to all frames by least
      squares weighted by confidence, see :mod:`mien.au.envelope_fit`. Each AU has its own times. A
      given apex lies within the hold of every AU; a found one need not. A track with fewer than
      two frames of a confidence above 0 is refused.

    If the apex is the first or the last frame, the line to it or from it is left out.

    Args:
        track: The measured AUs.
        mode: See above.
        presence: (T,) whether an AU is present, by AU name; see
            :func:`mien.au.presence.shown_aus`.
        threshold: Intensity from which an AU without presence counts as present; 0 keeps all.
        apex_index: The apex frame, from 0; found with :func:`find_apex` if not given.
        apex_seconds: The time of the apex, instead of its frame; the nearest frame is used.
        portrait_aus: For mode ``apex``: the portrait's own intensities by AU name, 0 if not given.
        strength: Factor of all intensities; in mode ``apex`` of the apex only, not of the portrait's AUs.

    Raises:
        UnknownAUError: Presence or portrait AUs that are not in the catalogue.
        BadTrackError: Presence that does not fit the track; an apex outside it; portrait AUs that
            the track lacks or that are outside 0 to 5; nothing to fit; a result above 5 (the
            message names the AU and the largest possible strength).
        UsageError: An unknown mode; a threshold or strength out of its range; two apexes; portrait
            AUs in another mode.

    Example:
        >>> track = AUTrack(("AU12",), [[0.5], [3.0], [1.0], [2.0], [1.5]], [0, 1, 2, 3, 4])
        >>> recode_track(track, "linear").track.values[:, 0].tolist()
        [0.5, 3.0, 2.5, 2.0, 1.5]
    """
    check_mode(mode)
    check_strength(strength)
    if portrait_aus and mode != "apex":
        raise UsageError(f"the portrait's AUs need mode apex, got mode {mode}")
    kept = shown_aus(track, presence, threshold)
    values = np.where([name in kept for name in track.names], track.values, 0.0)
    given = _given_apex(track, apex_index, apex_seconds)
    apex = find_apex(track, kept) if given is None else given
    found: dict[str, Any] = {}
    if mode == "smooth":
        found = _fitted(track, kept, given, strength)
        values = smooth_values(track.names, track.times_seconds, **found)
    elif mode == "apex":
        own = _portrait_row(portrait_aus or {}, track.names)
        values = _through(track, own, _scaled(values[apex], track.names, strength), own, apex)
    else:
        values = _scaled(values, track.names, strength)
        if mode == "linear":
            values = _through(track, values[0], values[apex], values[-1], apex)
    return Recoded(
        replace(track, values=values),
        mode,
        apex,
        kept,
        tuple(name for name in track.names if name not in kept),
        **found,
    )


def find_apex(track: AUTrack, names: tuple[str, ...]) -> int:
    """Return the first frame with the largest summed intensity of the named AUs.

    One side of an AU counts half, so that ``AU12`` has the same apex as ``AU12L`` and ``AU12R``
    together. Frames of confidence 0 are ignored, unless all frames have it.
    """
    weights = [
        (0.0 if name not in names else 1.0 if parse_au(name)[1] is None else 0.5)
        for name in track.names
    ]
    summed = track.values.astype(np.float64) @ weights
    if (track.confidence > 0).any():
        summed = np.where(track.confidence > 0, summed, -1.0)
    return int(summed.argmax())


def _given_apex(track: AUTrack, index: int | None, seconds: float | None) -> int | None:
    if index is not None and seconds is not None:
        raise UsageError("expected the apex as a frame or as a time, got both")
    if index is not None:
        if not 0 <= index < len(track):
            raise BadTrackError(f"expected an apex frame from 0 to {len(track) - 1}, got {index}")
        return index
    if seconds is None:
        return None
    first, last = track.times_seconds[[0, -1]]
    if not first <= seconds <= last:
        raise BadTrackError(f"expected an apex from {first:g} to {last:g} s, got {seconds:g} s")
    return int(np.abs(track.times_seconds - seconds).argmin())


def _through(
    track: AUTrack, first: np.ndarray, apex: np.ndarray, last: np.ndarray, apex_index: int
) -> Float64[np.ndarray, "frames aus"]:
    """Return straight lines in time through three rows (A,); an apex at an end replaces that end's row."""
    rows = {0: first, len(track) - 1: last} | {apex_index: apex}
    frames = sorted(rows)
    knots = track.times_seconds[frames]
    columns = np.stack([rows[frame] for frame in frames], axis=1)
    return np.stack([np.interp(track.times_seconds, knots, column) for column in columns], axis=1)


def _scaled(values: np.ndarray, names: tuple[str, ...], strength: float) -> np.ndarray:
    """Return intensities (..., A) times ``strength``; refuse a result above 5."""
    peaks = np.atleast_2d(values).max(axis=0).tolist()
    check_scaled_peaks(dict(zip(names, peaks, strict=True)), strength)
    return values * strength


def _portrait_row(
    portrait_aus: Mapping[str, float], names: tuple[str, ...]
) -> Float64[np.ndarray, " aus"]:
    row = np.zeros(len(names))
    for name, intensity in portrait_aus.items():
        au = canonical_name(name)
        if au not in names:
            raise BadTrackError(
                f"expected the portrait's AUs among the track's {' '.join(names)}, got {au}"
            )
        row[names.index(au)] = parse_intensity(intensity)
    return row


def _fitted(
    track: AUTrack, kept: tuple[str, ...], apex_index: int | None, strength: float
) -> dict[str, Any]:
    """Return the fitted expression and the baselines of the AUs that stay, times ``strength``."""
    columns = [track.names.index(name) for name in kept]
    courses = fit_courses(
        track.times_seconds,
        track.values[:, columns],
        track.confidence,
        None if apex_index is None else float(track.times_seconds[apex_index]),
    )
    fitted = dict(zip(kept, courses, strict=True))
    peaks = {name: course.amplitude + course.baseline for name, course in fitted.items()}
    if peaks:
        check_scaled_peaks(peaks, strength)
    envelopes = tuple(
        Envelope(
            name,
            *course.corners_seconds,
            # With the largest possible strength, the product may slightly exceed 5 by rounding.
            min(course.amplitude * strength, MAX_INTENSITY),
            "minimum_jerk",
        )
        for name, course in fitted.items()
        if course.amplitude > STILL_INTENSITY
    )
    return {
        "expression": Expression(envelopes, "smooth") if envelopes and strength > 0 else None,
        "baseline": {name: course.baseline * strength for name, course in fitted.items()},
    }
