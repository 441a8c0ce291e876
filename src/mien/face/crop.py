"""The square a landmark net looks at, and the way back from its points to the picture's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from mien.errors import FaceError
from mien.types import RGBImage


@dataclass(frozen=True)
class FaceCrop:
    """A square on the picture, turned so that the eyes lie level in it.

    Attributes:
        x_px: Its centre; pixel centres are whole numbers.
        y_px: Its centre.
        side_px: The length of a side, above 0.
        roll_radians: Its turn, clockwise in the image.
    """

    x_px: float
    y_px: float
    side_px: float
    roll_radians: float = 0.0

    def __post_init__(self) -> None:
        values = (self.x_px, self.y_px, self.side_px, self.roll_radians)
        if not np.isfinite(values).all() or self.side_px <= 0:
            raise FaceError(f"a crop needs finite values and a side above 0, got {self}")

    def to_image(self, size: int) -> Float64[np.ndarray, "2 3"]:
        """The affine map from pixels of the crop drawn at ``size`` by ``size`` to pixels of the picture."""
        scale = self.side_px / size
        turn = scale * rotation_2d(self.roll_radians)
        # The crop's middle lies between pixels: (size - 1) / 2 counts from the first pixel's centre.
        shift = np.array([self.x_px, self.y_px]) - turn @ np.full(2, (size - 1) / 2)
        return np.column_stack([turn, shift])

    def sample(
        self, image: RGBImage, size: int, *, replicate_border: bool = True
    ) -> Float32[np.ndarray, "size size 3"]:
        """Draw the crop.

        A large crop is averaged down, not skipped through: every pixel of the picture has its say, or a 4K face's
        landmarks would dance with its pores.

        Args:
            image: (H, W, 3) uint8.
            size: Width and height of the result.
            replicate_border: Beyond the picture, repeat its edge (else black).

        Returns:
            (size, size, 3) float32, 0 to 255.
        """
        import cv2

        border = cv2.BORDER_REPLICATE if replicate_border else cv2.BORDER_CONSTANT
        to_image = self.to_image(size)
        shrink = self.side_px / size
        if (coarse := int(shrink / 2)) > 1:
            image, to_coarse = _shrink_around(image, self, coarse)
            to_image = _compose(to_coarse, to_image)
            shrink /= coarse
        fine = max(1, int(np.ceil(shrink)))
        half = (fine - 1) / 2
        from_fine = np.array([[1 / fine, 0, -half / fine], [0, 1 / fine, -half / fine]])
        drawn = cv2.warpAffine(
            image.astype(np.float32) if image.size < (4 * size) ** 2 * 3 else image,
            _compose(to_image, from_fine),
            (size * fine, size * fine),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=border,
        ).astype(np.float32)
        if fine > 1:
            drawn = cv2.resize(drawn, (size, size), interpolation=cv2.INTER_AREA)
        return drawn


def rotation_2d(radians: float) -> Float64[np.ndarray, "2 2"]:
    """The matrix that turns (x, y) clockwise in an image."""
    cos, sin = np.cos(radians), np.sin(radians)
    return np.array([[cos, -sin], [sin, cos]])


def _compose(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The affine map that applies ``inner`` (2, 3), then ``outer`` (2, 3)."""
    return outer @ np.vstack([inner, [0, 0, 1]])


def _shrink_around(image: RGBImage, crop: FaceCrop, factor: int) -> tuple[np.ndarray, np.ndarray]:
    """Average the part of the picture under the crop down by a whole factor; also the map to its pixels."""
    import cv2

    height, width = image.shape[:2]
    reach = crop.side_px * np.sqrt(0.5) + 2 * factor
    x0, y0 = int(max(0, crop.x_px - reach)), int(max(0, crop.y_px - reach))
    columns = max(1, (min(width, int(crop.x_px + reach)) - x0) // factor)
    rows = max(1, (min(height, int(crop.y_px + reach)) - y0) // factor)
    part = image[y0 : y0 + rows * factor, x0 : x0 + columns * factor]
    part = cv2.resize(np.ascontiguousarray(part), (columns, rows), interpolation=cv2.INTER_AREA)
    shift = (0.5 - np.array([x0, y0]) + 0.0) / factor - 0.5
    return part, np.array([[1 / factor, 0, shift[0]], [0, 1 / factor, shift[1]]])
