"""Motion of transferred clips against their drivers', beside the official ULME-GAN outputs.

Run as ``python -m benchmarks.transfer --clips FOLDER --portraits FOLDER``. The clips are the MEGC2021 generation
challenge's, used for evaluation only. Portraits are brought to 512x512.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.engines.mesh import MeshEngine
from mien.face.portrait import Portrait
from mien.io.clips import open_clip
from mien.io.images import read_image
from mien.metrics.motion import MotionScore, compare_motion
from mien.motion.field import MotionField, measure_field
from mien.types import Image

CLIPS = PORTRAITS.parent / "megc2021"
SIDE_PX = 512


def clip_folders(folder: Path) -> list[Path]:
    """The clips' folders, each with frames and a clip.json."""
    return sorted(path.parent for path in folder.glob("*/clip.json"))


def clip_fps(folder: Path) -> Fraction:
    """A clip's frame rate."""
    return Fraction(json.loads((folder / "clip.json").read_text())["fps"])


def field_of(folder: Path, fps: Fraction) -> MotionField:
    """The motion field of a folder of frames."""
    return measure_field(open_clip(folder, fps))


def targets(clips: Path, portraits: Path, count: int) -> dict[str, Portrait]:
    """The challenge's template face and some portraits, by name."""
    result = {"template": Portrait.from_image(read_image(clips / "template_asian_female.jpg"))}
    for path in near_neutral(portraits, 2 * count)[::2]:
        image = cv2.resize(read_image(path), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        result[path.stem] = Portrait.from_image(image)
    return result


def timed(field: MotionField, frames: Iterator[Image]) -> Iterator[tuple[float, Image]]:
    """Frames with their driver's times."""
    for seconds, frame in zip(field.times_seconds, frames, strict=False):
        yield float(seconds), frame


def summary(scores: list[MotionScore]) -> dict[str, float]:
    """The mean of each figure, and the smallest cosine."""
    names = scores[0].to_dict()
    result = {name: round(float(np.mean([s.to_dict()[name] for s in scores])), 3) for name in names}
    jitters = [s.jitter / s.jitter_driver for s in scores if s.jitter_driver]
    return {
        **result,
        "smallest_cosine": round(min(s.cosine for s in scores), 3),
        "largest_jitter_ratio": round(max(jitters), 2),
    }


def official(folder: Path, driver: MotionField, fps: Fraction) -> list[MotionScore]:
    """The published system's own outputs for a clip."""
    results = sorted(p for p in (folder / "ulme_gan_official").iterdir() if p.is_dir())
    return [compare_motion(driver, field_of(path, fps)) for path in results]


def main() -> None:
    """Transfer every clip to every face."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=10)
    options = parser.parse_args()
    faces = targets(options.clips, options.portraits, options.count)
    everything: list[MotionScore] = []
    frames, seconds = 0, 0.0
    for folder in clip_folders(options.clips):
        fps = clip_fps(folder)
        driver = field_of(folder / "frames", fps)
        scores = []
        for portrait in faces.values():
            start = time.perf_counter()
            made = list(MeshEngine().transfer(portrait, driver))
            seconds, frames = seconds + time.perf_counter() - start, frames + len(made)
            result = measure_field(timed(driver, iter(made)), face=portrait.face)
            scores.append(compare_motion(driver, result))
        everything += scores
        report(
            "transfer",
            {"engine": "mesh", "clip": folder.name, "faces": len(scores)},
            summary(scores),
        )
    config = {"engine": "mesh", "clip": "all", "faces": len(faces)}
    report(
        "transfer",
        config,
        {**summary(everything), "frames_per_second_rendered": round(frames / seconds)},
    )


if __name__ == "__main__":
    main()
