"""Write ``src/mien/assets/still_aus.json``: how features of one picture become AU intensities.

Run from the repository's root, by hand::

    python -m tools.build_still_aus [--portraits FOLDER] [--truth FILE.npz]

The fit portraits are rendered by the rig at known intensities. Each AU gets a ridge regression on the features of
`mien.motion.still_features`, one for both sides (the right's features are mirrored), and a monotone calibration of its
score, made on portraits that the scored regression has not seen. `reliability` comes from the same folds.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from benchmarks.report import PORTRAITS
from benchmarks.still_truth import UNITS, faces, load, random_rows, split

from mien.au.catalog import RIG_NAMES, sided_names
from mien.motion.still_features import FEATURE_NAMES, mirror_order, still_features

ASSET = Path(__file__).parents[1] / "src" / "mien" / "assets" / "still_aus.json"
_FOLDS = 5
_RIDGE = 100.0
_PRESENT_WEIGHT = 3.0
"""Weight of rows that have the unit: about one in fifteen has it, and with equal weights every reading would shrink."""
_QUIET_SHARE = 0.85
"""Share of the rows without the AU whose scores read 0."""
_KNOTS = 8
_LEAST_SPREAD = 0.01
"""Smallest spread of a feature; some blendshapes are nearly always 0."""


def render(folder: Path) -> dict[str, np.ndarray]:
    """Render the fit portraits; return features, sided intensities and the portrait's number for every row."""
    features, truth, person = [], [], []
    for number, path in enumerate(split(folder)[0]):
        rows = random_rows(number)
        features += [still_features(face) for face in faces(load(path), rows)]
        truth += list(rows)
        person += [number] * len(rows)
        print(f"rendered {path.name}", flush=True)
    return {"X": np.array(features), "Y": np.array(truth), "P": np.array(person)}


def _regress(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the weights and, last, the constant of a weighted ridge regression."""
    design = np.column_stack([z, np.ones(len(z))])
    weight = np.where(y > 0, _PRESENT_WEIGHT, 1.0)[:, None]
    ridge = np.diag([_RIDGE] * z.shape[1] + [0.0])
    return np.linalg.solve(design.T @ (weight * design) + ridge, design.T @ (weight[:, 0] * y))


def _calibrate(scores: np.ndarray, y: np.ndarray) -> tuple[list[float], list[float]]:
    """Return the knots of a rising curve from score to intensity, which is 0 up to the end of the dead zone."""
    from scipy.optimize import isotonic_regression

    quiet = float(np.quantile(scores[y == 0], _QUIET_SHARE))
    above = scores > quiet
    order = np.argsort(scores[above])
    x, target = scores[above][order], y[above][order]
    level = isotonic_regression(target, weights=np.where(target > 0, _PRESENT_WEIGHT, 1.0)).x
    # Groups have equal sums of intensity, not equal numbers of rows, so that the rare strong rows get their own knots.
    share = np.minimum(np.cumsum(target) / target.sum() * _KNOTS, _KNOTS - 1e-6).astype(int)
    groups = [np.flatnonzero(share == number) for number in range(_KNOTS)]
    knots = [float(x[group].mean()) for group in groups]
    values = [float(level[group].mean()) for group in groups]
    return [round(k, 4) for k in [quiet, *knots]], [round(v, 3) for v in [0.0, *values]]


def build(x: np.ndarray, truth: np.ndarray, person: np.ndarray) -> dict[str, object]:
    """Return the asset's content."""
    from scipy.stats import spearmanr

    x, person = np.concatenate([x, x[:, mirror_order()]]), np.concatenate([person, person])
    mean, spread = x.mean(0), np.maximum(x.std(0), _LEAST_SPREAD)
    z = (x - mean) / spread
    units = {}
    for unit in UNITS:
        names = sided_names(unit)
        sides = [truth[:, RIG_NAMES.index(name)] for name in (names[0], names[-1])]
        y = np.concatenate(sides)
        scores = np.zeros(len(y))
        for fold in range(_FOLDS):
            unseen = person % _FOLDS == fold
            weights = _regress(z[~unseen], y[~unseen])
            scores[unseen] = z[unseen] @ weights[:-1] + weights[-1]
        knots, values = _calibrate(scores, y)
        present = y > 0
        rank = float(spearmanr(scores[present], y[present]).statistic)
        weights = _regress(z, y)
        units[unit] = {
            "weights": [round(float(w), 4) for w in weights[:-1]],
            "constant": round(float(weights[-1]), 4),
            "score_knots": knots,
            "intensity_knots": values,
            "reliability": round(max(rank, 0.0), 2),
        }
    return {
        "features": list(FEATURE_NAMES),
        "mean": [round(float(v), 4) for v in mean],
        "spread": [round(float(v), 4) for v in spread],
        "portraits": len(np.unique(person)),
        "pictures": len(truth),
        "units": units,
    }


def main() -> None:
    """Render the truth, or read that of an earlier run, and write the asset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument(
        "--truth", type=Path, default=None, help="file in which the rendered truth is kept"
    )
    options = parser.parse_args()
    if options.truth is not None and options.truth.exists():
        with np.load(options.truth) as kept:
            arrays = dict(kept)
    else:
        arrays = render(options.portraits)
        if options.truth is not None:
            np.savez(options.truth, X=arrays["X"], Y=arrays["Y"], P=arrays["P"])
    asset = build(arrays["X"], arrays["Y"], arrays["P"])
    ASSET.write_text(json.dumps(asset, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
    for unit, fitted in asset["units"].items():  # type: ignore[attr-defined]
        print(unit, fitted["reliability"], fitted["intensity_knots"])


if __name__ == "__main__":
    main()
