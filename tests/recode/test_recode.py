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


def test_other_time_stamps_are_resampled_by_the_frame_rate(tmp_path):
    rows = ["frame,timestamp,success,AU12_r,AU12_c", "1,0.10,1,0,1", "2,0.20,1,1,1"]
    rows += ["3,0.22,0,0,0", "4,0.25,1,2,1", "5,0.30,1,3,1"]
    (tmp_path / "in.csv").write_text("\n".join(rows) + "\n")
    made = recode(tmp_path / "in.csv", tmp_path / "out.csv", mode="none", fps=20)
    read = read_track(made.path)
    assert read.times_seconds.tolist() == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])
    assert read.values[:, 0].tolist() == pytest.approx([0, 0.5, 1, 2, 3])
    assert made.notes == (
        "in.csv: 1 row without a face, from line 4 on, bridged by the rows around them",
    )
