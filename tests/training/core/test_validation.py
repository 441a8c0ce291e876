from __future__ import annotations

import numpy as np
import torch

from mien.training.core.validation import tiled


def test_a_face_per_row_and_columns_from_left_to_right():
    grey = torch.tensor([-1.0, -0.5, 0.0, 2.0]).view(2, 2, 1, 1, 1)  # column, row
    sheet = tiled([column.expand(2, 3, 2, 3) for column in grey])
    assert sheet.shape == (4, 6, 3) and sheet.dtype == np.uint8
    assert sheet[::2, ::3, 0].tolist() == [[0, 128], [64, 255]]
