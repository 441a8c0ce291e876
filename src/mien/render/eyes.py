"""Eyeballs, over which the lids slide.

The eyeball stays where it is, and the light's reflection on it. The part that a wider eye uncovers was under the lid in
the portrait, so it is filled in: the iris from its mirror image about its centre (the lower half is visible where the
upper half is not), the white from the white beside it. Near the lid it is darker, because the lid casts a shadow.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float64

from mien.face.portrait import Face
from mien.render.flow import sample
from mien.render.grid import Grid
from mien.render.inpaint import fill_smoothly, soften
from mien.render.iris import Iris, find_iris
from mien.render.openings import (
    LEFT_EYE,
    RIGHT_EYE,
    OpeningKind,
    border_px,
    canvas_for,
    colours_at,
    down,
    fill_polygon,
    keep_shown,
    kept_share,
    settle,
)
from mien.types import RGBImage

SHADOW = 0.2
"""Share of the brightness that the eyeball loses right under the lid."""
CLEAR_OF_LASHES = 0.3
"""Share of the opening under the upper lid whose pixels are lashes and shadow rather than eyeball."""
CATCHLIGHT = 20
"""A pixel of the iris that is brighter than the drawn iris by this, of 255, may be the light's reflection."""
LIMBUS = 1.1
"""Distance from the iris's centre, in radii, from which a pixel has nothing of the iris's soft edge."""

_CHEEKS = (50, 280, 101, 330, 117, 346)


class Eyeball(NamedTuple):
    """Pictures of an eyeball over a window's box.

    Attributes:
        at_rest: (h, w, 3) uint8, the portrait's own pixels where the portrait shows the eyeball.
        wide: (h, w, 3) uint8, the eyeball of an eye that has opened wider: without the lashes and the edge of the lid,
            which no longer lie there.
        kept_wide: (h, w) the share of the portrait's own pixels in ``wide``.
        catchlight: (h, w) in [0, 1], how much each pixel is the light's reflection on the iris. It belongs to the
            eyeball even among the lashes.
    """

    at_rest: np.ndarray
    wide: np.ndarray
    kept_wide: np.ndarray
    catchlight: np.ndarray


def eyeball(
    image: RGBImage, face: Face, kind: OpeningKind, window: Grid, shown: np.ndarray
) -> Eyeball:
    """Return pictures of the eyeball, including the parts that a wider eye can uncover.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        kind: Which eye.
        window: The nodes around it.
        shown: (h, w) in [0, 1], how much of the eyeball the portrait itself shows at each pixel.
    """
    canvas = canvas_for(window)
    top, bottom = border_px(face, kind, CLEAR_OF_LASHES), border_px(face, kind, 0.92)
    fill_polygon(np.concatenate([top, bottom[::-1]]), window, 1.0, canvas)
    clear = settle(canvas, window, soft_px=0.3) > 0.95
    below = canvas_for(window)
    low = border_px(face, kind, 3.0)
    fill_polygon(np.concatenate([top, low[::-1]]), window, 1.0, below)
    clear_or_low = settle(below, window, soft_px=0.3)
    if not clear.any():
        return Eyeball(image, image, np.ones_like(shown), np.zeros_like(shown))
    corner = (window.box_px[0], window.box_px[1])
    circle = find_iris(image, clear, Iris.of_landmarks(face, kind, corner), face)
    away = circle.distance(shown.shape)
    iris = away < 1
    pale = _pale(image, clear, iris)
    picture, known = _mirrored(image, circle, face, clear, iris, pale)
    # Fill the white from the white only, so that the iris does not bleed into it, and the iris from the iris.
    white = known & (away > LIMBUS)
    ball = fill_smoothly(picture, white if white.any() else known)
    dark = known & iris & ~pale
    iris_only = fill_smoothly(picture, dark) if dark.any() else ball
    within = soften(iris.astype(np.float32), 0.8)[..., None]
    ball = ball * (1 - within) + iris_only * within
    ball[known] = picture[known]
    # The white at the top of the opening, from which the ball is filled, lies in the lid's shadow already.
    scale = face.pose.scale_px_per_cm
    brighter = (image.mean(2) - ball.mean(2)) / CATCHLIGHT - 1
    catchlight = brighter.clip(0, 1) * _spots(brighter > 0, away, shown)
    catchlight = soften(catchlight.astype(np.float32), 0.6)
    kept = np.maximum(soften(clear_or_low, 0.03 * scale) * kept_share(shown), catchlight)
    wide = np.rint(image * kept[..., None] + ball * (1 - kept[..., None])).astype(np.uint8)
    shaded = _shade(ball, face, kind, window)
    at_rest = keep_shown(image, shaded, np.maximum(shown, catchlight))
    return Eyeball(at_rest, wide, kept, catchlight)


