from __future__ import annotations

import numpy as np
import pytest

from mien.common.option_help import face_choice
from mien.errors import UsageError
from mien.evaluate.options import EvaluateOptions
from mien.measure.options import MeasureOptions


@pytest.mark.parametrize(
    ("given", "meant"),
    [(None, None), ("largest", "largest"), (2, 2), ("2", 2), (" 3 ", 3), (np.int64(1), 1)],
)
def test_a_face_is_a_number_or_the_largest(given, meant):
    assert face_choice(given) == meant
    assert type(face_choice(given)) is type(meant)


@pytest.mark.parametrize("wrong", [0, -1, 2.7, "2.7", "0", "-1", True, "smallest", "", 2.0, [1]])
def test_anything_else_is_no_face(wrong):
    for make in (face_choice, lambda face: MeasureOptions(face=face)):
        with pytest.raises(UsageError, match=r"--face N \(from 1\) or --face largest, got"):
            make(wrong)
    with pytest.raises(UsageError, match="--driver-face N"):
        EvaluateOptions(driver_face=wrong)
