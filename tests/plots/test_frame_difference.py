from __future__ import annotations

import numpy as np

from mien.plots.frame_difference import brightness_change


def test_brightness_change_is_signed_luma():
    first = np.full((1, 2, 3), 100, np.uint8)
    image = np.array([[[110, 110, 110], [100, 90, 100]]], np.uint8)
    assert np.allclose(brightness_change(image, first), [[10, -5.87]], atol=1e-4)
