from __future__ import annotations

import numpy as np
import pytest

from mien.render import patch
from mien.render.grid import Grid

GRID = Grid(-2, -1, 1, 6, 5)


def test_blend_goes_from_one_picture_to_the_other() -> None:
    under, over = np.full((2, 3, 4), 10, np.float32), np.full((2, 3, 4), 30, np.float32)
    amount = np.float32([[0, 0.25, 0.5], [0.75, 1, 0]])
    mixed = patch.blend(under, over, amount)
    np.testing.assert_allclose(mixed[..., 2], [[10, 15, 20], [25, 30, 10]], rtol=1e-4)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("fine_bytes", [patch.FINE_BYTES, 0], ids=["enlarged", "as it is"])
def test_still_pixels_come_back_bit_for_bit_whatever_their_alpha(
    channels: int, fine_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch, "FINE_BYTES", fine_bytes)
    image = np.random.default_rng(0).integers(0, 256, (4, 4, channels)).astype(np.uint8)
    image[1, 2, 3:] = 0
    frame = image.copy()
    still = np.zeros((5, 6, 2), np.float32)
    canvas = patch.Skin(patch.cut_out(image, GRID), GRID).sample(GRID, still)
    assert canvas.dtype == (np.uint8 if channels == 3 else np.float32)
    patch.paste(frame, canvas, GRID, None)
    np.testing.assert_array_equal(frame, image)


@pytest.mark.parametrize("channels", [3, 4])
def test_a_shift_of_a_fraction_of_a_pixel_is_closer_to_the_truth_than_cubic_sampling(
    channels: int,
) -> None:
    grid = Grid(0, 0, 1, 64, 64)
    y, x = np.mgrid[:64, :64]

    def wave(x: np.ndarray) -> np.ndarray:
        return np.asarray(128 + 50 * np.sin(1.1 * x + 0.3 * y) + 30 * np.cos(0.7 * x - 1.3 * y))

    picture = np.repeat(np.rint(wave(x))[..., None], channels, 2).astype(np.uint8)
    picture[..., 3:] = 255
    shift = np.float32([0.37, 0])
    truth = wave(x + 0.37)
    drawn = patch.Skin(picture, grid).sample(grid, np.broadcast_to(shift, (64, 64, 2)).copy())
    before = patch.shifted(patch.premultiplied(picture), grid, grid, -shift)
    errors = [
        np.sqrt(np.mean((each[8:-8, 8:-8, 0].astype(float) - truth[8:-8, 8:-8]) ** 2))
        for each in (drawn, before)
    ]
    assert errors[0] < 0.75 * errors[1] and errors[0] < 2.5


def test_paste_rounds_saturates_and_shades_only_colours() -> None:
    canvas = np.full((5, 6, 4), (100, 300, -5, 255), np.float32)
    frame = np.zeros((4, 4, 4), np.uint8)
    patch.paste(frame, canvas, GRID, np.full((5, 6), 1.106, np.float32))
    np.testing.assert_array_equal(frame, np.broadcast_to((111, 255, 0, 255), frame.shape))


def test_resampling_follows_the_backward_field() -> None:
    grid = Grid(0, 0, 2, 8, 8)
    ramp = grid.pixel_indices[..., 0].copy()
    backward = np.broadcast_to(np.float32([1.5, 0]), (8, 8, 2)).copy()
    part = grid.window((4, 4, 9, 9))
    moved = patch.resample(ramp, grid, part, part.upsample(backward[:3, :3]))
    np.testing.assert_allclose(moved[0], np.arange(4, 10) + 1.5, atol=1e-4)
