"""Derive the rig's basis from ICT-FaceKit onto MediaPipe's canonical face mesh.

Run as ``python tools/build_rig.py --source ../shared/data/rig_source``; it writes ``src/mien/assets/rig_basis.npz``.

Steps, in the canonical frame (centimetres, x to the image right, y down, z away from the camera):

1. ICT's neutral face is aligned with the canonical face by the 68 landmark pairs: a similarity, then a thin-plate
   spline for the remaining differences.
2. Each canonical vertex takes the displacement of the ICT vertices around it. Where a lip or a lid faces its
   counterpart, only vertices of its own side of the seam count, or the mouth and the eyes would not open.
3. ``RECIPES`` mixes the carried shapes into action units; each is averaged with its mirror image, so the basis is
   exactly symmetric, and a sided unit is split at the midline by a short fade.
4. A light smoothing over the mesh, cut open at the mouth and the eyes, removes the sampling noise.

A displacement is that of the action unit at FACS level E (intensity 5).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.spatial import cKDTree

from mien.au.catalog import CATALOG, RIG_NAMES
from mien.face import mesh
from mien.render import region
from mien.rig.relax import relax

ICT_FACE_VERTICES = 9409
"""Number of ICT-FaceKit's first vertices, which are the skin of the face; teeth, eyeballs and the rest follow."""
INNER_LIPS_START = 60
"""Index of the first landmark of the inner lips in the 68-landmark scheme."""

# AU -> {ICT shape: weight}. "{S}" stands for the side. ICT's shapes are the extremes of an animator's controls;
# a weight below 1 reduces one to level E of the action unit alone.
RECIPES: dict[str, dict[str, float]] = {
    "AU1": {"browInnerUp_{S}": 1.2},
    "AU2": {"browOuterUp_{S}": 1.0},
    # ICT lowers the middle of the brow most; in FACS the inner end leads, so the shape that raises it is subtracted.
    # A lowered brow also weighs on the upper lid.
    "AU4": {"browDown_{S}": 1.3, "browInnerUp_{S}": -0.5, "eyeBlink_{S}": 0.15},
    "AU5": {"eyeWide_{S}": 1.9},
    "AU6": {"cheekRaiser_{S}": 0.9, "cheekSquint_{S}": 0.3},
    # The lower lid tightens and rises; the upper one comes down a little.
    "AU7": {"eyeSquint_{S}": 1.1, "eyeBlink_{S}": 0.18},
    "AU9": {"noseSneer_{S}": 0.6, "browDown_{S}": 0.35},
    "AU10": {"mouthUpperUp_{S}": 1.0, "noseSneer_{S}": 0.15},
    "AU12": {"mouthSmile_{S}": 0.8, "cheekSquint_{S}": 0.2},
    "AU14": {"mouthDimple_{S}": 1.0},
    "AU15": {"mouthFrown_{S}": 1.3},
    "AU16": {"mouthLowerDown_{S}": 1.2},
    "AU17": {"mouthShrugLower": 0.7, "mouthShrugUpper": 0.25},
    "AU18": {"mouthPucker": 0.8},
    "AU20": {"mouthStretch_{S}": 1.0},
    "AU22": {"mouthFunnel": 0.8},
    # Not in ICT: the lips narrow and tighten (a pucker without its forward thrust, lips rolled in a little).
    "AU23": {"mouthPucker": 0.3, "mouthRollLower": 0.22, "mouthRollUpper": 0.3},
    "AU24": {"mouthPress_L": 0.8, "mouthPress_R": 0.8, "mouthShrugLower": 0.1},
    # Not in ICT: both lips part with the jaw all but still.
    "AU25": {
        "mouthLowerDown_L": 0.75,
        "mouthLowerDown_R": 0.75,
        "mouthUpperUp_L": 0.3,
        "mouthUpperUp_R": 0.3,
    },
    "AU26": {"jawOpen": 0.5},
    "AU28": {"mouthRollLower": 0.9, "mouthRollUpper": 0.9},
    "AU43": {"eyeBlink_{S}": 1.0},
    "AU45": {"eyeBlink_{S}": 1.0},
}

