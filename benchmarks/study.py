"""Time to build a study of 1,000 trials with ``mien experiment build``.

Run as ``python -m benchmarks.study [--programs NAME ...] [--size PX] [--people N] [--repetitions N]``. The portraits
are the shared ones if they are there, else a picture of scikit-image under several names. With ten people, which is the
default, every trial has its own stimulus. One process builds; one of its threads compresses the pictures.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import skimage.data

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.au.presets import PRESETS
from mien.experiment.build import build_study
from mien.experiment.design import WITHOUT_CLIPS, Design
from mien.io.images import write_png

EXPRESSIONS = tuple(PRESETS)[:5]
INTENSITIES = ("A", "B", "C", "D", "E")
DURATIONS_MS = (100.0, 200.0)
SIDES = ("both", "left")
"""With ten people, 10 x 5 x 5 x 2 x 2 trials."""


def people(folder: Path, count: int) -> str:
    """Write portraits into a folder, and return their source in words."""
    folder.mkdir()
    if PORTRAITS.is_dir():
        for place in near_neutral(PORTRAITS, count):
            shutil.copy(place, folder / place.name)
        return "shared portraits"
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (800, 960))
    for number in range(count):
        write_png(folder / f"person_{number}.png", head)
    return "one picture of scikit-image"


def main() -> None:
    """Build, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", nargs="+", default=list(WITHOUT_CLIPS))
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--repetitions", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        source = people(Path(place) / "people", given.people)
        design = Design(
            portraits=Path(place) / "people",
            expressions=EXPRESSIONS,
            intensities=INTENSITIES,
            durations_ms=DURATIONS_MS,
            sides=SIDES,  # type: ignore[arg-type]
            size=given.size,
            repetitions=given.repetitions,
            programs=tuple(given.programs),
        )
        out = Path(place) / "study"
        started, cpu = time.perf_counter(), time.process_time()
        made = build_study(design, out)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
        started = time.perf_counter()
        build_study(design, out)
        again = time.perf_counter() - started
        mb = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
    config = {"programs": given.programs, "size": given.size, "people": given.people}
    config["repetitions"] = given.repetitions
    report(
        "study",
        config | {"portraits": source},
        {
            "trials": made.trials,
            "stimuli": made.stimuli,
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu_seconds, 1),
            "seconds_when_all_is_there": round(again, 1),
            "megabytes": round(mb),
        },
    )


if __name__ == "__main__":
    main()
