from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from mien.au.smooth import smoothed


@pytest.mark.parametrize("shape", [(5,), (3, 4), (40, 7, 2)])
@pytest.mark.parametrize("sigma", [0.4, 1.3, 6.0])
def test_as_scipy_smooths(shape: tuple[int, ...], sigma: float) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    expected = gaussian_filter1d(values, sigma, axis=0, mode="nearest")
    np.testing.assert_allclose(smoothed(values, sigma), expected, atol=1e-12)


def test_no_sigma_changes_nothing() -> None:
    values = np.arange(6, dtype=np.float32).reshape(3, 2)
    np.testing.assert_array_equal(smoothed(values, 0.0), values)
