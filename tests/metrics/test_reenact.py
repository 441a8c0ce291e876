from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.metrics.reenact import error_ratio, face_hull


def test_still_is_one_perfect_is_zero_and_half_is_a_quarter(portrait: Portrait) -> None:
    first = portrait.image
    later = np.clip(first.astype(int) + 20, 0, 255).astype(np.uint8)
    between = ((first.astype(int) + later) // 2).astype(np.uint8)
    real = [first, later]
    assert error_ratio(real, [first, first], portrait.face) == 1
    assert error_ratio(real, real, portrait.face) == 0
    assert error_ratio(real, [first, between], portrait.face) == pytest.approx(0.25, abs=0.02)


def test_only_the_face_counts(portrait: Portrait) -> None:
    hull = face_hull(portrait.face, *portrait.image.shape[:2])
    assert 0.01 < hull.mean() < 0.1
    later = np.clip(portrait.image.astype(int) + 20, 0, 255).astype(np.uint8)
    spoiled = later.copy()
    spoiled[~hull] = 0
    assert error_ratio([portrait.image, later], [portrait.image, spoiled], portrait.face) == 0


def test_bad_clips_are_refused(portrait: Portrait) -> None:
    still = [portrait.image, portrait.image]
    with pytest.raises(UsageError, match="all alike"):
        error_ratio(still, still, portrait.face)
    with pytest.raises(UsageError, match="as many rebuilt frames as real ones, got fewer"):
        error_ratio(still, still[:1], portrait.face)
    with pytest.raises(UsageError, match="as many rebuilt frames as real ones, got more"):
        error_ratio(still[:1], still, portrait.face)


def test_frames_of_another_shape_are_named_by_their_shapes(portrait: Portrait) -> None:
    clip = [portrait.image, portrait.image]
    height, width = portrait.image.shape[:2]
    cut = [portrait.image, np.ascontiguousarray(portrait.image[:, :-2])]
    says = rf"frame 1 of shape \({height}, {width}, 3\).*got \({height}, {width - 2}, 3\)"
    with pytest.raises(UsageError, match=f"rebuilt {says}"):
        error_ratio(clip, cut, portrait.face)
    with pytest.raises(UsageError, match=f"real {says}"):
        error_ratio(cut, clip, portrait.face)
    # Without a check this would be broadcast.
    with pytest.raises(UsageError, match="rebuilt frame 0"):
        error_ratio(clip, [image[..., :1] for image in clip], portrait.face)
