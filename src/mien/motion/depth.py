"""Estimate how much deeper a face is than the average face, from its motion when the head turns.

`RigidMotion` turns a head with the depths of an average face. Where a face is deeper or less deep than that, its points
keep a motion that is proportional to the turn, and action units would be read from this motion. As each turn of the
clip gives the same motion, a depth of each vertex is fitted to the whole clip, and its motion is removed. The depths
are smooth over the face and as large as real differences between faces (a Gaussian process), so that an expression that
comes with each nod is not taken for depth.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.face import mesh
from mien.motion.rigid import RigidMotion
from mien.scratch import parts_of
from mien.types import Times

DEPTH_CM = 0.13
"""Standard deviation of the depths among faces of one size, as in the identity modes of ICT-FaceKit."""
REACH_CM = 1.5
"""Length scale over which depths are similar."""
OTHER_CM = 0.06
"""Standard deviation of all other motion that is not the head's."""
OTHER_SECONDS = 0.5
"""How long this other motion lasts: all frames within this time together count as one measurement."""
TOGETHER = 5.0
"""How many vertices this other motion moves together: together they count as one measurement."""


def remove_depth_motion(
    displacement_cm: Float32[np.ndarray, "frames 468 2"],
    confidence: Float32[np.ndarray, "frames 468"],
    shown: Bool[np.ndarray, " frames"],
    rigid_px: Float64[np.ndarray, "frames 6"],
    times_seconds: Times,
    rigid: RigidMotion,
) -> None:
    """Remove from a field, in place, the motion that the face's own depths cause when the head turns.

    Args:
        displacement_cm: The field, canonical centimetres, rigid motion removed; it is overwritten.
        confidence: 0 to 1; 0 where nothing was measured.
        shown: Which frames were measured.
        rigid_px: The head's motion in each frame: parameters of `RigidMotion`.
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
    # The posterior mean of a Gaussian process, written with information, the inverse of noise.
    depth_cm = np.linalg.solve(np.eye(len(known)) + _alike() * known, _alike() @ told)
    for part in parts_of(len(shift)):
        displacement_cm[part] -= shift[part][:, None] * depth_cm[:, None]


def _told(
    before: np.ndarray, weights: np.ndarray, rest: np.ndarray, shift: np.ndarray
) -> Float64[np.ndarray, " 468"]:
    """Return the sum over frames and both axes of ``weights * rest * shift``, added to the sum of the frames before.

    Args:
        before: (1, 468) the sum of the frames before. It enters as one more frame, so that the order of additions does
            not depend on the parts. (0, 468) if there are no frames before.
        weights: (T, 468) weights of the measurements.
        rest: (T, 468, 2) displacements.
        shift: (T, 2) shifts of a point one centimetre deeper.
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
