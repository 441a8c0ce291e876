"""Measured action units re-encoded: curves before and after, and lanes to edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter
from pydantic import Field

from mien.au.envelope import Envelope
from mien.au.recode import recode_track
from mien.au.recode_mode import RecodeMode
from mien.au.recoded import Recoded
from mien.au.track import AUTrack
from mien.common.clip_motion import at_even_rate
from mien.engines.driven import driving_units, fit_to, known_units
from mien.engines.registry import make_engine
from mien.errors import BadTrackError
from mien.measure.clip import Measurement
from mien.studio.errors import not_found
from mien.studio.preview import intensities
from mien.studio.schemas import FaceChoice, Id, Model, Seconds
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/measurements")

LEAST_INTENSITY = 0.05
"""A measured AU that never gets this far gets no lane."""


@dataclass(frozen=True, eq=False)
class Measured:
    """A measured clip, remembered for what is made from it."""

    clip: str
    made: Measurement

    @property
    def track(self) -> AUTrack:
        """The AUs that move, times from 0."""
        track = self.made.track
        moving = np.flatnonzero(track.values.max(axis=0) >= LEAST_INTENSITY)
        chosen = moving if len(moving) else np.arange(1)
        return replace(
            track,
            names=tuple(track.names[i] for i in chosen),
            values=track.values[:, chosen],
        )


class RecodeRequest(Model):
    """How measured AUs are re-encoded; with a portrait, fitted to that face."""

    mode: RecodeMode = "smooth"
    threshold: Annotated[float, Field(ge=0, le=5)] = 0.5
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    apex_seconds: Seconds | None = None
    portrait: Id | None = None
    face: FaceChoice = None

    def recode(self, track: AUTrack, strength: float) -> Recoded:
        """Re-encode a track.

        Raises:
            BadTrackError: no AU reaches the threshold, or an apex or a strength that do not fit.
        """
        done = recode_track(
            track,
            self.mode,
            threshold=self.threshold,
            apex_seconds=self.apex_seconds,
            strength=strength,
        )
        if not done.kept and track.peak > 0:
            raise BadTrackError(
                f"expected an action unit that reaches the threshold {self.threshold:g} in half of "
                f"the frames, got none: the strongest peaks at {track.peak:.2f}, lower the threshold"
            )
        return done


@router.post("/{measurement}/recode")
def recode(measurement: Id, asked: RecodeRequest, studio: StudioHere) -> dict[str, Any]:
    """The curves before and after re-encoding, and lanes for those after.

    With a portrait, "before" are the units that drive a rig, which are a few more than are shown of
    a clip, and "after" is what ``mien transfer --engine rig`` would move this face by.
    """
    found: Measured | None = studio.measurements.get(measurement)
    if found is None:
        raise not_found("this measurement is no longer remembered: measure the clip again")
    if asked.portrait is None:
        before = found.track
        result = asked.recode(before, asked.strength)
        after = result.track
    else:
        before, result, after = _fitted(studio, found, asked)
    made = lanes(after, asked.mode)
    kept, left_out = told(before, made)
    return {
        "times_seconds": before.times_seconds.tolist(),
        "before": intensities(before),
        "after": intensities(after),
        "kept": kept,
        "dropped": left_out,
        "apex_seconds": result.apex_seconds,
        "rmse": round(result.rmse(before), 4),
        "lanes": [envelope.to_dict() for envelope in made],
    }


def told(before: AUTrack, made: list[Envelope]) -> tuple[list[str], list[str]]:
    """Which AUs that move have a lane, and which have none: below the threshold, or too weak for one."""
    have = {envelope.au for envelope in made}
    moves = before.values.max(axis=0) >= LEAST_INTENSITY
    kept = [name for name in before.names if name in have]
    left_out = [
        name
        for name, moving in zip(before.names, moves, strict=True)
        if moving and name not in have
    ]
    return kept, left_out


def _fitted(
    studio: Studio, found: Measured, asked: RecodeRequest
) -> tuple[AUTrack, Recoded, AUTrack]:
    """Units that drive, what re-encoding made of them, and that for this face."""
    assert asked.portrait is not None
    portrait = studio.portrait(asked.portrait, asked.face)
    engine = make_engine("rig")
    field = at_even_rate(replace(found.made.motion, field=found.made.field))
    units = known_units(driving_units(field), engine)
    result = asked.recode(units, 1.0)
    # One factor for each unit and the whole clip, so what re-encoding made of a course stays.
    track = fit_to(portrait, units, field, engine).apply(result.track)
    return units, result, track if asked.strength == 1.0 else track.scaled(asked.strength)


def lanes(track: AUTrack, mode: RecodeMode = "smooth") -> list[Envelope]:
    """One envelope for each AU that moves: what it did above its level at rest.

    Args:
        track: the intensities.
        mode: how they were re-encoded; straight courses become straight lanes.
    """
    if len(track) < 2 or track.peak <= 0:
        return []
    if mode in ("linear", "apex"):
        found = straight_lanes(track)
    else:
        fitted = recode_track(track, "smooth", threshold=0.0).expression
        last = float(track.times_seconds[-1])
        found = [_within(each, last) for each in (() if fitted is None else fitted.envelopes)]
    return [envelope for envelope in found if envelope.peak_intensity >= LEAST_INTENSITY]


def _within(envelope: Envelope, last_seconds: float) -> Envelope:
    """End what is not over when the film ends with its last frame, as the clip made of it does."""
    return replace(
        envelope,
        apex_start_seconds=min(envelope.apex_start_seconds, last_seconds),
        apex_end_seconds=min(envelope.apex_end_seconds, last_seconds),
        offset_seconds=min(envelope.offset_seconds, last_seconds),
    )


def straight_lanes(track: AUTrack) -> list[Envelope]:
    """Envelopes that run straight from the first frame to each AU's largest, and to the last."""
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
