from __future__ import annotations

import numpy as np

from mien.render.inpaint import fill_smoothly, soften


def test_known_pixels_stay_and_unknown_ones_take_their_neighbours_colour() -> None:
    picture = np.zeros((20, 30, 3), np.float32)
    picture[:, :10], picture[:, 20:] = (200, 10, 10), (10, 10, 200)
    known = np.zeros((20, 30), bool)
    known[:, :10] = known[:, 20:] = True
    filled = fill_smoothly(picture, known)
    np.testing.assert_array_equal(filled[known], picture[known])
    assert filled[10, 11, 0] > 150 and filled[10, 18, 2] > 150
    assert 80 < filled[10, 14:16, 0].mean() < 130


def test_one_known_pixel_fills_everything() -> None:
    known = np.zeros((50, 50), bool)
    known[3, 4] = True
    filled = fill_smoothly(np.full((50, 50, 3), 77, np.float32), known)
    np.testing.assert_allclose(filled, 77, atol=0.5)


def test_wide_softening_on_a_small_copy_is_the_plain_blur() -> None:
    import cv2

    picture = np.zeros((200, 300), np.float32)
    picture[60:140, 100:220] = 1
    np.testing.assert_allclose(
        soften(picture, 20.0), cv2.GaussianBlur(picture, (0, 0), 20.0), atol=0.02
    )
