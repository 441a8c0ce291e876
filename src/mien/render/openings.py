"""The mouth and the eyes: places where the skin has an edge and something lies behind it.

A single smooth field would smear the lips when they part. So each opening has two sheets of skin, upper and lower. On
its side of the seam a sheet's field is that of the skin; on the other side it is continued smoothly, so it has no jump.
A sheet is visible where its content comes from its own side, and transparent elsewhere. The picture is the upper sheet
over the lower sheet over the inside (eyeball, teeth, dark). So the edges of lips and lids stay as sharp as in the
portrait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int

from mien.face import mesh
from mien.face.portrait import Face
from mien.render.grid import Grid
from mien.render.inpaint import soften
from mien.types import RGBImage, Vertices2

OpeningName = Literal["mouth", "right_eye", "left_eye"]


@dataclass(frozen=True)
class OpeningKind:
    """The constants of a mouth or an eye.

    Attributes:
        name: Which opening.
        upper: Vertices of the upper border, from the corner at the image's left to the one at its right.
        lower: Vertices of the lower border, paired with the upper ones.
        reach_up_cm: Distance above the seam over which the lower sheet's field is continued.
        reach_down_cm: Distance below the seam over which the upper sheet's field is continued.
        inset_upper: Share of the opening, from its upper border, that moves with the upper sheet (lashes).
        inset_lower: Share of the opening, from its lower border, that moves with the lower sheet.
        upper_yields: Share of an overlap by which the upper border moves back; the lower one moves back by the rest.
    """

    name: OpeningName
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    reach_up_cm: float
    reach_down_cm: float
    inset_upper: float
    inset_lower: float
    upper_yields: float


MOUTH = OpeningKind("mouth", mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER, 2.2, 3.2, 0.02, 0.0, 0.5)
RIGHT_EYE = OpeningKind(
    "right_eye", mesh.RIGHT_EYE_UPPER, mesh.RIGHT_EYE_LOWER, 1.2, 3.2, 0.14, 0.06, 1.0
)
LEFT_EYE = OpeningKind(
    "left_eye", mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER, 1.2, 3.2, 0.14, 0.06, 1.0
)
KINDS = (RIGHT_EYE, LEFT_EYE, MOUTH)


def pair_gaps_px(face: Face, kind: OpeningKind) -> Float64[np.ndarray, " pairs"]:
    """Return how far the lower border is below the upper one at each pair of vertices, along the head's own down."""
    gap = face.landmarks[list(kind.lower), :2] - face.landmarks[list(kind.upper), :2]
    gaps: np.ndarray = gap.astype(np.float64) @ down(face)
    return gaps


def down(face: Face) -> Float64[np.ndarray, " 2"]:
    """Return the head's own down in the picture, a unit vector."""
    axis = face.pose.project_vectors(np.array([0.0, 1.0, 0.0]))
    unit: np.ndarray = axis / np.linalg.norm(axis)
    return unit


@dataclass(frozen=True, eq=False)
class Borders:
    """An opening's two borders on a face, which can touch but not cross.

    Attributes:
        kind: Which opening.
        down: The head's own down in the picture, a unit vector.
        gaps_px: How far the lower border is below the upper one at each pair of vertices, 0 or more.
        upper: The upper border's vertices.
        lower: The lower border's vertices, paired with the upper ones.
    """

    kind: OpeningKind
    down: Float32[np.ndarray, " 2"]
    gaps_px: Float32[np.ndarray, " pairs"]
    upper: Int[np.ndarray, " pairs"]
    lower: Int[np.ndarray, " pairs"]

    @classmethod
    def of(cls, face: Face, kind: OpeningKind) -> Borders:
        """Read an opening's borders from a face."""
        gaps_px = np.maximum(pair_gaps_px(face, kind), 0)
        upper, lower = np.array(kind.upper), np.array(kind.lower)
        return cls(kind, down(face).astype(np.float32), gaps_px.astype(np.float32), upper, lower)

    def keep_apart(self, displacement_px: Vertices2) -> Vertices2:
        """Return displacements (468, 2), px, in which the borders stop where they touch: they do not cross."""
        upper, lower = self.upper, self.lower
        closing = (displacement_px[lower] - displacement_px[upper]) @ self.down
        overlap = np.maximum(0, -(self.gaps_px + closing))
        overlap[[0, -1]] = 0
        if not overlap.any():
            return displacement_px
        result = displacement_px.copy()
        push = overlap[:, None] * self.down
        result[upper] -= np.float32(self.kind.upper_yields) * push
        result[lower] += np.float32(1 - self.kind.upper_yields) * push
        return result


def border_px(face: Face, kind: OpeningKind, share: float) -> Float64[np.ndarray, "n 2"]:
    """Return a smooth line (n, 2) from corner to corner; ``share`` is 0 at the upper border and 1 at the lower."""
    upper = face.landmarks[list(kind.upper), :2].astype(np.float64)
    lower = face.landmarks[list(kind.lower), :2].astype(np.float64)
    return resample(upper + share * (lower - upper))


