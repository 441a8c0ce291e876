"""Find the teeth that a portrait shows between lips that are hardly apart.

The landmarks' line between such lips is often a few pixels beside the real one, so it would divide these teeth between
the lips. Teeth are less red than the lips and not darker, and end within the mouth; the skin continues beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8
from scipy.ndimage import gaussian_filter1d, median_filter

from mien.face.portrait import Face
from mien.render.grid import Grid
from mien.render.inpaint import soften
from mien.render.openings import LIP_VERTICES, MOUTH, border_px, down, lip_gap_cm
from mien.types import RGBImage

SURE = (6.0, -5.0)
"""Teeth are less red than the lips by this (a* of CIELAB), and brighter than this beside the lips (L*)."""
LIKELY = (3.0, -12.0)
"""The same for pixels beside sure teeth."""
LIGHTER = 10.0
"""Brightness (L*) by which a pixel may exceed the sure teeth."""
REACH_CM = 0.45
"""How far beyond the lips' inner borders teeth are looked for."""
BETWEEN_CM = 0.05
"""How far beyond these borders a pixel counts as lying between the lips."""
SHARE_BETWEEN = 0.3
"""Share of a tooth's pixels that must lie between the lips."""
SHARE_BESIDE = 0.3
"""Share of a tooth's pixels that must lie at the height of the tooth beside it."""
SHARE_AT_EDGE = 0.03
"""A patch with a larger share of its pixels at the edge of the searched band continues beyond it: it is skin."""
SMALLEST_CM2 = 0.06
"""Smallest patch of sure teeth."""
SMALL_CM2 = 0.015
"""Smallest patch beside them."""
FEWEST_PIXELS = 4
"""In small pictures a patch has more pixels than this."""
THINNEST_CM = 0.07
"""A patch that is thinner on average is the lit edge of a lip."""
NEXT_CM = 1.0
"""How far beside a tooth the next one may reach."""
NARROWEST_CM = 0.8
"""A row of teeth is at least this wide, nearly a central incisor; a narrower patch is light on a lip."""
APART_CM = 0.2
"""Lips whose inner borders are farther apart surely show the mouth's inside."""
MIDDLE = (0.15, 0.85)
"""Sure teeth lie in this part of the mouth's width."""
BLUR_PX = 1.2
"""How far beyond a tooth's edge its colour is mixed into that of the lip's pixels."""
AT_CORNER = 4
"""Number of points, of 64 along each border, that the band leaves out at both corners."""


@dataclass(frozen=True, eq=False)
class SeenTeeth:
    """The teeth that a portrait shows, over a window's box.

    Attributes:
        mask: (h, w) in [0, 1], how much each pixel lies within the row of teeth, with its blurred edge.
        teeth: (h, w) the pixels of teeth alone.
        column: (h, w) each pixel's column of the head, counted from the row's first one.
        columns: Number of the row's columns.
        below_px: (h, w) how far each pixel lies below the row's lower edge in its column.
        edge_px: Height of this edge, the median, from the window's top-left pixel along the head's own down.
    """

    mask: Float32[np.ndarray, "h w"]
    teeth: Bool[np.ndarray, "h w"]
    column: Float64[np.ndarray, "h w"]
    columns: int
    below_px: Float64[np.ndarray, "h w"]
    edge_px: float

    @property
    def beside_px(self) -> Float64[np.ndarray, "h w"]:
        """Distance of each pixel's column beside the row's ends; 0 or less between them."""
        beside: np.ndarray = np.maximum(-self.column, self.column - self.columns)
        return beside

    def brightness_along(
        self, image: RGBImage, drawn: np.ndarray, alpha: np.ndarray, away_px: float
    ) -> Float64[np.ndarray, "h w"]:
        """Return the factor by which drawn teeth become as bright as the visible ones in the same columns.

        Args:
            image: (h, w, 3) uint8, the portrait within the window's box.
            drawn: (h, w, 3) drawn teeth.
            alpha: (h, w) how much of each pixel is drawn tooth.
            away_px: Distance beside the visible teeth over which the factor becomes 1.
        """
        both = self.teeth & (alpha > 0.9)
        column = np.floor(self.column).astype(int).clip(0, self.columns - 1)
        # Smooth over a few columns, so that the gap between two teeth remains, but no line of single pixels.
        own, other = (
            gaussian_filter1d(
                np.bincount(column[both], colours[both].sum(1), self.columns), 1 + away_px / 50
            )
            for colours in (image, drawn)
        )
        factor = np.where(other > 1, np.clip(own / np.maximum(other, 1), 0.3, 1.4), 1)
        near = np.exp(-((2 * np.maximum(self.beside_px, 0) / away_px) ** 2))
        wanted: np.ndarray = 1 + near * (factor[column] - 1)
        return wanted


