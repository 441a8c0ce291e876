from __future__ import annotations

import numpy as np
import pytest

from mien.face import mesh, regions


def test_ring_closes_two_borders_without_repeating_corners():
    ring = regions.ring(mesh.LEFT_EYE_UPPER, mesh.LEFT_EYE_LOWER)
    assert len(ring) == len(set(ring)) == 16
    brow = regions.ring(mesh.LEFT_BROW_UPPER, mesh.LEFT_BROW_LOWER)
    assert len(brow) == len(set(brow)) == 10


def test_a_polygon_mask_covers_the_polygon():
    square = np.array([[2, 3], [12, 3], [12, 9], [2, 9]], np.float32)
    mask = regions.polygon_mask(square, 20, 20)
    assert mask.dtype == bool
    expected = np.zeros((20, 20), bool)
    expected[3:10, 2:13] = True
    np.testing.assert_array_equal(mask, expected)


def test_regions_lie_in_the_face(astronaut_face):
    landmarks = astronaut_face.landmarks
    face = regions.face_mask(landmarks, 512, 512)
    left, top, right, bottom = astronaut_face.box_px
    assert 0.6 < face.sum() / ((right - left) * (bottom - top)) < 0.9
    eyes = regions.eye_mask(landmarks, 512, 512)
    mouth = regions.mouth_mask(landmarks, 512, 512)
    opening = regions.mouth_opening_mask(landmarks, 512, 512)
    for part in (eyes, mouth, opening):
        assert part.any()
        assert (part <= face).all()
    assert (opening <= mouth).all()
    assert not (eyes & mouth).any()
    nose = np.rint(landmarks[4, :2]).astype(int)
    assert face[nose[1], nose[0]]
    assert regions.face_oval_polygon(landmarks).shape == (36, 2)


def test_sizes(astronaut_face):
    landmarks = astronaut_face.landmarks
    assert regions.face_width_px(landmarks) == pytest.approx(astronaut_face.width_px, rel=0.05)
    assert 0.5 < regions.eye_distance_px(landmarks) / astronaut_face.width_px < 0.7