def resample(line: np.ndarray, points: int = 64) -> np.ndarray:
    """Return points (points, 2) of a smooth curve through the vertices of a polyline (Catmull-Rom)."""
    padded = np.concatenate([2 * line[:1] - line[1:2], line, 2 * line[-1:] - line[-2:-1]])
    place = np.linspace(0, len(line) - 1, points)
    start = np.minimum(place.astype(int), len(line) - 2)
    t = (place - start)[:, None]
    p0, p1, p2, p3 = (padded[start + k] for k in range(4))
    curve: np.ndarray = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return curve


def fill_polygon(polygon_px: np.ndarray, window: Grid, value: float, canvas: np.ndarray) -> None:
    """Fill a polygon of picture coordinates on a canvas over the window's box, of any resolution."""
    left, top, right, _ = window.box_px
    factor = canvas.shape[1] / (right - left)
    points = (polygon_px - (left, top) + 0.5) * factor - 0.5
    cv2.fillPoly(
        canvas, [np.round(points * 16).astype(np.int32)], value, lineType=cv2.LINE_8, shift=4
    )


def canvas_for(window: Grid) -> np.ndarray:
    """Return a float32 canvas of zeros over the window's box; for a small box it is finer than the picture."""
    left, top, right, bottom = window.box_px
    factor = int(np.clip(800 // max(right - left, bottom - top), 1, 4))
    return np.zeros(((bottom - top) * factor, (right - left) * factor), np.float32)


def settle(canvas: np.ndarray, window: Grid, soft_px: float = 0.6) -> Float32[np.ndarray, "h w"]:
    """Reduce a canvas to the picture's resolution, and soften its edges by a Gaussian with sigma ``soft_px``."""
    left, top, right, bottom = window.box_px
    picture = cv2.resize(canvas, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    return soften(picture, soft_px)


def keep_shown(picture: np.ndarray, drawn: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return an opening's inside: the portrait's own pixels where it shows the inside, and drawn pixels elsewhere.

    Args:
        picture: (h, w, 3) the portrait.
        drawn: (h, w, 3) the drawn inside.
        shown: (h, w) in [0, 1] how much of the inside the portrait shows at each pixel. A small share is enough to take
            the portrait's pixel, so that a face at rest looks like the portrait.
    """
    weight = kept_share(shown)[..., None]
    inside: np.ndarray = np.rint(picture * weight + drawn * (1 - weight)).astype(np.uint8)
    return inside


def kept_share(shown: np.ndarray) -> np.ndarray:
    """Return the share (h, w) of the portrait's own pixels in an opening's inside; see `keep_shown`."""
    share: np.ndarray = np.clip(shown / 0.12, 0, 1)
    return share


TOUCHING_CM = 0.05
"""Lips that are closer than this count as shut, whatever is visible between them."""
SHUT_GAP_CM = 0.3
"""Closer lips count as shut unless teeth show: the net often places the inner borders on the red of the lips."""
TEETH_SHARE = 0.15
"""Teeth show if at least this share of the line between the lips is about as bright as the lips and less red."""


def is_shut(face: Face, image: RGBImage) -> bool:
    """Return whether the lips are shut in the portrait: they are close, and no teeth show between them.

    Args:
        face: The portrait's face.
        image: (H, W, 3) uint8.
    """
    gap_cm = np.median(pair_gaps_px(face, MOUTH)[2:-2]) / face.pose.scale_px_per_cm
    if not TOUCHING_CM < gap_cm < SHUT_GAP_CM:
        return bool(gap_cm <= TOUCHING_CM)
    lips = colours_at(image, face.landmarks[list(_LIP_VERTICES), :2])
    between = colours_at(image, border_px(face, MOUTH, 0.5)[16:-16])
    if not len(lips) or not len(between):
        return True
    lip = np.median(lips, axis=0)
    redness = between[:, 0] / np.maximum(between.sum(1), 1)
    teeth = (between.sum(1) > 0.85 * lip.sum()) & (redness < lip[0] / max(lip.sum(), 1) - 0.04)
    return bool(teeth.mean() < TEETH_SHARE)


def colours_at(image: RGBImage, points: np.ndarray) -> np.ndarray:
    """Return the colours (N, 3), float64, at the points (x, y) that lie in the picture."""
    height, width = image.shape[:2]
    x, y = np.rint(points).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    colours: np.ndarray = image[y[inside], x[inside]].astype(np.float64)
    return colours


_LIP_VERTICES = (*mesh.LIPS_OUTER_LOWER[3:8], *mesh.LIPS_INNER_LOWER[3:8], 15, 16, 11, 12)


def shift_band(
    face: Face, window: Grid, start_mm: float, stop_mm: float, soft_cm: float
) -> np.ndarray:
    """Return a soft band (h, w) across the whole window, between two distances below the line where the lips meet."""
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