def white_colour(image: RGBImage, face: Face) -> Float64[np.ndarray, " 3"]:
    """Return the colour of something white in this face's light, (3,) 0 to 255.

    The colour is measured on the whites of the eyes. In many portraits these lie in the shade of the lids, so the
    cheeks, which on light skin are nearly as bright as a tooth, set a lower limit of the brightness.
    """
    lines = [
        border_px(face, kind, share)
        for kind in (LEFT_EYE, RIGHT_EYE)
        for share in (0.35, 0.5, 0.65)
    ]
    eye = colours_at(image, np.concatenate(lines))
    cheek = colours_at(image, face.landmarks[list(_CHEEKS), :2])
    if not len(eye) or not len(cheek):
        return np.full(3, 180.0)
    brightness = eye.mean(1)
    white = np.median(eye[brightness >= np.percentile(brightness, 85)], axis=0)
    floor = 0.9 * np.median(cheek.mean(1))
    # Reddish lids often lie within the eye's outline, so only a third of the measured tint is kept.
    white = white.mean() + (white - white.mean()) / 3
    colour: np.ndarray = white * max(1.0, floor / max(white.mean(), 1.0))
    return colour


def _pale(image: RGBImage, clear: np.ndarray, iris: np.ndarray) -> np.ndarray:
    """Return which pixels (h, w) are closer in brightness to the white of the eye than to the iris."""
    brightness = image.mean(2)
    if not (clear & iris).any() or not (clear & ~iris).any():
        return np.zeros_like(iris)
    dark, white = np.median(brightness[clear & iris]), np.median(brightness[clear & ~iris])
    pale: np.ndarray = brightness > (dark + white) / 2 if white > dark else np.zeros_like(iris)
    return pale


def _mirrored(
    image: RGBImage,
    circle: Iris,
    face: Face,
    clear: np.ndarray,
    iris: np.ndarray,
    pale: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Complete the iris from its own mirror image, without what lies over it: the lower lid, reflections.

    Returns:
        The picture (h, w, 3) float32, and which pixels (h, w) of it are eyeball.
    """
    y, x = np.indices(clear.shape, np.float32)
    axis = down(face)
    along = (x - circle.centre[0]) * axis[0] + (y - circle.centre[1]) * axis[1]
    mirror = np.stack([x - 2 * along * axis[0], y - 2 * along * axis[1]], axis=-1).astype(
        np.float32
    )
    result = image.astype(np.float32)
    mirrored = sample(result, mirror, cv2.INTER_LINEAR)
    usable = sample((clear & ~pale).astype(np.float32), mirror, cv2.INTER_LINEAR) > 0.99
    take = iris & ~clear & usable
    result[take] = mirrored[take]
    return result, clear | take


def _spots(bright: np.ndarray, away: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return the bright spots (h, w) on the iris that end on it; the skin of a lid continues beyond its edge.

    Args:
        bright: (h, w) which pixels are bright.
        away: (h, w) distance from the iris's centre, in radii.
        shown: (h, w) how much of the eyeball the portrait shows.
    """
    count, labels = cv2.connectedComponents((bright & (away < 1)).astype(np.uint8))
    at_edge, on_ball = (
        np.bincount(labels[where], minlength=count) > 0 for where in (away > 0.9, shown > 0.5)
    )
    spots: np.ndarray = (on_ball & ~at_edge & (np.arange(count) > 0))[labels]
    return spots


def _shade(ball: np.ndarray, face: Face, kind: OpeningKind, window: Grid) -> np.ndarray:
    """Darken the part of the eyeball under the portrait's upper lid, where the lid's shadow falls."""
    canvas = canvas_for(window)
    upper, lower = border_px(face, kind, 0.45), border_px(face, kind, 1.2)
    fill_polygon(np.concatenate([upper, lower[::-1]]), window, 1.0, canvas)
    lit = settle(canvas, window, soft_px=0.12 * face.pose.scale_px_per_cm)
    return ball * (1 - SHADOW * (1 - lit))[..., None]
