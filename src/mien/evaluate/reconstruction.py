"""Self re-enactment: rebuild a clip from its first frame and its own motion, and compare it with the clip."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Unpack

from mien.common.clip_motion import ClipMotion, OnFrames, read_motion
from mien.common.option_names import from_keywords
from mien.engines.checks import shows_portrait
from mien.errors import UsageError
from mien.evaluate.figures import Figures, mean_figures, whole_ghosting
from mien.evaluate.judge import Judge, Judged, Readers
from mien.evaluate.reconstruction_options import (
    EvaluateReconstructionKeywords,
    EvaluateReconstructionOptions,
)
from mien.face.portrait import Portrait
from mien.io.sink import on_white
from mien.metrics.motion import MotionScore, compare_motion
from mien.metrics.pixels import squared_error
from mien.motion.field import measure_field
from mien.motion.tracker import FlowSettings
from mien.transfer.engine import driver_of, motion_engine, notes_of
from mien.types import Image


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """How well a clip was rebuilt.

    Attributes:
        clip: The clip and its motion.
        engine: The name of the engine that rebuilt it.
        motion: The similarity of the two motions.
        numbers: Numbers of the frames that were judged as pictures, from 0.
        frames: The figures of these frames.
        mean: The mean of each figure; for ghosting, see `mien.evaluate.figures.whole_ghosting`.
        still: Mean figures of a baseline, which repeats the first frame. A good engine is better.
        error_ratio: Squared error in the face over that of this baseline: 0 is perfect, 1 is no gain.
        notes: What a user must know, one line each.
    """

    clip: ClipMotion
    engine: str
    motion: MotionScore
    numbers: tuple[int, ...]
    frames: tuple[Figures, ...]
    mean: Figures
    still: Figures
    error_ratio: float
    notes: tuple[str, ...]


def evaluate_reconstruction(
    clip: str | os.PathLike[str], **options: Unpack[EvaluateReconstructionKeywords]
) -> Reconstruction:
    """Rebuild a clip from its first frame and its own motion, and compare it with the clip.

    Args:
        clip: A video, or a folder of frames (with ``fps``).
        **options: The fields of `mien.evaluate.reconstruction_options.EvaluateReconstructionOptions`.

    Raises:
        UsageError: An option out of its range, a clip without motion, or one whose frames are not evenly spaced.
        MienError: A clip that cannot be read or has no face, or weights that are missing.

    Example:
        >>> evaluate_reconstruction("clip.mp4", engine="mesh").error_ratio  # doctest: +SKIP
    """
    return rebuild(
        clip, from_keywords(EvaluateReconstructionOptions, "mien.evaluate_reconstruction", options)
    )


def rebuild(
    clip: str | os.PathLike[str],
    options: EvaluateReconstructionOptions,
    on_frames: OnFrames | None = None,
) -> Reconstruction:
    """Rebuild a clip and judge it; `evaluate_reconstruction` with an options object."""
    motion = read_motion(clip, options, options.face)
    if motion.uneven:
        raise UsageError(
            f"expected a clip with evenly spaced frames, got {clip}: the rebuilt frames are evenly spaced, "
            "so they cannot be compared with it"
        )
    if motion.still:
        raise UsageError(f"expected a clip in which the face moves, got {clip}, which is still")
    portrait = Portrait(motion.first, motion.field.face)
    session = shows_portrait(motion_engine(options).prepare(portrait), "a reconstruction")
    driver = driver_of(motion, "first")
    made = session.transfer(driver, strength=options.strength, blinks=options.blinks)
    white = Portrait(on_white(motion.first), motion.field.face)
    readers = Readers.load(lpips=options.lpips)
    judging = _Judging(Judge(white, options, readers, name=os.fspath(clip)), options.every)
    settings = FlowSettings(scale=options.scale)
    frames = judging.passed(motion, made, driver.motion.times_seconds.tolist(), on_frames)
    field = measure_field(frames, settings=settings, face=motion.field.face)
    return Reconstruction(
        motion,
        options.engine,
        compare_motion(driver.motion, field),
        tuple(judging.numbers),
        tuple(one.figures for one in judging.judged),
        judging.mean(),
        mean_figures(judging.still),
        judging.error_ratio(),
        (*notes_of(motion, made.track), *made.notes, *readers.notes),
    )


class _Judging:
    """Judges the frames of a rebuilt clip while they are passed on to the measurement of their motion."""

    def __init__(self, judge: Judge, every: int) -> None:
        self.judge, self.every = judge, every
        self.numbers: list[int] = []
        self.judged: list[Judged] = []
        self.still: list[Figures] = []
        self.errors = 0.0
        self.errors_of_still = 0.0

    def passed(
        self,
        motion: ClipMotion,
        made: Iterator[Image],
        times_seconds: list[float],
        on_frames: OnFrames | None,
    ) -> Iterator[tuple[float, Image]]:
        """Yield the rebuilt frames with their times in seconds, and judge every N-th of them."""
        first = self.judge.portrait.image
        hull = self.judge.hull
        frames = zip(times_seconds, made, motion.frames(), strict=False)
        for number, (seconds, frame, real) in enumerate(frames):
            own, wanted = on_white(frame), on_white(real)
            self.errors += squared_error(own, wanted, hull)
            self.errors_of_still += squared_error(first, wanted, hull)
            if number % self.every == 0:
                self.numbers.append(number)
                self.judged.append(self.judge.judge(own, wanted))
                self.still.append(Figures(**self.judge.differences(first, wanted)[0]))
            yield seconds, frame
            if on_frames is not None:
                on_frames(number + 1)

    def mean(self) -> Figures:
        """Return the mean figures of the frames."""
        residuals = [one.residual for one in self.judged if one.residual is not None]
        mean = mean_figures([one.figures for one in self.judged]).to_dict()
        return Figures(**mean | {"ghosting": whole_ghosting(residuals)})

    def error_ratio(self) -> float:
        """Return the squared error in the face over that of repeating the first frame."""
        return self.errors / self.errors_of_still
