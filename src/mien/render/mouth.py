"""The inside of the mouth, which lips show when they part.

If the lips are apart in the portrait, it shows the inside, which stays where it is (the upper teeth are fixed to the
skull). If the lips are shut, the inside is drawn: a dark mouth in the tint of the lips and, behind the upper lip, the
edge of the upper teeth, with the size and pose of the head and the light of the face. The tongue is behind the lower
lip.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.flow import sample
from mien.render.grid import Grid
from mien.render.inpaint import soften
from mien.render.openings import (
    MOUTH,
    border_px,
    canvas_for,
    colours_at,
    down,
    fill_polygon,
    keep_shown,
    pair_gaps_px,
    settle,
)
from mien.render.region import smoothstep
from mien.render.teeth import unseen_colour, with_teeth
from mien.types import RGBImage

DARKNESS = 0.16
"""Brightness of the open mouth's inside, as a share of the lips' brightness."""
AJAR_CM = 0.45
"""If the lips are less far apart, too little of the teeth is visible to continue them: teeth are drawn instead."""
TOOTH_CM = 0.16
"""How far the teeth of an open mouth continue behind its upper lip, up to the gum."""
FEWEST_TOOTH_PIXELS = 12
"""From this many pixels on, the teeth that a portrait shows give the colour of those that are drawn beside them."""
GUM = (0.76, 0.53, 0.53)
"""The gum's colour (r, g, b) as a share of the lips' colour."""
TONGUE = (0.5, 0.34, 0.34)
"""The tongue's colour (r, g, b) as a share of the lips' colour."""
TONGUE_CM = 0.75
"""How far the tongue reaches up from the lower lip's border."""


def inside(
    image: RGBImage,
    face: Face,
    window: Grid,
    shown: np.ndarray,
    white: np.ndarray,
    shut: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture of the mouth's inside, including the parts that moving lips can uncover.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        window: The nodes around the mouth.
        shown: (h, w) in [0, 1], how much of the inside the portrait itself shows at each pixel.
        white: (3,) the colour of something white in this face's light.
        shut: Whether the lips touch in the portrait.

    Returns:
        (h, w, 3) float32, and how much of each pixel (h, w) lies in front of the tongue.
    """
    lips = lips_colour(image, face, window)
    dark = np.empty((*shown.shape, 3), np.float32)
    dark[:] = lips * DARKNESS * (1.15, 0.75, 0.75)
    if shut:
        return with_teeth(dark, face, window, unseen_colour(white))
    gap_cm = np.median(pair_gaps_px(face, MOUTH)[2:-2]) / face.pose.scale_px_per_cm
    if gap_cm < AJAR_CM:
        colour = _tooth_colour(image, shown, lips)
        drawn, _ = with_teeth(
            dark, face, window, unseen_colour(white) if colour is None else colour
        )
    else:
        drawn = _continued(image, dark, face, window, lips)
    return keep_shown(image, drawn, shown).astype(np.float32), np.ones_like(shown)


def _tooth_colour(image: RGBImage, shown: np.ndarray, lips: np.ndarray) -> np.ndarray | None:
    """Return the colour (3,) of the teeth that show between parted lips; None if none are clearly seen.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        shown: (h, w) how much of the mouth's inside the portrait shows at each pixel.
        lips: (3,) the lips' colour.
    """
    seen = image[shown > 0.8].astype(np.float64)
    redness = seen[:, 0] / np.maximum(seen.sum(1), 1)
    teeth = seen[(redness < lips[0] / max(lips.sum(), 1) - 0.04) & (seen.sum(1) > 0.7 * lips.sum())]
    if len(teeth) < FEWEST_TOOTH_PIXELS:
        return None
    brightness = teeth.sum(1)
    colour: np.ndarray = np.median(teeth[brightness >= np.median(brightness)], axis=0)
    return colour


def lips_colour(image: RGBImage, face: Face, window: Grid) -> np.ndarray:
    """Return the lower lip's colour (3,), 0 to 255, in the portrait within the window's box."""
    left, top, _, _ = window.box_px
    vertices = list(mesh.LIPS_OUTER_LOWER[3:8]) + list(mesh.LIPS_INNER_LOWER[3:8])
    colours = colours_at(image, face.landmarks[vertices, :2] - (left, top))
    return np.median(colours, axis=0) if len(colours) else np.array([150.0, 90.0, 90.0])


def tongue(image: RGBImage, face: Face, window: Grid) -> Float32[np.ndarray, "h w 4"]:
    """Return the tongue behind a shut mouth's lower lip: three channels of colour, and its opacity (0 to 1).

    The tongue belongs to the lower lip's sheet and sinks with it when the jaw drops.
    """
    canvas = canvas_for(window)
    scale = face.pose.scale_px_per_cm
    lower = border_px(face, MOUTH, 1.0)
    across = np.linspace(-1, 1, len(lower))
    height = TONGUE_CM * scale * np.sqrt(np.maximum(0, 1 - (across / 0.8) ** 2))
    upper = lower - height[:, None] * down(face)
    below = lower + 0.3 * scale * down(face)
    fill_polygon(np.concatenate([upper, below[::-1]]), window, 1.0, canvas)
    amount = settle(canvas, window, soft_px=0.14 * scale)
    result = np.empty((*amount.shape, 4), np.float32)
    result[..., :3] = lips_colour(image, face, window) * TONGUE
    result[..., 3] = 0.8 * amount
    return result


def _continued(
    image: RGBImage, dark: np.ndarray, face: Face, window: Grid, lips: np.ndarray
) -> np.ndarray:
    """Continue the visible inside of an open mouth: upwards with its teeth, mirrored, then gum; downwards with dark."""
    left, top, right, bottom = window.box_px
    scale = face.pose.scale_px_per_cm
    axis = down(face)
    across = np.array([axis[1], -axis[0]])
    upper, lower = border_px(face, MOUTH, 0.22), border_px(face, MOUTH, 0.85)
    order = np.argsort(upper @ across)
    y, x = np.mgrid[top:bottom, left:right].astype(np.float64)
    along, height = x * across[0] + y * across[1], x * axis[0] + y * axis[1]
    upper_height = np.interp(along, (upper @ across)[order], (upper @ axis)[order])
    order = np.argsort(lower @ across)
    lower_height = np.interp(along, (lower @ across)[order], (lower @ axis)[order])
    above = np.maximum(upper_height - height, 0)
    depth = np.minimum(above, np.maximum(0.8 * (lower_height - upper_height), 0))
    # Mirrored at the line just under the upper lip, each tooth continues without a break.
    step = np.where(above > 0, above + depth, 0)
    place = np.stack([x - left + step * axis[0], y - top + step * axis[1]], axis=-1)
    teeth = sample(image.astype(np.float32), place.astype(np.float32), cv2.INTER_LINEAR)
    above_cm = above / scale
    gum = lips * GUM * (1 - 0.75 * smoothstep((above_cm - 0.3) / 0.6))[..., None]
    share = smoothstep((above_cm - TOOTH_CM) / 0.12)[..., None]
    upwards = teeth * (1 - 0.12 * smoothstep(above_cm / 0.2))[..., None] * (1 - share) + gum * share
    below = soften(smoothstep((height - lower_height) / (0.12 * scale)).astype(np.float32), 1.0)
    ends = np.array([(upper @ across).min(), (upper @ across).max()])
    beside = smoothstep(np.maximum(ends[0] - along, along - ends[1]) / (0.1 * scale))
    away = np.maximum(below, beside)[..., None]
    drawn: np.ndarray = upwards * (1 - away) + dark * away
    return drawn
