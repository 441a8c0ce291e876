from __future__ import annotations

import numpy as np

from mien.render import patch
from mien.render.grid import Grid

GRID = Grid(-2, -1, 1, 6, 5)


def test_blend_goes_from_one_picture_to_the_other() -> None:
    under, over = np.full((2, 3, 4), 10, np.float32), np.full((2, 3, 4), 30, np.float32)
    amount = np.float32([[0, 0.25, 0.5], [0.75, 1, 0]])
    mixed = patch.blend(under, over, amount)
    np.testing.assert_allclose(mixed[..., 2], [[10, 15, 20], [25, 30, 10]])


def test_still_pixels_come_back_bit_for_bit_whatever_their_alpha() -> None:
    image = np.random.default_rng(0).integers(0, 256, (4, 4, 4)).astype(np.uint8)
    image[1, 2, 3] = 0
    frame = image.copy()
    source = patch.to_floats(patch.cut_out(image, GRID))
    canvas = patch.resample(source, GRID, GRID, np.zeros((5, 6, 2), np.float32))
    patch.paste(frame, canvas, GRID, None)
    np.testing.assert_array_equal(frame, image)


def test_paste_rounds_saturates_and_shades_only_colours() -> None:
    canvas = np.full((5, 6, 4), (100, 300, -5, 255), np.float32)
    frame = np.zeros((4, 4, 4), np.uint8)
    patch.paste(frame, canvas, GRID, np.full((5, 6), 1.106, np.float32))
    np.testing.assert_array_equal(frame, np.broadcast_to((111, 255, 0, 255), frame.shape))


def test_resampling_follows_the_backward_field() -> None:
    grid = Grid(0, 0, 2, 8, 8)
    ramp = grid.pixel_indices[..., 0].copy()
    backward = np.broadcast_to(np.float32([1.5, 0]), (8, 8, 2)).copy()
    moved = patch.resample(ramp, grid, grid.window((4, 4, 9, 9)), backward[:3, :3])
    np.testing.assert_allclose(moved[0], np.arange(4, 10) + 1.5, atol=1e-4)
