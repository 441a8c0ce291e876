"""Drive an engine of AU tracks by a clip: measure the driver's AUs, fit them to the portrait, and render them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from mien.au.catalog import sided_names
from mien.au.intensity import PRESENCE_THRESHOLD
from mien.au.recode import recode_track
from mien.au.recode_mode import RecodeMode
from mien.au.track import AUTrack
from mien.engines.base import Driver, Frames, TrackEngine, TrackSession, own_shape
from mien.engines.checks import check_strength, unknown_aus
from mien.errors import BadTrackError
from mien.face.portrait import Portrait
from mien.face.regions import eye_region
from mien.motion.calibrate import PortraitMeter
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField
from mien.motion.measure import measure_aus
from mien.motion.retarget import Retargeting, retarget
from mien.rig.solve import FitSettings
from mien.types import Image

DRIVING = FitSettings(sparsity=0.05, drop_intensity=0.05)
"""Settings of the fit for driving. Weak AUs are kept too, which a measurement drops to use as few AUs as possible."""

EYE_AUS = ("AU43", "AU45", "AU46")
"""Closed eyes, blinks and winks, which ``blinks=False`` leaves out."""


class DrivenEngine:
    """A `MotionEngine` made of a `TrackEngine`.

    Args:
        track_engine: Renders the AUs.
        recode: How the measured AUs are re-encoded before they are fitted; None leaves them as measured.
        threshold: Intensity from which re-encoding counts an AU as present.
    """

    def __init__(
        self,
        track_engine: TrackEngine,
        recode: RecodeMode | None = None,
        threshold: float = PRESENCE_THRESHOLD,
    ) -> None:
        self.track_engine, self.recode, self.threshold = track_engine, recode, threshold

    @property
    def name(self) -> str:
        """The track engine's name."""
        return self.track_engine.name

    def prepare(self, portrait: Portrait) -> DrivenSession:
        """Prepare the portrait for the track engine."""
        return DrivenSession(self, self.track_engine.prepare(portrait))

    def record(self) -> dict[str, Any]:
        """Return the track engine's record."""
        return self.track_engine.record()


class DrivenSession:
    """A portrait that is ready to be moved by a driver, whose AUs are measured, fitted to the portrait and rendered."""

    def __init__(self, engine: DrivenEngine, session: TrackSession) -> None:
        self._engine, self._session = engine, session

    @property
    def portrait(self) -> Portrait:
        """The portrait."""
        return self._session.portrait

    @property
    def own_shape(self) -> tuple[int, int, int] | None:
        """Shape of the network's own picture if that is shown; None if the portrait is."""
        return own_shape(self._session)

    def transfer(self, driver: Driver, *, strength: float = 1.0, blinks: bool = True) -> Frames:
        """Make one frame for each frame of the driver's motion that has a face.

        See `mien.engines.base.MotionSession.transfer`.

        Raises:
            UsageError: See `track`.
            BadTrackError: See `track`.
        """
        track, notes = self.track(driver, strength=strength, blinks=blinks)
        frames = self._session.render(track)
        frames.notes[:0] = notes
        return frames

    def track(
        self, driver: Driver, *, strength: float = 1.0, blinks: bool = True
    ) -> tuple[AUTrack, list[str]]:
        """Return the AUs that move the portrait, and what the user must know.

        The AUs are measured, re-encoded if `DrivenEngine` has a mode, fitted to the portrait and multiplied by the
        strength. Fitting gives each AU one factor for the whole clip, so its time course keeps its form. AUs are not
        fitted if the session shows its network's own picture.

        Raises:
            UsageError: The strength is negative or not finite.
            BadTrackError: The engine knows none of the AUs that move, re-encoding leaves no AU, or the strength takes
                an AU above 5.
        """
        check_strength(strength)
        engine = self._engine
        measured = driving_aus(driver.motion, () if blinks else EYE_AUS)
        units = without_unknown_aus(measured, engine.track_engine)
        left_out = [
            f"{name} (at most {peak:.2g})"
            for name, peak in zip(measured.names, measured.values.max(0), strict=True)
            if name not in units.names
        ]
        notes = []
        if left_out:
            notes.append(
                f"the {engine.name} engine does not know {', '.join(left_out)}, which the driver shows: left out"
            )
        track = units
        if engine.recode is not None:
            recoded = recode_track(units, engine.recode, threshold=engine.threshold)
            if not recoded.kept and units.peak > 0:
                raise BadTrackError(
                    f"re-encoding needs an AU that reaches the threshold {engine.threshold:g} in half of the "
                    f"frames, got none (the strongest peaks at {units.peak:.2f}); lower --threshold"
                )
            track = recoded.track
        if own_shape(self._session) is None:  # the network's own picture is not fitted
            track = fit_to(self._session, units, driver.motion, blinks=blinks).apply(track)
        return track if strength == 1.0 else track.scaled(strength), notes


def driving_aus(motion: MotionField, leave_out: Iterable[str] = ()) -> AUTrack:
    """Measure the AUs that move in a driver's motion.

    Args:
        motion: The driver's motion, relative to its neutral frame.
        leave_out: AUs to leave out; ``AU45`` leaves out its sides too.

    Returns:
        The track of the AUs that move; if none moves, one AU that stays at 0.
    """
    track = measure_aus(motion, settings=DRIVING).track
    without = tuple(leave_out)
    kept = [i for i, name in enumerate(track.names) if not name.startswith(without)]
    # AUs that never move only make the sidecar long. One column stays, as a track needs one.
    moving = [index for index in kept if track.values[:, index].any()] or kept[:1]
    return _columns(track, moving)


def without_unknown_aus(track: AUTrack, engine: TrackEngine) -> AUTrack:
    """Return a track without the AUs that an engine does not know.

    Raises:
        BadTrackError: The engine knows none of the AUs that move.
    """
    unknown = frozenset(unknown_aus(engine.known_aus, track))
    kept = [i for i, n in enumerate(track.names) if not unknown.intersection(sided_names(n))]
    if not kept:
        raise BadTrackError(
            f"expected action units that the {engine.name} engine knows, got only "
            f"{' '.join(sorted(unknown))}; use --engine rig"
        )
    return _columns(track, kept)


def fit_to(
    session: TrackSession, units: AUTrack, motion: MotionField, *, blinks: bool = True
) -> Retargeting:
    """Find one factor for each AU so that the portrait's measured motion matches the driver's.

    Args:
        session: The portrait, ready to be moved.
        units: What `driving_aus` returned.
        motion: The driver's motion in which ``units`` were measured.
        blinks: Whether the motion of the eye region counts.
    """
    kept = motion.kept()
    wanted = fitted_field_cm(kept, session.portrait.face)
    weights = kept.seen.astype(np.float64)
    if not blinks:
        weights[eye_region()] = 0

    def render(levels: dict[str, float]) -> Image:
        row = np.array([list(levels.values())], np.float32)
        return next(session.render(AUTrack(tuple(levels), row, np.zeros(1))))

    return retarget(units, wanted, weights, render, PortraitMeter(session.portrait))


def _columns(track: AUTrack, kept: list[int]) -> AUTrack:
    names = tuple(track.names[index] for index in kept)
    return AUTrack(names, track.values[:, kept], track.times_seconds, track.confidence)
