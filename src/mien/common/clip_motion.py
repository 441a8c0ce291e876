"""A clip to its motion field: cut, streamed, and honest about where it ends."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.frame_rate import frame_rate_of, parse_fps
from mien.common.cut_options import CutOptions
from mien.errors import BadTrackError, FaceError, NoFaceError, UnreadableVideoError, UsageError
from mien.face.portrait import find_face
from mien.io.clip import Clip, TimedFrame
from mien.io.clips import open_clip
from mien.io.frame_folder import FrameFolder
from mien.io.sidecar import InputFile
from mien.motion.field import STILL_CM, MotionField, measure_field
from mien.motion.tracker import FlowSettings
from mien.types import Image

OnFrames = Callable[[int], None]
"""Called after each frame with how many have been read."""


@dataclass(frozen=True, eq=False)
class ClipMotion:
    """A clip, or the part of it that was asked for, and its motion.

    Attributes:
        clip: The clip, to be read again for pictures.
        first_index: The clip's number, from 0, of the part's first frame.
        field: The motion from the part's first frame, times from 0.
        fps: Frames a second; the mean where times are uneven.
        first: The part's first frame.
        broken: Where and why the clip breaks off, if it does; what came before is in ``field``.
        uneven: Whether the frames come at uneven times.
        still: Whether nothing moves; the field is then exactly 0.
        lost_why: What is seen in the frame that lost the face, if one did.
    """

    clip: Clip
    first_index: int
    field: MotionField
    fps: Fraction
    first: Image
    broken: str | None = None
    uneven: bool = False
    still: bool = False
    lost_why: str | None = None

    def frames(self) -> Iterator[Image]:
        """Read the part's frames once more, as many as the field has."""
        for _, (_, frame) in zip(
            range(len(self.field)), _skip(iter(self.clip), self.first_index), strict=False
        ):
            yield frame

    def file_number(self, index: int) -> int | None:
        """The number in the name of a frame's file, counted in the part; None but for folders of numbered files."""
        if not isinstance(self.clip, FrameFolder):
            return None
        numbers = re.findall(r"\d+", self.clip.files[self.first_index + index].stem)
        return int(numbers[-1]) if numbers else None

    def say_frame(self, index: int) -> str:
        """A frame for people: its index in the part, its file's number if it has one, its time."""
        number = self.file_number(index)
        file = "" if number is None else f", file {number}"
        return f"frame {index}{file} ({self.field.times_seconds[index]:.3f} s)"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know about the clip, one line each."""
        said = []
        if self.broken:
            said.append(f"{self.broken}; the {len(self.field)} frames before that are kept")
        if self.field.lost_at is not None:
            said.append(
                f"{self.lost_why} at {self.say_frame(self.field.lost_at)}: nothing is measured "
                "from there on"
            )
        if self.still:
            said.append("nothing moves in this clip: everything measured is 0")
        if self.uneven:
            steps = 1000 * np.diff(self.field.times_seconds)
            said.append(
                f"the frames come at uneven times, {steps.min():.1f} to {steps.max():.1f} ms apart"
            )
        return tuple(said)


def read_motion(
    path: str | os.PathLike[str],
    cut: CutOptions,
    face: int | str | None = None,
    on_frames: OnFrames | None = None,
    face_option: str = "--face",
) -> ClipMotion:
    """Measure the motion field of a clip or a part of it.

    Args:
        path: A video, or a folder of frames in natural order.
        cut: Which part, at which rate.
        face: Which of several faces.
        on_frames: Told of the progress.
        face_option: What chooses the face on the command line.

    Raises:
        UnreadableVideoError: No clip, one frame only, or it breaks before the second.
        FaceError: The first frame has no usable face, or the second has lost it.
        UsageError: The cut leaves nothing.
    """
    clip = open_clip(path, None if cut.fps is None else parse_fps(cut.fps))
    reader = _Reader(clip, cut, on_frames)
    try:
        field = measure_field(
            reader,
            choose=face,  # type: ignore[arg-type]
            settings=FlowSettings(scale=cut.scale),
        )
    except FaceError as error:
        said = f"{Path(path).name}, first frame: {error}".replace("--face", face_option)
        later = "; --start begins later" if isinstance(error, NoFaceError) else ""
        raise type(error)(said + later) from error
    if len(field) < 2:
        raise UnreadableVideoError(
            reader.broken
            or f"expected a clip of two frames or more, got one in {path}: "
            "one picture shows no motion"
        )
    why = None
    if field.lost_at is not None:
        why = _why_lost(clip, reader.first_index + field.lost_at)
        if field.lost_at < 2:
            raise FaceError(f"{why} at frame {field.lost_at} of {path}: nothing can be measured")
    still = _is_still(field)
    if still:
        field = replace(field, displacement_cm=0 * field.displacement_cm)
    uneven = _is_uneven(field)
    assert reader.first is not None
    return ClipMotion(
        clip,
        reader.first_index,
        field,
        Fraction(clip.fps),
        reader.first,
        broken=reader.broken,
        uneven=uneven,
        still=still,
        lost_why=why,
    )


def at_even_rate(motion: ClipMotion) -> MotionField:
    """Return a clip's field at even times, frame i at i / fps, linear between the frames that there are.

    Where times are even already it is the field itself.
    """
    field = motion.field.kept()
    if not motion.uneven:
        return field
    own = field.times_seconds
    count = int(np.floor(own[-1] * float(motion.fps) + 1e-6)) + 1
    times = np.arange(count) * motion.fps.denominator / motion.fps.numerator

    def resampled(values: np.ndarray) -> np.ndarray:
        flat = values.reshape(len(own), -1)
        columns = [np.interp(times, own, column) for column in flat.T]
        return np.stack(columns, 1).reshape(count, *values.shape[1:]).astype(values.dtype)

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
    """Name and hash of a clip; of a folder, the hash of its files' contents in order."""
    if not isinstance(clip, FrameFolder):
        return InputFile.of(clip.path)
    digest = hashlib.sha256()
    for file in clip.files:
        digest.update(file.read_bytes())
    return InputFile(clip.path.resolve().name, digest.hexdigest())


