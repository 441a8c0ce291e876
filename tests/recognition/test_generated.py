from __future__ import annotations

import numpy as np
import pytest

from mien.errors import DatasetError, UsageError
from mien.recognition.generated import read_generated, rig_count


def test_a_count_a_file_or_nonsense() -> None:
    assert rig_count("rig:1800") == 1800
    assert rig_count("rig.npz") is None and rig_count("made/rig:30") is None
    for source in ("rig:", "rig:many", "rig:2", "rig:-50"):
        with pytest.raises(UsageError, match="rig:N with N from 30 on"):
            rig_count(source)


def test_the_rig_and_its_file_are_the_same(tmp_path) -> None:
    made = read_generated("rig:30", seed=3)
    made.write_npz(tmp_path / "flows.npz")
    np.testing.assert_array_equal(read_generated(str(tmp_path)).flow, made.flow)
    assert len(made) == 30 and made.counts["surprise"] == 10


def test_maps_that_are_not_of_all_clips_are_refused(tmp_path) -> None:
    """Recognition would learn from a part of the set."""
    read_generated("rig:30").write_npz(tmp_path / "flows.npz")
    assert len(read_generated(str(tmp_path))) == 30
    (tmp_path / "augment.json").write_text("{}")
    with pytest.raises(DatasetError, match="run mien augment again"):
        read_generated(str(tmp_path))
