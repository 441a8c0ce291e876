from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.reenact import error_ratio, face_hull

REAL_AND_MADE = ((100, 110, 130, 120), (100, 110, 120, 110))


def test_still_is_one_perfect_is_zero_and_half_is_a_quarter(portrait: Portrait) -> None:
    first = portrait.image
    later = np.clip(first.astype(int) + 20, 0, 255).astype(np.uint8)
    between = ((first.astype(int) + later) // 2).astype(np.uint8)
    real = [first, later]
    assert error_ratio(real, [first, first], portrait.face) == 1
    assert error_ratio(real, real, portrait.face) == 0
    assert error_ratio(real, [first, between], portrait.face) == pytest.approx(0.25, abs=0.02)


def test_errors_add_up_over_frames(portrait: Portrait) -> None:
    """A grey clip of 100, 110, 130, 120, rebuilt as 100, 110, 120, 110: (0 + 10^2 + 10^2) / (10^2 + 30^2 + 20^2)."""
    levels, made = ([np.full_like(portrait.image, v) for v in row] for row in REAL_AND_MADE)
    assert error_ratio(levels, made, portrait.face) == pytest.approx(200 / 1400)


def test_only_the_face_counts(portrait: Portrait) -> None:
    hull = face_hull(portrait.face, *portrait.image.shape[:2])
    assert 0.01 < hull.mean() < 0.1
    later = np.clip(portrait.image.astype(int) + 20, 0, 255).astype(np.uint8)
    spoiled = later.copy()
    spoiled[~hull] = 0
    assert error_ratio([portrait.image, later], [portrait.image, spoiled], portrait.face) == 0


def test_bad_clips_are_refused(portrait: Portrait) -> None:
    still = [portrait.image, portrait.image]
    says = "^expected a clip that changes, got one whose frames are all alike$"
    with pytest.raises(UsageError, match=says):
        error_ratio(still, still, portrait.face)
    with pytest.raises(UsageError, match="as many"):
        error_ratio(still, still[:1], portrait.face)
