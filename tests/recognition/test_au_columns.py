from __future__ import annotations

import numpy as np

from mien.datasets.au_labels import labels_of_codes
from mien.datasets.codes import parse_facs
from mien.recognition.au_columns import COLUMNS, MIRRORED, targets_of


def test_either_side_and_each_side() -> None:
    codes = [parse_facs(code) for code in ("L12", "12", "17", "R12 or R14", "A/L12", "")]
    made = targets_of(labels_of_codes(codes))
    columns = [COLUMNS.index(name) for name in ("AU12", "AU12L", "AU12R", "AU17")]
    assert made[:, columns].tolist() == [
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [0, 0, 0, 1],
        [-1, 0, -1, 0],
        [1, 1, -1, 0],
        [-1, -1, -1, -1],
    ]


def test_a_mirror_changes_sides_alone() -> None:
    names = [COLUMNS[column] for column in MIRRORED]
    assert names[COLUMNS.index("AU12L")] == "AU12R" and names[COLUMNS.index("AU12R")] == "AU12L"
    assert names[COLUMNS.index("AU12")] == "AU12" and names[COLUMNS.index("AU17")] == "AU17"
    assert np.array_equal(MIRRORED[MIRRORED], np.arange(len(COLUMNS)))
