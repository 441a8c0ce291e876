"""Motion of transferred clips against their drivers', beside the official ULME-GAN outputs.

Run as ``python -m benchmarks.transfer --clips FOLDER --portraits FOLDER``. The clips are the MEGC2021 generation
challenge's, used for evaluation only. Portraits are brought to 512x512.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

import cv2
import numpy as np

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.au.recode_mode import RecodeMode
from mien.engines.base import Driver, MotionEngine, TrackEngine
from mien.engines.driven import DrivenEngine
from mien.engines.mesh.engine import MeshEngine
from mien.engines.mesh.settings import MeshSettings
from mien.engines.motion_net.engine import MotionNetEngine
from mien.engines.motion_net.session import MotionNetSession
from mien.engines.registry import make_engine
from mien.face.portrait import Face, Portrait
from mien.io.clip import TimedFrame
from mien.io.clips import open_clip
from mien.io.images import read_image
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

CLIPS = PORTRAITS.parent / "megc2021"
SIDE_PX = 512


NETWORKS = ("fomm-none", "fomm-ewp", "fomm-awp", "fomm-points", "mraa-none", "mraa-awp")
"""Motion networks by architecture and prior; fomm-points follows many points."""

MANY_POINTS = 128
"""Of fomm-points."""


Jacobians: TypeAlias = Literal["learned", "measured"]
"""Where the linear maps around points come from: the network, or the driver's motion (Mien's own addition)."""


@dataclass(frozen=True)
class Judge:
    """How the motion of clips is measured for the scores; drivers are always measured by Mien's own flow."""

    flow: FlowMethod = "dis"
    every: int = 1

    def field(self, frames: Iterable[TimedFrame], face: Face | None = None) -> MotionField:
        """Measure every N-th frame."""
        settings = FlowSettings(method=self.flow)
        return measure_field(islice(frames, 0, None, self.every), face=face, settings=settings)

    def to_dict(self) -> dict[str, Any]:
        """What a report says of it: nothing for the usual one."""
        return {} if self == Judge() else {"flow": self.flow, "every": self.every}


@dataclass(frozen=True)
class Way:
    """How motion is carried: by which engine, and how its AUs are re-encoded before, if at all."""

    engine: str
    recode: RecodeMode | None = None

    def __str__(self) -> str:
        """Its name in tables."""
        return self.engine if self.recode is None else f"{self.engine}, AUMR {self.recode}"


WAYS = (
    *(Way("mesh"), Way("rig"), Way("ulme-gan")),
    *(Way("ulme-gan", mode) for mode in ("linear", "smooth")),
    *(Way(name) for name in NETWORKS),
)


def packaged(way: Way, weights: Path | None) -> MotionEngine:
    """Return the engine of a way that is not a motion network; ``weights`` are for ulme-gan."""
    if way.engine == "mesh":
        return MeshEngine()
    settings = {"weights": weights} if weights and way.engine == "ulme-gan" else {}
    by_aus = cast(TrackEngine, make_engine(way.engine, "generate", settings))
    return DrivenEngine(by_aus, way.recode, threshold=0)


def network(
    name: str, root: Path | None, painted: bool, jacobians: Jacobians | None = None
) -> MotionNetEngine | None:
    """Return a motion network's engine; None if there are no weights for it.

    Args:
        name: Out of `NETWORKS`.
        root: A folder with a folder of weights for each name; None takes those that come with Mien.
        painted: Whether what it paints is added.
        jacobians: Where the linear maps around points come from; None as the weights were trained.
    """
    architecture, kind = name.split("-")
    folder = bundled(architecture, kind) if root is None else root / name
    if not (folder / "card.json").is_file():
        return None
    settings = {"weights": folder, "painted": painted, "jacobians": jacobians}
    return cast(MotionNetEngine, make_engine(architecture, "transfer", settings))


def untrained(name: str) -> MotionNetEngine:
    """Return the engine of a network of our own recipe before its first step: what a trained one must beat."""
    import torch

    from mien.engines.motion_net.networks import fast
    from mien.training.motion.recipes import FOMM_RECIPES, MRAA_RECIPES
    from mien.training.motion.trainer import MotionTrainer

    architecture, kind = name.split("-")
    fomm = architecture == "fomm"
    prior, points = ("awp", MANY_POINTS) if kind == "points" else (kind, None)
    recipe = (FOMM_RECIPES if fomm else MRAA_RECIPES)["ours"]
    torch.manual_seed(0)
    net = MotionTrainer.build_net(recipe.with_prior(prior, points, ours=True)).eval()
    # Before training, what it paints is noise.
    made = make_engine(architecture, "transfer", {"painted": False})
    engine = cast(MotionNetEngine, made)
    engine.net = fast(net)
    return engine


