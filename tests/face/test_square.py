from __future__ import annotations

import numpy as np
import pytest

from mien.face.pose import Pose
from mien.face.square import face_square


def rolled(degrees: float) -> Pose:
    turn = np.radians(degrees)
    rotation = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    return Pose(rotation, 10.0, np.full(2, 100.0))


def test_a_lower_square_lies_lower_by_its_own_distance() -> None:
    square = face_square(rolled(0), side_cm=16.5, down_cm=1.15)
    # 10 px a centimetre; the face's middle is 0.6 cm below the origin at (100, 100).
    assert (square.x_px, square.side_px) == pytest.approx((100, 165))
    assert square.y_px == pytest.approx(100 + 10 * (0.6 + 1.15))


def test_lower_is_the_head_s_own_down() -> None:
    whole, lower = (face_square(rolled(90), down_cm=down) for down in (0, 1.15))
    # A head rolled clockwise by 90 degrees has its chin at the left.
    assert lower.x_px - whole.x_px == pytest.approx(-11.5)
    assert lower.y_px == pytest.approx(whole.y_px)


def test_a_shift_comes_on_top() -> None:
    square = face_square(rolled(0), down_cm=1.15, shift_cm=(0.5, 0), turn_radians=0.2)
    assert (square.x_px, square.y_px) == pytest.approx((105, 100 + 10 * 1.75))
    assert square.roll_radians == pytest.approx(0.2)
