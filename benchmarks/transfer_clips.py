"""Clips and faces of the transfer benchmark; the clips are used for evaluation only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2

from benchmarks.report import PORTRAITS, near_neutral
from mien.face.portrait import Portrait
from mien.io.clips import open_clip
from mien.io.images import read_image
from mien.motion.field import MotionField, measure_field
from mien.types import Image

CLIPS = PORTRAITS.parent / "megc2021"
SIDE_PX = 512


def clip_folders(folder: Path) -> list[Path]:
    """Return the clips' folders, each with frames and a clip.json."""
    return sorted(path.parent for path in folder.glob("*/clip.json"))


def clip_fps(folder: Path) -> Fraction:
    """Return a clip's frame rate."""
    return Fraction(json.loads((folder / "clip.json").read_text())["fps"])


def field_of(folder: Path, fps: Fraction) -> MotionField:
    """Measure the motion field of a folder of frames."""
    return measure_field(open_clip(folder, fps))


def targets(clips: Path, portraits: Path, count: int) -> dict[str, Portrait]:
    """Return the challenge's template face and some portraits, by name."""
    result = {"template": Portrait.from_image(read_image(clips / "template_asian_female.jpg"))}
    for path in near_neutral(portraits, 2 * count)[::2]:
        image = cv2.resize(read_image(path), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        result[path.stem] = Portrait.from_image(image)
    return result


def timed(field: MotionField, frames: Iterator[Image]) -> Iterator[tuple[float, Image]]:
    """Yield frames with the times of their driver."""
    for seconds, frame in zip(field.times_seconds, frames, strict=False):
        yield float(seconds), frame