JAW_AUS = ("AU26",)
"""AUs that move the edge of the face too; with all other units, the skin stands still at the jaw line."""
NOSTRIL_CM = 0.28
"""How far the wing of the nose moves out at AU38 level E; ICT has no such shape."""
NOSTRIL_WING_LEFT = 358
MIDLINE_CM = 0.5
"""How far beyond the midline a one-sided unit still moves the skin."""
APART_CM = {"AU1": 0.4, "AU16": 0.4}
"""Distance between the two halves of these units: their muscles are beside the midline, where the coarse mesh would
carry too much of the motion over to the other side."""
SMOOTHING_STEPS = 2


def read_obj_frame(points: np.ndarray) -> np.ndarray:
    """Turn (..., 3) points of a y-up, z-to-camera model into the canonical frame."""
    return np.asarray(points, np.float64) * (1.0, -1.0, -1.0)


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the least-squares scale, rotation and translation from (N, 3) source to (N, 3) target (Umeyama 1991)."""
    mean_source, mean_target = source.mean(0), target.mean(0)
    centred_source, centred_target = source - mean_source, target - mean_target
    u, singular, vt = np.linalg.svd(centred_target.T @ centred_source)
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ flip @ vt
    scale = float((singular * np.diag(flip)).sum() / (centred_source**2).sum())
    return scale, rotation, mean_target - scale * rotation @ mean_source


def seam_sides(points: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Return -1 for (N, 3) points above the curve midway between two (M, 3) contours, and +1 for points below it."""
    middle = (upper + lower) / 2
    order = np.argsort(middle[:, 0])
    height = np.interp(points[:, 0], middle[order, 0], middle[order, 1])
    return np.where(points[:, 1] < height, -1, 1)


def carried_weights(canonical: np.ndarray, ict: np.ndarray, jaw_open: np.ndarray) -> np.ndarray:
    """Return the weights (468, N) that carry values from the aligned ICT vertices (N, 3) to the canonical ones.

    Args:
        canonical: The canonical vertices.
        ict: The aligned ICT vertices.
        jaw_open: How far each ICT vertex moves when the jaw opens, which separates the lips where they touch.
    """
    allowed = np.ones((len(canonical), len(ict)), bool)
    inner = list(mesh.LIPS_INNER_UPPER) + list(mesh.LIPS_INNER_LOWER)
    near_mouth_ict = cKDTree(canonical[inner]).query(ict)[0] < 1.3
    lower_lip_ict = near_mouth_ict & (jaw_open > 0.42 * jaw_open.max())
    upper_lip_ict = near_mouth_ict & ~lower_lip_ict
    side = seam_sides(
        canonical, canonical[list(mesh.LIPS_INNER_UPPER)], canonical[list(mesh.LIPS_INNER_LOWER)]
    )
    side[list(mesh.LIPS_INNER_UPPER)], side[list(mesh.LIPS_INNER_LOWER)] = -1, 1
    near_mouth = cKDTree(canonical[inner]).query(canonical)[0] < 1.3
    corners = [mesh.LIPS_INNER_UPPER[0], mesh.LIPS_INNER_UPPER[-1]]
    corner_distance = cKDTree(canonical[corners]).query(canonical)[0]
    near_mouth &= corner_distance > 0.35
    allowed[np.ix_(near_mouth & (side < 0), lower_lip_ict)] = False
    allowed[np.ix_(near_mouth & (side > 0), upper_lip_ict)] = False
    for upper, lower in (
        (mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER),
        (mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER),
    ):
        contour = canonical[list(upper) + list(lower)]
        near = cKDTree(contour).query(canonical)[0] < 0.4
        near_ict = cKDTree(contour).query(ict)[0] < 0.8
        side = seam_sides(canonical, canonical[list(upper)], canonical[list(lower)])
        side[list(upper[1:-1])], side[list(lower[1:-1])] = -1, 1
        side_ict = seam_sides(ict, canonical[list(upper)], canonical[list(lower)])
        allowed[np.ix_(near & (side < 0), near_ict & (side_ict > 0))] = False
        allowed[np.ix_(near & (side > 0), near_ict & (side_ict < 0))] = False
    distance = np.linalg.norm(canonical[:, None] - ict[None], axis=-1)
    distance[~allowed] = np.inf
    nearest = distance.min(1, keepdims=True)
    weights = np.exp(-0.5 * ((distance - nearest) / 0.22) ** 2)
    shares: np.ndarray = weights / weights.sum(1, keepdims=True)
    return shares


