from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from mien.face.prior_points import in_pixels
from mien.training.motion.augmentation import MotionAugmentation
from mien.training.motion.exact_pairs import ExactPair, exact_pair, random_motion
from tests.training.motion.conftest import SIZE, moved_faces

STILL = MotionAugmentation(mirror=0.0, time_flip=0.0)


def drawn(seed: int, points: int | None = 60, **changes: float) -> ExactPair:
    rng = np.random.default_rng(seed)
    return exact_pair(moved_faces(), seed, points, rng, replace(STILL, **changes))


def sampled(field: np.ndarray, points: np.ndarray) -> np.ndarray:
    x, y = np.ascontiguousarray(in_pixels(points, len(field)).T, np.float32)
    return cv2.remap(field, x, y, cv2.INTER_LINEAR).reshape(-1, 2)


@pytest.mark.parametrize(
    "changes",
    [{}, {"placement": 1.0}, {"smooth": 1.0}, {"mirror": 1.0}, {"smooth": 1.0, "mirror": 1.0}],
)
def test_the_points_go_where_the_motion_of_the_pixels_says(changes: dict[str, float]) -> None:
    errors, sizes = [], []
    for seed in range(8):
        pair = drawn(seed, **changes)
        away = sampled(pair.displacement, pair.driving_points)
        inside = np.abs(pair.driving_points).max(1) < 0.7
        moved = pair.source_points - pair.driving_points
        errors.append(np.abs(away - moved)[inside].mean())
        sizes.append(np.abs(moved)[inside].mean())
    assert np.mean(errors) < 0.08 * np.mean(sizes)


def test_the_source_moved_by_the_motion_is_the_driving_picture() -> None:
    y, x = np.indices((SIZE, SIZE), np.float32)
    for seed in range(4):
        pair = drawn(seed, smooth=1.0, placement=1.0, mirror=seed % 2)
        flow = pair.displacement * np.float32(SIZE / 2)
        source = np.ascontiguousarray(pair.source, np.float32)
        moved = cv2.remap(source, x + flow[..., 0], y + flow[..., 1], cv2.INTER_CUBIC)
        inner = (slice(5, -5), slice(5, -5))
        after = np.abs(moved - pair.driving)[inner].mean()
        assert after < 0.25 * np.abs(source - pair.driving)[inner].mean()


def test_the_maps_are_the_slopes_of_the_motion_from_the_source() -> None:
    # moved_faces moves a face by one linear map, so that of each point within the mesh is near it.
    pair = drawn(3, None)
    away = pair.driving_points - pair.source_points
    columns = np.c_[np.ones(18), pair.source_points]
    fit = np.linalg.lstsq(columns, away, rcond=None)[0][1:].T + np.eye(2)
    assert np.abs(np.median(pair.maps, axis=0) - fit).max() < 0.02 < np.abs(fit - np.eye(2)).max()


def test_a_mirrored_pair_is_the_mirror_of_the_pair() -> None:
    one, other = drawn(5, None), drawn(5, None, mirror=1.0)
    assert np.array_equal(one.source[:, ::-1], other.source)
    assert np.allclose(one.displacement[:, ::-1] * [-1, 1], other.displacement)
    # Each point of one has its twin in the other, up to the noise of measurement.
    twins = one.source_points * [-1, 1]
    nearest = np.abs(other.source_points[:, None] - twins[None]).sum(-1).argmin(1)
    assert sorted(nearest) == list(range(18))
    turned = one.maps[nearest] * np.array([[1, -1], [-1, 1]])
    assert np.abs(turned - other.maps).max() < 0.02


def test_a_random_motion_dies_away_at_the_edge_and_grows_with_its_strength() -> None:
    weak, strong = (random_motion(64, np.random.default_rng(1), s, 16.5) for s in (1.0, 3.0))
    none = random_motion(64, np.random.default_rng(1), 1e-9, 16.5)
    assert np.abs(weak - none)[[0, -1]].max() < 0.1 * np.abs(weak - none).max()
    assert np.allclose(strong - none, 3 * (weak - none), atol=1e-6)
    # 0.05 cm and 0.03 cm of 16.5 cm, each up to 1.5 times.
    assert 0.001 < np.abs(weak - none)[20:44, 20:44].std() < 0.012
