"""Apply what a network changes in its small square to the portrait's own pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from mien.face.crop import FaceCrop, rotation_2d
from mien.face.mesh import VERTEX_COUNT
from mien.face.portrait import Portrait
from mien.face.square import SQUARE_CM, face_square
from mien.render.region import (
    CHIN_MARGIN_CM,
    Reach,
    margins_px,
    oval_px,
    picture_edge_share,
    smoothstep,
)
from mien.types import Image, RGBImage

REACH = Reach(edge_share=1.0, side_margin_cm=0.8)
"""How far beyond the face's outline a change fades out. At the sides it is short: hair and background begin there."""

EDGE_CM = 0.8
"""Distance over which a change fades out towards the square's own edge, which may cross neck and collar."""

FAINT = 1 / 512
"""A change on a scale of [-1, 1] below which no pixel changes: a quarter of a grey level."""

_FINER = 4
"""Factor by which a coarse displacement is first upsampled, in the square's own axes."""

_COVER = (0.1, 0.6)
"""Painted share of a distorted pixel at which the network's picture begins to replace it, and replaces it fully."""

_DISTORTED = (1.4, 2.0)
"""Factor of stretching or squeezing at which moved pixels begin to be replaced, and are all replaced."""


@dataclass(frozen=True, eq=False)
class Paint:
    """What a network paints in its square beyond moving pixels, RGB on a scale of [-1, 1].

    A change is enough where the moved pixels are nearly right. Where motion stretches or squeezes them, such as the
    strip of an eye between closed lids, the enlarged change would not cancel their fine detail. There the network's own
    picture replaces them.

    Attributes:
        change: (S, S, 3) the network's picture minus its own moved picture at rest.
        picture: (S, S, 3) the network's picture.
        share: (S, S) from 0 (all moved) to 1 (all painted).
    """

    change: Float32[np.ndarray, "size size 3"]
    picture: Float32[np.ndarray, "size size 3"]
    share: Float32[np.ndarray, "size size"]

    def added_and_cover(
        self, displacement: Float32[np.ndarray, "h w 2"]
    ) -> Float32[np.ndarray, "size size 4"]:
        """Return what is added to the moved pixels, and the share of each that is replaced.

        Args:
            displacement: As for `Lift.move`.

        Returns:
            (S, S, 4): three channels to add, on a scale from 0 (black) to 2 (white), and the share from 0 to 1.
        """
        import cv2

        low, high = _COVER
        distorted = cv2.resize(distortion(displacement), self.share.shape[::-1])
        cover = (np.clip((self.share - low) / (high - low), 0, 1) * distorted)[..., None]
        added = (1 - cover) * self.change + cover * (self.picture + 1)
        return np.concatenate([added, cover], -1).astype(np.float32)

    @property
    def faint(self) -> bool:
        """Whether no pixel would change."""
        return float(np.abs(self.change).max()) <= FAINT and float(self.share.max()) <= _COVER[0]


def distortion(displacement: Float32[np.ndarray, "h w 2"]) -> Float32[np.ndarray, "h w"]:
    """Return how strongly a motion distorts the picture in each cell.

    Args:
        displacement: (h, w, 2) backward displacement (x, y), normalised (2 is the square's side).

    Returns:
        (h, w): from 0 to 1 between the two factors of `_DISTORTED`; 1 where the motion folds the picture.
    """
    height, width = displacement.shape[:2]
    down, right = np.gradient(displacement, 2 / height, 2 / width, axis=(0, 1))
    a, b, c, d = 1 + right[..., 0], down[..., 0], right[..., 1], 1 + down[..., 1]
    # The singular values of the map's derivative, from their sum and difference.
    plus, minus = np.hypot(a + d, c - b), np.hypot(a - d, c + b)
    largest, least = (plus + minus) / 2, np.abs(plus - minus) / 2
    times = np.maximum(largest, 1 / np.maximum(least, 1e-3))
    low, high = _DISTORTED
    folded = a * d - b * c <= 0
    result: np.ndarray = np.where(folded, 1, np.clip((times - low) / (high - low), 0, 1)).astype(
        np.float32
    )
    return result


