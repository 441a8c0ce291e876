from __future__ import annotations

import numpy as np
import pytest

from mien.face.detector import Detection, merge, overlap


def box(left: float, top: float, side: float, score: float) -> Detection:
    corners = np.array([left, top, left + side, top + side], np.float64)
    return Detection(corners, score, np.array([[left, top], [left + side, top]], np.float64))


def test_overlap_is_intersection_over_union():
    square = np.array([0.0, 0, 10, 10])
    others = np.array([[0.0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30], [2, 2, 7, 7]])
    np.testing.assert_allclose(overlap(square, others), [1, 1 / 3, 0, 0.25])


def test_merge_blends_one_face_and_keeps_two():
    merged = merge([box(2, 0, 100, 0.5), box(300, 0, 100, 0.7), box(0, 0, 100, 0.9)])
    assert [each.score for each in merged] == [0.9, 0.7]
    assert merged[0].box_px[0] == pytest.approx(2 * 0.5 / 1.4)
    np.testing.assert_allclose(merged[1].box_px, [300, 0, 400, 100])


def test_the_crop_is_half_as_large_again_and_level_with_the_eyes():
    eyes = np.array([[110.0, 120.0], [150.0, 160.0]])
    crop = Detection(np.array([100.0, 100, 180, 160]), 0.9, eyes).crop()
    assert (crop.x_px, crop.y_px, crop.side_px) == (140, 130, 120)
    assert crop.roll_radians == pytest.approx(np.pi / 4)


def test_eyes_lie_on_the_astronaut_s_eyes(landmarker, astronaut, astronaut_face):
    detection = next(landmarker.detect(astronaut))[0]
    irises = astronaut_face.landmarks[[468, 473], :2]
    assert np.abs(detection.eyes_px - irises).max() < 5
    assert detection.score > 0.9


def test_levels_stop_when_nobody_asks_and_end_by_themselves(landmarker):
    grey = np.full((1000, 400, 3), 128, np.uint8)
    assert [len(level) for level in landmarker.detect(grey)] == [0, 0, 0]
