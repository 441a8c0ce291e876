from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.face.portrait import Portrait
from mien.render.film import FACE_CM, Film, filmed


def film_of(portrait: Portrait, film: Film, count: int = 2) -> list[np.ndarray]:
    times = np.arange(count, dtype=np.float64)
    frames = [portrait.image[..., :3]] * count
    return list(filmed(frames, times, 0.0, 1.0, portrait.face, film))


def test_the_head_drifts_as_far_as_said(portrait: Portrait) -> None:
    pixels = portrait.face.pose.scale_px_per_cm
    still = Film((0, 0, 0, 0), 0.0, 0.5, 0.0, 7)
    first, second = film_of(portrait, still)
    np.testing.assert_array_equal(first, second)
    first, second = film_of(portrait, Film((0.3, -0.2, 0, 0), 0.0, 0.5, 0.0, 7))
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in (first, second)]
    left, top, right, bottom = np.rint(portrait.face.box_px).astype(int)
    moved = flow.calc(grey[0], grey[1], None)[top:bottom, left:right].reshape(-1, 2)
    np.testing.assert_allclose(np.median(moved, 0), pixels * np.array([0.3, -0.2]), atol=0.1)


def test_turn_and_approach_move_the_face_about_its_middle(portrait: Portrait) -> None:
    pixels = portrait.face.pose.scale_px_per_cm
    middle = (portrait.face.box_px[:2] + portrait.face.box_px[2:]) / 2
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    for drift, expected in (((0, 0, 0.3, 0), (0.0, 0.3)), ((0, 0, 0, 0.3), (0.3, 0.0))):
        frames = film_of(portrait, Film(drift, 0.0, 0.5, 0.0, 7))
        grey = [cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in frames]
        moved = flow.calc(grey[0], grey[1], None)
        # A turn is clockwise: what lies to the right of the middle goes down.
        reach = 4.0
        x, y = np.rint(middle + np.array([reach * pixels, 0])).astype(int)
        seen = moved[y - 5 : y + 6, x - 5 : x + 6].reshape(-1, 2).mean(0) / pixels
        np.testing.assert_allclose(seen, np.array(expected) * reach / FACE_CM, atol=0.06)


def test_noise_is_as_strong_as_said(portrait: Portrait) -> None:
    first, second = film_of(portrait, Film((0, 0, 0, 0), 2.0, 0.6, 0.0, 7))
    inner = (portrait.image[..., :3] > 20) & (portrait.image[..., :3] < 235)
    difference = (second.astype(float) - first)[inner]
    # Rounding to whole levels adds a twelfth to each frame's variance.
    assert difference.std() == pytest.approx(np.sqrt(2 * (4 + 1 / 12)), rel=0.05)


def test_draws_have_the_drift_of_maps_from_the_rig() -> None:
    drawn = [Film.drawn(np.random.default_rng(seed)) for seed in range(400)]
    sizes = np.linalg.norm([film.drift_cm for film in drawn], axis=1)
    assert np.median(sizes) == pytest.approx(0.04, rel=0.25)
    assert np.log(sizes).std() == pytest.approx(0.9, rel=0.15)
    assert Film.drawn(np.random.default_rng(3)) == drawn[3]
