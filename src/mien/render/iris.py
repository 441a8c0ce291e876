"""Find the iris in the portrait's own pixels; the landmarks place it only to within a tenth of its radius."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.flow import sample
from mien.render.openings import OpeningKind, down
from mien.types import RGBImage

ASIDE = np.linspace(-0.16, 0.16, 9)
"""Shifts of the centre across the face that are tried, in radii of the landmarks' iris."""
DOWN = np.linspace(-0.1, 0.1, 5)
"""Shifts of the centre down the face that are tried, in radii."""
RADII = np.linspace(0.8, 1.12, 17)
"""Radii that are tried, in radii of the landmarks' iris."""
RIM = 0.08
"""Distance inside and outside the edge at which brightness is compared, in radii."""
ANGLES = np.radians(np.linspace(-60, 60, 41))
"""Directions from the centre in which the edge is looked for, at both sides of the iris; lids hide the rest."""
FEWEST_SEEN = 5
"""A side counts if at least this many of its directions show the white as well as the iris."""
CONTRAST = 20
"""From this contrast on, of 255, the edge that is found replaces the landmarks'."""
PULL = 0.15
"""Pull towards the landmarks' iris: the share of the best contrast that a circle loses if it lies a fifth of a radius
aside, or a tenth of a radius lower or higher, or if its radius differs by a fifth. The loss grows with the square."""


@dataclass(frozen=True, eq=False)
class Iris:
    """A circle.

    Attributes:
        centre: (x, y) in pixels of the window.
        radius: Its radius, pixels.
    """

    centre: Float64[np.ndarray, " 2"]
    radius: float

    @classmethod
    def of_landmarks(cls, face: Face, kind: OpeningKind, corner_px: tuple[int, int]) -> Iris:
        """Return the landmarks' iris in a window whose top-left pixel is ``corner_px`` (x, y)."""
        points = mesh.LEFT_IRIS if kind.name == "left_eye" else mesh.RIGHT_IRIS
        centre, *edge = face.landmarks[list(points), :2].astype(np.float64)
        radius = np.linalg.norm(np.array(edge) - centre, axis=1).mean()
        return cls(centre - corner_px, float(radius))

    def distance(self, shape: tuple[int, int]) -> Float32[np.ndarray, "h w"]:
        """Return each pixel's distance from the centre, in radii, over a window of a shape (h, w)."""
        y, x = np.indices(shape, np.float32)
        away: np.ndarray = np.hypot(x - self.centre[0], y - self.centre[1]) / self.radius
        return away.astype(np.float32)


def find_iris(image: RGBImage, clear: Bool[np.ndarray, "h w"], guess: Iris, face: Face) -> Iris:
    """Return the circle near a guess along whose sides the picture becomes brighter most.

    This is the integro-differential operator of Daugman (2004), *How iris recognition works*, at the two sides of the
    iris only. If the picture is too dark or too blurred to show an edge, the guess is returned.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        clear: (h, w) the pixels that show the eyeball and neither lashes nor lids.
        guess: The landmarks' iris.
        face: The portrait's face.
    """
    axis = down(face)
    across = np.array([axis[1], -axis[0]])
    aside, lower, radii = (each.ravel() for each in np.meshgrid(ASIDE, DOWN, RADII, indexing="ij"))
    centres = guess.centre + guess.radius * (aside[:, None] * across + lower[:, None] * axis)
    grey = cv2.GaussianBlur(
        image.mean(2, dtype=np.float32), (0, 0), max(0.5, RIM / 2 * guess.radius)
    )
    seen = clear.astype(np.float32)
    contrasts = []
    for side in (-across, across):
        ray = np.cos(ANGLES)[:, None] * side + np.sin(ANGLES)[:, None] * axis
        places = [
            (centres[:, None] + guess.radius * (radii + rim)[:, None, None] * ray).astype(
                np.float32
            )
            for rim in (-RIM, RIM)
        ]
        inside, outside = (sample(grey, place, cv2.INTER_LINEAR) for place in places)
        both = np.minimum(*(sample(seen, place, cv2.INTER_LINEAR) for place in places)) > 0.95
        count = both.sum(1)
        rise = np.clip(outside - inside, -60, 60)  # a reflection at the edge must not decide alone
        mean = (rise * both).sum(1) / np.maximum(count, 1)
        contrasts.append(np.where(count >= FEWEST_SEEN, mean, 0))
    contrast = np.mean(contrasts, axis=0)
    best = contrast.max()
    if best < CONTRAST:
        return guess
    off = (aside / 0.2) ** 2 + (lower / 0.1) ** 2 + ((radii - 1) / 0.2) ** 2
    chosen = int((contrast - PULL * best * off).argmax())
    return Iris(centres[chosen], float(radii[chosen] * guess.radius))
