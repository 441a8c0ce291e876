"""Cut the face out of a frame as if the head had not moved.

The square of the first frame is cut out of a later one. If the head has moved far, each pixel of the square is taken
from its place on the rigid head in that frame. Only a small motion is then left for optical flow to find.
"""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.face import mesh
from mien.face.portrait import Face
from mien.motion.rigid import RigidMotion
from mien.types import Image

CROP_OF_FACE = 1.24
"""The square's side divided by the face's longer side."""
DEPTH_BLUR = 0.008
"""Sigma with which the depths are smoothed, as a share of the square's side."""


class HeadView:
    """The square around the first frame's face.

    Args:
        face: The first frame's face.
        rigid: Its rigid motions.
        side_px: The side to which the square is resized.

    Attributes:
        zoom: Pixels of the square for one pixel of the clip.
    """

    def __init__(self, face: Face, rigid: RigidMotion, side_px: int) -> None:
        self._rigid = rigid
        self._side = side_px
        left, top, right, bottom = face.box_px
        half = CROP_OF_FACE / 2 * max(right - left, bottom - top)
        self.zoom = side_px / (2 * half)
        centre = np.array([left + right, top + bottom]) / 2
        self._shift = (side_px - 1) / 2 - self.zoom * centre
        self._vertices = self.in_square(face.landmarks[: mesh.VERTEX_COUNT, :2])

    def in_square(self, points_px: Float[np.ndarray, "n 2"]) -> Float32[np.ndarray, "n 2"]:
        """Convert places in the clip to places in the square, both in pixels, for a head that has not moved."""
        places: np.ndarray = (points_px * self.zoom + self._shift).astype(np.float32)
        return places

    def cut(self, frame: Image, head: Float64[np.ndarray, " 6"] | None = None) -> np.ndarray:
        """Return a frame's square (side, side), grey levels.

        Args:
            frame: (H, W, 3 or 4).
            head: How the head has moved: parameters of `RigidMotion`. None if it has not moved.
        """
        side, edge = self._side, cv2.BORDER_REPLICATE
        if head is not None:
            places = self.places_px(head)
            grey, corner = self._grey(frame, places.min((0, 1)), places.max((0, 1)))
            return cv2.remap(grey, places - corner, None, cv2.INTER_CUBIC, borderMode=edge)  # type: ignore[call-overload,no-any-return]
        ends = (np.array([[0, 0], [side - 1, side - 1]]) - self._shift) / self.zoom
        grey, corner = self._grey(frame, *ends)
        shift = self._shift + self.zoom * corner
        matrix = np.array([[self.zoom, 0, shift[0]], [0, self.zoom, shift[1]]])
        return cv2.warpAffine(grey, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=edge)

    def _grey(
        self, frame: Image, first: np.ndarray, last: np.ndarray
    ) -> tuple[np.ndarray, Float32[np.ndarray, " 2"]]:
        """Return the grey levels of the needed part of a frame, and the place of this part's first pixel.

        Args:
            frame: The frame.
            first: (2,) smallest x and y that will be read.
            last: (2,) largest x and y that will be read.
        """
        sigma = 0.4 / self.zoom if self.zoom < 0.7 else 0.0
        margin = 4 + 4 * sigma
        size = np.array(frame.shape[1::-1])
        start = np.clip(np.floor(first - margin), 0, size - 1).astype(int)
        stop = np.clip(np.ceil(last + margin) + 1, start + 1, size).astype(int)
        part = frame[start[1] : stop[1], start[0] : stop[0], :3]
        grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
        if sigma:
            grey = cv2.GaussianBlur(grey, (0, 0), sigma)
        return grey, start.astype(np.float32)

    def places_px(self, head: Float64[np.ndarray, " 6"]) -> Float32[np.ndarray, "side side 2"]:
        """Return where in the clip each pixel of the square lies after the head has moved, in pixels."""
        x, y, depth = self._solid
        # A place's displacement plus the place itself.
        matrix = self._rigid.matrix(head)
        matrix[:, :2] += self._rigid.scale_px_per_cm * np.eye(2)
        matrix[:, 3] += self._rigid.middle_px
        flat = np.stack([x, y, depth, np.ones_like(x)], axis=-1) @ matrix.T.astype(np.float32)
        return np.ascontiguousarray(flat.astype(np.float32))

    @cached_property
    def _solid(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, y and depth (side, side) of each pixel on the first head, canonical centimetres."""
        from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

        side = self._side
        pixels = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).astype(np.float64)
        depths = self._rigid.places_cm()[:, 2]
        depth = LinearNDInterpolator(self._vertices, depths)(pixels)
        around = np.isnan(depth)
        depth[around] = NearestNDInterpolator(self._vertices, depths)(pixels[around])
        smooth = cv2.GaussianBlur(depth.astype(np.float32), (0, 0), DEPTH_BLUR * side)
        places = (pixels - self._shift) / self.zoom - self._rigid.middle_px
        x, y = np.moveaxis(places / self._rigid.scale_px_per_cm, -1, 0).astype(np.float32)
        return x, y, smooth
