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
from mien.render.inpaint import fill_smoothly, soften
from mien.render.openings import canvas_for, down, fill_polygon, is_shut, keep_shown, settle
from mien.render.region import smoothstep
from mien.types import RGBImage

DARKNESS = 0.16
"""Brightness of the open mouth's inside against the lips'."""
TEETH_BELOW_SEAM_CM = 0.2
"""How far the upper incisors reach below the line at which the lips meet."""
TOOTH_WIDTHS_CM = (0.85, 0.66, 0.76, 0.7, 0.65)
"""Central incisor, lateral incisor, canine and premolars, from the midline outwards, as seen from the front."""
TEETH_BRIGHTNESS = 1.12
"""Brightness of the front teeth against the whites of the eyes, which lie in the lids' shade."""
TEETH_TINT = (1.0, 0.975, 0.93)


def inside(
    image: RGBImage, face: Face, window: Grid, shown: np.ndarray, white: np.ndarray
) -> np.ndarray:
    """The mouth's inside as far as it can come into view.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        window: The nodes around the mouth.
        shown: (h, w) in [0, 1], how much of the inside the portrait itself shows at each pixel.
        white: (3,) the colour of something white in this face's light.

    Returns:
        (h, w, 3) uint8.
    """
    dark = _dark(image, face, window)
    known = shown > 0.95
    # The lips' own shadow on what lies behind them would be spread far by the filling.
    clear = cv2.erode(known.astype(np.uint8), _disc(0.06 * face.pose.scale_px_per_cm)) > 0
    if is_shut(face) or not known.any():
        return np.rint(_with_teeth(dark, face, window, white)).astype(np.uint8)
    # Above what an open mouth shows, its teeth go on into the lip's shade; below it lies the dark.
    own = fill_smoothly(image.astype(np.float32), clear if clear.any() else known)
    scale = face.pose.scale_px_per_cm
    top = _depth_below(face, window, face.landmarks[13, :2])
    own *= 1 - 0.55 * smoothstep(-top / (0.7 * scale))[..., None]
    middle = _depth_below(face, window, (face.landmarks[13, :2] + face.landmarks[14, :2]) / 2)
    above = 1 - smoothstep(middle / (0.15 * scale))
    near = soften(known.astype(np.float32), 0.15 * scale)
    share = np.maximum(above, np.clip(1.5 * near, 0, 1))[..., None]
    drawn = own * share + dark * (1 - share)
    return keep_shown(image, drawn, shown)


def _depth_below(face: Face, window: Grid, point: np.ndarray) -> np.ndarray:
    """How far below a point of the picture, along the head's own down, each pixel (h, w) of the window lies."""
    left, top, right, bottom = window.box_px
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
    axis = down(face)
    return ((x - point[0]) * axis[0] + (y - point[1]) * axis[1]).astype(np.float32)


def _disc(radius_px: float) -> np.ndarray:
    size = 2 * round(radius_px) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def _dark(image: RGBImage, face: Face, window: Grid) -> np.ndarray:
    """The mouth's dark inside in the lips' tint, the tongue's red coming up a little further down."""
    left, top, _, _ = window.box_px
    vertices = list(mesh.LIPS_OUTER_LOWER[3:8]) + list(mesh.LIPS_INNER_LOWER[3:8])
    x, y = np.rint(face.landmarks[vertices, :2] - (left, top)).astype(int).T
    height, width = image.shape[:2]
    lips = np.median(image[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)], axis=0)
    tongue = _band(face, window, 1.0, 6.0, soft_cm=0.35)[..., None]
    return (lips * DARKNESS * (1.15, 0.75, 0.75) + tongue * lips * (0.2, 0.13, 0.13)).astype(
        np.float32
    )


