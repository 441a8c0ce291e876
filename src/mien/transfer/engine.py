"""Make the engine that carries a driver's motion, and prepare that motion for it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion, at_even_rate
from mien.engines.base import Driver, MotionEngine, TrackEngine
from mien.engines.driven import DrivenEngine
from mien.engines.registry import DEFAULTS
from mien.motion.neutral import BaselineChoice, count_from
from mien.transfer.options import CarryOptions


def motion_engine(options: CarryOptions) -> MotionEngine:
    """Make the engine that the options choose, with its settings.

    An engine of AU tracks is driven by the AUs that are measured in the driver.

    Raises:
        MissingExtraError: A package that the engine needs is not installed.
    """
    made = options.spec.make(options.settings)
    if options.spec.uses_aus:
        return DrivenEngine(cast(TrackEngine, made), options.recode, options.threshold)
    return cast(MotionEngine, made)


def driver_of(motion: ClipMotion, choice: BaselineChoice) -> Driver:
    """Return a measured clip as the driver that an engine takes.

    Args:
        motion: The clip.
        choice: The frame that counts as neutral.
    """
    # The baseline is a frame of the file, so it is chosen before frames are resampled to even times.
    field, baseline = count_from(motion.field, choice)
    carried = at_even_rate(replace(motion, field=field))
    return Driver(carried, motion.field, baseline, motion.frames)


def notes_of(motion: ClipMotion, track: AUTrack | None = None) -> tuple[str, ...]:
    """Return what the user must know about a driver, one line each.

    Args:
        motion: The driver.
        track: The AUs that move the portrait, if AUs carry the motion.
    """
    notes = list(motion.notes)
    if motion.uneven:
        rate = f"{float(motion.fps):.6g}"
        notes[-1] += f": the motion is interpolated at their mean rate, {rate} a second"
    if track is not None and track.peak == 0 and not motion.still:
        notes.append(
            "no action unit moves in this clip, so the portrait keeps still: "
            f"--engine {DEFAULTS['transfer']} carries motion that no unit describes"
        )
    return tuple(notes)
