"""Time motion transfer by FOMM and MRAA at 256 px, per frame and stage, beside the specification run plainly.

Run as ``python -m benchmarks.motion_nets_speed``; needs the ``demo`` and ``torch`` extras. Both have the same random
weights of the published size (`--width` for narrower ones), since time does not depend on what a network has learned.
The plain run does what the published code does for each frame: it encodes the portrait again, and finds its keypoints
and those of the driver's first frame again, with batches of one and contiguous float32 tensors. The two are timed in
turn, so that a drift of the machine's speed affects both.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from benchmarks.report import report
from benchmarks.speed import portrait
from mien.engines.base import Driver
from mien.engines.compute import uses_bfloat16
from mien.engines.motion_net.driver_view import moved_points, steady_cuts
from mien.engines.motion_net.fomm import FommEngine
from mien.engines.motion_net.mraa import MraaEngine
from mien.engines.motion_net.networks import fast
from mien.engines.motion_net.session import MotionNetSession
from mien.engines.motion_net.settings import FommSettings, MraaSettings
from mien.face.portrait import Portrait
from mien.models.fomm import Fomm, FommConfig, Keypoints, relative
from mien.models.mraa import Mraa, MraaConfig
from mien.models.regions import relative_regions
from mien.motion.eye_fit import fitted_field_cm
from mien.motion.field import MotionField

FPS = 100
ROUNDS = 3


def random_net(architecture: str, prior: str, width: int) -> Fomm | Mraa:
    """Return a network of the published depth with random weights."""
    torch.manual_seed(0)
    narrow: dict[str, Any] = {"prior": prior, "generator_width": width, "motion_width": width}
    narrow |= {"generator_max_width": 8 * width, "max_width": 16 * width}
    narrow |= {"detector_width": width // 2}
    net = Fomm(FommConfig(**narrow)) if architecture == "fomm" else Mraa(MraaConfig(**narrow))
    return net.eval().requires_grad_(False)


def some_motion(face: Portrait, frames: int) -> MotionField:
    """Return the motion of a face whose lower half goes down and back."""
    field = np.zeros((frames, 468, 2), np.float32)
    low = face.face.landmarks[:468, 1] > face.face.box_px[[1, 3]].mean()
    field[:, low, 1] = 0.2 * np.sin(np.linspace(0.1, np.pi, frames))[:, None]
    return MotionField(
        field,
        np.ones((frames, 468), np.float32),
        np.zeros((frames, 2, 2), np.float32),
        np.zeros((frames, 6)),
        np.arange(frames) / FPS,
        face.face,
        "full",
    )


def plain(net: Any, seen: np.ndarray, cuts: list[np.ndarray], points: np.ndarray | None) -> None:
    """Run the specification frame by frame, up to the network's picture, without paste-back."""
    source = torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())
    given = [
        None if points is None else torch.from_numpy(points[i][None]) for i in range(len(cuts))
    ]
    first = torch.from_numpy(cuts[0][None].copy())
    with torch.inference_mode():
        for cut, at in zip(cuts, given, strict=True):
            own = net.encode_source(source, given[0])
            now = net.detect(torch.from_numpy(cut[None].copy()), at)
            before = net.detect(first, given[0])
            if isinstance(net, Fomm):
                net.animate(own, relative(own.keypoints, Keypoints(*now), Keypoints(*before)))
            else:
                net.animate(own, relative_regions(own.regions, now, before))


def stages(session: MotionNetSession, driver: Driver) -> dict[str, float]:
    """Time each stage of a transfer, in milliseconds per frame."""
    net, portrait, motion = session.net, session.portrait, driver.motion
    frames = len(motion)
    result: dict[str, float] = {}

    def timed(name: str, job: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        made = job()
        result[name] = round(1000 * (time.perf_counter() - start) / frames, 2)
        return made

    size = net.config.image_px
    timed("points", lambda: moved_points(portrait.face, motion.displacement_cm, net.config.points))
    if session.needs_frames:
        timed("cuts", lambda: list(steady_cuts(motion, [portrait.image] * frames, size)))
    watched = timed(
        "cuts_and_detector", lambda: session._watch(driver) if session.needs_frames else None
    )
    field_cm = timed("field", lambda: fitted_field_cm(motion, portrait.face))
    poses, batch = session._poses(field_cm, watched), session.settings.batch_size
    batches = [tuple(part[i : i + batch] for part in poses) for i in range(0, frames, batch)]
    with torch.inference_mode():
        moved = timed("dense_motion_and_generator", lambda: [session._animate(b) for b in batches])

    def paste() -> None:
        for displacement, painted in moved:
            for index, one in enumerate(displacement):
                session._lift.move(one, None if painted is None else painted[index])

    timed("paste_back", paste)
    return result


def main() -> None:
    """Time each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--width", type=int, default=64, help="the generator's first channels")
    parser.add_argument("--nets", nargs="*", default=["fomm-awp", "mraa-awp", "fomm-none"])
    options = parser.parse_args()
    face = portrait()
    motion = some_motion(face, options.frames)
    pictures = [face.image] * options.frames
    driver = Driver.of(motion, lambda: iter(pictures))
    for name in options.nets:
        architecture, prior = name.split("-")
        net = random_net(architecture, prior, options.width)
        # The published code does not calibrate the motion's size.
        engine: FommEngine | MraaEngine = (
            FommEngine(FommSettings(calibrate=False))
            if architecture == "fomm"
            else MraaEngine(MraaSettings(calibrate=False))
        )
        bfloat16 = uses_bfloat16(torch.device("cpu"), engine.settings.precision)
        engine.net = fast(copy.deepcopy(net), bfloat16=bfloat16)
        size = net.config.image_px
        points = None
        if net.config.has_prior:
            points = moved_points(face.face, motion.displacement_cm, net.config.points)
        cuts = list(steady_cuts(motion, pictures, size))
        session = engine.prepare(face)
        seen = session.at_rest()[0]
        ours: list[float] = []
        theirs: list[float] = []
        list(session.transfer(driver))
        for _ in range(ROUNDS):
            start = time.perf_counter()
            list(session.transfer(driver))
            middle = time.perf_counter()
            plain(net, seen, cuts, points)
            ours.append((middle - start) / options.frames)
            theirs.append((time.perf_counter() - middle) / options.frames)
        report(
            "motion_nets_speed",
            {"net": name, "width": options.width, "image_px": size, "frames": options.frames},
            {
                "ms_a_frame": round(1000 * statistics.median(ours), 1),
                "plain_ms_a_frame": round(1000 * statistics.median(theirs), 1),
                "times_as_fast": round(
                    statistics.median(b / a for a, b in zip(ours, theirs, strict=True)), 2
                ),
                "stages_ms": stages(session, driver),
            },
        )


if __name__ == "__main__":
    main()
