"""Score transferred clips: their motion, and how much of the portrait's looks they keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.transfer_clips import clip_fps, field_of, timed
from mien.engines.base import Driver, MotionEngine
from mien.engines.mesh.engine import MeshEngine
from mien.engines.mesh.settings import MeshSettings
from mien.engines.motion_net.session import MotionNetSession
from mien.face.portrait import Face, Portrait
from mien.io.clip import TimedFrame
from mien.io.clips import open_clip
from mien.metrics.gmsd import gmsd
from mien.metrics.identity import identity_cosines
from mien.metrics.motion import MotionScore, compare_motion
from mien.metrics.reenact import error_ratio, face_hull
from mien.metrics.sharpness import sharpness_ratio
from mien.metrics.ssim import ssim
from mien.motion.field import MotionField, measure_field
from mien.motion.flow_method import FlowMethod
from mien.motion.tracker import FlowSettings
from mien.types import Image


@dataclass(frozen=True)
class Judge:
    """How the motion of clips is measured for the scores; engines always get drivers measured by Mien's own flow."""

    flow: FlowMethod = "dis"
    every: int = 1

    def field(self, frames: Iterable[TimedFrame], face: Face | None = None) -> MotionField:
        """Measure every N-th frame."""
        settings = FlowSettings(method=self.flow)
        return measure_field(islice(frames, 0, None, self.every), face=face, settings=settings)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for a report; none for the default judge."""
        return {} if self == Judge() else {"flow": self.flow, "every": self.every}


def summary(scores: list[MotionScore]) -> dict[str, float]:
    """Return the mean of each figure, the smallest cosine and the largest jitter ratio."""
    names = scores[0].to_dict()
    result = {name: round(float(np.mean([s.to_dict()[name] for s in scores])), 3) for name in names}
    jitters = [s.jitter / s.jitter_driver for s in scores if s.jitter_driver]
    return {
        **result,
        "smallest_cosine": round(min(s.cosine for s in scores), 3),
        "largest_jitter_ratio": round(max(jitters), 2),
    }


def official(folder: Path, driver: MotionField, fps: Fraction, judge: Judge) -> MotionScore:
    """Score the published ULME-GAN's own output for a clip."""
    return compare_motion(driver, judge.field(open_clip(folder / "ulme_gan_official", fps)))


def agreement(folder: Path, judged: MotionField, judge: Judge) -> MotionScore:
    """Compare a driver's motion by Mien's own flow with that of the same frames by the judge's flow.

    No engine that gets drivers measured by Mien's own flow can be expected to score higher.
    """
    own = Judge(every=judge.every).field(open_clip(folder / "frames", clip_fps(folder)))
    return compare_motion(judged, own)


@dataclass(frozen=True)
class Driven:
    """A driver's motion as the engines get it, and as it is judged."""

    field: MotionField
    judged: MotionField

    @classmethod
    def read(cls, folder: Path, judge: Judge) -> Driven:
        """Measure a folder's frames, once if both are the same."""
        fps = clip_fps(folder)
        field = field_of(folder / "frames", fps)
        if judge == Judge():
            return cls(field, field)
        return cls(field, judge.field(open_clip(folder / "frames", fps)))


@dataclass(frozen=True)
class Scored:
    """Scores of a transferred clip's motion, and of the portrait's looks in it."""

    motion: MotionScore
    looks: dict[str, float]


def looks(portrait: Portrait, frames: list[Image]) -> dict[str, float]:
    """Return the identity cosine over ten frames, mean and smallest, and their mean sharpness over the portrait's."""
    hull = face_hull(portrait.face, *portrait.image.shape[:2])
    some = frames[:: max(1, len(frames) // 10)]
    cosines = identity_cosines(portrait.image, some)
    return {
        "identity_cosine": float(cosines.mean()),
        "smallest_identity_cosine": float(cosines.min()),
        "sharpness_ratio": float(
            np.mean([sharpness_ratio(portrait.image, frame, hull) for frame in some])
        ),
    }


def rest_psnr(session: MotionNetSession) -> float:
    """Return the PSNR in dB of a network's picture of a face that does not move, in its own square."""
    seen, made = session.at_rest()
    return float(10 * np.log10(4 / max(float(((made - seen) ** 2).mean()), 1e-12)))


def transferred(
    engine: MotionEngine, driven: Driven, portrait: Portrait, folder: Path, judge: Judge
) -> Scored:
    """Transfer a driver's motion to a portrait and score it."""
    driver = driven.field

    def pictures() -> Iterator[Image]:
        return (frame for _, frame in open_clip(folder / "frames", clip_fps(folder)))

    session = engine.prepare(portrait)
    made = list(session.transfer(Driver.of(driver, pictures)))
    besides: dict[str, float] = {}
    if isinstance(session, MotionNetSession):
        besides["rest_psnr_db"] = rest_psnr(session)
    result = judge.field(timed(driver, iter(made)), portrait.face)
    return Scored(compare_motion(driven.judged, result), looks(portrait, made) | besides)


def summary_of(scored: list[Scored]) -> dict[str, float]:
    """Return `summary`, and the mean of each figure of looks, or the minimum if it is a smallest one."""
    result = summary([one.motion for one in scored])
    for name in scored[0].looks:
        values = [one.looks[name] for one in scored]
        result[name] = round(float(min(values) if "smallest" in name else np.mean(values)), 3)
    return result


def reenacted(folder: Path, fps: Fraction) -> dict[str, float]:
    """Rebuild a clip from its first frame; return its squared error over a still picture's, SSIM and GMSD."""
    frames = list(open_clip(folder / "frames", fps))
    motion = measure_field(frames)
    portrait = Portrait(frames[0][1], motion.face)
    session = MeshEngine(MeshSettings(head_motion=True, gaze=True)).prepare(portrait)
    rebuilt = list(session.transfer(Driver.of(motion)))
    real = [frame for _, frame in frames]
    likeness = [ssim(a, b) for a, b in zip(real, rebuilt, strict=True)]
    still = [ssim(a, real[0]) for a in real]
    hull = face_hull(motion.face, *real[0].shape[:2])
    deviation = [gmsd(a, b, hull) for a, b in zip(real, rebuilt, strict=True)]
    deviation_still = [gmsd(a, real[0], hull) for a in real]
    return {
        "squared_error_ratio": round(error_ratio(real, rebuilt, motion.face), 3),
        "ssim": round(float(np.mean(likeness)), 4),
        "ssim_of_a_still": round(float(np.mean(still)), 4),
        "gmsd": round(float(np.mean(deviation)), 4),
        "gmsd_of_a_still": round(float(np.mean(deviation_still)), 4),
    }
