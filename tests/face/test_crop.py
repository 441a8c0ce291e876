from __future__ import annotations

import numpy as np
import pytest

from mien.errors import FaceError
from mien.face.crop import FaceCrop


def blob(x_px: float, y_px: float, sigma_px: float) -> np.ndarray:
    """A picture of one soft white spot."""
    y, x = np.mgrid[:300, :300]
    spot = np.exp(-((x - x_px) ** 2 + (y - y_px) ** 2) / (2 * sigma_px**2))
    return np.repeat(np.rint(255 * spot)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("side", [16.0, 40.0, 100.0, 170.0])
@pytest.mark.parametrize("roll", [0.0, 0.6, np.pi / 2])
def test_things_lie_where_to_image_says(side, roll):
    size = 16
    crop = FaceCrop(144.3, 150.7, side, roll)
    drawn = crop.sample(blob(144.3 + side / 20, 150.7 - side / 30, side / 10), size)[..., 0]
    y, x = np.mgrid[:size, :size]
    centroid = np.array([(x * drawn).sum(), (y * drawn).sum()]) / drawn.sum()
    matrix = crop.to_image(size)
    there = matrix[:, :2] @ centroid + matrix[:, 2]
    off = there - [144.3 + side / 20, 150.7 - side / 30]
    assert np.abs(off).max() < 0.03 * side / size


def test_points_in_the_crops_own_coordinates():
    crop = FaceCrop(50, 30, 40, np.pi / 2)  # the crop's right is the picture's down
    corners = np.array([[50.0, 30.0], [50.0, 50.0], [30.0, 30.0]])
    np.testing.assert_allclose(crop.normalised(corners), [[0, 0], [1, 0], [0, 1]], atol=1e-12)
    inside = np.array([[-1.0, -1.0], [0.3, -0.2], [1.0, 1.0]])
    tilted = FaceCrop(144.3, 150.7, 64, 0.3)
    matrix = tilted.to_image(16)
    in_picture = ((inside + 1) * 16 - 1) / 2 @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(tilted.normalised(in_picture), inside, atol=1e-12)


def test_a_crop_moves_with_the_head():
    quarter = 2 * np.array([[0.0, -1.0], [1.0, 0.0]])  # twice as large, turned clockwise
    moved = FaceCrop(10, 5, 8, 0.25).moved(quarter, np.array([100.0, 200.0]))
    assert (moved.x_px, moved.y_px, moved.side_px) == pytest.approx((90, 220, 16))
    assert moved.roll_radians == pytest.approx(0.25 + np.pi / 2)


def test_a_crop_of_the_whole_picture_is_the_picture():
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    np.testing.assert_allclose(FaceCrop(15.5, 15.5, 32).sample(image, 32), image, atol=1e-3)


def test_shrinking_averages_every_pixel():
    checkerboard = np.zeros((256, 256, 3), np.uint8)
    checkerboard[::2, ::2] = checkerboard[1::2, 1::2] = 255
    drawn = FaceCrop(127.5, 127.5, 240).sample(checkerboard, 24)
    np.testing.assert_allclose(drawn, 127.5, atol=6)


def test_beyond_the_picture_the_edge_repeats_or_all_is_black():
    image = np.full((20, 20, 3), 200, np.uint8)
    crop = FaceCrop(0, 0, 40)
    np.testing.assert_allclose(crop.sample(image, 40), 200)
    black = crop.sample(image, 40, replicate_border=False)
    assert black[0, 0, 0] == 0
    assert black[30, 30, 0] == 200


@pytest.mark.parametrize("side", [0.0, -3.0, np.nan])
def test_a_crop_needs_a_side(side):
    with pytest.raises(FaceError, match="side above 0"):
        FaceCrop(0, 0, side)


def test_closeness_knows_that_angles_wrap():
    crop = FaceCrop(10, 10, 100, np.pi - 0.001)
    assert FaceCrop(10.3, 10, 100.5, -np.pi + 0.001).is_close_to(crop)
    assert not FaceCrop(11, 10, 100, np.pi).is_close_to(crop)
    assert not FaceCrop(10, 10, 103, np.pi).is_close_to(crop)
    assert not FaceCrop(10, 10, 100, np.pi - 0.05).is_close_to(crop)
