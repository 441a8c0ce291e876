from __future__ import annotations

import pytest

from mien.io.tracks import read_track
from mien.recode import recode


def test_a_table_in_and_a_table_out(tmp_path):
    (tmp_path / "in.csv").write_text("time_seconds,AU4,AU12\n0,0,1\n0.1,0,3\n0.2,0,1\n0.3,0,2\n")
    made = recode(tmp_path / "in.csv", tmp_path / "out.json", mode="linear", strength=0.5)
    assert made.path == tmp_path / "out.json"
    assert (made.result.kept, made.result.dropped) == (("AU12",), ("AU4",))
    assert read_track(made.path).values[:, 1].tolist() == pytest.approx([0.5, 1.5, 1.25, 1.0])
    assert made.rmse > 0
