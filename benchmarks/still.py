"""Measure how well AUs are read from one picture, on held-out portraits that are rendered at known intensities.

Run as ``python -m benchmarks.still [--portraits FOLDER] [--count N]``. The ground truth is the rig's, as in the fit:
the figures say how well the rig's pictures of *unseen people* are read, not how well FACS coders would agree. The last
line is of real pictures: the folder's smiling portraits against its near-neutral ones.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.report import PORTRAITS, report
from benchmarks.still_truth import UNITS, faces, load, row, split
from mien.au.catalog import sided_names
from mien.motion.still import StillAUs, still_aus

INTENSITIES = (1.0, 2.0, 3.0, 4.0, 5.0)
PRESENT = 1.0
"""Intensity from which an AU counts as present."""


def both(read: StillAUs) -> np.ndarray:
    """Return the intensities (23,) of `UNITS`, means of both sides; NaN for AUs that are not read."""
    values = read.both_sides()
    return np.array([values.get(unit, np.nan) for unit in UNITS])


def main() -> None:
    """Report every unit at every level on every held-out portrait, then the smiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    paths = split(options.portraits)[1][: options.count]
    rows = [row({})] + [row({unit: level}) for unit in UNITS for level in INTENSITIES]
    read = np.array(
        [[both(still_aus(face)) for face in faces(load(path), np.array(rows))] for path in paths]
    )  # (portraits, 1 + units * levels, units)
    by_unit = read[:, 1:].reshape(len(paths), len(UNITS), len(INTENSITIES), len(UNITS))
    neutral = read[:, 0]
    example = still_aus(load(paths[0]).face)
    config = {"held_out_portraits": len(paths), "intensities": [0, *INTENSITIES]}
    for index, unit in enumerate(UNITS):
        if unit in example.unread:
            report("still", {**config, "au": unit}, {"read": False})
            continue
        own = np.column_stack([neutral[:, index], by_unit[:, index, :, index]])  # (P, 6)
        others = np.delete(by_unit[..., index], index, axis=1)
        truth = np.broadcast_to(np.array([0, *INTENSITIES]), own.shape)
        within = [spearmanr(truth[0], line).statistic if np.ptp(line) else 0.0 for line in own]
        result = {
            "mae": np.abs(own - truth).mean(),
            "mae_of_always_2.5": 1.5,
            "spearman_over_people": spearmanr(truth.ravel(), own.ravel()).statistic,
            "spearman_within_person": float(np.mean(within)),
            "neutral_mean": neutral[:, index].mean(),
            "neutral_share_present": (neutral[:, index] >= PRESENT).mean(),
            "other_aus_mean": others.mean(),
            "confidence": example.confidence[sided_names(unit)[0]],
        }
        rounded = {key: round(float(value), 3) for key, value in result.items()}
        report("still", {**config, "au": unit}, {"read": True, **rounded})
    _smiles(options.portraits, options.count)


def _smiles(folder: Path, count: int) -> None:
    """Report AU12 of real pictures; the folder's list says which are near-neutral."""
    fit, held_out = split(folder)
    listed = {path.name for path in fit + held_out}
    smiling = [path for path in sorted(folder.glob("*.jpg")) if path.name not in listed][:count]
    au12 = [
        np.array([still_aus(load(path).face).both_sides()["AU12"] for path in group])
        for group in (smiling, held_out)
    ]
    wins = (au12[0][:, None] > au12[1]).mean() + (au12[0][:, None] == au12[1]).mean() / 2
    report(
        "still_smiles",
        {"smiling": len(smiling), "hardly_smiling_held_out": len(held_out)},
        {
            "au12_smiling_mean": round(float(au12[0].mean()), 2),
            "au12_hardly_smiling_mean": round(float(au12[1].mean()), 2),
            "auc": round(float(wins), 3),
        },
    )


if __name__ == "__main__":
    main()
