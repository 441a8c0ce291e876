"""Dense optical flow between two pictures of a face, in a square around the face.

Two methods are offered. The engines measure motion by DIS, so a score by DIS favours them; no engine uses TV-L1.
"""

from __future__ import annotations

from typing import get_args

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mien.errors import MissingExtraError, UsageError
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face, Portrait
from mien.face.square import face_square
from mien.motion.flow_method import FlowMethod
from mien.types import Image, Vertices2

SQUARE_PX = 320
"""Side of the square around the face, in pixels: 16 px a canonical centimetre."""


def face_grey(image: Image, face: Face) -> Float32[np.ndarray, "side side"]:
    """Return the square around a face, grey levels 0 to 255.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is ignored.
        face: The face, in the picture's pixels.
    """
    pixels = face_square(face.pose).sample(np.ascontiguousarray(image[..., :3]), SQUARE_PX)
    grey: np.ndarray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return grey


def dense_flow(
    first: Float32[np.ndarray, "h w"], second: Float32[np.ndarray, "h w"], method: FlowMethod
) -> Float32[np.ndarray, "h w 2"]:
    """Return how far each pixel of the first picture moves to its place in the second.

    Args:
        first: (H, W) grey levels 0 to 255.
        second: The same size.
        method: ``dis`` or ``tvl1``.

    Returns:
        (H, W, 2) displacement (x, y), pixels.

    Raises:
        UsageError: An unknown method.
        MissingExtraError: scikit-image, which has TV-L1, is not installed.
    """
    if method not in get_args(FlowMethod):
        raise UsageError(f"expected the flow {' or '.join(get_args(FlowMethod))}, got {method!r}")
    if method == "tvl1":
        return _tvl1(first, second)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow.setFinestScale(0)
    pair = [np.rint(grey).clip(0, 255).astype(np.uint8) for grey in (first, second)]
    return np.asarray(flow.calc(pair[0], pair[1], None))  # type: ignore[call-overload]


def _tvl1(first: np.ndarray, second: np.ndarray) -> Float32[np.ndarray, "h w 2"]:
    try:
        from skimage.registration import optical_flow_tvl1
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            'TV-L1 flow needs scikit-image: pip install "mien[eval]", or use --flow dis'
        ) from error
    down, right = optical_flow_tvl1(first / 255.0, second / 255.0, dtype=np.float32)
    return np.stack([right, down], axis=2)


def vertices_in_square(face: Face) -> Vertices2:
    """Return the positions of the mesh's vertices (468, 2) in the square's pixels."""
    to_image = face_square(face.pose).to_image(SQUARE_PX)
    points = face.landmarks[:VERTEX_COUNT, :2] - to_image[:, 2]
    inside: np.ndarray = (points @ np.linalg.inv(to_image[:, :2]).T).astype(np.float32)
    return inside


def vertex_motion(portrait: Portrait, frame: Image, method: FlowMethod) -> Vertices2:
    """Return the motion of the mesh's vertices (468, 2) from a portrait to a frame, pixels of the square."""
    first, second = (face_grey(image, portrait.face) for image in (portrait.image, frame))
    places = vertices_in_square(portrait.face)[None]
    flow = dense_flow(first, second, method)
    return np.asarray(cv2.remap(flow, places, None, cv2.INTER_LINEAR)[0])  # type: ignore[call-overload]


def face_area(face: Face) -> Bool[np.ndarray, "side side"]:
    """Return the convex hull of the face's mesh in the square."""
    area = np.zeros((SQUARE_PX, SQUARE_PX), np.uint8)
    hull = cv2.convexHull(np.rint(vertices_in_square(face)).astype(np.int32))
    cv2.fillConvexPoly(area, hull, 1)
    return area > 0
