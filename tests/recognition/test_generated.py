from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UsageError
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