class Lift:
    """A portrait's square as a network sees it, and the way back to the portrait's pixels.

    Only the *change* of the square is enlarged and added: skin, hair and lashes keep the sharpness of
    the portrait, which the small square lacks. Changes fade out around the face, so that the
    background beyond that stays the same.

    Args:
        portrait: The portrait.
        size: Side of the network's picture, pixels.
        chin_cm: How far below the chin a change keeps its full size before it fades out, canonical
            centimetres. A repainted jaw drops this far. Moved pixels would drag the neck along.
        side_cm: Side of the square, canonical centimetres.
        down_cm: How far its centre lies below the face's, towards the chin, canonical centimetres.
        above_cm: How far above the square moved pixels go on with the motion at its upper edge, while it fades out,
            canonical centimetres. If the square ends on the forehead, raised brows would be squashed at its edge.
    """

    def __init__(
        self,
        portrait: Portrait,
        size: int,
        *,
        chin_cm: float = 0.0,
        side_cm: float = SQUARE_CM,
        down_cm: float = 0.0,
        above_cm: float = 0.0,
    ) -> None:
        self.portrait, self.size, self.chin_cm = portrait, size, chin_cm
        self.side_cm, self.above_cm = side_cm, above_cm
        self.square: FaceCrop = face_square(portrait.face.pose, side_cm=side_cm, down_cm=down_cm)

    @cached_property
    def seen(self) -> Float32[np.ndarray, "size size 3"]:
        """The square as the network sees it, RGB in [-1, 1]."""
        rgb: RGBImage = np.ascontiguousarray(self.portrait.image[..., :3])
        return self.square.sample(rgb, self.size) / np.float32(127.5) - 1

    def apply(
        self, change: Float32[np.ndarray, "size size 3"], *, image: Image | None = None
    ) -> Image:
        """Add a change to the portrait.

        Args:
            change: What the network makes of the square minus the square, on its scale of [-1, 1].
            image: The picture to change, of the portrait's size; None for the portrait.

        Returns:
            (H, W, 3 or 4) uint8; alpha is the portrait's.
        """
        image = np.array(self.portrait.image if image is None else image)
        if not change.any():
            return image
        left, top, right, bottom = self.box_px
        part = image[top:bottom, left:right, :3]
        lifted = self._enlarge(change) * (np.float32(127.5) * self._weight)
        part[:] = np.rint(part + lifted).clip(0, 255).astype(np.uint8)
        return image

    def move(
        self,
        displacement: Float32[np.ndarray, "h w 2"],
        paint: Paint | None = None,
        *,
        finer: int = _FINER,
        image: Image | None = None,
    ) -> Image:
        """Move the portrait's own pixels, then add what a network painted beyond moving.

        Args:
            displacement: (h, w, 2) backward displacement (x, y): where the content of each cell of the square comes
                from, relative to the cell and normalised (2 is the square's side). It may be coarse; it is
                interpolated smoothly.
            paint: What the network paints; None for nothing.
            finer: Factor by which the displacement is upsampled before it is smoothed; 1 for a dense one.
            image: The picture to move, of the portrait's size; None for the portrait.

        Returns:
            (H, W, 3 or 4) uint8; alpha is the portrait's.
        """
        import cv2

        image = np.array(self.portrait.image if image is None else image)
        if paint is not None and paint.faint:
            paint = None
        if not displacement.any() and paint is None:
            return image
        left, top, right, bottom = self.box_px
        own = np.ascontiguousarray(image[top:bottom, left:right, :3], np.float32)
        place = self.displacement_px(displacement, finer=finer)
        place += self._places
        moved = cv2.remap(  # type: ignore[call-overload]
            own, place, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        if paint is not None:
            lifted = self._enlarge(paint.added_and_cover(displacement)) * self._weight
            moved *= 1 - np.clip(lifted[..., 3:], 0, 1)
            moved += np.float32(127.5) * lifted[..., :3]
        # Rounds and saturates.
        made = cv2.addWeighted(moved, 1, moved, 0, 0, dtype=cv2.CV_8U)
        # Where the weight is 0, rounding must not change a pixel either.
        moves = np.maximum(self._weight, self._motion_weight) > 0
        np.copyto(image[top:bottom, left:right, :3], made, where=moves)
        return image

    def displacement_px(
        self, displacement: Float32[np.ndarray, "h w 2"], *, finer: int = _FINER
    ) -> Float32[np.ndarray, "height width 2"]:
        """Bring a displacement of the square to the portrait's pixels in `box_px`.

        Args:
            displacement: As for `move`.
            finer: As for `move`.

        Returns:
            (h, w, 2) displacement (x, y) in pixels, which fades out around the face.
        """
        import cv2

        fine = cv2.resize(
            np.ascontiguousarray(displacement, np.float32),
            None,
            fx=finer,
            fy=finer,
            interpolation=cv2.INTER_CUBIC,
        )
        # Cubic interpolation has kinks in its curvature at the nodes, which would show as blocks.
        fine = cv2.GaussianBlur(fine, (0, 0), 0.5 * finer)
        turn = (self.square.side_px / 2) * rotation_2d(self.square.roll_radians)
        rows = round(self.above_cm / self.side_cm * len(fine))
        fine = cv2.copyMakeBorder(fine, rows, 0, 0, 0, cv2.BORDER_REPLICATE)
        # Rotate the displacement while it is small. Then it is in pixels, from each pixel's own place.
        away = self._enlarge(fine @ turn.T.astype(np.float32), rows)
        away *= self._motion_weight
        return away

    @cached_property
    def _places(self) -> Float32[np.ndarray, "height width 2"]:
        """Column and row of each pixel that may change, in their box."""
        left, top, right, bottom = self.box_px
        columns, rows = np.meshgrid(
            *(np.arange(n, dtype=np.float32) for n in (right - left, bottom - top))
        )
        return np.stack([columns, rows], axis=-1)

    def enlarge(
        self, maps: Float32[np.ndarray, "size size"]
    ) -> Float32[np.ndarray, "height width"]:
        """Bring a map, such as the attention's, to the portrait's pixels; 0 outside the face."""
        left, top, right, bottom = self.box_px
        whole = np.zeros(self.portrait.image.shape[:2], np.float32)
        whole[top:bottom, left:right] = self._enlarge(maps) * self._weight[..., 0]
        return whole

    @cached_property
    def vertex_share(self) -> Float32[np.ndarray, " 468"]:
        """Share of a change that remains at each vertex: 1 on the face, less where changes fade out."""
        height, width = self.portrait.image.shape[:2]
        places = np.rint(self.portrait.face.landmarks[:VERTEX_COUNT, :2]).astype(int)
        columns, rows = places.clip(0, (width - 1, height - 1)).T
        whole = self.enlarge(np.ones((self.size, self.size), np.float32))
        share: np.ndarray = whole[rows, columns]
        return share

    def _enlarge(self, maps: np.ndarray, rows_above: int = 0) -> np.ndarray:
        """Bring maps to the portrait's pixels in `box_px`; their first ``rows_above`` rows lie above the square."""
        import cv2

        left, top, right, bottom = self.box_px
        to_image = self.square.to_image(len(maps) - rows_above)
        to_image = to_image - np.array([[0, 0, left], [0, 0, top]])
        to_image[:, 2] -= rows_above * to_image[:, 1]
        return cv2.warpAffine(
            np.ascontiguousarray(maps, np.float32),
            to_image,
            (right - left, bottom - top),
            flags=cv2.INTER_CUBIC,
        )

    @cached_property
    def box_px(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the pixels that may change."""
        height, width = self.portrait.image.shape[:2]
        reach = CHIN_MARGIN_CM * self.portrait.face.pose.scale_px_per_cm
        left, top = np.floor(self.portrait.face.box_px[:2] - reach).astype(int).clip(0)
        right, bottom = np.ceil(self.portrait.face.box_px[2:] + reach).astype(int) + 1
        return int(left), int(top), min(int(right), width), min(int(bottom), height)

    @cached_property
    def _weight(self) -> Float32[np.ndarray, "height width 1"]:
        """1 on the face, falling to 0 around it and towards the square's own edge."""
        centres_cm = (np.arange(self.size) + 0.5) * (self.side_cm / self.size)
        inwards = smoothstep(np.minimum(centres_cm, self.side_cm - centres_cm) / EDGE_CM)
        inwards[[0, -1]] = 0
        edge = np.minimum(inwards[:, None], inwards[None])
        inside = np.clip(self._enlarge(edge), 0, 1)
        result: np.ndarray = np.minimum(self._near, inside).astype(np.float32)[..., None]
        return result

    @cached_property
    def _motion_weight(self) -> Float32[np.ndarray, "height width 1"]:
        """Like `_weight`, for moved pixels: towards the upper edge it falls to 0 above the square, if that is asked."""
        if not self.above_cm:
            return self._weight
        cell_cm = self.side_cm / self.size
        rows = round(self.above_cm / cell_cm)
        across_cm = (np.arange(self.size) + 0.5) * cell_cm
        down_cm = (np.arange(-rows, self.size) + 0.5) * cell_cm
        beside = smoothstep(np.minimum(across_cm, self.side_cm - across_cm) / EDGE_CM)
        below = smoothstep((self.side_cm - down_cm) / EDGE_CM)
        above = smoothstep(1 + down_cm / self.above_cm)
        beside[[0, -1]] = below[-1] = above[0] = 0
        edge = np.minimum(np.minimum(above, below)[:, None], beside[None])
        inside = np.clip(self._enlarge(edge, rows), 0, 1)
        left, top, right, bottom = self.box_px
        pixels = np.mgrid[top:bottom, left:right][::-1].transpose(1, 2, 0)
        height, width = self.portrait.image.shape[:2]
        # What lies beyond the picture's edge is unknown, so its edge stays, as with the rig.
        inside *= picture_edge_share(pixels, self.portrait.face, height, width)
        result: np.ndarray = np.minimum(self._near, inside).astype(np.float32)[..., None]
        return result

    @cached_property
    def _near(self) -> Float32[np.ndarray, "height width"]:
        """1 on the face, falling to 0 around it."""
        import cv2

        left, top, right, bottom = self.box_px
        face = self.portrait.face
        corner = np.array([left, top])
        hull = cv2.convexHull(np.rint(face.landmarks[:VERTEX_COUNT, :2] - corner).astype(np.int32))
        outside = np.ones((bottom - top, right - left), np.uint8)
        cv2.fillConvexPoly(outside, hull, 0)
        away_px = cv2.distanceTransform(outside, cv2.DIST_L2, 5)
        margin_px = self._margin_px()
        side_px = REACH.side_margin_cm * face.pose.scale_px_per_cm
        chin_px = CHIN_MARGIN_CM * face.pose.scale_px_per_cm
        # The margin is widest at the chin, so its width tells how close to the chin a direction points.
        at_chin = np.clip((margin_px - side_px) / (chin_px - side_px), 0, 1)
        whole_px = self.chin_cm * face.pose.scale_px_per_cm * at_chin
        return smoothstep(1 - (away_px - whole_px) / (margin_px - whole_px))

    def _margin_px(self) -> Float32[np.ndarray, "height width"]:
        """How far a change goes beyond the face's outline, pixels, in the direction from its centre to each pixel."""
        left, top, right, bottom = self.box_px
        oval = oval_px(self.portrait.face)
        x, y = oval.mean(0)
        directions = np.arctan2(oval[:, 1] - y, oval[:, 0] - x)
        rows, columns = np.mgrid[top:bottom, left:right]
        around = np.arctan2(rows - y, columns - x)
        margins = margins_px(self.portrait.face, REACH)
        result: np.ndarray = np.interp(around, directions, margins, period=2 * np.pi).astype(
            np.float32
        )
        return result


def as_picture(image: Float32[np.ndarray, "size size 3"]) -> RGBImage:
    """Return a network's picture, RGB in [-1, 1], as (S, S, 3) uint8."""
    grey = np.rint((np.asarray(image, np.float32) + 1) * np.float32(127.5))
    result: np.ndarray = grey.clip(0, 255).astype(np.uint8)
    return result
