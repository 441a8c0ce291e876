"""How much deeper than the average face a face is, learnt from how it moves when the head turns.

`RigidMotion` turns a head with the depths of an average face. On another face the points that lie deeper or less deep
are left with a motion that is proportional to the turn, and action units would be read from it. This motion is the same
for each turn of the clip, so a depth of each vertex is fitted to the whole clip and its motion removed. The depths are
smooth over the face and of the size that faces differ by (a Gaussian process), so that an expression that comes with
each nod cannot pass for depth.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from mien.face import mesh
from mien.motion.rigid import RigidMotion
from mien.types import Times

DEPTH_CM = 0.13
"""Standard deviation of the depths of faces of one size; the identity modes of ICT-FaceKit have it."""
REACH_CM = 1.5
"""Length over which depths are alike."""
OTHER_CM = 0.06
"""Standard deviation of all other motion that is not the head's."""
OTHER_SECONDS = 0.5
"""How long such motion lasts: what frames of this time say counts once."""
TOGETHER = 5.0
"""How many vertices such motion moves together: what they say counts once."""


def without_depth_motion(
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    confidence: Float32[np.ndarray, "frames 468"],
    rigid_px: Float64[np.ndarray, "frames 6"],
    times_seconds: Times,
    rigid: RigidMotion,
) -> Float32[np.ndarray, "frames 468 2"]:
    """Return a field without what the face's own depths add to it when the head turns.

    Args:
        displacement_cm: The field, canonical centimetres, rigid motion removed.
        confidence: 0 to 1; 0 where nothing was measured.
        rigid_px: The head's motion in each frame.
        times_seconds: The frames' times.
        rigid: The face's rigid motions.
    """
    shift = np.stack([rigid.depth_shift(parameters) for parameters in rigid_px])
    lasting = np.gradient(times_seconds) if len(times_seconds) > 1 else np.zeros(1)
    weights = confidence.astype(np.float64) * np.minimum(lasting / OTHER_SECONDS, 1)[:, None]
    rest = displacement_cm.astype(np.float64)
    size = np.linalg.norm(rest, axis=2)
    weights /= 1 + (size / (4 * OTHER_CM)) ** 2
    known = (weights * (shift**2).sum(1)[:, None]).sum(0) / (TOGETHER * OTHER_CM**2)
    told = np.einsum("tv,tvc,tc->v", weights, rest, shift) / (TOGETHER * OTHER_CM**2)
    # The posterior mean of a Gaussian process, for information instead of noise.
    depth_cm = np.linalg.solve(np.eye(len(known)) + _alike() * known, _alike() @ told)
    left: np.ndarray = displacement_cm - shift[:, None] * depth_cm[:, None]
    return left.astype(np.float32)


def _alike() -> Float64[np.ndarray, "468 468"]:
    """Return the covariance of the vertices' depths, square centimetres."""
    places = mesh.canonical_vertices().astype(np.float64)
    apart = ((places[:, None] - places[None]) ** 2).sum(2)
    covariance: np.ndarray = DEPTH_CM**2 * np.exp(-apart / (2 * REACH_CM**2))
    return covariance