class _Reader:
    """The frames of the part; afterwards, what was found on the way."""

    def __init__(self, clip: Clip, cut: CutOptions, on_frames: OnFrames | None) -> None:
        self.clip = clip
        self.cut = cut
        self.on_frames = on_frames
        self.first: Image | None = None
        self.first_index = 0
        self.broken: str | None = None

    def __iter__(self) -> Iterator[TimedFrame]:
        start, end = self.cut.start_seconds or 0.0, self.cut.end_seconds
        zero, done, last = 0.0, 0, 0.0
        half = 0.5 / float(self.clip.fps)
        frames = iter(self.clip)
        while True:
            try:
                seconds, frame = next(frames)
            except StopIteration:
                break
            except UnreadableVideoError as error:
                if done == 0:
                    raise
                self.broken = str(error)
                return
            last = seconds
            # A frame is there from its time on; rounding must not move the cut by one.
            if end is not None and seconds >= end - 1e-9:
                break
            if seconds < start - min(half, 1e-6):
                self.first_index += 1
                continue
            if self.first is None:
                self.first, zero = frame, seconds
            done += 1
            yield seconds - zero, frame
            if self.on_frames is not None:
                self.on_frames(done)
        if done == 0:
            raise UsageError(
                f"expected frames from --start {start:g} s on in {self.clip.path}, got none: "
                f"its last frame is at {last:.3f} s"
            )


def _skip(frames: Iterator[TimedFrame], count: int) -> Iterator[TimedFrame]:
    for index, pair in enumerate(frames):
        if index >= count:
            yield pair


def _why_lost(clip: Clip, index: int) -> str:
    """Look at the frame that lost the face: gone, or somebody else's (or nobody's: a cut)."""
    _, frame = next(_skip(iter(clip), index))
    try:
        find_face(frame, "largest")
    except FaceError:
        return "the face leaves the picture or is covered"
    return "another picture follows, a cut or another face,"


def _is_still(field: MotionField) -> bool:
    kept = field.kept().displacement_cm[:, field.seen]
    return bool(np.sqrt((kept.astype(np.float64) ** 2).sum(-1).mean(1)).max(initial=0) < STILL_CM)


def _is_uneven(field: MotionField) -> bool:
    try:
        frame_rate_of(field.times_seconds)
    except BadTrackError:
        return True
    return False
