"""Measure the processor time per frame of FOMM and MRAA, without calibration.

Run as ``python -m benchmarks.transfer_cpu [--weights-root FOLDER]``; needs the ``demo`` and ``torch`` extras. Each
figure is the median of three runs of 100 frames at 512x512 with one thread. ``FOLDER`` holds ``fomm_awp`` and
``mraa_awp``; without it the weights that come with Mien are used, and those for 128 points too.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import cast

import cv2

from benchmarks.report import report
from benchmarks.speed import portrait
from benchmarks.transfer_speed import make_driver
from mien.engines.base import Driver, MotionEngine
from mien.engines.registry import make_engine
from mien.io.clips import open_clip
from mien.motion.field import measure_field

RUNS = 3
NETWORKS = (("fomm", 18), ("mraa", 18), ("fomm", 128))


def main() -> None:
    """Time both networks."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights-root", type=Path)
    root = parser.parse_args().weights_root
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    face = portrait()
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "driver.mkv"
        make_driver(face, clip)
        driver = Driver.of(
            measure_field(open_clip(clip)), lambda: (frame for _, frame in open_clip(clip))
        )
        for name, points in NETWORKS if root is None else NETWORKS[:2]:
            chosen = {"points": points} if root is None else {"weights": root / f"{name}_awp"}
            made = make_engine(name, "transfer", {"calibrate": False, **chosen})
            session = cast(MotionEngine, made).prepare(face)
            list(session.transfer(driver))
            times = []
            for _ in range(RUNS):
                start = time.process_time()
                count = len(list(session.transfer(driver)))
                times.append((time.process_time() - start) / count * 1e3)
            config = {
                "engine": name,
                "points": points,
                "weights": "own" if root is None else root.name,
            }
            report("transfer_cpu", config, {"cpu_ms_a_frame": round(statistics.median(times), 1)})


if __name__ == "__main__":
    main()
