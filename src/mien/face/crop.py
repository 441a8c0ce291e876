"""The square crop that a network sees, and the map from its points back to the picture's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Float64

from mien.errors import FaceError
from mien.types import RGBImage


@dataclass(frozen=True)
class FaceCrop:
    """A square on the picture, turned so that the eyes lie level in it.

    Attributes:
        x_px: Its centre, x; the centres of pixels are whole numbers.
        y_px: Its centre, y.
        side_px: The length of a side, above 0.
        roll_radians: Its rotation, clockwise in the image.
    """

    x_px: float
    y_px: float
    side_px: float
    roll_radians: float = 0.0

    def __post_init__(self) -> None:
        values = (self.x_px, self.y_px, self.side_px, self.roll_radians)
        if not np.isfinite(values).all() or self.side_px <= 0:
            raise FaceError(f"a crop needs finite values and a side above 0, got {self}")

    def is_close_to(self, other: FaceCrop) -> bool:
        """Return whether two crops differ by at most 0.5 % of a side in place, 1 % in size and 0.5 degrees."""
        turn = self.roll_radians - other.roll_radians
        turn = float(np.arctan2(np.sin(turn), np.cos(turn)))
        return bool(
            np.hypot(self.x_px - other.x_px, self.y_px - other.y_px) <= 0.005 * other.side_px
            and abs(self.side_px / other.side_px - 1) <= 0.01
            and abs(turn) <= np.radians(0.5)
        )

    def to_image(self, size: int) -> Float64[np.ndarray, "2 3"]:
        """Return the affine map (2, 3) from the pixels of the crop, drawn at ``size``, to the picture's pixels."""
        scale = self.side_px / size
        turn = scale * rotation_2d(self.roll_radians)
        # The crop's middle, (size - 1) / 2 counted from the first pixel's centre.
        shift = np.array([self.x_px, self.y_px]) - turn @ np.full(2, (size - 1) / 2)
        return np.column_stack([turn, shift])

    def moved(
        self, linear: Float64[np.ndarray, "2 2"], shift: Float64[np.ndarray, " 2"]
    ) -> FaceCrop:
        """Return the crop moved with a head, whose pixels ``p`` go to ``linear @ p + shift``.

        Args:
            linear: (2, 2) a rotation times a scale.
            shift: (2,) pixels.
        """
        x_px, y_px = linear @ np.array([self.x_px, self.y_px]) + shift
        return FaceCrop(
            float(x_px),
            float(y_px),
            self.side_px * float(np.sqrt(np.linalg.det(linear))),
            self.roll_radians + float(np.arctan2(linear[1, 0], linear[0, 0])),
        )

    def normalised(
        self, points_px: Float[np.ndarray, "*leading 2"]
    ) -> Float64[np.ndarray, "*leading 2"]:
        """Return a picture's pixels in the crop's coordinates, (x, y) in [-1, 1] from edge to edge."""
        upright = rotation_2d(self.roll_radians)  # rows times this matrix are rotated back
        centre = np.array([self.x_px, self.y_px])
        result: np.ndarray = (points_px - centre) @ upright * (2 / self.side_px)
        return result

    def sample(
        self, image: RGBImage, size: int, *, replicate_border: bool = True
    ) -> Float32[np.ndarray, "size size 3"]:
        """Draw the crop.

        A large crop is averaged down, so that no pixel of the picture is skipped. Otherwise the landmarks
        of a face in a 4K picture would jitter with the texture of its skin.

        Args:
            image: (H, W, 3) uint8.
            size: Width and height of the result, pixels.
            replicate_border: Whether to repeat the picture's edge beyond the picture; otherwise black.

        Returns:
            (size, size, 3) float32, 0 to 255.
        """
        import cv2

        shrink = self.side_px / size
        part, from_image = _part_under(image, self, factor=max(1, int(shrink)))
        # A factor of up to 2 is left: draw finer by the next whole number, then average.
        fine = max(1, int(np.ceil(shrink / max(1, int(shrink)))))
        middle = (fine - 1) / 2
        from_fine = np.array([[1, 0, -middle], [0, 1, -middle]]) / fine
        drawn = cv2.warpAffine(
            part,
            _compose(from_image, _compose(self.to_image(size), from_fine)),
            (size * fine, size * fine),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE if replicate_border else cv2.BORDER_CONSTANT,
        )
        if fine > 1:
            drawn = cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
        return np.asarray(drawn, np.float32)


def rotation_2d(radians: float) -> Float64[np.ndarray, "2 2"]:
    """Return the matrix that turns (x, y) clockwise in an image."""
    cos, sin = np.cos(radians), np.sin(radians)
    return np.array([[cos, -sin], [sin, cos]])


def _compose(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """Return the affine map that applies ``inner`` (2, 3), then ``outer`` (2, 3)."""
    composed: np.ndarray = outer @ np.vstack([inner, [0, 0, 1]])
    return composed


def _part_under(
    image: RGBImage, crop: FaceCrop, factor: int
) -> tuple[Float32[np.ndarray, "rows columns 3"], Float64[np.ndarray, "2 3"]]:
    """Return the part of the picture under the crop, averaged down by a whole factor.

    Returns:
        The part's pixels, and the affine map from the picture's pixels to them.
    """
    import cv2

    height, width = image.shape[:2]
    reach = crop.side_px * np.sqrt(0.5) + 2 * factor  # half the diagonal, and a border
    x0 = int(np.clip(crop.x_px - reach, 0, width - 1))
    y0 = int(np.clip(crop.y_px - reach, 0, height - 1))
    columns = max(1, (min(width, int(crop.x_px + reach) + 1) - x0) // factor)
    rows = max(1, (min(height, int(crop.y_px + reach) + 1) - y0) // factor)
    part = np.ascontiguousarray(image[y0 : y0 + rows * factor, x0 : x0 + columns * factor])
    if factor > 1:
        part = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
    # The left edge of pixel x0, x0 - 0.5, becomes the left edge of the first pixel, -0.5.
    shift_x, shift_y = (0.5 - x0) / factor - 0.5, (0.5 - y0) / factor - 0.5
    from_image = np.array([[1 / factor, 0, shift_x], [0, 1 / factor, shift_y]])
    return part.astype(np.float32), from_image