def seen_teeth(image: RGBImage, face: Face, window: Grid) -> SeenTeeth | None:
    """Find the teeth between lips that are hardly apart; None if there are none.

    Args:
        image: (h, w, 3) uint8, the portrait within the window's box.
        face: The portrait's face.
        window: The nodes around the mouth.
    """
    left, top, _, _ = window.box_px
    scale = face.pose.scale_px_per_cm
    axis = down(face)
    across = np.array([axis[1], -axis[0]])
    upper, lower = (border_px(face, MOUTH, share) - (left, top) for share in (0.0, 1.0))
    inner = slice(AT_CORNER, -AT_CORNER)

    def around(reach_cm: float) -> np.ndarray:
        away = reach_cm * scale * axis
        outline = np.concatenate([upper[inner] - away, (lower[inner] + away)[::-1]])
        canvas = np.zeros(image.shape[:2], np.uint8)
        return cv2.fillPoly(canvas, [np.rint(outline * 16).astype(np.int32)], 1, shift=4) > 0

    band, between = around(REACH_CM), around(BETWEEN_CM)
    edge = band & (cv2.erode(band.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    less_red, brighter = _beside_lips(image, face, (left, top))
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float64)
    along, height = x * across[0] + y * across[1], x * axis[0] + y * axis[1]
    ends = np.sort([upper[0] @ across, upper[-1] @ across])

    def patches(limits: tuple[float, float], smallest_cm2: float, near: np.ndarray) -> np.ndarray:
        found = (less_red > limits[0]) & (brighter > limits[1]) & band
        count, patch = cv2.connectedComponents(found.astype(np.uint8), connectivity=4)
        size, at_edge, inside, beside = (
            np.bincount(patch[found & where], minlength=count)
            for where in (found, edge, between, near)
        )
        first, last = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(first, patch[found], along[found])
        np.maximum.at(last, patch[found], along[found])
        is_tooth = (
            (size > max(smallest_cm2 * scale**2, FEWEST_PIXELS))
            & (size > THINNEST_CM * scale * (last - first + 1))
            & (inside >= SHARE_BETWEEN * size)
            & (beside >= SHARE_BESIDE * size)
            & (at_edge <= SHARE_AT_EDGE * size)
        )
        is_tooth[0] = False
        teeth: np.ndarray = is_tooth[patch]
        return teeth

    share = (along - ends[0]) / max(ends[1] - ends[0], 1e-6)
    sure = patches(SURE, SMALLEST_CM2, (share > MIDDLE[0]) & (share < MIDDLE[1]))
    if not sure.any():
        return None
    _, patch = cv2.connectedComponents(sure.astype(np.uint8), connectivity=4)
    teeth = patch == 1 + np.bincount(patch[sure])[1:].argmax()
    # A lit lip beside teeth in its shade is brighter than all of them.
    band &= brighter < brighter[teeth].max() + LIGHTER
    beside_tooth = _line(across, int(np.ceil(NEXT_CM * scale)))
    for _ in range(6):
        near = cv2.dilate(teeth.astype(np.uint8), beside_tooth) > 0
        teeth = teeth | patches(SURE, SMALL_CM2, near) | patches(LIKELY, SMALL_CM2, near)
    row = _row(teeth, along, height, scale)
    return row if row.columns > NARROWEST_CM * scale else None


def _line(direction: Float64[np.ndarray, " 2"], reach_px: int) -> UInt8[np.ndarray, "side side"]:
    """Return a kernel: a line 3 pixels wide through the middle of a square, in a direction (x, y) of length 1."""
    kernel = np.zeros((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    first, last = (np.rint(reach_px * (1 + sign * direction)).astype(int) for sign in (-1, 1))
    cv2.line(kernel, (first[0], first[1]), (last[0], last[1]), 1, thickness=2)
    return kernel


def _beside_lips(
    image: RGBImage, face: Face, corner_px: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return how much less red (a*), and how much brighter (L*), each pixel (h, w) is than the lips."""
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    x, y = np.rint(face.landmarks[list(LIP_VERTICES), :2] - corner_px).astype(int).T
    x, y = x.clip(0, image.shape[1] - 1), y.clip(0, image.shape[0] - 1)
    light, red, _ = np.median(lab[y, x], axis=0)
    if lip_gap_cm(face) > APART_CM:
        # Teeth behind a shaded lip are in its shade. If the lips touch, what is dark may be the mouth's inside.
        light = np.percentile(lab[y, x, 0], 25)
    return red - lab[..., 1], lab[..., 0] - light


def _row(
    teeth: Bool[np.ndarray, "h w"],
    along: Float64[np.ndarray, "h w"],
    height: Float64[np.ndarray, "h w"],
    scale: float,
) -> SeenTeeth:
    """Return the row of teeth, with the gaps between them."""
    column = np.floor(along[teeth]).astype(int)
    first = column.min()
    top, bottom = np.full(np.ptp(column) + 1, np.inf), np.full(np.ptp(column) + 1, -np.inf)
    np.minimum.at(top, column - first, height[teeth])
    np.maximum.at(bottom, column - first, height[teeth])
    seen = np.flatnonzero(np.isfinite(top))
    place = np.arange(len(top))
    size = max(3, int(0.15 * scale)) | 1
    top, bottom = (
        gaussian_filter1d(median_filter(np.interp(place, seen, edge[seen]), size), 0.04 * scale)
        for edge in (top, bottom)
    )
    middles = first + place + 0.5
    above = np.interp(along, middles, top) - height
    below = height - np.interp(along, middles, bottom)
    beside = np.maximum(first - along, along - (first + len(place)))
    within = np.maximum.reduce([above, below, beside]) < BLUR_PX
    return SeenTeeth(
        soften(within.astype(np.float32), 0.5),
        teeth,
        along - first,
        len(place),
        below,
        float(np.median(bottom)),
    )
