"""Measure the end-point error of optical flow against the rig's exact flow, with and without noise.

Run as ``python -m benchmarks.flow [--portraits FOLDER] [--count N] [--each N]``. Near-neutral portraits show
micro-expressions; the pictures are squares of 256 pixels, as ``mien flow-pairs`` makes them.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.augment.portraits import PortraitFile, square_portrait
from mien.face.mesh import FACE_OVAL
from mien.face.portrait import Portrait
from mien.flow_pairs.options import FlowPairsOptions
from mien.flow_pairs.pair import FlowPair
from mien.flow_pairs.pairs import PreparedPortrait
from mien.flow_pairs.plan import plan_pair
from mien.io.sidecar import InputFile
from mien.metrics.end_point import end_point_errors
from mien.motion.dense_flow import dense_flow

METHODS = ("none", "dis", "tvl1")
"""The methods; ``none`` is a control that estimates no motion."""

SEED = 1000
"""Differs from the default seed, with which people may train."""

MOVES_PX = 0.5
"""Smallest motion of a pixel that counts as moving."""


def face_of(portrait: Portrait) -> np.ndarray:
    """Return the pixels (H, W) within the face's oval."""
    oval = portrait.face.landmarks[list(FACE_OVAL), :2]
    inside = np.zeros(portrait.image.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, cv2.convexHull(np.rint(oval).astype(np.int32)), 1)
    return inside > 0


def estimated(pair: FlowPair, method: str) -> np.ndarray:
    """Return the flow (H, W, 2) that a method estimates, pixels."""
    if method == "none":
        return np.zeros_like(pair.flow_px)
    onset, apex = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (pair.onset, pair.apex))
    return dense_flow(onset, apex, method)  # type: ignore[arg-type]


def pairs_of(files: list[Path], each: int, filmed: bool) -> Iterator[tuple[Portrait, FlowPair]]:
    """Yield portraits and pairs; ``filmed`` adds noise and light, and the AUs are the same without."""
    options = FlowPairsOptions(count=each * len(files), seed=SEED, noise=filmed, light=filmed)
    for subject, path in enumerate(files):
        file = PortraitFile(path, path.stem, InputFile.of(path))
        prepared = PreparedPortrait.of(square_portrait(file, options.size), options)
        for turn in range(each):
            planned = plan_pair(turn * len(files) + subject, len(files), options)
            yield prepared.portrait, prepared.pair(planned)


def measure(files: list[Path], each: int, filmed: bool) -> None:
    """Report the errors of each method."""
    errors, moving, seconds = defaultdict(list), defaultdict(list), defaultdict(list)
    for portrait, pair in pairs_of(files, each, filmed):
        seen = face_of(portrait) & ~pair.hidden
        far = seen & (np.hypot(pair.flow_px[..., 0], pair.flow_px[..., 1]) >= MOVES_PX)
        for method in METHODS:
            before = time.process_time()
            flow = estimated(pair, method)
            seconds[method].append(time.process_time() - before)
            errors[method].append(float(end_point_errors(flow, pair.flow_px, seen).mean()))
            if far.any():
                moving[method].append(float(end_point_errors(flow, pair.flow_px, far).mean()))
    for method in METHODS:
        report(
            "flow",
            {
                "method": method,
                "filmed": filmed,
                "portraits": len(files),
                "pairs": len(files) * each,
            },
            {
                "epe_px": round(float(np.mean(errors[method])), 4),
                "epe_moving_px": round(float(np.mean(moving[method])), 4),
                "cpu_ms": round(1000 * float(np.median(seconds[method])), 1),
            },
        )


def main() -> None:
    """Report the errors without and with noise and light."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=8, help="portraits")
    parser.add_argument("--each", type=int, default=2, help="pairs of each portrait")
    arguments, _ = parser.parse_known_args()
    files = near_neutral(arguments.portraits, arguments.count)
    for filmed in (False, True):
        measure(files, arguments.each, filmed)


if __name__ == "__main__":
    main()
