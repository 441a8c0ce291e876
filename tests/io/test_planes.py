from __future__ import annotations

import numpy as np
import pytest

from mien.io import planes
from mien.io.planes import plane_arrays, to_yuv


@pytest.mark.parametrize("chroma", ["444", "420"])
@pytest.mark.parametrize("size", [(31, 24), (32, 25), (64, 48)])
def test_strips_make_the_same_planes(monkeypatch, chroma, size):
    rgb = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    whole = [np.array(plane) for plane in plane_arrays(to_yuv(rgb, chroma))]
    monkeypatch.setattr(planes, "STRIP_PIXELS", 5 * size[1])
    parted = [np.array(plane) for plane in plane_arrays(to_yuv(rgb, chroma))]
    for one, other in zip(whole, parted, strict=True):
        assert np.array_equal(one, other)
