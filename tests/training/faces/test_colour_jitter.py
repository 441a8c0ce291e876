from __future__ import annotations

import numpy as np
import pytest

from mien.training.faces.colour_jitter import (
    JitterRanges,
    colour_jitter,
    with_brightness,
    with_contrast,
    with_hue,
    with_saturation,
)

RED, GREEN, BLUE = np.eye(3, dtype=np.float32)


def picture(*pixels: np.ndarray) -> np.ndarray:
    """A picture of one row."""
    return np.array([pixels], np.float32)


def test_brightness_multiplies_and_is_clipped():
    np.testing.assert_allclose(
        with_brightness(picture(0.5 * RED, BLUE), 1.1), picture(0.55 * RED, BLUE)
    )


def test_contrast_is_about_the_mean_grey():
    # Greys 0.2 and 0.6 have the mean 0.4.
    found = with_contrast(picture(np.full(3, 0.2), np.full(3, 0.6)), 1.5)
    np.testing.assert_allclose(found, picture(np.full(3, 0.1), np.full(3, 0.7)), atol=1e-6)


def test_saturation_is_about_each_pixel_s_grey():
    found = with_saturation(picture(0.5 * RED, 0.5 * GREEN), 0.0)
    np.testing.assert_allclose(found[0, 0], 0.5 * 0.299, atol=1e-6)
    np.testing.assert_allclose(found[0, 1], 0.5 * 0.587, atol=1e-6)
    same = picture(np.array([0.2, 0.4, 0.6]))
    np.testing.assert_allclose(with_saturation(same, 1.0), same, atol=1e-6)


def test_a_third_of_the_circle_turns_red_to_green():
    found = with_hue(picture(RED, GREEN, np.full(3, 0.4)), 1 / 3)
    np.testing.assert_allclose(found, picture(GREEN, BLUE, np.full(3, 0.4)), atol=1e-5)
    np.testing.assert_allclose(with_hue(picture(GREEN), -1 / 3), picture(RED), atol=1e-5)


def test_both_pictures_of_a_pair_change_alike_and_pairs_differ():
    pixels = np.broadcast_to(np.float32([0.2, -0.4, 0.1]), (2, 3, 4, 4, 3)).copy()
    ranges = JitterRanges(brightness=0.1, contrast=0.1, saturation=0.1, hue=0.1)
    found = colour_jitter(pixels, ranges, np.random.default_rng(0))
    np.testing.assert_array_equal(found[0], found[1])
    assert np.abs(found[0, 0] - found[0, 1]).max() > 0.01
    assert np.abs(found - pixels).max() < 0.5


def test_only_what_has_a_range_changes():
    pixels = np.full((2, 50, 2, 2, 3), 0.2, np.float32)  # 0.6 on the scale from 0 to 1
    found = colour_jitter(pixels, JitterRanges(0.1, 0, 0, 0), np.random.default_rng(0))
    factors = (found[0, :, 0, 0, 0] + 1) / 2 / 0.6
    assert 0.9 <= factors.min() < 0.92 and 1.08 < factors.max() <= 1.1
    grey = colour_jitter(pixels, JitterRanges(0, 0, 0.1, 0.1), np.random.default_rng(0))
    assert grey == pytest.approx(pixels, abs=1e-5)  # grey has neither hue nor saturation
