"""Check that every portrait of a folder gives a video.

Run as ``python -m benchmarks.portraits --portraits FOLDER [--keep FOLDER]``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import mien
from benchmarks.report import PORTRAITS, report
from mien.au import PRESETS
from mien.errors import MienError


def main() -> None:
    """Make one short clip of each portrait, with the presets in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument(
        "--keep", type=Path, default=None, help="folder in which the clips are kept"
    )
    options = parser.parse_args()
    failures: dict[str, str] = {}
    seconds: list[float] = []
    pictures = sorted(options.portraits.glob("*.jpg"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        for index, picture in enumerate(pictures):
            name = list(PRESETS)[index % len(PRESETS)]
            start = time.perf_counter()
            try:
                out = folder / f"{picture.stem}_{name}.mp4"
                mien.generate(
                    picture, out, expression=name, intensity="B" if index % 2 else "D", fps=100
                )
            except MienError as error:
                failures[picture.name] = str(error)
            seconds.append(time.perf_counter() - start)
    report(
        "portraits",
        {"pictures": len(pictures), "fps": 100},
        {
            "clips": len(pictures) - len(failures),
            "failures": failures,
            "median_seconds_a_clip": round(statistics.median(seconds), 2),
        },
    )


if __name__ == "__main__":
    main()
