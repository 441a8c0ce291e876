"""Self re-enactment: measure how well a clip is rebuilt from its first frame and its own measured motion."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

import cv2
import numpy as np

from mien.errors import UsageError
from mien.face import mesh
from mien.face.portrait import Face
from mien.types import Image, Mask


def face_hull(face: Face, height: int, width: int) -> Mask:
    """Return (H, W) bool: the convex hull of a face's mesh in its picture."""
    points = np.round(face.landmarks[: mesh.VERTEX_COUNT, :2]).astype(np.int32)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points), 1)
    return mask > 0


def error_ratio(real: Iterable[Image], rebuilt: Iterable[Image], face: Face) -> float:
    """Return the squared error of a rebuilt clip inside the face, divided by that of repeating the first frame.

    0 is a perfect copy; 1 is as bad as repeating the first frame. Camera noise cannot be rebuilt
    and keeps the ratio of real clips above 0.

    Args:
        real: The clip's frames (H, W, 3 or 4), all of one shape.
        rebuilt: The same number of frames of the same shape, made from the first frame and the clip's motion.
        face: The first frame's face; the error is computed inside the hull of its mesh.

    Raises:
        UsageError: A still clip, a rebuilt clip of another length, or frames of another shape.
    """
    of_rebuilt = of_still = 0.0
    first: np.ndarray | None = None
    hull: np.ndarray | None = None
    for index, (wanted, made) in enumerate(zip_longest(real, rebuilt)):
        if wanted is None or made is None:
            more = "fewer" if made is None else "more"
            raise UsageError(f"expected as many rebuilt frames as real ones, got {more}")
        if first is None or hull is None:
            first = wanted.astype(np.float64)
            hull = face_hull(face, *wanted.shape[:2])
        for kind, frame in (("real", wanted), ("rebuilt", made)):
            if frame.shape != first.shape:
                raise UsageError(
                    f"expected {kind} frame {index} of shape {first.shape} like the first real "
                    f"frame, got {frame.shape}"
                )
        of_rebuilt += float(((made.astype(np.float64) - wanted)[hull] ** 2).sum())
        of_still += float(((first - wanted)[hull] ** 2).sum())
    if of_still == 0:
        raise UsageError("expected a clip that changes, got one whose frames are all alike")
    return of_rebuilt / of_still
