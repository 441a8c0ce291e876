"""The frames of one planned clip, by any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mien.au.track import AUTrack
from mien.augment.options import DRAWN_ENGINES, AugmentOptions
from mien.augment.plan import PlannedClip, shown
from mien.common.clip_motion import ClipMotion
from mien.errors import DatasetError, FaceError
from mien.face.portrait import Portrait
from mien.flows.frames import clip_frames
from mien.io.clips import Clip, TimedFrame
from mien.motion.field import measure_field
from mien.render.film import filmed
from mien.transfer.clip import driving_field
from mien.transfer.engine import engine_frames
from mien.transfer.options import TransferOptions
from mien.types import Image, Times

if TYPE_CHECKING:
    from mien.engines.base import Engine

LEAD_SECONDS = 0.05
"""Neutral time before the onset and after the offset of a whole clip."""


@dataclass(frozen=True, eq=False)
class Moving:
    """A clip that is about to be made.

    Attributes:
        frames: one by one.
        times_seconds: one a frame.
        fps: frames a second.
        onset: its frame, from 0.
        apex: its frame.
        offset: its frame.
        track: what moves; None where a driver's motion is carried.
    """

    frames: Iterator[Image] = field(repr=False)
    times_seconds: Times = field(repr=False)
    fps: Fraction
    onset: int
    apex: int
    offset: int
    track: AUTrack | None = field(default=None, repr=False)


@dataclass(frozen=True)
class HeldClip(Clip):
    """A clip in memory.

    Attributes:
        held: its frames with their times.
    """

    held: tuple[TimedFrame, ...] = field(default=(), repr=False)

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield the frames with their times."""
        yield from self.held


def moving_clip(
    plan: PlannedClip,
    options: AugmentOptions,
    portrait: Portrait,
    mover: Portrait | None,
    engine: Engine,
) -> Moving:
    """Begin a clip.

    Args:
        plan: which.
        options: what is asked for.
        portrait: whom it shows.
        mover: whom the rig moves for a driver, where the plan has one.
        engine: what moves by AUs: of the portrait, or of the mover.

    Raises:
        FaceError: a driver's face is lost before its apex.
        DatasetError: a given driver's frames are missing.
    """
    if options.engine in DRAWN_ENGINES:
        moving = _by_track(plan, options, portrait, engine)
    elif plan.driver is not None:
        moving = _by_driver(options, portrait, *_given(plan, options))
    else:
        assert mover is not None
        driver = _by_track(plan, options, mover, engine)
        timed = tuple(zip(driver.times_seconds.tolist(), driver.frames, strict=True))
        moving = _by_driver(options, portrait, timed, driver.fps, driver)
    if plan.film is None:
        return moving
    onset, apex = (float(moving.times_seconds[i]) for i in (moving.onset, moving.apex))
    return replace(
        moving,
        frames=filmed(moving.frames, moving.times_seconds, onset, apex, portrait.face, plan.film),
    )


def _by_track(
    plan: PlannedClip, options: AugmentOptions, portrait: Portrait, engine: Engine
) -> Moving:
    assert plan.expression is not None
    expression = shown(plan.expression, plan.lids, options.strength)
    apex_seconds = plan.expression.apex_seconds
    if options.frames == "two":
        # At one frame a rise, frame 0 is the onset and frame 1 the apex.
        fps = 1 / Fraction(apex_seconds).limit_denominator(10_000)
        whole = expression.track(fps)
        track = replace(
            whole,
            values=whole.values[:2],
            times_seconds=whole.times_seconds[:2],
            confidence=whole.confidence[:2],
        )
        onset, apex, offset = 0, 1, 1
    else:
        fps = options.fps
        track = expression.track(fps, LEAD_SECONDS, LEAD_SECONDS)
        last = len(track) - 1
        onset = round(LEAD_SECONDS * fps)
        apex = min(max(round((LEAD_SECONDS + apex_seconds) * fps), onset + 1), last)
        ends = LEAD_SECONDS + plan.expression.duration_seconds
        offset = min(max(round(ends * fps), apex), last)
    times = track.times_seconds
    return Moving(engine.render(portrait, track), times, fps, onset, apex, offset, track)


def _given(
    plan: PlannedClip, options: AugmentOptions
) -> tuple[tuple[TimedFrame, ...], Fraction, Moving]:
    """A given driver from its onset on: its frames, their rate, and where its phases are."""
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
    times = np.array([seconds for seconds, _ in held])
    return held, fps, Moving(iter(()), times, fps, 0, apex, len(held) - 1)


def _by_driver(
    options: AugmentOptions,
    portrait: Portrait,
    timed: tuple[TimedFrame, ...],
    fps: Fraction,
    phases: Moving,
) -> Moving:
    height, width, channels = timed[0][1].shape
    clip = HeldClip(Path("driver"), fps, width, height, channels, timed)
    motion = ClipMotion(clip, 0, measure_field(clip, choose="largest"), fps, timed[0][1])
    how = TransferOptions(
        engine=options.engine,
        weights=options.weights,
        strength=options.strength,
    )
    carried = driving_field(motion, how)
    if len(carried) <= phases.apex:
        raise FaceError(
            f"expected the driver's face up to its apex, frame {phases.apex}, got it lost at frame "
            f"{len(carried)}"
        )
    _, frames = engine_frames(how, portrait, carried, [], motion)
    return replace(
        phases,
        frames=frames,
        times_seconds=carried.times_seconds,
        offset=min(phases.offset, len(carried) - 1),
        track=None,
    )
