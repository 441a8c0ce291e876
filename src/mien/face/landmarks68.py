"""The vertex of the face mesh for each landmark of the facial priors.

The published models with facial priors (Zhang et al., ACM MM 2021 and IEEE TIP 2024) take their points
from dlib's 68 landmarks, numbered from 0. Mien's landmarks are those of the face mesh, so this module
maps each landmark that a prior uses to a vertex. `mien.face.mesh.LANDMARKS_68` is the correspondence in
common use. Four points differ from it, at the wings of the nose and at the lower lip: the vertices here
lie less than half as far from the same landmarks of ICT-FaceKit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

VERTEX_OF_LANDMARK: Mapping[int, int] = MappingProxyType(
    {
        19: 105,  # the middle of the brow at the image's left
        24: 334,  # and at its right
        27: 168,  # the root of the nose
        31: 98,  # where the nose's wing meets the cheek, at the image's left
        35: 327,
        38: 158,  # the upper lid, towards the nose, at the image's left
        39: 133,  # the inner corner of the eye at the image's left
        41: 144,  # the lower lid, away from the nose, at the image's left
        42: 362,
        43: 385,
        46: 373,
        48: 61,  # the corner of the mouth at the image's left
        54: 291,
        55: 321,  # the edge of the lower lip, a third of the way in, at the image's right
        57: 17,  # and its middle
        59: 91,
    }
)
"""The mesh vertex of each landmark that a prior uses."""

MIRRORED_LANDMARK: Mapping[int, int] = MappingProxyType(
    {
        **{19: 24, 24: 19, 27: 27, 31: 35, 35: 31, 38: 43, 43: 38, 39: 42, 42: 39},
        **{41: 46, 46: 41, 48: 54, 54: 48, 55: 59, 59: 55, 57: 57},
    }
)
"""The landmark on the other side of the face."""


def landmark(
    mesh_points: Float[np.ndarray, "*leading vertices axes"], index: int
) -> Float[np.ndarray, "*leading axes"]:
    """Return one of the prior's landmarks.

    Args:
        mesh_points: (..., V, D), one point for each vertex of the mesh, V at least 468, such as a
            portrait's 478 landmarks.
        index: Number in the 68-landmark scheme, from 0; a key of `VERTEX_OF_LANDMARK`.

    Raises:
        KeyError: No prior uses that landmark.
    """
    return mesh_points[..., VERTEX_OF_LANDMARK[index], :]
