"""Time how long a user waits for ``import mien``, ``mien --help`` and the first frame of ``mien generate``.

Run as ``python -m benchmarks.latency``; needs the ``demo`` extra.
"""

from __future__ import annotations

import json
import os
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
SHORT_REPEATS = 20
"""For what takes a fraction of a second."""

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
"""An installed package has its bytecode; without it, Python compiles every module at each start."""


def run(arguments: list[str]) -> tuple[float, str]:
    """Run ``mien`` with these arguments; return its seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mien", *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, done.stdout


def import_seconds() -> float:
    """Import mien in a new process; returns the seconds of the import alone."""
    code = "import time; a = time.perf_counter(); import mien; print(time.perf_counter() - a)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main() -> None:
    """Time all three."""
    import_seconds()  # writes the bytecode
    run(["--help"])
    imports = [import_seconds() for _ in range(SHORT_REPEATS)]
    report(
        "latency",
        {"command": "import mien"},
        {"import_median_seconds": round(statistics.median(imports), 3)},
    )
    helps = [run(["--help"])[0] for _ in range(SHORT_REPEATS)]
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