def smoothing_matrix(canonical: np.ndarray) -> np.ndarray:
    """Return the matrix (468, 468) of one smoothing step over the mesh's edges, cut at the mouth and the eyes."""
    triangles = mesh.triangles()
    cut = np.zeros(len(triangles), bool)
    for upper, lower in mesh.OPENINGS:
        cut |= np.isin(triangles, list(upper) + list(lower)).all(1)
    adjacency = np.zeros((len(canonical), len(canonical)))
    for i, j in ((0, 1), (1, 2), (2, 0)):
        a, b = triangles[~cut, i], triangles[~cut, j]
        adjacency[a, b] = adjacency[b, a] = 1.0 / np.linalg.norm(
            canonical[a] - canonical[b], axis=1
        )
    smoothing: np.ndarray = 0.7 * np.eye(len(canonical)) + 0.3 * adjacency / adjacency.sum(
        1, keepdims=True
    )
    return smoothing


def nostril_flare(canonical: np.ndarray, wing: int) -> np.ndarray:
    """Return the displacement (468, 3) of AU38 on the side of a nose wing: a smooth bump outwards and slightly up."""
    distance = np.linalg.norm(canonical - canonical[wing], axis=1)
    bump = np.exp(-0.5 * (distance / 0.75) ** 2)
    flare: np.ndarray = NOSTRIL_CM * bump[:, None] * (np.sign(canonical[wing, 0]), -0.25, 0.1)
    return flare


def build(source: Path) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names and the displacements (K, 468, 3) of the basis, in centimetres at intensity 5."""
    kit = np.load(source / "ict_facekit.npz")
    canonical = mesh.canonical_vertices().astype(np.float64)
    # ICT's mouth is shut and the canonical one is open, so the inner lips cannot guide the spline.
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
    shapes = {
        str(name): scale * read_obj_frame(shape[:ICT_FACE_VERTICES]) @ rotation.T
        for name, shape in zip(kit["expression_names"], kit["expressions"], strict=True)
    }
    weights = carried_weights(canonical, skin, np.linalg.norm(shapes["jawOpen"], axis=1))
    carried = {name: weights @ shape for name, shape in shapes.items()}

    mirror = mesh.mirror_index()

    def mirrored(displacement: np.ndarray) -> np.ndarray:
        turned: np.ndarray = displacement[mirror] * (-1.0, 1.0, 1.0)
        return turned

    smooth = np.linalg.matrix_power(smoothing_matrix(canonical), SMOOTHING_STEPS)
    inside = region.inside_share()[:, None]
    basis: dict[str, np.ndarray] = {}
    for au, unit in CATALOG.items():
        if au == "AU38":
            left = nostril_flare(canonical, NOSTRIL_WING_LEFT)
            right = mirrored(left)
        else:
            recipe = RECIPES[au]
            left, right = (
                sum(
                    (carried[name.format(S=side)] * weight for name, weight in recipe.items()),
                    np.zeros_like(canonical),
                )
                for side in "LR"
            )
        left, right = relax(smooth @ left, "L"), relax(smooth @ right, "R")
        if au not in JAW_AUS:
            left, right = left * inside, right * inside
        if unit.sided:
            both = (left + right + mirrored(left + right)) / 2
            width = 2 * MIDLINE_CM + APART_CM.get(au, 0.0)
            left = both * region.smoothstep((canonical[:, 0] + MIDLINE_CM) / width)[:, None]
            basis[f"{au}L"], basis[f"{au}R"] = left, mirrored(left)
        else:
            basis[au] = (left + mirrored(left)) / 2
    return RIG_NAMES, np.stack([basis[name] for name in RIG_NAMES])


def main() -> None:
    """Write the asset."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True, help="folder with ict_facekit.npz")
    parser.add_argument("--out", type=Path, default=Path("src/mien/assets/rig_basis.npz"))
    options = parser.parse_args()
    names, displacements = build(options.source)
    np.savez_compressed(
        options.out,
        names=np.array(names),
        displacements_cm=displacements.astype(np.float16),
    )
    print(f"{options.out}: {len(names)} shapes, {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
