from __future__ import annotations

import cv2
import numpy as np

from mien.face.mesh import canonical_vertices
from mien.motion.cover import CoverSight

RNG = np.random.default_rng(1)
SKIN = np.clip(cv2.GaussianBlur(RNG.normal(0, 90, (128, 128)), (0, 0), 2) * 3 + 128, 0, 255).astype(
    np.uint8
)
PLACES = canonical_vertices()[:, :2].astype(np.float64)
POINTS = (6.0 * (PLACES - PLACES.mean(0)) + 64).astype(np.float32)


def test_the_same_picture_is_visible() -> None:
    seen, alike = CoverSight(SKIN, POINTS).visible(SKIN)
    assert (seen == 1).all() and alike > 0.999


def test_noise_and_less_light_cover_nothing() -> None:
    noisy = np.clip(0.9 * SKIN + RNG.normal(0, 3, SKIN.shape), 0, 255).astype(np.uint8)
    assert (CoverSight(SKIN, POINTS).visible(noisy)[0] == 1).all()


def test_a_covered_half_is_covered() -> None:
    covered = SKIN.copy()
    covered[:, 64:] = 140
    sight = CoverSight(SKIN, POINTS)
    seen, alike = sight.visible(covered)
    assert (seen[POINTS[:, 0] > 66] == 0).all() and (seen[POINTS[:, 0] < 48] == 1).all()
    assert alike > 0.95
    share = sight.covered(covered)
    assert share[64, 100] > 0.99 and share[64, 30] < 0.01


def test_another_face_is_nowhere_alike() -> None:
    other = np.ascontiguousarray(SKIN[::-1, ::-1])
    seen, alike = CoverSight(SKIN, POINTS).visible(other)
    assert (seen == 0).all() and alike < 0.5