def _with_teeth(picture: np.ndarray, face: Face, window: Grid, white: np.ndarray) -> np.ndarray:
    """Lay the upper row of teeth over the dark: a soft row, faint lines between teeth, dimmer towards the back."""
    seam = (face.landmarks[13, :2].astype(np.float64) + face.landmarks[14, :2]) / 2
    ratio = _mouth_width_ratio(face)
    row, gaps, light = canvas_for(window), canvas_for(window), canvas_for(window)

    def draw(outline_cm: np.ndarray, value: float, canvas: np.ndarray) -> None:
        # The row of teeth curves back from the midline.
        depth = 0.5 + 0.22 * outline_cm[:, :1] ** 2
        points = np.concatenate([outline_cm * (ratio, 1.0), depth], axis=1)
        fill_polygon(face.pose.project_vectors(points) + seam, window, value, canvas)

    for side in (-1, 1):
        start = 0.0
        for rank, width in enumerate(TOOTH_WIDTHS_CM):
            length = TEETH_BELOW_SEAM_CM - (0.0, 0.045, 0.01, 0.07, 0.1)[rank]
            outline = _tooth(start, start + width, length) * (side, 1)
            draw(outline, 1.0, row)
            draw(outline, float(np.clip(1 - 0.17 * (start + width / 2) ** 2, 0.12, 1)), light)
            if rank:
                line = np.array(
                    [
                        (start - 0.018, -1),
                        (start + 0.018, -1),
                        (start + 0.018, 1),
                        (start - 0.018, 1),
                    ]
                )
                draw(line * (side, 1), 1.0, gaps)
            start += width
    scale = face.pose.scale_px_per_cm
    draw(np.array([(-0.014, -1), (0.014, -1), (0.014, 1), (-0.014, 1)]), 1.0, gaps)
    mask = settle(row, window, soft_px=max(0.6, 0.03 * scale))[..., None]
    seen_gap = settle(gaps, window, soft_px=max(0.6, 0.02 * scale))[..., None]
    lit = settle(light, window, soft_px=0.08 * scale)[..., None]
    shade = 1 - 0.2 * _band(face, window, -6.0, 0.0, soft_cm=0.15)[..., None]
    colour = np.minimum(white * TEETH_BRIGHTNESS * TEETH_TINT, 240)
    teeth = colour * lit * shade * (1 - 0.3 * seen_gap)
    return (picture * (1 - mask) + teeth * mask).astype(np.float32)


def _tooth(inner: float, outer: float, length: float) -> np.ndarray:
    """A tooth from well above the seam to ``length`` below it, its lower corners rounded; (N, 2) centimetres."""
    top = -0.9
    radius = min(0.12, (outer - inner) / 3)
    angle = np.linspace(0, np.pi / 2, 6)
    right = np.stack(
        [outer - radius + radius * np.cos(angle), length - radius + radius * np.sin(angle)], axis=1
    )
    left = np.stack(
        [inner + radius - radius * np.sin(angle), length - radius + radius * np.cos(angle)], axis=1
    )
    return np.concatenate([[(inner, top), (outer, top)], right, left])


def _mouth_width_ratio(face: Face) -> float:
    """The mouth's width against the canonical face's, within reason."""
    corners = [mesh.LIPS_OUTER_UPPER[0], mesh.LIPS_OUTER_UPPER[-1]]
    canonical = mesh.canonical_vertices()[corners].astype(np.float64)
    own = np.linalg.norm(np.diff(face.landmarks[corners, :2], axis=0))
    expected = np.linalg.norm(np.diff(face.pose.project(canonical), axis=0))
    return float(np.clip(own / expected, 0.8, 1.15))


def _band(face: Face, window: Grid, start_mm: float, stop_mm: float, soft_cm: float) -> np.ndarray:
    """A soft band (h, w) between two heights below the line where the lips meet, as wide as the window."""
    scale = face.pose.scale_px_per_cm
    canvas = canvas_for(window)
    axis = down(face)
    across = np.array([axis[1], -axis[0]]) * 10 * scale
    seam = (face.landmarks[13, :2].astype(np.float64) + face.landmarks[14, :2]) / 2
    upper, lower = (seam + axis * height * scale / 10 for height in (start_mm, stop_mm))
    fill_polygon(
        np.array([upper - across, upper + across, lower + across, lower - across]),
        window,
        1.0,
        canvas,
    )
    return settle(canvas, window, soft_px=soft_cm * scale)
