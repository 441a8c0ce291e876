"""Re-encode measured action units: curves before and after, and lanes to edit.

Lanes have the intensities that were measured in the film. The gain is a factor beside them: how much more the portrait
must be moved to go as far as the film's face. It becomes the strength of the design.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

import numpy as np
from fastapi import APIRouter
from pydantic import Field

from mien.au.intensity import MAX_INTENSITY
from mien.au.recode import recode_track
from mien.au.recode_mode import RecodeMode
from mien.au.recoded import Recoded
from mien.au.track import AUTrack
from mien.common.clip_motion import at_even_rate
from mien.engines.base import TrackEngine, TrackSession
from mien.engines.checks import shows_portrait
from mien.engines.driven import driving_aus
from mien.engines.registry import DEFAULTS, make_engine
from mien.engines.track_gain import BLINKS_NOTE, blinks, track_gain
from mien.errors import BadTrackError
from mien.measure.clip import Measurement
from mien.motion.amplitude import Gain
from mien.motion.field import MotionField
from mien.studio.errors import not_found
from mien.studio.lanes import (
    LEAST_INTENSITY,
    VISIBLE_INTENSITY,
    courses,
    lanes,
    with_and_without_lane,
)
from mien.studio.preview import intensities
from mien.studio.schemas import FaceChoice, Id, Model, Seconds, Settings, Word
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
        """The AUs that move; the first AU if none moves, as a track needs one."""
        track = self.made.track
        moving = np.flatnonzero(track.values.max(axis=0) >= LEAST_INTENSITY)
        chosen = moving if len(moving) else np.arange(1)
        return replace(
            track,
            names=tuple(track.names[i] for i in chosen),
            values=track.values[:, chosen],
        )


class RecodeRequest(Model):
    """How measured AUs are re-encoded. With a portrait, the gain of the lanes is measured on its face."""

    mode: RecodeMode = "smooth"
    threshold: Annotated[float, Field(ge=0, le=5)] = 0.5
    strength: Annotated[float, Field(ge=0, le=100)] = 1.0
    apex_seconds: Seconds | None = None
    least: Annotated[float, Field(ge=0, le=5)] = VISIBLE_INTENSITY
    portrait: Id | None = None
    face: FaceChoice = None
    engine: Word = DEFAULTS["generate"]
    settings: Settings = Field(default_factory=dict)

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
    """Return the curves before and after re-encoding, and lanes made from the curves after it.

    With a portrait, "before" holds the AUs that drive a face, which are a few more than a clip's curves show, and
    "gain" is the factor with which the lanes move this face as far as the film's face moved. Without a portrait the
    gain is 1.
    """
    found: Measured | None = studio.measurements.get(measurement)
    if found is None:
        raise not_found("this measurement is no longer remembered: measure the clip again")
    motion = at_even_rate(replace(found.made.motion, field=found.made.field))
    session = None if asked.portrait is None else _session(studio, asked, asked.portrait)
    before = found.track if session is None else driving_aus(motion)
    result = asked.recode(before, asked.strength)
    # An AU that is visible in the film has a lane, even if the strength makes it weaker.
    made = lanes(result.track, asked.mode, asked.least * min(asked.strength, 1.0))
    gain = Gain(1.0, seen=True)
    if session is not None and made and asked.strength > 0:
        # The requested strength changes the motion, so the lanes are compared with the film without it.
        moved = courses(made, before.times_seconds, 1 / asked.strength)
        highest = max(envelope.peak_intensity for envelope in made)
        gain = track_gain(session, moved, motion, MAX_INTENSITY / highest)
    kept, left_out = with_and_without_lane(before, made)
    return {
        "times_seconds": before.times_seconds.tolist(),
        "before": intensities(before),
        "after": intensities(result.track),
        "kept": kept,
        "dropped": left_out,
        "apex_seconds": result.apex_seconds,
        "rmse": round(result.rmse(before), 4),
        "lanes": [envelope.to_dict() for envelope in made],
        "gain": gain.factor,
        "notes": _notes(gain, motion, fitted=session is not None),
    }


def _session(studio: Studio, asked: RecodeRequest, portrait: str) -> TrackSession:
    """Prepare the portrait with the engine that will move it, as each engine has its own gain."""
    engine = cast(TrackEngine, make_engine(asked.engine, "generate", asked.settings))
    return shows_portrait(engine.prepare(studio.portrait(portrait, asked.face)), "a gain")


def _notes(gain: Gain, motion: MotionField, *, fitted: bool) -> list[str]:
    """Return the limits of a measured gain, one line each; nothing if no gain was measured."""
    if not fitted:
        return []
    return [*([gain.note] if gain.note else []), *([BLINKS_NOTE] if blinks(motion) else [])]
