"""Measure a clip: its action units, its motion, and its onset, apex and offset."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mien.au.catalog import RIG_NAMES, parse_au
from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion, OnFrames, read_motion
from mien.errors import OutputError
from mien.io.openface import write_openface
from mien.measure.options import MeasureOptions
from mien.motion.apex import CLOSING, Spotted, spot
from mien.motion.field import MotionField
from mien.motion.measure import MeasuredAUs, measure_aus
from mien.motion.neutral import baseline_note, count_from
from mien.rig.visible import unseen_aus

FAINT = 0.5
"""If the strongest AU, blinks aside, stays below this (half of level A), noise moves the phases."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """What the face in a clip does.

    Attributes:
        motion: The clip and its motion as read, counted from the first frame.
        field: The motion counted from the baseline; NaN once the face is lost.
        aus: The action units, one row a frame up to where the face is lost.
        spotted: Onset, apex and offset; None if nothing but blinks moves.
        baseline_note: That the baseline does not look neutral, in one line; empty if it does.
    """

    motion: ClipMotion
    field: MotionField
    aus: MeasuredAUs
    spotted: Spotted | None
    baseline_note: tuple[str, ...] = ()

    @property
    def track(self) -> AUTrack:
        """The AU intensities, left and right apart, on the FACS scale."""
        return self.aus.track

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know, one line each."""
        known = (*self.motion.notes, *self.baseline_note, *self._unseen_note(), *self._left_note())
        if self.aus.still and not self.motion.still:
            return (*known, "nothing moves in this clip: everything measured is 0")
        moving = [not name.startswith(CLOSING) for name in self.track.names]
        peak = float(self.track.values[:, moving].max(initial=0))
        if self.spotted is not None and peak < FAINT:
            faint = f"hardly anything moves (no AU passes {peak:.2f}): onset, apex and offset are uncertain"
            return (*known, faint)
        return known

    def _unseen_note(self) -> tuple[str, ...]:
        if not self.aus.unseen:
            return ()
        return (
            "a part of the face lies outside the picture, so these are not measured: "
            f"{_units(self.aus.unseen)}",
        )

    def _left_note(self) -> tuple[str, ...]:
        """Say which AUs leave the picture for a part of the clip."""
        followed = self.field.kept().followed
        inside = self.field.confidence[: len(followed)] > 0
        frames = np.flatnonzero(followed & ~inside.all(1))
        unseen = {int(frame): unseen_aus(inside[frame]) for frame in frames}
        left = {f: names for f, aus in unseen.items() if (names := set(aus) - set(self.aus.unseen))}
        if not left:
            return ()
        units = _units(tuple(name for name in RIG_NAMES if any(name in n for n in left.values())))
        return (
            f"a part of the face leaves the picture between {self.motion.say_frame(min(left))} and "
            f"{self.motion.say_frame(max(left))}, so these are uncertain there: {units}",
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the action units as OpenFace's video table, followed by Mien's own columns.

        Frames without the face have success 0, confidence 0 and NaN, AUs outside the picture NaN in all frames.

        Raises:
            OutputError: Not a ``.csv``, or a place that cannot be written.
        """
        check_table(path)
        lost = self.field.times_seconds[len(self.track) :]
        followed = self.field.kept().followed
        unseen = self.aus.unseen
        write_openface(path, self.track, lost_seconds=lost, success=followed, unseen=unseen)


def measure_clip(
    clip: str | os.PathLike[str], options: MeasureOptions, on_frames: OnFrames | None = None
) -> Measurement:
    """Measure what the face in a clip does; `mien.measure.measure` with an options object.

    Args:
        clip: A video, or a folder of frames (with ``fps``).
        options: How it is measured.
        on_frames: Called after each frame with how many have been read.

    Raises:
        MienError: A clip that cannot be read, or without a usable face in its first frame.
    """
    motion = read_motion(clip, options, options.face, on_frames)
    field, _ = count_from(motion.field, options.baseline)
    aus = measure_aus(field)
    note = baseline_note(motion.field, options.baseline)
    return Measurement(motion, field, aus, spot(aus.track), note)


def check_table(path: str | os.PathLike[str]) -> None:
    """Refuse a file name that does not end in ``.csv``.

    Raises:
        OutputError: It does not end in ``.csv``.
    """
    if Path(path).suffix.lower() != ".csv":
        raise OutputError(f"expected a table ending in .csv, got {Path(path).name}")


def _units(names: tuple[str, ...]) -> str:
    """Return the AUs of sided names, each once."""
    return " ".join(dict.fromkeys(parse_au(name)[0].name for name in names))
