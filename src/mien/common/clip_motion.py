"""Measure the motion of a clip, or of a part of it, frame by frame."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from mien.au.frame_rate import frame_rate_of, parse_fps
from mien.common.clip_reader import ClipReader
from mien.common.clip_reader import OnFrames as OnFrames
from mien.common.cut_options import CutOptions
from mien.common.option_help import face_choice
from mien.errors import BadTrackError, FaceError, NoFaceError, UnreadableVideoError
from mien.face.mouth_cover import mouth_is_covered
from mien.io.clip import Clip
from mien.io.clips import open_clip
from mien.io.digital_source import digital_sources_in
from mien.io.frame_folder import FrameFolder
from mien.io.plain_file import read_file
from mien.io.sidecar import InputFile
from mien.motion.field import MotionField, measure_field
from mien.motion.flow_method import FlowMethod
from mien.motion.tracker import FlowSettings
from mien.scratch import by_parts
from mien.types import Image

MAX_FILLED = 20
"""Largest number of interpolated frames per frame of a clip with uneven times."""

MIN_FILLED = 1000
"""Number of interpolated frames that is allowed in addition, however short the clip is."""


@dataclass(frozen=True, eq=False)
class ClipMotion:
    """A clip, or a part of it, and its motion.

    Attributes:
        clip: The whole clip; iterate it again for pictures.
        first_index: Index of the part's first frame in the clip, from 0.
        field: The motion since the part's first frame; times start at 0.
        fps: Frames a second; the mean if times are uneven.
        first: The part's first frame.
        broken: Where and why the clip cannot be read further; None if it is whole. ``field`` has the frames before.
        uneven: Whether the frames come at uneven times.
        still: Whether nothing moves; ``field`` is then exactly 0.
        every: N if only every N-th frame of the part was measured; ``field`` and ``fps`` count these frames.
    """

    clip: Clip
    first_index: int
    field: MotionField
    fps: Fraction
    first: Image
    broken: str | None = None
    uneven: bool = False
    still: bool = False
    every: int = 1

    def frames(self) -> Iterator[Image]:
        """Read the measured frames of ``field`` again, and yield them."""
        stop = self.first_index + self.every * (len(self.field) - 1) + 1
        for _, frame in islice(self.clip, self.first_index, stop, self.every):
            yield frame

    def file_number(self, index: int) -> int | None:
        """Return the number in the name of a frame's file; None except for folders of numbered files.

        Args:
            index: The frame, counted in ``field``.
        """
        if not isinstance(self.clip, FrameFolder):
            return None
        return self.clip.numbers[self.first_index + self.every * index]

    def say_frame(self, index: int) -> str:
        """Describe a frame of ``field``: its index in the part, its file's number if it has one, and its time."""
        number = self.file_number(index)
        file = "" if number is None else f", file {number}"
        return f"frame {self.every * index}{file} ({self.field.times_seconds[index]:.3f} s)"

    @cached_property
    def mouth_covered(self) -> bool:
        """Whether the mouth looks covered in the part's first frame; see `mien.face.mouth_cover`."""
        return mouth_is_covered(self.first, self.field.face)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know about the clip, one line each."""
        notes = list(self.clip.notes)
        if self.mouth_covered:
            notes.append(
                "the mouth looks covered, by a mask or a scarf: what moves there is the cover, not the lower face"
            )
        if self.broken:
            notes.append(f"{self.broken}; the {len(self.field)} frames before that are kept")
        for gap in self.field.gaps:
            notes.append(
                f"{gap.why.value} at {self.say_frame(gap.first)}, and is there again after "
                f"{self.say_frame(gap.last)}: the motion in between is interpolated"
            )
        if self.field.lost_because is not None and self.field.lost_at is not None:
            notes.append(
                f"{self.field.lost_because.value} at {self.say_frame(self.field.lost_at)}: "
                "nothing is measured from there on"
            )
        if self.still:
            notes.append("nothing moves in this clip: everything measured is 0")
        if self.uneven:
            steps = 1000 * np.diff(self.field.times_seconds)
            notes.append(
                f"the frames come at uneven times, {steps.min():.1f} to {steps.max():.1f} ms apart"
            )
        return tuple(notes)


def open_part(path: str | os.PathLike[str], cut: CutOptions) -> Clip:
    """Open the whole clip of a part, at the frame rate in the options.

    Args:
        path: A video, or a folder of numbered frames.
        cut: The part; only its frame rate is used here.

    Raises:
        UnreadableVideoError: The clip cannot be read, or a folder of frames has no frame rate.
        UsageError: The frame rate is not valid.
    """
    return open_clip(path, None if cut.fps is None else parse_fps(cut.fps))


def read_motion(
    path: str | os.PathLike[str],
    cut: CutOptions,
    face: int | str | None = None,
    on_frames: OnFrames | None = None,
    face_option: str = "--face",
    flow: FlowMethod = "dis",
    every: int = 1,
) -> ClipMotion:
    """Measure the motion field of a clip or a part of it.

    Args:
        path: A video, or a folder of numbered frames.
        cut: Which part, and at which frame rate.
        face: Which of several faces: its number from the left, from 1, or ``"largest"``; None for the only one.
        on_frames: Called after each frame with the number of frames read so far.
        face_option: The command-line option that chooses the face, for messages.
        flow: The optical flow that motion is measured by.
        every: Measure every N-th frame only, from the first one on.

    Raises:
        UnreadableVideoError: The clip cannot be read, or has fewer than two readable frames.
        FaceError: The first frame has no usable face, or the face is lost in the second.
        UsageError: No frame lies in the part, or ``face`` is not a valid choice.
    """
    chosen = face_choice(face, face_option)
    clip = open_part(path, cut)
    reader = ClipReader(clip, cut, on_frames)
    try:
        settings = FlowSettings(scale=cut.scale, method=flow)
        field = measure_field(islice(reader, 0, None, every), choose=chosen, settings=settings)
    except FaceError as error:
        message = f"{Path(path).name}, first frame: {error}".replace("--face", face_option)
        later = "; --start begins later" if isinstance(error, NoFaceError) else ""
        raise type(error)(message + later) from error
    if len(field) < 2:
        raise UnreadableVideoError(
            reader.broken
            or f"expected a clip of two frames or more, got one in {path}: "
            "one picture shows no motion"
        )
    if field.lost_because is not None and field.lost_at is not None and field.lost_at < 2:
        raise FaceError(
            f"{field.lost_because.value} at frame {every * field.lost_at} of {path}: "
            "nothing can be measured"
        )
    still = field.still
    if still:
        moved = field.displacement_cm
        none = by_parts(lambda part: np.zeros_like(moved[part]) * moved[part], len(moved))
        field = replace(field, displacement_cm=none)
    assert reader.first is not None
    return ClipMotion(
        clip,
        reader.first_index,
        field,
        Fraction(clip.fps) / every,
        reader.first,
        broken=reader.broken,
        uneven=_is_uneven(field),
        still=still,
        every=every,
    )


def at_even_rate(motion: ClipMotion) -> MotionField:
    """Return a clip's field at even times: frame i at i / fps, interpolated linearly.

    A field whose times are even is returned unchanged.

    Raises:
        UnreadableVideoError: The clip is much longer than its number of frames and its frame rate say.
    """
    field = motion.field.kept()
    if not motion.uneven:
        return field
    own = field.times_seconds
    count = int(np.floor(own[-1] * float(motion.fps) + 1e-6)) + 1
    if count > MAX_FILLED * len(own) + MIN_FILLED:
        raise UnreadableVideoError(
            f"expected frames about {float(1 / motion.fps):.3g} s apart in {motion.clip.path}, got {len(own)} over "
            f"{own[-1]:g} s: cut the clip with --start and --end, or give --fps to replace the file's time stamps"
        )
    times = np.arange(count) * motion.fps.denominator / motion.fps.numerator

    before = np.minimum(np.searchsorted(own, times, side="right") - 1, len(own) - 2)
    share = np.clip((times - own[before]) / (own[before + 1] - own[before]), 0, 1)

    def resampled(values: np.ndarray) -> np.ndarray:
        def between(part: slice) -> np.ndarray:
            first = before[part][0]
            known = values[first : before[part][-1] + 2].astype(np.float64)
            here = before[part] - first
            rest = share[part].reshape(-1, *[1] * (values.ndim - 1))
            placed = known[here] + rest * (known[here + 1] - known[here])
            return np.asarray(placed, values.dtype)

        return by_parts(between, count)

    return MotionField(
        resampled(field.displacement_cm),
        resampled(field.confidence),
        resampled(field.gaze_cm),
        resampled(field.rigid_px),
        times,
        field.face,
        field.flow,
    )


def clip_input(clip: Clip) -> InputFile:
    """Return a clip's name and hash; for a folder, the hash of its files' contents in order."""
    if not isinstance(clip, FrameFolder):
        return InputFile.of(clip.path)
    digest = hashlib.sha256()
    for file in clip.files:
        digest.update(read_file(file, UnreadableVideoError))
    sources = digital_sources_in(clip.files)
    return InputFile(clip.path.resolve().name, digest.hexdigest(), sources)


def _is_uneven(field: MotionField) -> bool:
    try:
        frame_rate_of(field.times_seconds)
    except BadTrackError:
        return True
    return False
