from __future__ import annotations

import cv2
import numpy as np
import pytest

from mien.engines.motion_net.driver_view import (
    measured_maps,
    moved_points,
    steady_cuts,
    steady_square,
)
from mien.errors import UsageError
from mien.face.portrait import Portrait
from mien.face.square import face_square
from mien.motion.field import measure_field


def test_a_centimetre_is_a_tenth_of_the_half_square(portrait: Portrait) -> None:
    # SQUARE_CM is 20, so that of a frontal head's centimetre the normalised points move by 0.1.
    moved = np.zeros((2, 468, 2), np.float32)
    moved[1, :, 1] = 1
    points = moved_points(portrait.face, moved, None)
    assert points.shape == (2, 18, 2)
    step = (points[1] - points[0])[:, 1]
    assert np.ptp(step) < 1e-5 and 0.08 < step[0] < 0.1001
    assert moved_points(portrait.face, moved, 50).shape == (2, 50, 2)


def test_measured_maps_find_a_known_linear_motion(portrait: Portrait) -> None:
    from mien.face.mesh import canonical_vertices

    xy = canonical_vertices()[:, :2]
    asked = np.array([[0.02, 0.04], [-0.03, -0.05]], np.float32)
    motion = np.stack([np.full_like(xy, 0.3), xy @ asked.T])
    still, stretched = measured_maps(portrait.face, motion, 40)
    np.testing.assert_allclose(still, np.broadcast_to(np.eye(2), (40, 2, 2)), atol=1e-5)
    found = np.median(stretched - np.eye(2), axis=0)
    # The head is hardly turned, and where few vertices are around the map is held back a little.
    assert (found / asked > 0.85).all() and (found / asked < 1.1).all()


def test_the_cuts_hold_a_moving_head_still(portrait: Portrait) -> None:
    turn = cv2.getRotationMatrix2D((230, 120), 3, 1.03) + np.array([[0, 0, 4], [0, 0, -3]])
    later = cv2.warpAffine(portrait.image, turn, portrait.image.shape[1::-1], flags=cv2.INTER_CUBIC)
    frames = [portrait.image, later]
    motion = measure_field([(0.0, frames[0]), (0.04, frames[1])], face=portrait.face)
    first, second = steady_cuts(motion, frames, 64)
    assert first.shape == (3, 64, 64) and np.abs(first).max() <= 1
    unsteady = face_square(portrait.face.pose).sample(later, 64).transpose(2, 0, 1) / 127.5 - 1
    middle = (slice(None), slice(16, 48), slice(16, 48))
    assert np.abs(second - first)[middle].mean() < 0.35 * np.abs(unsteady - first)[middle].mean()
    square = steady_square(motion.face, motion.rigid_px[1])
    own = face_square(portrait.face.pose)
    assert square.side_px / own.side_px == pytest.approx(1.03, abs=0.006)
    with pytest.raises(UsageError, match="expected the driver's 2 frames"):
        list(steady_cuts(motion, frames[:1], 64))
