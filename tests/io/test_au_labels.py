"""AU labels: states and intensities agree, sides keep their columns, files go by name."""

from __future__ import annotations

import numpy as np
import pytest

from mien.au.catalog import RIG_NAMES
from mien.errors import DatasetError
from mien.io.au_labels import AULabels


def test_peaks_go_to_their_sides_and_weak_ones_are_absent() -> None:
    made = AULabels.of_peaks([{"AU12L": 2.25, "AU4": 1.5, "AU26": 0.4}, {}])
    moved = {
        name: (int(made.present[0, i]), float(made.intensity[0, i]))
        for i, name in enumerate(RIG_NAMES)
        if made.intensity[0, i]
    }
    assert moved == {
        "AU4L": (1, 1.5),
        "AU4R": (1, 1.5),
        "AU12L": (1, 2.25),
        "AU26": (0, pytest.approx(0.4)),
    }
    assert not made.present[1].any() and not made.intensity[1].any()


def test_an_au_and_its_side_together_take_the_stronger() -> None:
    made = AULabels.of_peaks([{"AU12": 1.0, "AU12R": 3.0}])
    assert made.intensity[0, RIG_NAMES.index("AU12L")] == 1
    assert made.intensity[0, RIG_NAMES.index("AU12R")] == 3


def test_a_files_columns_go_by_name_and_what_it_lacks_is_unknown() -> None:
    made = AULabels.from_arrays(
        np.array(["AU12R", "AU4L"]), np.array([[1, 0]]), np.array([[2.0, 0.0]])
    )
    assert made.present[0, RIG_NAMES.index("AU12R")] == 1
    assert made.present[0, RIG_NAMES.index("AU4L")] == 0
    assert (made.present == -1).sum() == len(RIG_NAMES) - 2
    assert np.isnan(made.intensity).sum() == len(RIG_NAMES) - 2


@pytest.mark.parametrize(
    ("name", "present", "intensity", "text"),
    [
        (["AU99"], [[1]], [[1.0]], "got 'AU99'"),
        (["AU12"], [[1]], [[1.0]], "got 'AU12'"),
        (["AU4L", "AU4L"], [[1, 1]], [[1.0, 1.0]], "got 'AU4L'"),
        (["AU4L"], [[2]], [[1.0]], "of -1, 0 and 1, got 2"),
        (["AU4L"], [[1]], [[6.0]], "from 0 to 5, got 6"),
        (
            ["AU4L"],
            [[0]],
            [[2.0]],
            "intensity of AU4L to agree with its state 0, got 2 in sample 0",
        ),
        (["AU4L"], [[1]], [[0.0]], "intensity of AU4L to agree"),
        (["AU4L"], [[-1]], [[1.0]], "intensity of AU4L to agree"),
        (["AU4L"], [[1], [1]], [[1.0]], "au_intensity of shape"),
        ([4], [[1]], [[1.0]], "au_name as text"),
    ],
)
def test_what_are_no_labels(name: list, present: list, intensity: list, text: str) -> None:
    with pytest.raises(DatasetError, match=text):
        AULabels.from_arrays(np.array(name), np.array(present), np.array(intensity))


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(DatasetError, match="expected present of AUs of shape"):
        AULabels(np.zeros((2, 3), np.int8), np.zeros((2, 3), np.float32))
    assert repr(AULabels.unknown(2)) == "AULabels(2 samples, 0 of them with known AUs)"
