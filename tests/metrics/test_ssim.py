from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.ssim import ssim, ssim_map

C1 = 6.5025
C2 = 58.5225


def grey(level: int) -> np.ndarray:
    return np.full((20, 24, 3), level, np.uint8)


def test_two_flat_pictures_differ_in_brightness_only():
    # Without variance the second factor is C2 / C2.
    wanted = (2 * 100 * 120 + C1) / (100**2 + 120**2 + C1)
    assert ssim(grey(100), grey(120)) == pytest.approx(wanted)
    assert ssim(grey(100), grey(100)) == 1
    assert ssim(grey(0), grey(255)) == pytest.approx(C1 / (255**2 + C1))


def test_inverted_stripes_are_negative():
    """Columns of 100 and 150, and the same exchanged: in a window 28 pixels are one, 21 the other."""
    stripes = grey(100)
    stripes[:, ::2] = 150
    inverted = 250 - stripes
    for start in (28, 21):
        mean = 100 + 50 * start / 49
        variance = 50**2 * (start / 49) * (1 - start / 49) * 49 / 48
        means = (2 * mean * (250 - mean) + C1) / (mean**2 + (250 - mean) ** 2 + C1)
        wanted = means * (C2 - 2 * variance) / (C2 + 2 * variance)
        column = 10 if start == 21 else 11  # a window around 10 begins at the odd column 7
        assert ssim_map(stripes, inverted)[10, column] == pytest.approx(wanted)
    assert ssim(stripes, inverted) < -0.9


def test_it_is_scikit_images():
    metrics = pytest.importorskip("skimage.metrics")
    rng = np.random.default_rng(0)
    a = rng.integers(0, 256, (30, 41, 3), dtype=np.uint8)
    b = np.clip(a + rng.normal(0, 30, a.shape), 0, 255).astype(np.uint8)
    assert ssim(a, b) == pytest.approx(metrics.structural_similarity(a, b, channel_axis=2))


def test_the_mask_chooses_where():
    a, b = grey(100), grey(100)
    b[:, :8] = 20
    right = np.zeros((20, 24), bool)
    right[:, 12:] = True
    assert ssim(a, b, right) == 1 and ssim(a, b, ~right) < 0.9


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="of one size"):
        ssim(grey(0), grey(0)[:-1])
    with pytest.raises(UsageError, match="at least 7 px, got 24x6"):
        ssim(grey(0)[:6], grey(0)[:6])
    corner = np.zeros((20, 24), bool)
    corner[0, 0] = True
    with pytest.raises(UsageError, match="one at the edge"):
        ssim(grey(0), grey(0), corner)
