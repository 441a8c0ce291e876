"""Draw the upper row of teeth behind shut lips, which the portrait does not show."""

from __future__ import annotations

import numpy as np

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.grid import Grid
from mien.render.openings import canvas_for, fill_polygon, settle, shift_band

BELOW_SEAM_CM = 0.2
"""How far the upper incisors reach below the line where the lips meet."""
WIDTHS_CM = (0.85, 0.66, 0.76, 0.7, 0.65)
"""Widths of central incisor, lateral incisor, canine and premolars, from the midline outwards, seen from the front."""
BRIGHTNESS = 1.12
"""Brightness of the front teeth relative to the whites of the eyes, which lie in the lids' shade."""
TINT = (1.0, 0.975, 0.93)


def with_teeth(
    picture: np.ndarray, face: Face, window: Grid, white: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the upper row of teeth over a dark mouth: a soft row, faint lines between teeth, darker towards the back.

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
    shade = 1 - 0.2 * shift_band(face, window, -6.0, 0.0, soft_cm=0.15)[..., None]
    colour = np.minimum(white * BRIGHTNESS * TINT, 240)
    teeth = colour * lit * shade * (1 - 0.3 * seen_gap)
    return (picture * (1 - mask) + teeth * mask).astype(np.float32), mask[..., 0]


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
