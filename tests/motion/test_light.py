from __future__ import annotations

import numpy as np
import pytest

from mien.motion.light import Light, contrast, light_between

LEVELS = np.random.default_rng(0).uniform(60, 180, 468).astype(np.float32)


@pytest.mark.parametrize(("gain", "offset"), [(0.3, 0.0), (1.0, 0.0), (1.2, 25.0)])
def test_the_light_is_found(gain: float, offset: float) -> None:
    light = light_between(LEVELS, gain * LEVELS + np.float32(offset), Light())
    assert (light.gain, light.offset) == pytest.approx((gain, offset), abs=0.2)


def test_a_hand_over_most_of_the_face_is_no_light() -> None:
    later = LEVELS.copy()
    later[:300] = 150
    light = light_between(LEVELS, later, Light())
    for level in (60, 120, 180):
        assert light.gain * level + light.offset == pytest.approx(level, abs=4)


def test_a_picture_gets_the_first_light_back() -> None:
    picture = np.arange(50, 150, dtype=np.uint8).reshape(10, 10)
    dark = np.rint(0.5 * picture + 10).astype(np.uint8)
    evened = Light(0.5, 10).evened(dark, (50, 150))
    assert np.abs(evened.astype(int) - picture).max() <= 1
    assert Light(1.005, 0.5).evened(picture, (50, 150)) is picture


def test_a_black_picture_has_no_contrast() -> None:
    assert contrast(np.full((8, 8), 7, np.uint8)) == 0
    assert contrast(np.array([[0, 10], [0, 10]], np.uint8)) == pytest.approx(5)
