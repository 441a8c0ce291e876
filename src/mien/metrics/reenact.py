"""Self re-enactment: a real clip rebuilt from its first frame and its own measured motion."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from mien.errors import UsageError
from mien.face import mesh
from mien.face.portrait import Face
from mien.types import Image, Mask


def face_hull(face: Face, height: int, width: int) -> Mask:
    """Return the convex hull (H, W) of a face's mesh in its picture."""
    points = np.round(face.landmarks[: mesh.VERTEX_COUNT, :2]).astype(np.int32)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), 1)
    return mask > 0


def error_ratio(real: Iterable[Image], rebuilt: Iterable[Image], face: Face) -> float:
    """Squared error of the rebuilt clip inside the face, summed over frames, over that of a still picture.

    Below 1 real motion was rebuilt; camera noise, which nothing rebuilds, keeps it above 0.

    Args:
        real: The clip's frames.
        rebuilt: As many frames, made from the first and the clip's motion.
        face: The first frame's face; the hull of its mesh is where the error counts.

    Raises:
        UsageError: The clip is still, or the rebuilt one is shorter or longer.
    """
    of_rebuilt = of_still = 0.0
    first: np.ndarray | None = None
    hull: np.ndarray | None = None
    try:
        for wanted, made in zip(real, rebuilt, strict=True):
            if first is None or hull is None:
                first = wanted.astype(np.float64)
                hull = face_hull(face, *wanted.shape[:2])
            of_rebuilt += float(((made.astype(np.float64) - wanted)[hull] ** 2).sum())
            of_still += float(((first - wanted)[hull] ** 2).sum())
    except ValueError as error:
        raise UsageError(f"expected as many rebuilt frames as real ones: {error}") from error
    if of_still == 0:
        raise UsageError("expected a clip that changes, got one whose frames are all alike")
    return of_rebuilt / of_still
