"""Carry ICT-FaceKit's identity modes onto MediaPipe's canonical face mesh.

Run as ``python tools/build_identity_modes.py --source ../shared/data/rig_source``; it writes
``src/mien/assets/identity_modes.npz``. The steps are those of ``tools/build_rig.py``: the same alignment and the same
carrying of each ICT vertex's displacement. A face is the canonical one plus a mix of the modes; the makers of
ICT-FaceKit scaled them so that weights from a standard normal distribution give faces as they scanned them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.interpolate import RBFInterpolator

from build_rig import (
    ICT_FACE_VERTICES,
    INNER_LIPS_START,
    carried_weights,
    read_obj_frame,
    similarity,
    smoothing_matrix,
)
from mien.face import mesh


def build(source: Path) -> np.ndarray:
    """Return the modes, (20, 468, 3) canonical centimetres at weight 1."""
    kit = np.load(source / "ict_facekit.npz")
    canonical = mesh.canonical_vertices().astype(np.float64)
    guides = list(range(INNER_LIPS_START))
    pairs = canonical[list(mesh.LANDMARKS_68)][guides]
    landmarks = kit["landmark68"][guides]
    neutral = read_obj_frame(kit["neutral"])
    scale, rotation, translation = similarity(neutral[landmarks], pairs)
    aligned = scale * neutral @ rotation.T + translation
    spline = RBFInterpolator(
        aligned[landmarks], pairs - aligned[landmarks], kernel="thin_plate_spline", smoothing=1e-3
    )
    skin = aligned[:ICT_FACE_VERTICES]
    skin = skin + spline(skin)
    jaw = kit["expressions"][list(kit["expression_names"]).index("jawOpen")][:ICT_FACE_VERTICES]
    jaw_open = np.linalg.norm(jaw, axis=1)
    weights = carried_weights(canonical, skin, jaw_open)
    smooth = smoothing_matrix(canonical)
    modes = [
        smooth @ (weights @ (scale * read_obj_frame(mode[:ICT_FACE_VERTICES]) @ rotation.T))
        for mode in kit["identities"]
    ]
    return np.stack(modes)


def main() -> None:
    """Write the asset."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="folder with ict_facekit.npz")
    parser.add_argument("--out", type=Path, default=Path("src/mien/assets/identity_modes.npz"))
    options = parser.parse_args()
    modes = build(options.source)
    np.savez_compressed(options.out, displacements_cm=modes.astype(np.float16))
    print(f"{options.out}: {len(modes)} modes, {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
