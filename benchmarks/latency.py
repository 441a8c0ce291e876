"""Time how long a user waits for ``mien --help`` and for the first frame of ``mien generate``, as whole processes.

Run as ``python -m benchmarks.latency``; needs the ``demo`` extra.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from skimage import data

from benchmarks.report import report
from mien.io.images import write_png

REPEATS = 5


def run(arguments: list[str]) -> tuple[float, str]:
    """Run ``mien`` with these arguments; return its seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mien", *arguments], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Time both commands."""
    helps = [run(["--help"])[0] for _ in range(REPEATS)]
    report(
        "latency",
        {"command": "mien --help"},
        {"median_seconds": round(statistics.median(helps), 2)},
    )
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "portrait.png"
        write_png(picture, data.astronaut())
        command = ["generate", str(picture), "--out", str(Path(folder) / "clip.mp4")]
        waits, totals = [], []
        for _ in range(REPEATS):
            total, printed = run([*command, "--expression", "happiness", "--json"])
            waits.append(json.loads(printed)["first_frame_seconds"])
            totals.append(total)
    report(
        "latency",
        {"command": "mien generate, 512x512 mp4"},
        {
            "first_frame_median_seconds": round(statistics.median(waits), 2),
            "whole_process_median_seconds": round(statistics.median(totals), 2),
        },
    )


if __name__ == "__main__":
    main()
