"""Render the frames of one planned clip with any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.track import AUTrack
from mien.augment.movers import Movers
from mien.augment.options import AugmentOptions
from mien.augment.plan import PlannedClip
from mien.common.clip_motion import ClipMotion
from mien.engines.base import Frames, MotionSession, TrackSession
from mien.errors import DatasetError, FaceError
from mien.flows.frames import clip_frames
from mien.io.clip import Clip, TimedFrame
from mien.motion.field import measure_field
from mien.render.film import filmed
from mien.transfer.engine import driver_of
from mien.types import Times

LEAD_SECONDS = 0.05
"""Neutral time before the onset and after the offset of a whole clip."""


@dataclass(frozen=True)
class Phases:
    """The frames at which a movement starts, is largest and ends.

    Attributes:
        onset: Frame number, from 0.
        apex: Frame number.
        offset: Frame number.
    """

    onset: int
    apex: int
    offset: int


@dataclass(frozen=True, eq=False)
class Moving:
    """A clip that is about to be made.

    Attributes:
        frames: The frames, rendered one by one as they are read. Their track is None if the motion of a driver is used.
        times_seconds: (T,) time of each frame.
        fps: Frames a second.
        phases: The frames of onset, apex and offset.
    """

    frames: Frames = field(repr=False)
    times_seconds: Times = field(repr=False)
    fps: Fraction
    phases: Phases


@dataclass(frozen=True)
class HeldClip(Clip):
    """A clip in memory.

    Attributes:
        held: The frames with their times.
    """

    held: tuple[TimedFrame, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield the frames with their times."""
        yield from self.held


def moving_clip(plan: PlannedClip, options: AugmentOptions, movers: Movers) -> Moving:
    """Prepare the frames of a planned clip; each is rendered when it is read.

    Args:
        plan: The planned clip.
        options: How the data set is made.
        movers: The engines and the portraits that they have prepared.

    Raises:
        FaceError: The driver's face is lost before its apex.
        DatasetError: Frames of a given driver are missing.
        UnreadableImageError: A frame of a given driver is damaged.
        UnreadableVideoError: A given driver is damaged.
    """
    if options.spec.uses_aus:
        session = movers.by_aus(plan.subject)
        portrait = session.portrait
        moving = _by_track(plan, options, session)
    else:
        carrier = movers.by_motion(plan.subject)
        portrait = carrier.portrait
        if plan.driver is not None:
            moving = _by_driver(carrier, *_given(plan, options), strength=plan.strength)
        else:
            assert plan.mover is not None
            # The mover already shows the expression times the strength: do not apply the strength again.
            driver = _by_track(plan, options, movers.by_aus(plan.mover))
            timed = tuple(zip(driver.times_seconds.tolist(), driver.frames, strict=True))
            moving = _by_driver(carrier, timed, driver.fps, driver.phases, strength=1.0)
    if plan.film is None:
        return moving
    onset, apex = (
        float(moving.times_seconds[i]) for i in (moving.phases.onset, moving.phases.apex)
    )
    images = filmed(moving.frames, moving.times_seconds, onset, apex, portrait.face, plan.film)
    return replace(moving, frames=replace(moving.frames, images=images))


def _by_track(plan: PlannedClip, options: AugmentOptions, session: TrackSession) -> Moving:
    expression = plan.shown
    assert plan.expression is not None and expression is not None
    if options.frames == "two":
        # At a frame interval equal to the rise, frame 0 is the onset and frame 1 the apex.
        fps = 1 / Fraction(plan.expression.apex_seconds).limit_denominator(10_000)
        whole = expression.track(fps)
        track = replace(
            whole,
            values=whole.values[:2],
            times_seconds=whole.times_seconds[:2],
            confidence=whole.confidence[:2],
        )
        phases = Phases(0, 1, 1)
    else:
        fps = options.fps
        track = expression.track(fps, LEAD_SECONDS, LEAD_SECONDS)
        phases = _phases(plan.expression.track(fps, LEAD_SECONDS, LEAD_SECONDS))
    return Moving(session.render(track), track.times_seconds, fps, phases)


def _phases(track: AUTrack) -> Phases:
    """Return the frames of a movement: the last one before it, the largest sum of intensities, and the first after it.

    Args:
        track: The AUs of the expression, without lids that sink by themselves.

    Raises:
        DatasetError: No frame shows the movement.
    """
    moving = np.flatnonzero(track.values.max(axis=1) > 0)
    if not len(moving):
        raise DatasetError(
            "expected a frame that shows the movement, got none: use a higher frame rate"
        )
    return Phases(
        max(int(moving[0]) - 1, 0), track.apex_index, min(int(moving[-1]) + 1, len(track) - 1)
    )


def _given(
    plan: PlannedClip, options: AugmentOptions
) -> tuple[tuple[TimedFrame, ...], Fraction, Phases]:
    """Return a given driver from its onset on: its frames with times, its frame rate and its phases."""
    sample = plan.driver
    assert sample is not None
    apex = sample.needed_apex() - sample.onset
    if sample.frames is not None:  # a gap would put every later frame at a wrong time
        last = sample.needed_apex() if sample.offset is None else sample.offset
        sample.frames.between(sample.onset, last)
    held = tuple(clip_frames(sample))
    fps = sample.fps
    if len(held) <= apex:
        raise DatasetError(
            f"{sample.id}: expected frames from onset {sample.onset} to apex {sample.apex}, got "
            f"{len(held)}"
        )
    if options.frames == "two":
        held, fps, apex = (held[0], held[apex]), fps / apex, 1
    held = tuple((float(index / fps), frame) for index, (_, frame) in enumerate(held))
    return held, fps, Phases(0, apex, len(held) - 1)


def _by_driver(
    session: MotionSession,
    timed: tuple[TimedFrame, ...],
    fps: Fraction,
    phases: Phases,
    *,
    strength: float,
) -> Moving:
    height, width, channels = timed[0][1].shape
    clip = HeldClip(Path("driver"), fps, width, height, channels, timed)
    field = measure_field(clip, choose="largest")
    motion = ClipMotion(clip, 0, field, fps, timed[0][1])
    driver = driver_of(motion, "first")
    carried = driver.motion
    if len(carried) <= phases.apex:
        raise FaceError(
            f"expected the driver's face up to its apex, frame {phases.apex}, got it lost at frame "
            f"{len(carried)}"
        )
    return Moving(
        session.transfer(driver, strength=strength),
        carried.times_seconds,
        fps,
        replace(phases, offset=min(phases.offset, len(carried) - 1)),
    )
