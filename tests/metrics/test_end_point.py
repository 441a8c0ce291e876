from __future__ import annotations

import numpy as np

from mien.metrics.end_point import end_point_errors


def test_errors_are_distances_of_the_chosen_pixels() -> None:
    true = np.zeros((2, 2, 2), np.float32)
    estimated = true.copy()
    estimated[0, 0], estimated[1, 1] = (3, -4), (100, 0)
    where = np.array([[True, True], [True, False]])
    np.testing.assert_array_equal(end_point_errors(estimated, true, where), [5, 0, 0])
