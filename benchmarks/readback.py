"""AU readback: asked intensity against what the packaged blendshape net reads off the rendered frame.

Run as ``python -m benchmarks.readback --portraits FOLDER`` (with the folder's ``near_neutral.txt``). The rig never sees
the net. A frame is read as it is and mirrored, in the portrait's own crop, and the two readings are averaged: the net's
left and right differ, and its noise halves.
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
from mien.face.crop import FaceCrop
from mien.face.landmarker import default_landmarker
from mien.face.portrait import Portrait
from mien.io.images import read_image
from mien.rig.basis import load_basis
from mien.rig.personal import personalise
from mien.types import Image

READS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("AU1", "AU2"): ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
    ("AU4",): ("browDownLeft", "browDownRight"),
    ("AU5",): ("eyeWideLeft", "eyeWideRight"),
    ("AU12",): ("mouthSmileLeft", "mouthSmileRight"),
    ("AU15",): ("mouthFrownLeft", "mouthFrownRight"),
    ("AU20",): ("mouthStretchLeft", "mouthStretchRight"),
    ("AU26",): ("jawOpen",),
    ("AU45",): ("eyeBlinkLeft", "eyeBlinkRight"),
}
INTENSITIES = np.arange(6.0)


def read(image: Image, crop: FaceCrop, names: tuple[str, ...]) -> float:
    """The mean score of some blendshapes in a frame and its mirror image."""
    net = default_landmarker()
    width = image.shape[1]
    mirrored_crop = FaceCrop(width - 1 - crop.x_px, crop.y_px, crop.side_px, -crop.roll_radians)
    scores = [
        net.blendshapes(net.landmarks(frame, where))
        for frame, where in (
            (image[..., :3], crop),
            (np.ascontiguousarray(image[:, ::-1, :3]), mirrored_crop),
        )
    ]
    return float(np.mean([score[name] for score in scores for name in names]))


def largest_motion_px(portrait: Portrait, aus: tuple[str, ...]) -> float:
    """The farthest that any vertex goes at intensity 5, in pixels."""
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
            values[row] = [read(frame, portrait.face.crop, names) for frame in frames]
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
