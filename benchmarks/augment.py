"""Measure generated data sets, by engine: clips per minute, realism of their flow maps, and gain in recognition.

Run as ``python -m benchmarks.augment [--gain] [--engine NAME ...] [--clips N] [FOLDER]``; needs the shared portraits
and the composite's flow maps, which are not part of the project. The sets are kept in FOLDER, and those that are there
already are not made again; without FOLDER they are deleted. ``--gain`` scores on the composite: record each such run in
``docs/recognition.md``.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.recognition_flows import FLOWS
from benchmarks.report import PORTRAITS, report
from benchmarks.ulme_gan import ALONE
from mien.augment.dataset import make_dataset
from mien.augment.options import AugmentOptions
from mien.engines.registry import engine_specs
from mien.recognition.evaluate import evaluate_recognition
from mien.recognition.options import RecognitionOptions
from mien.recognition.realism import evaluate_realism

PEOPLE = PORTRAITS / "near_neutral.txt"
ENGINES = ("rig", "mesh", "ulme-gan", "fomm")
CLIPS = 300
SETTINGS = {"ulme-gan": ALONE}
"""Settings of engines other than their defaults: ULME-GAN's network alone makes the pictures."""

TIMED = 24
"""Number of clips that are timed, of the first people of the list."""

SEEDS = 3


def main() -> None:
    """Time, make and score each engine's set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--gain", action="store_true")
    parser.add_argument("--engine", nargs="+", choices=engine_specs(), default=ENGINES)
    parser.add_argument("--clips", type=int, default=CLIPS)
    asked = parser.parse_args()
    if not PEOPLE.is_file() or not FLOWS.is_file():
        print(f"no portraits or flow maps beside {PORTRAITS}: nothing is made", file=sys.stderr)
        return
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(TemporaryDirectory()))
        for engine in asked.engine:
            speed(engine)
            realism(engine, folder / engine, asked.clips)
        if asked.gain:
            made = (str(folder / engine) for engine in asked.engine)
            for source in (*made, f"rig:{asked.clips}"):
                gain(source, asked.clips)


def speed(engine: str) -> None:
    """Time a few clips of onset and apex alone, with their flow."""
    how = _options(engine, 3)
    people = PEOPLE.read_text().split()[: TIMED // 6]
    with TemporaryDirectory() as folder:
        some = Path(folder) / "people.txt"
        some.write_text("\n".join(str(PORTRAITS / name) for name in people))
        make_dataset(some, Path(folder) / "first", how)  # so that imports and loading are not timed
        start = time.perf_counter()
        made = make_dataset(some, Path(folder) / "set", replace(how, count=TIMED))
        minutes = (time.perf_counter() - start) / 60
    config = {"engine": engine, "clips": made.clips, "frames": "two", "size": how.side_px}
    report("augment speed", config, {"clips_per_minute": round(made.clips / minutes)})


def _options(engine: str, clips: int) -> AugmentOptions:
    settings = SETTINGS.get(engine, {})
    return AugmentOptions(
        count=clips, engine=engine, engine_settings=settings, frames="two", skip_bad=True
    )


def realism(engine: str, folder: Path, clips: int = CLIPS) -> None:
    """Make a set, and measure how well its maps can be told from real ones. No label of the composite is read."""
    how = _options(engine, clips)
    made = make_dataset(PEOPLE, folder, how)
    told = [evaluate_realism(FLOWS, str(folder), seed)["auc"] for seed in range(SEEDS)]
    config = {"engine": engine, "clips": made.clips, "people": len(made.flows.subjects)}
    each = [round(auc, 3) for auc in told]
    report("augment realism", config, {"auc": round(float(np.mean(told)), 3), "each": each})


def gain(source: str, clips: int = CLIPS) -> None:
    """Score the composite by learning from real clips, from these and a set, and from the set alone."""
    figures = evaluate_recognition(FLOWS, RecognitionOptions(augment=source))
    alone = evaluate_recognition(FLOWS, RecognitionOptions(augment=source, train="generated"))
    result = {
        "uf1": round(figures["full"]["uf1"], 3),
        "without": round(figures["without"]["full"]["uf1"], 3),
        **{name: round(value, 3) for name, value in figures["gain"].items()},
        "generated_only_uf1": round(alone["full"]["uf1"], 3),
    }
    config = {
        "source": Path(source).name,
        "maps": clips,
        "model": figures["model"],
        "use": "finetune",
    }
    report("augment gain", config, result)


if __name__ == "__main__":
    main()
