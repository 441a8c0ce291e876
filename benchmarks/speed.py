"""Measure the frame rate of the rig engine into an mp4, beside those of resampling alone and of encoding alone.

Run as ``python -m benchmarks.speed``; needs the ``demo`` extra. The face fills about half of the picture's width. The
three are timed in turn over several rounds, so that a drift of the machine's speed affects all of them. Also measured
is the processor time of rendering alone, without encoding, with one thread of OpenCV.
``--src PATH`` compares with another checkout, see `benchmarks.compare`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from skimage import data

from benchmarks.compare import asked, compare
from benchmarks.report import report
from mien.au import AUTrack, preset
from mien.au.presets import PRESETS
from mien.engines.base import TrackSession
from mien.engines.rig.engine import RigEngine
from mien.face.portrait import Portrait
from mien.io.sinks import open_sink
from mien.types import Image

SIDE_PX = 512
FPS = Fraction(200)
REPEATS = 7
CASES = (
    *((name, SIDE_PX) for name in ("AU12", "AU4", "happiness", "surprise", "disgust")),
    *((name, 2 * SIDE_PX) for name in ("AU12", "happiness")),
)
"""What moves, and the pictures' side in pixels."""


def portrait(side_px: int = SIDE_PX) -> Portrait:
    """Return the astronaut's face, cropped and enlarged to fill the picture."""
    crop = np.ascontiguousarray(data.astronaut()[20:220, 125:325])
    size = (side_px, side_px)
    return Portrait.from_image(cv2.resize(crop, size, interpolation=cv2.INTER_CUBIC))


def track_of(name: str) -> AUTrack:
    """Return a ready expression at level C, or one AU with the course of AU12 in happiness."""
    if name in PRESETS:
        return preset(name, 3.0).track(FPS)
    whole = preset("happiness", 3.0).track(FPS)
    course = whole.values[:, whole.names.index("AU12")]
    return AUTrack((name,), course[:, None], whole.times_seconds)


def write(path: Path, frames: list[Image]) -> None:
    """Encode rendered frames."""
    height, width = frames[0].shape[:2]
    with open_sink(path, FPS, width=width, height=height) as sink:
        for frame in frames:
            sink.write(frame)


def measure(name: str, side_px: int) -> None:
    """Time one case: the engine into an mp4, its remapping alone, its encoding alone."""
    face = portrait(side_px)
    track = track_of(name)
    session = RigEngine().prepare(face)
    frames = list(session.render(track))
    left, top, right, bottom = (int(v) for v in face.face.box_px)
    crop = np.ascontiguousarray(face.image[max(top, 0) : bottom, max(left, 0) : right])
    x, y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (crop.shape[1], crop.shape[0])))
    seconds: dict[str, list[float]] = {"whole": [], "remap": [], "encode": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        for _ in range(REPEATS):
            start = time.perf_counter()
            with open_sink(path, FPS, width=side_px, height=side_px) as sink:
                for frame in session.render(track):
                    sink.write(frame)
            seconds["whole"].append(time.perf_counter() - start)
            start = time.perf_counter()
            for index in range(len(frames)):
                cv2.remap(crop, (x + index / 100).astype(np.float32), y, cv2.INTER_CUBIC)
            seconds["remap"].append(time.perf_counter() - start)
            start = time.perf_counter()
            write(path, frames)
            seconds["encode"].append(time.perf_counter() - start)
    rate = {what: len(frames) / statistics.median(values) for what, values in seconds.items()}
    ratio = [
        whole / (remap + encode)
        for whole, remap, encode in zip(*(seconds[key] for key in seconds), strict=True)
    ]
    report(
        "speed",
        {
            "expression": name,
            "side_px": side_px,
            "face_px": round(face.face.width_px),
            "frames": len(frames),
        },
        {
            "frames_per_second": round(rate["whole"]),
            "remap_alone_frames_per_second": round(rate["remap"]),
            "encode_alone_frames_per_second": round(rate["encode"]),
            "times_the_sum_of_both": round(statistics.median(ratio), 2),
            "render_cpu_ms": round(render_cpu_ms(session, track), 2),
        },
    )


def render_cpu_ms(session: TrackSession, track: AUTrack) -> float:
    """Return the processor time of rendering a frame, milliseconds, the smallest of several rounds."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        times = []
        for _ in range(REPEATS):
            start = time.process_time()
            frames = sum(1 for _ in session.render(track))
            times.append(1000 * (time.process_time() - start) / frames)
    finally:
        cv2.setNumThreads(threads)
    return min(times)


def main() -> None:
    """Time each case."""
    options = asked(__doc__)
    if options.src is not None:
        compare("speed", options.src, options.rounds)
        return
    for name, side_px in CASES:
        measure(name, side_px)


if __name__ == "__main__":
    main()
