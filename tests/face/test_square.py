from __future__ import annotations

import numpy as np
import pytest

from mien.face.pose import Pose
from mien.face.square import CROPS, face_square, named_square


def rolled(degrees: float) -> Pose:
    turn = np.radians(degrees)
    rotation = np.array(
        [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    )
    return Pose(rotation, 10.0, np.full(2, 100.0))


def test_the_whole_square_is_the_face_square() -> None:
    assert named_square(rolled(20), "whole") == face_square(rolled(20))


def test_the_tight_square_lies_lower_by_its_own_distance() -> None:
    square = named_square(rolled(0), "tight")
    # 10 px a centimetre; the face's middle is 0.6 cm below the origin at (100, 100).
    assert (square.x_px, square.side_px) == pytest.approx((100, 165))
    assert square.y_px == pytest.approx(100 + 10 * (0.6 + CROPS["tight"].down_cm))


def test_lower_is_the_head_s_own_down() -> None:
    whole, tight = (named_square(rolled(90), name) for name in ("whole", "tight"))
    # A head rolled clockwise by 90 degrees has its chin at the left.
    assert tight.x_px - whole.x_px == pytest.approx(-11.5)
    assert tight.y_px == pytest.approx(whole.y_px)


def test_scale_and_shift_come_on_top() -> None:
    square = named_square(rolled(0), "tight", scale=1.1, shift_cm=(0.5, 0), turn_radians=0.2)
    assert (square.x_px, square.side_px, square.roll_radians) == pytest.approx((105, 181.5, 0.2))
