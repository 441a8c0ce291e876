"""Draw the upper row of teeth behind shut lips, which the portrait does not show."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.grid import Grid
from mien.render.openings import canvas_for, fill_polygon, settle, shift_band

BELOW_SEAM_CM = 0.2
"""How far the upper incisors reach below the line where the lips meet."""
WIDTHS_CM = (0.85, 0.66, 0.76, 0.7, 0.65)
"""Widths of central incisor, lateral incisor, canine and premolars, from the midline outwards, seen from the front."""
BRIGHTNESS = 1.32
"""Brightness of the front teeth relative to the whites of the eyes, which lie in the lids' shade."""
TINT = (1.0, 0.955, 0.88)
STRIPS = 9
"""Number of strips of even brightness into which a tooth is divided; they are smoothed afterwards."""
ROUND = 0.13
"""How much darker a tooth is at its sides than in its middle, as its surface is round."""


def unseen_colour(white: np.ndarray) -> np.ndarray:
    """Return the colour (3,) of front teeth that the portrait does not show, from that of something white in it."""
    colour: np.ndarray = np.minimum(white * BRIGHTNESS * TINT, 225)
    return colour


def with_teeth(
    picture: np.ndarray, face: Face, window: Grid, colour: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the upper row of teeth over a dark mouth: a soft row, faint lines between teeth, darker towards the back.

    Args:
        picture: (h, w, 3) the dark mouth, over the window's box.
        face: The portrait's face.
        window: The nodes around the mouth.
        colour: (3,) the colour of the front teeth, 0 to 255.

    Returns:
        The picture (h, w, 3) float32, and how much of each pixel (h, w) is tooth.
    """
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
        for rank, width in enumerate(WIDTHS_CM):
            length = BELOW_SEAM_CM - (0.0, 0.045, 0.01, 0.07, 0.1)[rank]
            outline = _tooth(start, start + width, length) * (side, 1)
            draw(outline, 1.0, row)
            for left, right in pairwise(np.linspace(start, start + width, STRIPS + 1)):
                strip = np.array([(left, -1), (right, -1), (right, 1), (left, 1)])
                draw(strip * (side, 1), _brightness(left + right, start, width), light)
            if rank:
                draw(_gap(start, length) * (side, 1), 1.0, gaps)
            start += width
    draw(_gap(0.0, BELOW_SEAM_CM), 1.0, gaps)
    scale = face.pose.scale_px_per_cm
    mask = settle(row, window, soft_px=max(0.6, 0.03 * scale))[..., None]
    seen_gap = settle(gaps, window, soft_px=max(0.6, 0.03 * scale))[..., None]
    lit = settle(light, window, soft_px=max(0.6, 0.05 * scale))[..., None]
    shade = 1 - 0.22 * shift_band(face, window, -9.0, -1.0, soft_cm=0.18)[..., None]
    edge = 1 - 0.1 * shift_band(face, window, 1.0, 6.0, soft_cm=0.06)[..., None]
    teeth = colour * lit * shade * edge * (1 - 0.28 * seen_gap)
    return (picture * (1 - mask) + teeth * mask).astype(np.float32), mask[..., 0]


def _brightness(twice_x: float, start: float, width: float) -> float:
    """Return the brightness of a strip, 0 to 1: lower towards the back of the row and towards the tooth's sides.

    Args:
        twice_x: Twice the distance of the strip's middle from the midline, centimetres.
        start: Where the tooth begins, centimetres from the midline.
        width: The tooth's width, centimetres.
    """
    across = (twice_x - 2 * start) / width - 1
    return float(np.clip(1 - 0.17 * (twice_x / 2) ** 2, 0.12, 1) * (1 - ROUND * across**4))


def _gap(x: float, length: float) -> np.ndarray:
    """Return the outline (N, 2), centimetres, of the line between two teeth, which widens at their lower corners."""
    return np.array(
        [
            (x - 0.008, -1),
            (x + 0.008, -1),
            (x + 0.012, length - 0.12),
            (x + 0.03, 1),
            (x - 0.03, 1),
            (x - 0.012, length - 0.12),
        ]
    )


def _tooth(inner: float, outer: float, length: float) -> np.ndarray:
    """Return the outline (N, 2), centimetres, of a tooth with rounded lower corners, ``length`` below the seam."""
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
    """Return the mouth's width relative to the canonical face's, limited to 0.8 to 1.15."""
    corners = [mesh.LIPS_OUTER_UPPER[0], mesh.LIPS_OUTER_UPPER[-1]]
    canonical = mesh.canonical_vertices()[corners].astype(np.float64)
    own = np.linalg.norm(np.diff(face.landmarks[corners, :2], axis=0))
    expected = np.linalg.norm(np.diff(face.pose.project(canonical), axis=0))
    return float(np.clip(own / expected, 0.8, 1.15))
