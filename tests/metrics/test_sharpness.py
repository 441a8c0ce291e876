from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.sharpness import laplacian_variance, sharpness_ratio

EVERYWHERE = np.ones((32, 32), bool)


def test_a_checkerboard_has_a_known_variance() -> None:
    board = (np.indices((32, 32)).sum(0) % 2).astype(np.uint8)
    image = np.repeat((100 * board + 50)[..., None], 3, axis=-1)
    # OpenCV's 3x3 kernel is 2 in the corners, -8 in the middle: at 0 and 1 alternately it gives 0
    # for equal diagonals, so the difference of the two colours is what is left at stripes.
    stripes = np.repeat((100 * (np.indices((32, 32))[1] % 2) + 50)[..., None], 3, -1).astype(
        np.uint8
    )
    inner = EVERYWHERE.copy()
    inner[[0, -1]] = inner[:, [0, -1]] = False
    assert laplacian_variance(image, inner) == 0
    assert laplacian_variance(stripes, inner) == pytest.approx(800.0**2)


def test_blur_lowers_it_and_only_the_mask_counts() -> None:
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    left = EVERYWHERE.copy()
    left[:, 16:] = False
    blurred = image.copy()
    blurred[:, 20:] = cv2.GaussianBlur(image, (0, 0), 1.5)[:, 20:]
    assert sharpness_ratio(image, blurred, left) == 1.0
    assert sharpness_ratio(image, blurred, ~left) < 0.6


@pytest.mark.parametrize("mask", [np.zeros((32, 32), bool), np.ones((32, 16), bool)])
def test_a_mask_that_does_not_fit_is_refused(mask: np.ndarray) -> None:
    with pytest.raises(UsageError) as caught:
        laplacian_variance(np.zeros((32, 32, 4), np.uint8), mask)
    assert str(caught.value) == (
        f"expected a mask of (32, 32) that is not empty, got {mask.shape} with {mask.sum()} pixels"
    )


def test_a_portrait_without_detail_is_refused() -> None:
    flat = np.zeros((32, 32, 3), np.uint8)
    says = "^expected a portrait with some detail, got one of a single colour$"
    with pytest.raises(UsageError, match=says):
        sharpness_ratio(flat, flat, EVERYWHERE)


def test_alpha_is_not_looked_at() -> None:
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 4), dtype=np.uint8)
    assert laplacian_variance(image, EVERYWHERE) == laplacian_variance(image[..., :3], EVERYWHERE)
