"""Measure the frame rates of a whole transfer and of measuring, each beside the parts that it cannot do without.

Run as ``python -m benchmarks.transfer_speed``; needs the ``demo`` extra. The driver is a clip that the rig made of the
same face at 256x256, so that nothing but the package is needed. All are timed in turn over several rounds, so that a
drift of the machine's speed affects all of them. ``--src PATH`` compares with another checkout, see
`benchmarks.compare`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.compare import asked, compare
from benchmarks.report import report
from benchmarks.speed import FPS, SIDE_PX, portrait, write
from mien.face.portrait import Portrait
from mien.generate import generate
from mien.io.clips import open_clip
from mien.io.images import write_png
from mien.motion.field import measure_field
from mien.motion.measure import measure_aus
from mien.motion.tracker import FlowSettings
from mien.transfer import transfer
from mien.types import FlowScale, Image

DRIVER_SIDE_PX = 256
MOVEMENT = ("AU1=2@0-0.2-0.3-0.495", "AU2=2@0-0.2-0.3-0.495", "AU12=2.5@0.05-0.25-0.35-0.495")
"""AUs of the driver: 100 frames at 200 frames per second."""
REPEATS = 5
SCALES: tuple[FlowScale, ...] = ("full", "fast")


def make_driver(face: Portrait, path: Path) -> list[Image]:
    """Write the driver's clip; return its frames."""
    small = cv2.resize(face.image, (DRIVER_SIDE_PX,) * 2, interpolation=cv2.INTER_AREA)
    generate(small, path, au=list(MOVEMENT), fps=FPS)
    return [frame for _, frame in open_clip(path)]


def flow_alone(frames: list[Image], scale: FlowScale) -> None:
    """Compute only the dense flow from the first frame to each frame, with the settings of `mien.motion.tracker`."""
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(1 if scale == "full" else 2)
    if scale == "fast":
        flow.setVariationalRefinementIterations(2)
    found: Any = None
    for frame in grey:
        found = flow.calc(grey[0], frame, found)


def remap_alone(face: Portrait, count: int) -> None:
    """Resample the face's box once per frame, bicubically."""
    left, top, right, bottom = (int(v) for v in face.face.box_px)
    crop = np.ascontiguousarray(face.image[max(top, 0) : bottom, max(left, 0) : right])
    x, y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (crop.shape[1], crop.shape[0])))
    for index in range(count):
        cv2.remap(crop, (x + index / 100).astype(np.float32), y, cv2.INTER_CUBIC)


def in_turn(jobs: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the seconds of each job in each round; the first round only warms up and is left out."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for turn in range(REPEATS + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def measure(driver: Path, scale: FlowScale) -> None:
    """Measure the AUs of a clip."""
    field = measure_field(open_clip(driver), settings=FlowSettings(scale=scale))
    measure_aus(field)


def main() -> None:
    """Time a transfer, and measuring at either scale of the flow."""
    options = asked(__doc__)
    if options.src is not None:
        compare("transfer_speed", options.src, options.rounds)
        return
    face = portrait()
    with tempfile.TemporaryDirectory() as folder:
        driver, picture, out = (Path(folder) / name for name in ("driver.mp4", "face.png", "o.mp4"))
        frames = make_driver(face, driver)
        write_png(picture, face.image)
        transfer(driver, picture, out)
        made = [frame for _, frame in open_clip(out)]
        jobs: dict[str, Callable[[], object]] = {
            "transfer": lambda: transfer(driver, picture, out),
            "remap": lambda: remap_alone(face, len(frames)),
            "encode": lambda: write(out, made),
        }
        for scale in SCALES:
            jobs[f"measure {scale}"] = lambda scale=scale: measure(driver, scale)  # type: ignore[misc]
            jobs[f"flow {scale}"] = lambda scale=scale: flow_alone(frames, scale)  # type: ignore[misc]
        seconds = in_turn(jobs)
    rate = {name: round(len(frames) / statistics.median(runs)) for name, runs in seconds.items()}
    sums = [
        whole / sum(bounds)
        for whole, *bounds in zip(
            *(seconds[name] for name in ("transfer", "flow full", "remap", "encode")), strict=True
        )
    ]
    report(
        "transfer_speed",
        {
            "what": "transfer",
            "side_px": SIDE_PX,
            "driver_px": DRIVER_SIDE_PX,
            "frames": len(frames),
        },
        {
            "frames_per_second": rate["transfer"],
            "flow_alone_frames_per_second": rate["flow full"],
            "remap_alone_frames_per_second": rate["remap"],
            "encode_alone_frames_per_second": rate["encode"],
            "times_the_sum": round(statistics.median(sums), 2),
        },
    )
    for scale in SCALES:
        pairs = zip(seconds[f"measure {scale}"], seconds[f"flow {scale}"], strict=True)
        report(
            "transfer_speed",
            {"what": "measure", "flow": scale, "driver_px": DRIVER_SIDE_PX, "frames": len(frames)},
            {
                "frames_per_second": rate[f"measure {scale}"],
                "flow_alone_frames_per_second": rate[f"flow {scale}"],
                "times_the_sum": round(statistics.median(a / b for a, b in pairs), 2),
            },
        )


if __name__ == "__main__":
    main()
