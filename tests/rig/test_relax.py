from __future__ import annotations

import numpy as np

from mien.face import mesh
from mien.rig.relax import relax, strip


def test_strips_mirror_each_other() -> None:
    assert sorted(mesh.mirror_index()[strip("L")]) == sorted(strip("R"))
    assert len(strip("L")) >= 8
    assert not set(strip("L")) & set(mesh.LEFT_EYE_UPPER + mesh.LEFT_BROW_LOWER)


def test_relaxed_displacement_lies_between_its_borders() -> None:
    shape = np.zeros((468, 3))
    shape[list(mesh.LEFT_EYE_UPPER), 1] = 1.0
    shape[strip("L"), 1] = 7.0  # whatever was there before
    relaxed = relax(shape, "L")
    inside = relaxed[strip("L"), 1]
    assert inside.min() > 0 and inside.max() < 1
    # The row next to the lid follows it more than the row under the brow.
    lid_row, brow_row = relaxed[[257, 259], 1].mean(), relaxed[[442, 443, 444], 1].mean()
    assert lid_row > brow_row
    untouched = np.setdiff1d(np.arange(468), strip("L"))
    np.testing.assert_array_equal(relaxed[untouched], shape[untouched])


def test_a_common_motion_stays_common() -> None:
    np.testing.assert_allclose(relax(np.ones((468, 2)), "R"), 1, atol=1e-9)
