"""Compare requested AU intensities with what the packaged blendshape net reads from the rendered frames.

Run as ``python -m benchmarks.readback --portraits FOLDER`` (with the folder's ``near_neutral.txt``). The rig does not
use the net. A frame is read as it is and mirrored, in the portrait's own crop, and the two readings are averaged,
because the net's left and right differ; this also halves its noise.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from benchmarks.report import PORTRAITS, near_neutral, report
from mien.au import AUTrack
from mien.engines.rig.engine import RigEngine
from mien.face import mesh
from mien.face.portrait import Portrait
from mien.io.images import read_image
from mien.metrics.blendshapes import READS, blendshape_scores
from mien.rig.basis import load_basis
from mien.rig.personal import personalise

INTENSITIES = np.arange(6.0)


def largest_motion_px(portrait: Portrait, aus: tuple[str, ...]) -> float:
    """Return the largest displacement of a vertex at intensity 5, in pixels."""
    basis = personalise(load_basis(), portrait.face)
    names = [name for name in basis.names if name.rstrip("LR") in aus]
    total = sum((basis.shape(name) for name in names), np.zeros((mesh.VERTEX_COUNT, 3)))
    return float(np.linalg.norm(portrait.face.pose.project_vectors(total), axis=1).max())


def main() -> None:
    """Read every AU back on every portrait."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portraits", type=Path, default=PORTRAITS)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    portraits = [
        Portrait.from_image(read_image(p)) for p in near_neutral(options.portraits, options.count)
    ]
    for aus, names in READS.items():
        values = np.zeros((len(portraits), len(INTENSITIES)))
        for row, portrait in enumerate(portraits):
            times = np.arange(len(INTENSITIES)) / 10
            grid = np.repeat(INTENSITIES[:, None], len(aus), axis=1).astype(np.float32)
            frames = RigEngine().prepare(portrait).render(AUTrack(aus, grid, times))
            values[row] = [
                blendshape_scores(frame, portrait.face.crop, [aus])[aus] for frame in frames
            ]
        spearman = np.array([spearmanr(INTENSITIES, row).statistic for row in values])
        rise = values[:, -1] - values[:, 0]
        moved = [
            largest_motion_px(portrait, aus) / portrait.face.width_px for portrait in portraits
        ]
        report(
            "readback",
            {"aus": "+".join(aus), "read": list(names), "portraits": len(portraits)},
            {
                "spearman_mean": round(float(spearman.mean()), 3),
                "spearman_median": round(float(np.median(spearman)), 3),
                "spearman_of_mean_curve": round(
                    float(spearmanr(INTENSITIES, values.mean(0)).statistic), 3
                ),
                "portraits_at_least_0.95": int((spearman > 0.9499).sum()),
                "mean_reading_0_to_5": np.round(values.mean(0), 3).tolist(),
                "rise_mean": round(float(rise.mean()), 3),
                "largest_motion_percent_of_face_width": round(100 * float(np.mean(moved)), 1),
            },
        )


if __name__ == "__main__":
    main()