def bundled(architecture: str, kind: str) -> Path:
    """Where weights that come with Mien are."""
    return Path(str(files("mien") / "assets" / f"{architecture}_{kind}"))


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


def official(folder: Path, driver: MotionField, fps: Fraction, judge: Judge) -> MotionScore:
    """The published ULME-GAN's own output for a clip."""
    return compare_motion(driver, judge.field(open_clip(folder / "ulme_gan_official", fps)))


def agreement(folder: Path, judged: MotionField, judge: Judge) -> MotionScore:
    """Compare a driver's motion by Mien's own flow with the same frames' motion as it is judged.

    No engine that measures drivers by its own flow can be expected to score higher.
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
    """A transferred clip's motion, and what became of the portrait's looks."""

    motion: MotionScore
    looks: dict[str, float]


def looks(portrait: Portrait, frames: list[Image]) -> dict[str, float]:
    """Identity cosine of ten frames, mean and smallest, and sharpness beside the portrait's, over them."""
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
    """`summary`, and the mean of each figure of looks; of the smallest ones, the smallest."""
    result = summary([one.motion for one in scored])
    for name in scored[0].looks:
        values = [one.looks[name] for one in scored]
        result[name] = round(float(min(values) if "smallest" in name else np.mean(values)), 3)
    return result


def reenacted(folder: Path, fps: Fraction) -> dict[str, float]:
    """A clip rebuilt from its first frame: squared error against a still picture's, SSIM and GMSD beside it."""
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


def main() -> None:
    """Transfer every clip to every face with every engine; rebuild every clip from itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--engines", nargs="*", help="only these, and no re-enactment")
    parser.add_argument("--clip", nargs="*", help="only the clips of these names")
    parser.add_argument(
        "--weights-root",
        type=Path,
        help="a folder with a folder of weights for each motion network, such as fomm-awp",
    )
    parser.add_argument("--unpainted", action="store_true", help="motion networks only move pixels")
    parser.add_argument(
        "--jacobians",
        choices=get_args(Jacobians),
        help="measured: read off the driver's motion field, which the published systems do not do; by "
        "default as the weights were trained",
    )
    parser.add_argument(
        "--untrained",
        action="store_true",
        help="motion networks before their first step, as control",
    )
    parser.add_argument("--weights", type=Path, help="weights of ulme-gan other than its own")
    parser.add_argument("--flow", choices=get_args(FlowMethod), default="dis", help="for the score")
    parser.add_argument("--every", type=int, default=1, help="score every N-th frame only")
    options = parser.parse_args()
    judge = Judge(options.flow, options.every)
    faces = targets(options.clips, options.portraits, options.count)
    drivers = {
        folder: Driven.read(folder, judge)
        for folder in clip_folders(options.clips)
        if not options.clip or folder.name in options.clip
    }
    if judge.flow != "dis":
        report(
            "transfer",
            {"engine": "none: the drivers by both flows", "clip": "all", **judge.to_dict()},
            summary(
                [agreement(folder, driven.judged, judge) for folder, driven in drivers.items()]
            ),
        )
    for way in WAYS:
        if options.engines and way.engine not in options.engines:
            continue
        name = str(way)
        if way.engine in NETWORKS:
            engine: MotionEngine | None = (
                untrained(way.engine)
                if options.untrained
                else network(
                    way.engine, options.weights_root, not options.unpainted, options.jacobians
                )
            )
            name += ", untrained" if options.untrained else ""
            name += ", measured Jacobians" if options.jacobians == "measured" else ""
            name += ", unpainted" if options.unpainted else ""
        else:
            engine = packaged(way, options.weights)
            name += f", {options.weights.name}" if options.weights else ""
        if engine is None:
            print(f"{name}: no weights, left out", file=sys.stderr)
            continue
        everything: list[Scored] = []
        for folder, driven in drivers.items():
            scores = [transferred(engine, driven, face, folder, judge) for face in faces.values()]
            everything += scores
            report(
                "transfer",
                {"engine": name, "clip": folder.name, "faces": len(scores), **judge.to_dict()},
                summary_of(scores),
            )
        report(
            "transfer",
            {"engine": name, "clip": "all", "faces": len(faces), **judge.to_dict()},
            summary_of(everything),
        )
    if options.engines:
        return
    published = [
        official(folder, driven.judged, clip_fps(folder), judge)
        for folder, driven in drivers.items()
    ]
    report(
        "transfer",
        {"engine": "ULME-GAN, official outputs", "clip": "all", "faces": 1, **judge.to_dict()},
        summary(published),
    )
    ratios = []
    for folder in drivers:
        result = reenacted(folder, clip_fps(folder))
        ratios.append(result["squared_error_ratio"])
        report("reenact", {"clip": folder.name}, result)
    report("reenact", {"clip": "all"}, {"squared_error_ratio": round(float(np.mean(ratios)), 3)})


if __name__ == "__main__":
    main()
