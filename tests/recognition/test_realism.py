from __future__ import annotations

import numpy as np
import pytest

from mien.errors import DatasetError
from mien.recognition.realism import _auc, evaluate_realism
from tests.recognition.squares import maps


def test_auc_is_the_share_of_pairs_in_order():
    scores, positive = np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])
    assert _auc(scores, positive) == 0.75  # three of four pairs
    assert _auc(np.ones(4), positive) == 0.5  # ties count half


def test_realism_wants_other_people_and_enough_of_them(tmp_path):
    real = maps("a", 5, 0)
    first = np.arange(len(real)) % 2 == 0
    real.take(first).write_npz(tmp_path / "real.npz")
    real.take(~first).write_npz(tmp_path / "rest.npz")
    maps("g", 3, 1, "generated").write_npz(tmp_path / "few.npz")
    with pytest.raises(DatasetError, match="got a0 in real and in generated"):
        evaluate_realism(tmp_path / "real.npz", str(tmp_path / "rest.npz"))
    with pytest.raises(DatasetError, match=r"generated maps of 5 people or more.*got 3"):
        evaluate_realism(tmp_path / "real.npz", str(tmp_path / "few.npz"))
