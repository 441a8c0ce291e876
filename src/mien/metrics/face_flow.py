"""Dense optical flow between two pictures of a face, in a square around the face.

Two methods are offered. The engines measure motion by DIS, so a score by DIS favours them; no engine uses TV-L1.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Face, Portrait
from mien.face.square import face_square
from mien.motion.dense_flow import dense_flow
from mien.motion.flow_method import FlowMethod
from mien.types import Image, Vertices2

SQUARE_PX = 320
"""Side of the square around the face, in pixels: 16 px a canonical centimetre."""


def face_grey(image: Image, face: Face) -> Float32[np.ndarray, "side side"]:
    """Return the square around a face as grey levels (side, side), 0 to 255.

    Args:
        image: (H, W, 3 or 4) uint8; alpha is ignored.
        face: The face, in the picture's pixels.
    """
    pixels = face_square(face.pose).sample(np.ascontiguousarray(image[..., :3]), SQUARE_PX)
    grey: np.ndarray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return grey


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
    """Return (side, side) bool: the convex hull of the face's mesh in the square."""
    area = np.zeros((SQUARE_PX, SQUARE_PX), np.uint8)
    hull = cv2.convexHull(np.rint(vertices_in_square(face)).astype(np.int32))
    cv2.fillConvexPoly(area, hull, 1)
    return area > 0
