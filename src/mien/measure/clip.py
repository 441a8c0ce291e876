"""Measure a clip: its action units, its motion, and its onset, apex and offset."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from mien.au.catalog import parse_au
from mien.au.track import AUTrack
from mien.common.clip_motion import ClipMotion, OnFrames, read_motion
from mien.errors import OutputError
from mien.face.mouth_cover import skin_under_cover
from mien.io.openface import write_openface
from mien.measure.options import MeasureOptions
from mien.motion.apex import CLOSING, Spotted, spot
from mien.motion.field import MotionField
from mien.motion.measure import MeasuredAUs, measure_aus
from mien.motion.neutral import baseline_note, count_from
from mien.scratch import by_parts

FAINT = 0.5
"""If the strongest AU, blinks excluded, stays below this (half of level A), onset, apex and offset are unreliable."""

UNSURE = 0.5
"""If the mean confidence of the vertices in the picture is below this, AUs are measured that are not there.

In clips of data sets the mean stays above 0.8; in a grimace of level E it falls to 0.3.
"""


@dataclass(frozen=True, eq=False)
class Measurement:
    """What the face in a clip does.

    Attributes:
        motion: The clip and its motion, counted from the first frame.
        field: The motion counted from the baseline; NaN once the face is lost. Where the mouth is covered, confidence
            below the nose is 0.
        aus: The action units, one row a frame up to where the face is lost.
        spotted: Onset, apex and offset; None if nothing but blinks moves.
        baseline_note: One line, if the first frame does not look neutral: that it is the baseline nevertheless, or
            which other frame is the baseline. Otherwise empty.
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
        """What a user must know about the measurement, one line each."""
        known = (*self.motion.notes, *self.baseline_note, *self._unseen_note(), *self._part_notes())
        if self.field.flow == "fast":
            known = (
                *known,
                "--scale fast can read an intensity a third too low; use full for amounts",
            )
        if self.aus.still and not self.motion.still:
            return (*known, "nothing moves in this clip: everything measured is 0")
        moving = [not name.startswith(CLOSING) for name in self.track.names]
        peak = float(self.track.values[:, moving].max(initial=0))
        if self.spotted is not None and peak < FAINT:
            if float(self.track.values.max(initial=0)) >= FAINT:
                faint = (
                    f"hardly anything moves but blinking lids (no other AU passes {peak:.2f}): onset, apex and offset "
                    "are uncertain"
                )
            else:
                faint = f"hardly anything moves (no AU passes {peak:.2f}): onset, apex and offset are uncertain"
            return (*known, faint)
        return known

    def _unseen_note(self) -> tuple[str, ...]:
        if not self.aus.unseen:
            return ()
        return (
            "a part of the face lies outside the picture or is covered, so these are not measured: "
            f"{_units(self.aus.unseen)}",
        )

    def _part_notes(self) -> tuple[str, ...]:
        """Return notes on frames in which AUs cannot be seen, and on frames in which the face is hard to follow."""
        confidence = self.field.confidence[: len(self.track)]
        followed = np.flatnonzero(self.field.kept().followed)
        missing = ~self.aus.measured[followed]
        notes = []
        if missing.any():
            gone = tuple(np.array(self.track.names)[missing.any(0)].tolist())
            notes.append(
                "a part of the face is covered or outside the picture "
                f"{self._between(followed[missing.any(1)].tolist())}, so these are not measured there: {_units(gone)}"
            )
        sure = by_parts(lambda part: _mean_inside(confidence[part]), len(confidence))
        unsure = followed[sure[followed] < UNSURE].tolist()
        if unsure:
            frames = "1 frame" if len(unsure) == 1 else f"{len(unsure)} frames"
            notes.append(
                f"the face is hard to follow in {frames} {self._between(unsure)}: covered, turned away or moved "
                "very much, so AUs are uncertain there"
            )
        return tuple(notes)

    def _between(self, frames: list[int]) -> str:
        """Return words for the first and the last of some frames, which are in order."""
        first, last = self.motion.say_frame(frames[0]), self.motion.say_frame(frames[-1])
        return f"at {first}" if frames[0] == frames[-1] else f"between {first} and {last}"

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the action units as OpenFace's video table, followed by Mien's own columns.

        Frames after the face is lost for good have success 0, confidence 0 and NaN. Frames in gaps have success 0. An
        AU that was not measured in a frame is NaN and has confidence 0 there.

        Raises:
            OutputError: The name does not end in ``.csv``, or the place cannot be written.
        """
        check_table(path)
        lost = self.field.times_seconds[len(self.track) :]
        followed = self.field.kept().followed
        unseen = self.aus.unseen
        write_openface(
            path,
            self.track,
            lost_seconds=lost,
            success=followed,
            unseen=unseen,
            au_confidence=self.aus.confidence,
        )


def measure_clip(
    clip: str | os.PathLike[str], options: MeasureOptions, on_frames: OnFrames | None = None
) -> Measurement:
    """Measure what the face in a clip does; see `mien.measure.measure`.

    Args:
        clip: A video, or a folder of frames (with ``fps``).
        options: How the clip is measured.
        on_frames: Called after each frame with the number of frames read so far.

    Raises:
        MienError: A clip that cannot be read, or without a usable face in its first frame.
    """
    motion = read_motion(clip, options, options.face, on_frames)
    field, baseline = count_from(motion.field, options.baseline)
    if motion.mouth_covered:
        # There the motion is that of a mask, and a mouth may be drawn on it.
        field = field.without(skin_under_cover())
    aus = measure_aus(field)
    note = baseline_note(motion.field, options.baseline)
    if options.baseline == "auto" and isinstance(baseline, int) and baseline > 0:
        found = motion.say_frame(baseline)
        note = (f"the first frame does not look neutral, so all counts from {found}",)
    return Measurement(motion, field, aus, spot(aus.track), note)


def _mean_inside(confidence: Float32[np.ndarray, "part 468"]) -> Float32[np.ndarray, " part"]:
    """Return the mean confidence of the vertices in the picture, for each frame; 1 if there is none."""
    inside = (confidence > 0).sum(1)
    mean: np.ndarray = np.where(inside > 0, confidence.sum(1) / np.maximum(inside, 1), 1)
    return mean.astype(np.float32)


def check_table(path: str | os.PathLike[str]) -> None:
    """Refuse a file name that does not end in ``.csv``.

    Raises:
        OutputError: The name does not end in ``.csv``.
    """
    if Path(path).suffix.lower() != ".csv":
        raise OutputError(f"expected a table ending in .csv, got {Path(path).name}")


def _units(names: tuple[str, ...]) -> str:
    """Return the AUs of sided names, each once."""
    return " ".join(dict.fromkeys(parse_au(name)[0].name for name in names))
