"""Re-encode measured action units: curves before and after, and lanes to edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

import numpy as np
from fastapi import APIRouter
from pydantic import Field

from mien.au.recode import recode_track
from mien.au.recode_mode import RecodeMode
from mien.au.recoded import Recoded
from mien.au.track import AUTrack
from mien.common.clip_motion import at_even_rate
from mien.engines.base import TrackEngine
from mien.engines.driven import driving_aus, fit_to, without_unknown_aus
from mien.engines.registry import DEFAULTS, make_engine
from mien.errors import BadTrackError
from mien.measure.clip import Measurement
from mien.studio.errors import not_found
from mien.studio.lanes import LEAST_INTENSITY, lanes, with_and_without_lane
from mien.studio.preview import intensities
from mien.studio.schemas import FaceChoice, Id, Model, Seconds
from mien.studio.state import Studio, StudioHere

router = APIRouter(prefix="/api/measurements")


@dataclass(frozen=True, eq=False)
class Measured:
    """A measured clip, kept for later requests.

    Attributes:
        clip: The clip's id.
        made: The measurement.
    """

    clip: str
    made: Measurement

    @property
    def track(self) -> AUTrack:
        """The AUs that move, times from 0; the first AU if none moves, as a track needs one."""
        track = self.made.track
        moving = np.flatnonzero(track.values.max(axis=0) >= LEAST_INTENSITY)
        chosen = moving if len(moving) else np.arange(1)
        return replace(
            track,
            names=tuple(track.names[i] for i in chosen),
            values=track.values[:, chosen],
        )


class RecodeRequest(Model):
    """How measured AUs are re-encoded. With a portrait they are fitted to that face."""

    mode: RecodeMode = "smooth"
    threshold: Annotated[float, Field(ge=0, le=5)] = 0.5
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    apex_seconds: Seconds | None = None
    portrait: Id | None = None
    face: FaceChoice = None

    def recode(self, track: AUTrack, strength: float) -> Recoded:
        """Re-encode a track.

        Raises:
            BadTrackError: No AU reaches the threshold, or the apex or the strength does not fit the track.
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
    """Return the curves before and after re-encoding, and lanes made of the curves after it.

    With a portrait, "before" are the AUs that drive a face, which are a few more than are shown of a clip, and
    "after" is what ``mien transfer`` moves this face by with an engine that uses AUs.
    """
    found: Measured | None = studio.measurements.get(measurement)
    if found is None:
        raise not_found("this measurement is no longer remembered: measure the clip again")
    if asked.portrait is None:
        before = found.track
        result = asked.recode(before, asked.strength)
        after = result.track
    else:
        before, result, after = _fitted(studio, found, asked.portrait, asked)
    made = lanes(after, asked.mode)
    kept, left_out = with_and_without_lane(before, made)
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


def _fitted(
    studio: Studio, found: Measured, portrait: str, asked: RecodeRequest
) -> tuple[AUTrack, Recoded, AUTrack]:
    """Return the AUs that drive a face, their re-encoding, and the re-encoded track fitted to the portrait."""
    engine = cast(TrackEngine, make_engine(DEFAULTS["generate"], "generate"))
    session = engine.prepare(studio.portrait(portrait, asked.face))
    motion = at_even_rate(replace(found.made.motion, field=found.made.field))
    units = without_unknown_aus(driving_aus(motion), engine)
    result = asked.recode(units, 1.0)
    # Fitting gives each AU one factor for the whole clip, so it keeps the course that re-encoding made.
    track = fit_to(session, units, motion).apply(result.track)
    return units, result, track if asked.strength == 1.0 else track.scaled(asked.strength)
