"""Compute the dense flow that AUs, the head and the eyes cause on one face."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from mien.face import mesh
from mien.synthesis.drawn_face import CropPixels, DrawnFace
from mien.synthesis.face_parts import BUSY, EYE_CORNERS, PARTS

BELOW_CHIN_CM = 1.0
"""Width of the soft edge of the head below the jaw and beside it."""


class FaceFlows(NamedTuple):
    """The arrays of :class:`mien.synthesis.face_bank.FaceBank` for one face, in its order."""

    shapes: np.ndarray
    head: np.ndarray
    eyes: np.ndarray
    busy: np.ndarray
    parts: np.ndarray
    ground: np.ndarray
    pixel_cm: np.ndarray


def face_flows(drawn: DrawnFace) -> FaceFlows:
    """Compute the flow bases of a face; see :class:`mien.synthesis.face_bank.FaceBank`."""
    points, shapes, pixels = drawn.points, drawn.shapes, drawn.pixels
    # (468, G * G), vertices first, because later steps take minima over vertices.
    squared = (pixels.x - points[:, :1]) ** 2 + (pixels.y - points[:, 1:2]) ** 2
    carry = np.exp((squared.min(0) - squared) / np.float32(2 * drawn.smear_cm**2))
    carry /= carry.sum(0)
    outside = _outside_cm(points, pixels)
    skin = 1 / (1 + np.exp((outside + 0.2) / 0.25))
    plane = shapes[..., :2].transpose(0, 2, 1).reshape(-1, mesh.VERTEX_COUNT)
    flows = (plane.astype(np.float32) @ carry) * skin.astype(np.float32)
    return FaceFlows(
        shapes=flows.reshape(len(shapes), -1),
        head=_head(pixels, points[:, 2] @ carry),
        eyes=_eyes(points, pixels),
        busy=_busy(squared),
        parts=_parts(squared, drawn.part_blur_cm),
        ground=_ground(points, pixels, outside),
        pixel_cm=pixels.size_cm,
    )


def _head(pixels: CropPixels, depth_cm: np.ndarray) -> Float[np.ndarray, "6 pixels2"]:
    """Return the flow of the head's unit motions, in the order of ``FaceBank.head``."""
    x, y = pixels.x, pixels.y
    depth = (depth_cm - depth_cm.mean()) / 3
    a, b = (x - x.mean()) / 5, (y - y.mean()) / 5
    one, zero = np.ones_like(x), np.zeros_like(x)
    head = np.array([(one, zero), (zero, one), (a, b), (-b, a), (depth, zero), (zero, depth)])
    return head.reshape(6, -1)


def _eyes(points: np.ndarray, pixels: CropPixels) -> Float[np.ndarray, "4 pixels2"]:
    """Return the flow of lids and irises, in the order of ``FaceBank.eyes``."""
    zero = np.zeros_like(pixels.x)
    lids = [_eye(points, corners, pixels, (0.8, 0.35)) for corners in EYE_CORNERS]
    irises = sum(_eye(points, corners, pixels, (0.6, 0.4)) for corners in EYE_CORNERS)
    eyes = np.array([(zero, lids[0]), (zero, lids[1]), (irises, zero), (zero, irises)])
    return eyes.reshape(4, -1)


def _eye(
    points: np.ndarray, corners: tuple[int, int], pixels: CropPixels, size_cm: tuple[float, float]
) -> Float[np.ndarray, " pixels"]:
    """Return a Gaussian on an eye, 1 in its middle."""
    middle = points[list(corners), :2].mean(0)
    across, down = (pixels.x - middle[0]) / size_cm[0], (pixels.y - middle[1]) / size_cm[1]
    blob: np.ndarray = np.exp(-0.5 * (across**2 + down**2))
    return blob


def _busy(squared_cm: np.ndarray) -> Float[np.ndarray, " pixels"]:
    """Return the size of flow errors, from squared distances (468, G * G) to the vertices."""
    busy: np.ndarray = np.zeros_like(squared_cm[0])
    for curve, weight, width_cm in BUSY:
        busy += weight * np.exp(-squared_cm[list(curve)].min(0) / np.float32(2 * width_cm**2))
    return busy


def _parts(squared_cm: np.ndarray, blur_cm: float) -> Float[np.ndarray, "parts pixels"]:
    """Return the share of each part in each pixel, from squared distances (468, G * G)."""
    nearest = np.stack([squared_cm[list(part)].min(0) for part in PARTS])
    shares: np.ndarray = np.exp((nearest.min(0) - nearest) / np.float32(2 * blur_cm**2))
    shares /= shares.sum(0)
    return shares


def _ground(
    points: np.ndarray, pixels: CropPixels, outside_cm: np.ndarray
) -> Float[np.ndarray, " pixels"]:
    """Return 1 on the head, 0 on the background.

    Above the eyes the hair belongs to the head; beside and below the jaw the head ends.
    """
    crown = points[list(mesh.RIGHT_EYE_UPPER + mesh.LEFT_EYE_UPPER), 1].mean()
    reach = BELOW_CHIN_CM + 2.0 * np.clip((crown + 1 - pixels.y) / 3, 0, 1)
    ground: np.ndarray = 1 / (1 + np.exp((outside_cm - 0.5 * reach) / 0.3))
    return ground


def _outside_cm(points: np.ndarray, pixels: CropPixels) -> Float[np.ndarray, " pixels"]:
    """Return how far each pixel lies outside the face's oval; below 0 inside."""
    import cv2

    oval = points[list(mesh.FACE_OVAL), :2].astype(np.float32)
    hull = cv2.convexHull(oval)
    places = zip(pixels.x.tolist(), pixels.y.tolist(), strict=True)
    return -np.array([cv2.pointPolygonTest(hull, place, True) for place in places])
