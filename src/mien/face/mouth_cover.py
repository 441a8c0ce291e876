"""Detect whether a mask, a scarf or a hand covers the mouth.

The landmark net places a mouth on a mask too. But lips differ in colour from the skin around them, and cloth has the
same colour all over. If the lips have the colour of their surroundings, and the lower face differs in colour from the
upper face, the mouth is covered. If the lower face differs so much that it cannot be skin, the mouth is covered
whatever the lips look like: a mouth may be drawn on a mask. A grey picture has no colour, so there only the difference
in lightness between the lower and the upper face shows it.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Bool

from mien.face import mesh
from mien.face.portrait import Face
from mien.types import Image

LIPS_AWAY = 4.5
"""Bare lips differ from the skin around them by more than this in CIELAB's a and b.

Measured at the 90th percentile over the lips. With only this, `BELOW_AWAY` and `BELOW_LIGHTNESS`, 1 of 2,069 faces
without a mask is taken for masked, and 1,983 of 2,069 drawn masks are detected (``python -m benchmarks.masks``).
"""
BELOW_AWAY = 5.0
"""A mask differs from the upper face by more than this in a and b."""
BELOW_LIGHTNESS = (-45.0, 2.0)
"""Range of the lower face's lightness minus the upper face's, of 100, that counts as bare.

Bare lower faces, with dark beards too, are darker by 7 to 36.
"""
SURE_AWAY = 24.0
"""Above this difference in a and b the lower face is cloth, whatever the lips look like, unless it is much darker.

Blue masks differ by 30 and more. Of 470 bare faces, two differ by 21. Both have beards, which are darker by 17 and 32
of 100.
"""
SURE_DARKER = -12.0
"""A lower face that is darker than the upper one by more than this, of 100, may have a beard."""
SURE_BRIGHTER = 5.0
"""A lower face that is brighter than the upper one by more than this is cloth too. 350 bare ones are darker by 3 or
more."""
AROUND_CM = (0.35, 1.4)
"""Skin between these distances from the lips' border, canonical centimetres, is compared with the lips."""
BLUR_OF_FACE = 0.02
"""Side of the square whose mean colour is taken, as a share of the face's width."""
FINEST_PX = 800
"""Width of a face in pixels. A face at least twice as wide is examined in a smaller copy."""

_CHEEKS = (50, 280, 101, 330, 36, 266, 205, 425, 117, 346, 118, 347)
_FOREHEAD = (151, 108, 337, 9, 107, 336, 69, 299)


def mouth_is_covered(image: Image, face: Face) -> bool:
    """Return whether the mouth of a face looks covered.

    Args:
        image: The picture (H, W, 3 or 4), RGB.
        face: A face in it.
    """
    around, below = _around_lips(), _below_nose()
    left, top, right, bottom = _box(image, face)
    pixels = np.ascontiguousarray(image[top:bottom, left:right, :3])
    shrink = max(int(face.width_px / FINEST_PX), 1)
    if shrink > 1:  # as floats, a face of many million pixels would fill the memory
        size = (-(-pixels.shape[1] // shrink), -(-pixels.shape[0] // shrink))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    part = pixels.astype(np.float32) / 255
    side = max(round(BLUR_OF_FACE * face.width_px / shrink), 1)
    lab = cv2.blur(cv2.cvtColor(part, cv2.COLOR_RGB2LAB), (side, side))
    places = (face.landmarks[: mesh.VERTEX_COUNT, :2] - (left, top) + 0.5) / shrink - 0.5
    places = np.rint(places).astype(int)
    x, y = places.clip(0, np.array(lab.shape[1::-1]) - 1).T
    colours = lab[y, x]
    beside = np.median(colours[list(around)], axis=0)
    upper = np.median(colours[[*_CHEEKS, *_FOREHEAD]], axis=0)
    lower = np.median(colours[list(below)], axis=0)
    lips = np.linalg.norm((colours[list(_lips())] - beside)[:, 1:], axis=1)
    away = max(np.linalg.norm((each - upper)[1:]) for each in (beside, lower))
    brighter = lower[0] - upper[0]
    if (away > SURE_AWAY and brighter > SURE_DARKER) or brighter > SURE_BRIGHTER:
        return True
    cloth = away > BELOW_AWAY or not BELOW_LIGHTNESS[0] < brighter < BELOW_LIGHTNESS[1]
    return bool(cloth and np.quantile(lips, 0.9) < LIPS_AWAY)


@lru_cache(maxsize=1)
def skin_under_cover() -> Bool[np.ndarray, " 468"]:
    """Return the vertices that count as covered if the mouth is covered: the lips, and all vertices below the nose."""
    under = np.zeros(mesh.VERTEX_COUNT, bool)
    under[[*_lips(), *_below_nose()]] = True
    under.setflags(write=False)
    return under


def _box(image: Image, face: Face) -> tuple[int, int, int, int]:
    """Return the part of the picture with the face: left, top, right, bottom; at least one pixel."""
    height, width = image.shape[:2]
    margin = BLUR_OF_FACE * face.width_px + 1
    left, top = np.floor(face.box_px[:2] - margin).clip(0, (width - 1, height - 1)).astype(int)
    right, bottom = np.ceil(face.box_px[2:] + margin).clip((left + 1, top + 1), (width, height))
    return int(left), int(top), int(right), int(bottom)


def _lips() -> tuple[int, ...]:
    """Return the vertices of the lips without their corners."""
    borders = (
        mesh.LIPS_OUTER_UPPER,
        mesh.LIPS_OUTER_LOWER,
        mesh.LIPS_INNER_UPPER,
        mesh.LIPS_INNER_LOWER,
    )
    return tuple(sorted({vertex for border in borders for vertex in border[1:-1]}))


@lru_cache(maxsize=1)
def _around_lips() -> tuple[int, ...]:
    """Return the vertices of the skin around the lips."""
    places = mesh.canonical_vertices()
    border = [*mesh.LIPS_OUTER_UPPER, *mesh.LIPS_OUTER_LOWER]
    distance = np.linalg.norm(places[:, None] - places[border], axis=2).min(1)
    near = (distance > AROUND_CM[0]) & (distance < AROUND_CM[1])
    near[[*_lips(), *border]] = False
    return tuple(np.flatnonzero(near).tolist())


@lru_cache(maxsize=1)
def _below_nose() -> tuple[int, ...]:
    """Return the vertices below the nose, without the lips: from 1 cm above the upper lip's border downwards."""
    places = mesh.canonical_vertices()
    below = places[:, 1] > places[mesh.LIPS_OUTER_UPPER[5], 1] - 1.0
    below[list(_lips())] = False
    return tuple(np.flatnonzero(below).tolist())
