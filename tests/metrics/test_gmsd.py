from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.gmsd import STABILITY, gmsd


def test_alike_is_zero_and_worse_is_more(portrait: Portrait) -> None:
    image = portrait.image
    assert gmsd(image, image) == 0
    blurs = [gmsd(image, cv2.GaussianBlur(image, (0, 0), sigma)) for sigma in (0.7, 1.5, 4.0)]
    assert 0 < blurs[0] < blurs[1] < blurs[2] < 0.35
    # Brighter all over is no other picture: edges are what counts.
    darker = (image // 2).astype(np.uint8)
    assert gmsd(darker, darker + 60) == pytest.approx(0, abs=1e-12)


def test_one_step_edge_as_the_paper_has_it() -> None:
    """An edge of height h has a gradient of h beside it; against a flat picture its likeness is c / (h^2 + c)."""
    flat = np.full((16, 16, 3), 100, np.uint8)
    edge = flat.copy()
    edge[:, 8:] = 160
    likeness = np.ones(8)
    likeness[3:5] = STABILITY / (60.0**2 + STABILITY)
    assert gmsd(flat, edge) == pytest.approx(likeness.std(), rel=1e-6)
    assert gmsd(edge, flat) == gmsd(flat, edge)


def test_only_the_mask_counts(portrait: Portrait) -> None:
    spoiled = portrait.image.copy()
    spoiled[:100] = 0
    mask = np.zeros(portrait.image.shape[:2], bool)
    mask[110:] = True
    assert gmsd(portrait.image, spoiled, mask) == 0 < gmsd(portrait.image, spoiled)


def test_sizes_must_agree(portrait: Portrait) -> None:
    image = portrait.image
    with pytest.raises(UsageError, match="one size"):
        gmsd(image, image[:-1])
    with pytest.raises(UsageError, match="empty"):
        gmsd(image, image, np.zeros(image.shape[:2], bool))
