"""Measure how far re-encoded tracks are from the measured ones, by the modes none, linear and smooth.

``python -m benchmarks.recode [FOLDER]`` prints a table. Synthetic tracks need no files; clips with
OpenFace's tables (``FOLDER/*/openface.csv`` and ``clip.json``) are read if they are there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from mien.au.expression import Expression
from mien.au.presets import PRESETS
from mien.au.recode import recode_track
from mien.au.recode_mode import RecodeMode
from mien.au.track import AUTrack
from mien.io.openface import read_openface

MODES: tuple[RecodeMode, ...] = ("none", "linear", "smooth")
NOISES = (0.05, 0.1, 0.2, 0.3)
BASELINE = 0.5  # a face at rest, as an estimator sees it
SHIFT_SECONDS = 0.03  # largest delay of an AU in an expression


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/megc2021"))
    print("| track | AUs | none | linear | smooth | truth: none | truth: linear | truth: smooth |")
    print("|---|---|---|---|---|---|---|---|")
    for name, measured, presence in measured_clips(parser.parse_args().folder):
        results = [recode_track(measured, mode, presence=presence) for mode in MODES]
        cells = [f"{result.rmse(measured):.3f}" for result in results]
        print(f"| {name} | {len(results[0].kept)} | {' | '.join(cells)} | | | |")
    for noise in NOISES:
        own, true, aus = [], [], 0
        for truth, measured in synthetic_tracks(noise):
            results = [recode_track(measured, mode, threshold=0) for mode in MODES]
            own.append([result.rmse(measured) ** 2 for result in results])
            true.append([result.rmse(truth) ** 2 for result in results])
            aus += len(truth.names)
        rows = [np.sqrt(np.mean(squares, axis=0)) for squares in (own, true)]
        cells = [f"{value:.3f}" for row in rows for value in row]
        print(f"| synthetic, noise {noise} | {aus} | {' | '.join(cells)} |")


def measured_clips(folder: Path) -> Iterator[tuple[str, AUTrack, dict[str, np.ndarray]]]:
    """Yield the name, track and presences of each clip in a folder."""
    for table in sorted(folder.glob("*/openface.csv")):
        clip = json.loads((table.parent / "clip.json").read_text(encoding="utf-8"))
        read = read_openface(table, Fraction(clip["fps"]))
        yield table.parent.name, read.track, dict(read.presence)


def synthetic_tracks(noise: float) -> Iterator[tuple[AUTrack, AUTrack]]:
    """Yield truth and measurement of each preset, its AUs shifted against each other."""
    rng = np.random.default_rng(0)
    for preset in PRESETS.values():
        envelopes = []
        for envelope in preset.expression().envelopes:
            shift = rng.uniform(0, SHIFT_SECONDS)
            onset, start, stop, offset = (t + shift for t in envelope.times_seconds)
            envelopes.append(
                replace(
                    envelope,
                    onset_seconds=onset,
                    apex_start_seconds=start,
                    apex_end_seconds=stop,
                    offset_seconds=offset,
                )
            )
        track = Expression(tuple(envelopes)).track(200, 0.05, 0.05)
        truth = track.values + BASELINE
        measured = np.clip(truth + rng.normal(0, noise, truth.shape), 0, 5).astype(np.float32)
        yield replace(track, values=truth), replace(track, values=measured)


if __name__ == "__main__":
    main()
