"""Where on the face optical flow has large errors, and in which parts the errors are equal."""

from __future__ import annotations

from mien.face import mesh

BUSY = (
    (mesh.RIGHT_EYE_UPPER + mesh.RIGHT_EYE_LOWER, 1.0, 0.6),
    (mesh.LEFT_EYE_UPPER + mesh.LEFT_EYE_LOWER, 1.0, 0.6),
    (mesh.RIGHT_BROW_UPPER + mesh.RIGHT_BROW_LOWER, 0.25, 0.5),
    (mesh.LEFT_BROW_UPPER + mesh.LEFT_BROW_LOWER, 0.25, 0.5),
    (mesh.LIPS_OUTER_UPPER + mesh.LIPS_OUTER_LOWER, 0.5, 0.6),
    ((129, 203, 206, 216, 212, 202), 0.6, 0.7),
    ((358, 423, 426, 436, 432, 422), 0.6, 0.7),
)
"""Where flow has large errors: (curve on the mesh, weight, width in cm).

The last two curves are the folds from nose to mouth."""

PARTS = (
    mesh.RIGHT_EYE_UPPER,
    mesh.LEFT_EYE_UPPER,
    mesh.RIGHT_EYE_LOWER,
    mesh.LEFT_EYE_LOWER,
    mesh.RIGHT_BROW_UPPER + mesh.RIGHT_BROW_LOWER,
    mesh.LEFT_BROW_UPPER + mesh.LEFT_BROW_LOWER,
    mesh.LIPS_OUTER_UPPER[2:-2],
    mesh.LIPS_OUTER_LOWER[2:-2],
    (61, 57, 186),  # corners of the mouth
    (291, 287, 410),
    (168, 6, 197, 195),  # nose: bridge, tip, wings
    (5, 4, 1, 19),
    (129, 98, 64),
    (358, 327, 294),
    (119, 100, 101),  # below the eyes
    (348, 329, 330),
    (50, 205, 187),  # cheeks, and farther out
    (280, 425, 411),
    (123, 147, 213),
    (352, 376, 433),
    (234, 93, 132),
    (454, 323, 361),
    (199, 175, 152),  # chin and jaw
    (18, 200),
    (172, 136, 150),
    (397, 365, 379),
    (9, 8),  # between the brows, and the forehead
    (151, 10),
    (104, 103, 54),
    (333, 332, 284),
)
"""Vertices of the parts of a face: flow errors are nearly equal within a part, and change between."""

EYE_CORNERS = (
    (mesh.RIGHT_EYE_UPPER[0], mesh.RIGHT_EYE_UPPER[-1]),
    (mesh.LEFT_EYE_UPPER[0], mesh.LEFT_EYE_UPPER[-1]),
)
"""The two corners of the right and of the left eye."""
