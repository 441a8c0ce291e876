"""How much deeper than the average face a face is, learnt from how it moves when the head turns.

`RigidMotion` turns a head with the depths of an average face. On another face the points that lie deeper or less deep
are left with a motion that is proportional to the turn, and action units would be read from it. This motion is the same
for each turn of the clip, so a depth of each vertex is fitted to the whole clip and its motion removed. The depths are
smooth over the face and of the size that faces differ by (a Gaussian process), so that an expression that comes with
each nod cannot pass for depth.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.face import mesh
from mien.motion.rigid import RigidMotion
from mien.scratch import parts_of
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


def remove_depth_motion(
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    confidence: Float32[np.ndarray, "frames 468"],
    shown: Bool[np.ndarray, " frames"],
    rigid_px: Float64[np.ndarray, "frames 6"],
    times_seconds: Times,
    rigid: RigidMotion,
) -> None:
    """Take from a field, in place, what the face's own depths add to it when the head turns.

    Args:
        displacement_cm: The field, canonical centimetres, rigid motion removed; it is written over.
        confidence: 0 to 1; 0 where nothing was measured.
        shown: Which frames were measured.
        rigid_px: The head's motion in each frame.
        times_seconds: The frames' times.
        rigid: The face's rigid motions.
    """
    shift = np.stack([rigid.depth_shift(parameters) for parameters in rigid_px])
    lasting = np.gradient(times_seconds) if len(times_seconds) > 1 else np.zeros(1)
    share = np.minimum(lasting / OTHER_SECONDS, 1)[:, None]
    known, told = np.zeros((0, mesh.VERTEX_COUNT)), np.zeros((0, mesh.VERTEX_COUNT))
    for part in parts_of(len(shift)):  # copies of a long clip's whole field would fill the memory
        known_here = confidence[part] * shown[part, None]
        weights = known_here.astype(np.float64) * share[part]
        rest = displacement_cm[part].astype(np.float64)
        size = np.linalg.norm(rest, axis=2)
        weights /= 1 + (size / (4 * OTHER_CM)) ** 2
        row = weights * (shift[part] ** 2).sum(1)[:, None]
        known = np.add.reduce(np.concatenate([known, row]), 0)[None]
        told = _told(told, weights, rest, shift[part])[None]
    known, told = (total[0] / (TOGETHER * OTHER_CM**2) for total in (known, told))
    # The posterior mean of a Gaussian process, for information instead of noise.
    depth_cm = np.linalg.solve(np.eye(len(known)) + _alike() * known, _alike() @ told)
    for part in parts_of(len(shift)):
        displacement_cm[part] -= shift[part][:, None] * depth_cm[:, None]


def _told(
    before: np.ndarray, weights: np.ndarray, rest: np.ndarray, shift: np.ndarray
) -> Float64[np.ndarray, " 468"]:
    """Return the sum over frames and both axes of ``weights * rest * shift``, added to the sum of the frames before.

    Args:
        before: (1, 468) that sum, as one more frame, so that the order of additions stays; (0, 468) if there is none.
        weights: (T, 468).
        rest: (T, 468, 2).
        shift: (T, 2).
    """
    count = len(before)
    own = np.stack([before, np.zeros_like(before)], axis=-1)
    told: np.ndarray = np.einsum(
        "tv,tvc,tc->v",
        np.concatenate([np.ones_like(before), weights]),
        np.concatenate([own, rest]),
        np.concatenate([np.tile([[1.0, 0.0]], (count, 1)), shift]),
    )
    return told


def _alike() -> Float64[np.ndarray, "468 468"]:
    """Return the covariance of the vertices' depths, square centimetres."""
    places = mesh.canonical_vertices().astype(np.float64)
    apart = ((places[:, None] - places[None]) ** 2).sum(2)
    covariance: np.ndarray = DEPTH_CM**2 * np.exp(-apart / (2 * REACH_CM**2))
    return covariance
