"""The inside of the mouth: what parting lips show.

In a portrait whose lips are apart the inside is in the picture already, and stays (upper teeth sit on the skull). Shut
lips hide it, so it is drawn: the dark of the mouth in the lips' own tint and, behind the upper lip, the edge of the
upper teeth, sized and turned with the head, lit as brightly as the face is.
"""

from __future__ import annotations

import cv2
import numpy as np

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.flow import Grid
from mien.render.openings import MOUTH, border_px, canvas_for, fill_polygon, is_shut, settle
from mien.types import RGBImage

DARKNESS = 0.16
"""Brightness of the open mouth's inside against the lips'."""
TEETH_BELOW_SEAM_CM = 0.22
"""How far the upper incisors reach below the line at which the lips meet."""
TEETH_HALF_WIDTH_CM = 2.0
TOOTH_WIDTHS_CM = (0.85, 0.66, 0.76, 0.7)
"""Central incisor, lateral incisor, canine, first premolar, from the midline outwards, as seen from the front."""
TEETH_BRIGHTNESS = 0.72
"""Brightness of the teeth against the brightest skin."""


def inside(image: RGBImage, face: Face, window: Grid, shown: np.ndarray) -> np.ndarray:
    """The mouth's inside as far as it can come into view.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        window: The nodes around the mouth.
        shown: (h, w) in [0, 1], how much of the inside the portrait itself shows at each pixel.

    Returns:
        (h, w, 3) uint8.
    """
    drawn = _draw(image, face, window)
    if is_shut(face):
        return np.rint(drawn).astype(np.uint8)
    weight = np.clip(shown, 0, 1)[..., None]
    known = shown > 0.95
    if known.any():
        drawn = _continue_down(image, drawn, known, face)
    return np.rint(image * weight + drawn * (1 - weight)).astype(np.uint8)


def _continue_down(image: RGBImage, drawn: np.ndarray, known: np.ndarray, face: Face) -> np.ndarray:
    """Below and above what an open mouth shows, go over from its own colours to the drawn dark."""
    reach = 0.35 * face.pose.scale_px_per_cm
    mass = cv2.GaussianBlur(known.astype(np.float32), (0, 0), reach)
    total = cv2.GaussianBlur(np.float32(image) * known[..., None], (0, 0), reach)
    near = total / np.maximum(mass, 1e-3)[..., None]
    share = np.clip(mass * 1.6, 0, 1)[..., None]
    return near * share * 0.75 + drawn * (1 - share * 0.75)


def _draw(image: RGBImage, face: Face, window: Grid) -> np.ndarray:
    left, top, right, bottom = window.box_px
    lips = list(mesh.LIPS_OUTER_LOWER[3:8]) + list(mesh.LIPS_INNER_LOWER[3:8])
    lip_colour = _median_colour(image, face.landmarks[lips, :2] - (left, top))
    cheeks = [50, 280, 101, 330, 117, 346]
    skin = _median_colour_anywhere(image, face, cheeks, window)
    dark = lip_colour * DARKNESS * np.array([1.15, 0.75, 0.75])
    picture = np.broadcast_to(dark, (bottom - top, right - left, 3)).astype(np.float32).copy()
    # Deeper down the tongue's red comes up a little.
    tongue = _line_band(face, window, 0.75, 1.6)
    picture += tongue[..., None] * (lip_colour * 0.16).astype(np.float32)
    for mask, brightness in _teeth(face, window):
        colour = np.minimum(skin.max() * TEETH_BRIGHTNESS * np.array([1.0, 0.96, 0.9]), 235) * brightness
        picture = picture * (1 - mask[..., None]) + colour.astype(np.float32) * mask[..., None]
    return picture


def _teeth(face: Face, window: Grid) -> list[tuple[np.ndarray, float]]:
    """For each upper tooth its mask over the window and how bright it is; those further back lie in shade."""
    canonical = mesh.canonical_vertices().astype(np.float64)
    seam = (face.landmarks[13, :2].astype(np.float64) + face.landmarks[14, :2]) / 2
    own_centre = (canonical[13] + canonical[14]) / 2
    width_ratio = _mouth_width_ratio(face)
    teeth = []
    for side in (-1, 1):
        start = 0.0
        for rank, width in enumerate(TOOTH_WIDTHS_CM):
            span = (start + 0.015, start + width - 0.015)
            start += width
            middle = (span[0] + span[1]) / 2 * width_ratio
            length = TEETH_BELOW_SEAM_CM - (0.0, 0.05, 0.0, 0.08)[rank]
            depth = 0.22 * middle**2  # the row of teeth curves back
            outline = _tooth_outline(span[0] * width_ratio, span[1] * width_ratio, length)
            points = np.stack([side * outline[:, 0], outline[:, 1], np.full(len(outline), 0.5 + depth)], axis=1)
            polygon = face.pose.project(points + own_centre) - face.pose.project(own_centre) + seam
            canvas = canvas_for(window)
            fill_polygon(polygon, window, 1.0, canvas)
            shade = float(np.clip(1 - 0.16 * middle**2, 0.15, 1))
            teeth.append((settle(canvas, window, soft_px=max(0.7, 0.03 * face.pose.scale_px_per_cm)), shade))
    return teeth


def _tooth_outline(inner: float, outer: float, length: float) -> np.ndarray:
    """A tooth from well above the seam to ``length`` below it, its lower corners rounded; (N, 2) centimetres."""
    top = -0.9
    radius = min(0.14, (outer - inner) / 3)
    angle = np.linspace(0, np.pi / 2, 6)
    right = np.stack([outer - radius + radius * np.cos(angle), length - radius + radius * np.sin(angle)], axis=1)
    left = np.stack([inner + radius - radius * np.sin(angle), length - radius + radius * np.cos(angle)], axis=1)
    return np.concatenate([[(inner, top), (outer, top)], right, left])


def _mouth_width_ratio(face: Face) -> float:
    """The mouth's width against the canonical face's, within reason."""
    corners = [mesh.LIPS_OUTER_UPPER[0], mesh.LIPS_OUTER_UPPER[-1]]
    canonical = mesh.canonical_vertices()[corners].astype(np.float64)
    own = np.linalg.norm(np.diff(face.landmarks[corners, :2], axis=0))
    expected = np.linalg.norm(np.diff(face.pose.project(canonical), axis=0))
    return float(np.clip(own / expected, 0.8, 1.15))


def _line_band(face: Face, window: Grid, start: float, stop: float) -> np.ndarray:
    """A soft band between two lines through the opening."""
    canvas = canvas_for(window)
    below = 1.2 * face.pose.scale_px_per_cm * np.array([0.0, 1.0])
    upper, lower = border_px(face, MOUTH, start), border_px(face, MOUTH, stop) + below
    fill_polygon(np.concatenate([upper, lower[::-1]]), window, 1.0, canvas)
    return settle(canvas, window, soft_px=0.3 * face.pose.scale_px_per_cm)


def _median_colour(image: RGBImage, points: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    x = np.clip(np.rint(points[:, 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(points[:, 1]).astype(int), 0, height - 1)
    return np.median(image[y, x].astype(np.float64), axis=0)


def _median_colour_anywhere(image: RGBImage, face: Face, vertices: list[int], window: Grid) -> np.ndarray:
    left, top, _, _ = window.box_px
    return _median_colour(image, face.landmarks[vertices, :2] - (left, top))
