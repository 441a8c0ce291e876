from __future__ import annotations

import numpy as np

from mien.face.square import face_square
from mien.training.clips.cells import CellMotion
from tests.faces import canonical_face


def test_cells_move_with_the_skin_under_them_and_stand_still_beside_the_face():
    face = canonical_face(scale_px_per_cm=10, centre_px=130)
    square = face_square(face.pose)
    cells = CellMotion(face, 260, 260, square, 16)
    upright = square.normalised(face.landmarks[:468, :2].astype(np.float64))
    everywhere = cells.at_cells(np.full((468, 2), (0.1, -0.05)))
    np.testing.assert_allclose(everywhere[6:10, 6:10], np.full((4, 4, 2), (0.1, -0.05)), atol=1e-3)
    assert everywhere.shape == (16, 16, 2) and np.abs(everywhere[:, 0]).max() == 0
    # Cell (row 9, column 8) has its centre at x = 17 / 16 - 1, y = 19 / 16 - 1.
    stretched = cells.at_cells(0.2 * upright)
    np.testing.assert_allclose(stretched[9, 8], (0.2 / 16, 0.2 * 3 / 16), atol=2e-3)
