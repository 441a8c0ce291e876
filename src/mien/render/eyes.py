"""Eyeballs: what the lids slide over.

The eyeball stays where it is. What a wider eye uncovers was under the lid in the portrait, so it is filled in: the
iris from its own mirror image about its centre (the lower half is in view when the upper one is not), the white from
the white beside it, darker towards the lid, whose shadow falls on it.
"""

from __future__ import annotations

import cv2
import numpy as np

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.flow import Grid
from mien.render.openings import OpeningKind, border_px, canvas_for, down, fill_polygon, settle
from mien.types import RGBImage

SHADOW = 0.3
"""How much darker the eyeball is right under the lid."""
CLEAR_OF_LASHES = 0.3
"""Share of the opening under the upper lid whose pixels are lashes and shadow rather than eyeball."""
IRIS_EDGE = 1.04
"""Radius, in iris radii, within which a pixel is iris."""


def eyeball(image: RGBImage, face: Face, kind: OpeningKind, window: Grid, shown: np.ndarray) -> np.ndarray:
    """The eyeball as far as it can come into view.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        kind: Which eye.
        window: The nodes around it.
        shown: (h, w) in [0, 1], how much of the eyeball the portrait itself shows at each pixel.

    Returns:
        (h, w, 3) uint8; where it is shown, the portrait's own pixels.
    """
    canvas = canvas_for(window)
    top, bottom = border_px(face, kind, CLEAR_OF_LASHES), border_px(face, kind, 0.92)
    fill_polygon(np.concatenate([top, bottom[::-1]]), window, 1.0, canvas)
    clear = settle(canvas, window, soft_px=0.3) > 0.95
    if not clear.any():
        return image
    filled = _mirror_iris(image, face, kind, window, clear)
    known = filled[1]
    scale = face.pose.scale_px_per_cm
    ball = _fill(filled[0], known, radius=max(2, round(0.15 * scale)))
    ball = _shade(ball, face, kind, window)
    weight = np.clip(shown, 0, 1)[..., None]
    # Right where lashes cross the eye in the portrait the picture itself stays.
    return np.rint(image * weight + ball * (1 - weight)).astype(np.uint8)


def _mirror_iris(
    image: RGBImage, face: Face, kind: OpeningKind, window: Grid, clear: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Complete the iris; returns the picture (float32) and which of its pixels are eyeball."""
    iris = mesh.LEFT_IRIS if kind.name == "left_eye" else mesh.RIGHT_IRIS
    left, top, _, _ = window.box_px
    centre = face.landmarks[iris[0], :2].astype(np.float64) - (left, top)
    radius = float(np.linalg.norm(face.landmarks[list(iris[1:]), :2] - face.landmarks[iris[0], :2], axis=1).mean())
    height, width = clear.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    within = np.hypot(x - centre[0], y - centre[1]) < IRIS_EDGE * radius
    axis = down(face)
    along = (x - centre[0]) * axis[0] + (y - centre[1]) * axis[1]
    mirrored_x = (x - 2 * along * axis[0]).astype(np.float32)
    mirrored_y = (y - 2 * along * axis[1]).astype(np.float32)
    source = np.float32(image)
    mirrored = cv2.remap(source, mirrored_x, mirrored_y, cv2.INTER_LINEAR)
    usable = cv2.remap(clear.astype(np.float32), mirrored_x, mirrored_y, cv2.INTER_LINEAR) > 0.99
    take = within & ~clear & usable
    result = source.copy()
    result[take] = mirrored[take]
    return result, clear | take


def _fill(picture: np.ndarray, known: np.ndarray, radius: int) -> np.ndarray:
    """Fill what is not known from what is, smoothly, by averaging known pixels over growing neighbourhoods."""
    result = np.where(known[..., None], picture, 0).astype(np.float32)
    weight = known.astype(np.float32)
    filled = weight > 0
    sigma = radius / 2
    total, mass = result, weight
    while not filled.all() and sigma < max(picture.shape):
        total = cv2.GaussianBlur(result * weight[..., None], (0, 0), sigma)
        mass = cv2.GaussianBlur(weight, (0, 0), sigma)
        take = ~filled & (mass > 0.02)
        result[take] = total[take] / mass[take][:, None]
        filled |= take
        sigma *= 2
    return result


def _shade(ball: np.ndarray, face: Face, kind: OpeningKind, window: Grid) -> np.ndarray:
    """Darken what lies above the portrait's upper lid, where the lid's shadow would be."""
    canvas = canvas_for(window)
    upper, lower = border_px(face, kind, 0.45), border_px(face, kind, 1.2)
    fill_polygon(np.concatenate([upper, lower[::-1]]), window, 1.0, canvas)
    lit = settle(canvas, window, soft_px=0.12 * face.pose.scale_px_per_cm)
    return ball * (1 - SHADOW * (1 - lit))[..., None]
