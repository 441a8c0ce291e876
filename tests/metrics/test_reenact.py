from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
from mien.metrics.reenact import error_ratio, face_hull
from tests.faces import canonical_face

FACE = canonical_face()  # 155 px wide, around (100, 100)


@pytest.fixture
def first() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 200, (220, 240, 3), dtype=np.uint8)


def test_still_is_one_perfect_is_zero_and_half_is_a_quarter(first: np.ndarray) -> None:
    real = [first, first + 20]
    assert error_ratio(real, [first, first], FACE) == 1
    assert error_ratio(real, real, FACE) == 0
    assert error_ratio(real, [first, first + 10], FACE) == 0.25


def test_errors_add_up_over_frames() -> None:
    """A grey clip of 100, 110, 130, 120, rebuilt as 100, 110, 120, 110: (0 + 10^2 + 10^2) / (10^2 + 30^2 + 20^2)."""
    real, made = (
        [np.full((220, 240, 3), level, np.uint8) for level in levels]
        for levels in ((100, 110, 130, 120), (100, 110, 120, 110))
    )
    assert error_ratio(real, made, FACE) == pytest.approx(200 / 1400)


def test_only_the_face_counts(first: np.ndarray) -> None:
    hull = face_hull(FACE, 220, 240)
    assert hull.shape == (220, 240) and hull.dtype == bool
    spoiled = first + 20
    spoiled[~hull] = 0
    assert error_ratio([first, first + 20], [first, spoiled], FACE) == 0
    spoiled[100, 100] = 0
    assert error_ratio([first, first + 20], [first, spoiled], FACE) > 0


def test_the_hull_is_of_the_mesh() -> None:
    hull = face_hull(FACE, 220, 240)
    x, y = np.rint(FACE.landmarks[:468, :2]).astype(int).T
    assert hull[y, x].all()
    rows, columns = np.nonzero(hull)
    assert (columns.min(), columns.max()) == (x.min(), x.max())
    assert (rows.min(), rows.max()) == (y.min(), y.max())
    # An oval: an ellipse fills pi / 4 of its box, a rectangle all of it.
    assert 0.7 < hull.sum() / ((np.ptp(x) + 1) * (np.ptp(y) + 1)) < 0.85


def test_bad_clips_are_refused(first: np.ndarray) -> None:
    still = [first, first]
    says = "^expected a clip that changes, got one whose frames are all alike$"
    with pytest.raises(UsageError, match=says):
        error_ratio(still, still, FACE)
    with pytest.raises(UsageError, match="as many rebuilt frames as real ones, got fewer"):
        error_ratio(still, still[:1], FACE)
    with pytest.raises(UsageError, match="as many rebuilt frames as real ones, got more"):
        error_ratio(still[:1], still, FACE)


def test_frames_of_another_shape_are_named_by_their_shapes(first: np.ndarray) -> None:
    clip, cut = [first, first], [first, np.ascontiguousarray(first[:, :-2])]
    says = r"frame 1 of shape \(220, 240, 3\).*got \(220, 238, 3\)"
    with pytest.raises(UsageError, match=f"rebuilt {says}"):
        error_ratio(clip, cut, FACE)
    with pytest.raises(UsageError, match=f"real {says}"):
        error_ratio(cut, clip, FACE)
    # Without a check this would be broadcast.
    with pytest.raises(UsageError, match="rebuilt frame 0"):
        error_ratio(clip, [image[..., :1] for image in clip], FACE)
