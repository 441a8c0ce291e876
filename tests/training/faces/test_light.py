from __future__ import annotations

import numpy as np

from mien.training.faces.augmentation import OUR_LIGHT, Augmentation
from mien.training.faces.light import other_light

LIGHT = Augmentation(**OUR_LIGHT)


def test_both_pictures_of_a_pair_get_the_same_light():
    rng = np.random.default_rng(0)
    pixels = rng.uniform(-0.3, 0.3, (1, 4, 8, 8, 3)).astype(np.float32).repeat(2, 0)
    lit = other_light(pixels, LIGHT, rng)
    assert lit.dtype == np.float32 and np.array_equal(lit[0], lit[1])
    # Other pairs get another: a gain and a shift for each colour.
    gains = [np.polyfit(pixels[0, n, ..., 0].ravel(), lit[0, n, ..., 0].ravel(), 1) for n in (0, 1)]
    assert abs(gains[0] - gains[1]).max() > 0.01
    assert 0.8 * 0.94 <= gains[0][0] <= 1.2 * 1.06


def test_light_stays_in_range():
    bright = np.ones((2, 20, 2, 2, 3), np.float32)
    assert other_light(bright, LIGHT, np.random.default_rng(1)).max() == 1
