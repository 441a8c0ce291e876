"""A painted face whose irises and reflections are known exactly."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from mien.face import mesh
from mien.face.portrait import Face, Portrait
from mien.render import openings
from tests.faces import canonical_face

SCALE = 40.0
"""Pixels per centimetre."""
SKIN, LIPS, WHITE, IRIS, LASHES, SPOT = (
    (190, 140, 120),
    (170, 90, 85),
    (215, 212, 208),
    (60, 45, 40),
    (35, 25, 25),
    (250, 250, 250),
)
EYES = ((openings.RIGHT_EYE, mesh.RIGHT_IRIS), (openings.LEFT_EYE, mesh.LEFT_IRIS))
LANDMARK_RADIUS = 0.62 * SCALE
"""Radius of the landmarks' iris; the painted one is smaller, and beside it."""
RADIUS = 0.88 * LANDMARK_RADIUS
ASIDE_PX = 0.08 * LANDMARK_RADIUS


def iris_centre(face: Face, kind: openings.OpeningKind) -> np.ndarray:
    """Return the centre (x, y) of the painted iris."""
    middle = openings.border_px(face, kind, 0.45)[32]
    return np.asarray(middle + np.array([ASIDE_PX, 0]))


def spot_centre(face: Face, kind: openings.OpeningKind) -> np.ndarray:
    """Return the centre (x, y) of the reflection, which the edge of the lid's sheet divides."""
    return np.asarray(openings.border_px(face, kind, 0.17)[32] + np.array([ASIDE_PX + 5, 0]))


def painted_portrait() -> Portrait:
    """Paint a face."""
    face = canonical_face(SCALE, 500.0)
    landmarks = np.array(face.landmarks)
    around = LANDMARK_RADIUS * np.array([(0, 0), (1, 0), (0, -1), (-1, 0), (0, 1)])
    for kind, iris in EYES:
        centre = iris_centre(face, kind) - np.array([ASIDE_PX, 0])
        landmarks[list(iris), :2] = centre + around
    face = replace(face, landmarks=landmarks.astype(np.float32))

    image = np.zeros((1000, 1000, 3), np.uint8)
    image[:] = SKIN
    for kind, _ in EYES:
        eye = np.zeros(image.shape[:2], np.uint8)
        outline = np.concatenate(
            [openings.border_px(face, kind, 0.0), openings.border_px(face, kind, 1.0)[::-1]]
        )
        cv2.fillPoly(eye, [np.rint(outline).astype(np.int32)], 1)
        ball = np.zeros_like(image)
        ball[:] = WHITE
        cv2.circle(ball, _px(iris_centre(face, kind)), round(RADIUS), IRIS, -1)
        cv2.ellipse(ball, _px(spot_centre(face, kind)), (4, 3), 0, 0, 360, SPOT, -1)
        image[eye > 0] = ball[eye > 0]
        lid = np.rint(openings.border_px(face, kind, 0.0)).astype(np.int32)
        cv2.polylines(image, [lid], False, LASHES, 3)
    lips = np.concatenate(
        [
            face.landmarks[list(mesh.LIPS_OUTER_UPPER), :2],
            face.landmarks[list(mesh.LIPS_OUTER_LOWER), :2][::-1],
        ]
    )
    cv2.fillPoly(image, [np.rint(lips).astype(np.int32)], LIPS)
    return Portrait(cv2.GaussianBlur(image, (0, 0), 0.7), face)


def _px(point: np.ndarray) -> tuple[int, int]:
    x, y = np.rint(point).astype(int)
    return int(x), int(y)
