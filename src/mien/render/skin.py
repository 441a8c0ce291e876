"""Shading: skin that turns towards the light brightens, skin that turns away darkens.

The light is estimated from the portrait: the mesh's normals and the brightness at its vertices give an ambient and a
directional part by least squares. A frame's shading is the relative change of brightness from the portrait's surface to
the deformed one at each vertex, spread over the picture by the operator that also spreads the motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64
from scipy import sparse

from mien.face import mesh
from mien.face.portrait import Face
from mien.render import region
from mien.types import RGBImage

STRENGTH = 0.6
"""Share of the computed change that is applied: a mesh of 468 vertices folds more sharply than skin does."""
MAX_CHANGE = 0.18
"""Largest relative change of brightness."""
STILL = 0.002
"""A smaller relative change is under half a grey level."""


@dataclass(frozen=True, eq=False)
class Shading:
    """A portrait's light, ready to shade deformed surfaces.

    Attributes:
        rest_cm: The canonical face (468, 3), turned by the head's pose to the image's axes, centimetres.
        light: (4,) ambient, then the directional light (x, y, z) in the image's axes.
    """

    rest_cm: Float64[np.ndarray, "468 3"]
    light: Float64[np.ndarray, " 4"]

    def gain(self, displacement_cm: Float[np.ndarray, "468 3"]) -> Float32[np.ndarray, " 468"]:
        """Return the relative change of brightness per vertex, for displacements (468, 3) in the image's axes, cm."""
        before = self._before
        after = self._brightness(self.rest_cm + displacement_cm)
        change = STRENGTH * (after - before) / np.maximum(before, 0.25 * before.mean())
        # Lids and lips are thin edges: their normals do not predict the light on them.
        change[_EDGES] = 0
        change = _INSIDE * (_SMOOTH @ change)
        gain: np.ndarray = np.clip(change, -MAX_CHANGE, MAX_CHANGE).astype(np.float32)
        return gain

    @cached_property
    def _before(self) -> Float64[np.ndarray, " 468"]:
        return self._brightness(self.rest_cm)

    def _brightness(self, surface: np.ndarray) -> np.ndarray:
        brightness: np.ndarray = np.maximum(
            self.light[0] + vertex_normals(surface) @ self.light[1:], 0.02
        )
        return brightness


def vertex_normals(surface: np.ndarray) -> Float64[np.ndarray, "468 3"]:
    """Return unit normals (468, 3), pointing out of the face, area-weighted."""
    first, second, third = (surface.take(corner, axis=0) for corner in _CORNERS)
    a, b = (second - first).T, (third - first).T
    faces = np.empty((len(_TRIANGLES), 3))  # twice as fast as np.cross
    for axis, (one, other) in enumerate(((1, 2), (2, 0), (0, 1))):
        np.subtract(a[one] * b[other], a[other] * b[one], out=faces[:, axis])
    normals = _INCIDENCE @ faces
    length = np.sqrt(np.einsum("va,va->v", normals, normals))
    unit: np.ndarray = normals / np.maximum(length, 1e-12)[:, None]
    return unit


def read_light(image: RGBImage, face: Face) -> Shading:
    """Estimate a portrait's light.

    Args:
        image: The portrait (H, W, 3) uint8.
        face: Its face.
    """
    canonical = mesh.canonical_vertices().astype(np.float64)
    surface = face.pose.rotate_vectors(canonical)
    normals = vertex_normals(surface)
    sigma = max(1.0, 0.25 * face.pose.scale_px_per_cm)
    height, width = image.shape[:2]
    points = face.landmarks[:468, :2]
    left, top = np.clip(np.floor(points.min(0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(
        np.ceil(points.max(0)).astype(int) + 1, (left + 1, top + 1), (width, height)
    )
    grey = cv2.cvtColor(np.ascontiguousarray(image[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma)
    x = np.clip(np.rint(points[:, 0] - left).astype(int), 0, soft.shape[1] - 1)
    y = np.clip(np.rint(points[:, 1] - top).astype(int), 0, soft.shape[0] - 1)
    value = (soft[y, x] / 255.0).astype(np.float64)
    use = _SKIN & (normals[:, 2] < -0.3)
    system = np.concatenate([np.ones((468, 1)), normals], axis=1)
    # The prior is light from the front and above, because a flatly lit face does not determine the direction.
    prior = np.array([0.55, 0.0, -0.12, -0.35]) * np.median(value[use])
    strength = 6.0
    left_side = system[use].T @ system[use] + strength * np.eye(4)
    light = np.linalg.solve(left_side, system[use].T @ value[use] + strength * prior)
    return Shading(surface, light)


def _incidence() -> sparse.csr_matrix:
    columns = np.repeat(np.arange(len(_TRIANGLES)), 3)
    return sparse.csr_matrix((np.ones(len(columns)), (_TRIANGLES.ravel(), columns)))


def _smoothing() -> sparse.csr_matrix:
    adjacency = (_INCIDENCE @ _INCIDENCE.T > 0).astype(np.float64)
    return sparse.csr_matrix(sparse.diags(1 / adjacency.sum(1).A1) @ adjacency)


_TRIANGLES = mesh.triangles()
_CORNERS = tuple(np.ascontiguousarray(corner) for corner in _TRIANGLES.T)
_INCIDENCE = _incidence()
_SMOOTH = _smoothing()
_INSIDE = region.inside_share()
_EDGES = sorted({v for upper, lower in mesh.OPENINGS for v in upper + lower})
_LIPS = sorted(set(mesh.LIPS_OUTER_UPPER + mesh.LIPS_OUTER_LOWER))
_SKIN = np.ones(468, bool)
_SKIN[_EDGES] = _SKIN[_LIPS] = False
