"""Compare the motion of a result with that of its driver."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Unpack

from mien.common.clip_motion import ClipMotion, at_even_rate, read_motion
from mien.common.cut_options import CutOptions
from mien.common.option_names import from_keywords
from mien.evaluate.options import EvaluateKeywords, EvaluateOptions
from mien.evaluate.rates import sidecar_rate
from mien.metrics.motion import MotionScore, compare_motion


@dataclass(frozen=True, eq=False)
class MotionEvaluation:
    """The motion of a driver clip, the motion of the clip made from it, and how well they agree.

    Attributes:
        driver: The motion of the driver.
        result: The motion of the clip made from it.
        score: Agreement of the two motions; see `mien.metrics.motion.MotionScore`.
    """

    driver: ClipMotion
    result: ClipMotion
    score: MotionScore

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know about the clips, one line each."""
        return tuple(
            f"{name}: {note}"
            for name, motion in (("driver", self.driver), ("result", self.result))
            for note in motion.notes
        )


def evaluate_motion(
    driver: str | os.PathLike[str],
    result: str | os.PathLike[str],
    **options: Unpack[EvaluateKeywords],
) -> MotionEvaluation:
    """Compare the motion of a result with that of its driver, frame by frame.

    Args:
        driver: A video, or a folder of frames (with ``fps``).
        result: The clip made from it; as long as the driver, or as the part that was transferred.
        **options: The fields of `mien.evaluate.options.EvaluateOptions`; ``start_seconds`` and
            ``end_seconds`` cut the driver only.

    Raises:
        UsageError: An option out of its range; raised before the clips are read.
        MienError: A clip that cannot be read or has no face, or clips of different lengths.

    Example:
        >>> evaluate_motion("driver.mp4", "moved.mp4").score.cosine  # doctest: +SKIP
    """
    return compare_clips(
        driver, result, from_keywords(EvaluateOptions, "mien.evaluate_motion", options)
    )


def compare_clips(
    driver: str | os.PathLike[str], result: str | os.PathLike[str], options: EvaluateOptions
) -> MotionEvaluation:
    """Compare the motion of two clips; `evaluate_motion` calls this.

    Args:
        driver: The clip with the original motion.
        result: The clip made from it.
        options: Which part of the driver was transferred, and which faces are compared.

    Raises:
        MienError: See `evaluate_motion`.
    """
    flow, every = options.flow, options.every
    driven = read_motion(
        driver,
        options,
        options.driver_face,
        face_option="--driver-face",
        flow=flow,
        every=every,
    )
    cut = CutOptions(fps=_result_fps(Path(result), options), scale=options.scale)
    made = read_motion(result, cut, options.face, flow=flow, every=every)
    score = compare_motion(at_even_rate(driven), at_even_rate(made))
    return MotionEvaluation(driven, made, score)


def _result_fps(result: Path, options: EvaluateOptions) -> str | float | Fraction | None:
    """Return the result's frame rate; None for the file's own.

    The sidecar has the true frame rate, because a GIF plays slowed down. A folder without a sidecar
    has the driver's frame rate.
    """
    return sidecar_rate(result) or (options.fps if result.is_dir() else None)
