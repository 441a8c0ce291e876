"""Magnify motion: move a clip's first frame by a multiple of the measured motion."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from mien.common.clip_motion import ClipMotion
from mien.common.clip_writer import check_output
from mien.common.marking import source_from
from mien.face.portrait import Portrait
from mien.io.mark import SyntheticMark
from mien.io.sidecar import sidecar_path
from mien.io.sinks import open_sink
from mien.motion.denoise import components
from mien.plots.face_view import FaceBox
from mien.plots.label import label
from mien.types import RGBImage
from mien.version import __version__

if TYPE_CHECKING:
    from mien.evaluate.motion import MotionEvaluation

TILE_PX = 480
"""Height of each of the four pictures."""
GAP_PX = 8
"""Distance between the pictures."""
_MARK = SyntheticMark(
    title=f"Comparison of a clip and a synthetic one, made with Mien {__version__}",
    comment=(
        "Left a driver, right a synthetic face moved by it; below both, their measured motion "
        f"magnified, which is synthetic. Made with Mien {__version__}."
    ),
)


def comparison_mark(made: MotionEvaluation) -> SyntheticMark:
    """Return the mark of a page or clip that compares a driver and a result."""
    clips = [made.driver.clip.path, made.result.clip.path]
    return replace(_MARK, source=source_from("composite", clips))


class Magnifier:
    """Move a clip's first frame by a multiple of the measured motion.

    Args:
        motion: The clip and its measured motion.
        factor: Factor by which the motion is multiplied.
    """

    def __init__(self, motion: ClipMotion, factor: float) -> None:
        from mien.render.warp import PortraitWarper

        self._warper = PortraitWarper(Portrait(motion.first, motion.field.face), shading=False)
        self._field = factor * components(motion.field).field_cm()

    def frame(self, index: int) -> RGBImage:
        """Return the magnified frame with an index: (H, W, 3) RGB."""
        displacement = np.pad(self._field[index], ((0, 0), (0, 1))).astype(np.float32)
        return self._warper.warp(displacement)[..., :3]


def write_comparison(
    made: MotionEvaluation, out: str | os.PathLike[str], magnify: float, slow: Fraction
) -> Path:
    """Write a clip of driver and result side by side: original above, magnified below.

    Args:
        made: The result of `mien.evaluate_motion`.
        out: ``.mp4``, ``.mkv``, ``.gif`` or a folder.
        magnify: Magnification of the motion.
        slow: How many times slower than real time the clip plays.

    Raises:
        OutputError: The output cannot be written, or would replace one of the clips.
    """
    check_output(out, made.driver.clip.path, made.result.clip.path)
    boxes = [FaceBox.around(clip.field.face, clip.first) for clip in (made.driver, made.result)]
    widths = [2 * round(TILE_PX / box.aspect / 2) for box in boxes]
    sink = open_sink(
        out, made.driver.fps / slow, width=sum(widths) + GAP_PX, height=2 * TILE_PX + GAP_PX
    )
    sink.mark = comparison_mark(made)
    sink.stale = sidecar_path(out)  # a clip that is replaced may have one
    with sink:
        for picture in _pictures(made, boxes, widths, magnify):
            sink.write(picture)
    return Path(out)


def _pictures(
    made: MotionEvaluation, boxes: list[FaceBox], widths: list[int], factor: float
) -> Iterator[RGBImage]:
    """Yield the frames of the comparison."""
    clips = (made.driver, made.result)
    magnifiers = [Magnifier(clip, factor) for clip in clips]
    page = np.full((2 * TILE_PX + GAP_PX, sum(widths) + GAP_PX, 3), 255, np.uint8)
    lefts = (0, widths[0] + GAP_PX)
    words = (("driver", f"driver, motion x {factor:g}"), ("result", f"result, motion x {factor:g}"))
    frames = [clip.frames() for clip in clips]
    for index, pair in zip(range(made.score.frames), zip(*frames, strict=False), strict=False):
        for clip, frame in enumerate(pair):
            for row, picture in enumerate((frame, magnifiers[clip].frame(index))):
                size = (widths[clip], TILE_PX)
                cut = cv2.resize(boxes[clip].cut(picture), size, interpolation=cv2.INTER_CUBIC)
                label(cut, words[clip][row])
                top = row * (TILE_PX + GAP_PX)
                page[top : top + TILE_PX, lefts[clip] : lefts[clip] + widths[clip]] = cut
        yield page.copy()
