from __future__ import annotations

import json

import numpy as np
import pytest

from mien.au.envelope import Envelope
from mien.io.tracks import read_track

TYPED = """time_seconds,AU4,AU12,AU26
0.00,0.4,0.1,0
0.04,0.6,0.9,0
0.08,1.0,2.4,1
0.12,0.9,1.8,0
0.16,0.5,0.6,0
"""
OPENFACE = """frame, confidence, AU04_r, AU12_r, AU04_c, AU12_c
36, 0.98, 0.6, 0.2, 0, 1
37, 0.98, 1.9, 0.4, 1, 1
38, 0.98, 0.6, 0.2, 0, 1
39, 0.98, 0.6, 0.3, 0, 0
"""


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "typed.csv").write_text(TYPED)
    (tmp_path / "openface.csv").write_text(OPENFACE)
    return tmp_path


def test_a_typed_table_runs_straight(run, tables):
    out = tables / "out.csv"
    ran = run("recode", tables / "typed.csv", "--mode", "linear", "--out", out)
    assert ran.code == 0 and ran.out.count("\n") == 1
    assert "apex at frame 2 (0.080 s), AU4 AU12, without AU26" in ran.out
    track = read_track(out)
    assert track.names == ("AU4", "AU12", "AU26")
    np.testing.assert_allclose(track.values[:, 1], [0.1, 1.25, 2.4, 1.5, 0.6], atol=1e-6)
    assert not track.values[:, 2].any()


def test_openface_says_what_is_present(run, tables):
    out = tables / "out.json"
    options = ("--mode", "none", "--fps", "100", "--json", "--out", out)
    record = json.loads(run("recode", tables / "openface.csv", *options).out)
    # By intensity it would be AU4 that stays.
    assert (record["kept"], record["dropped"]) == (["AU12"], ["AU4"])
    assert (record["apex_index"], record["apex_seconds"], record["rmse"]) == (1, 0.01, 0.0)
    np.testing.assert_allclose(read_track(out).times_seconds, [0, 0.01, 0.02, 0.03])


def test_smooth_says_its_envelopes(run, tables):
    out = tables / "out.csv"
    record = json.loads(run("recode", tables / "typed.csv", "--json", "--out", out).out)
    assert record["mode"] == "smooth" and record["envelopes"]
    envelope = Envelope.parse(record["envelopes"][-1])
    assert envelope.au == "AU12" and envelope.shape == "minimum_jerk"
    track = read_track(out)
    expected = record["baseline"]["AU12"] + envelope.intensity(track.times_seconds)
    np.testing.assert_allclose(track.values[:, 1], expected, atol=1e-4)


def test_apex_time_portrait_and_strength(run, tables):
    out = tables / "out.csv"
    options = ("--apex-time", "0.13", "--portrait-au", "AU4=0.2", "--portrait-au", "AU12=1")
    typed = ("recode", tables / "typed.csv", "--mode", "apex", "--strength", "0.5")
    assert run(*typed, *options, "--out", out).code == 0
    values = read_track(out).values
    np.testing.assert_allclose(values[[0, 3, 4], 0], [0.2, 0.45, 0.2], atol=1e-6)
    np.testing.assert_allclose(values[[0, 3, 4], 1], [1.0, 0.9, 1.0], atol=1e-6)


def test_nothing_stays_and_it_says_so(run, tables):
    out = tables / "out.csv"
    ran = run("recode", tables / "typed.csv", "--threshold", "4", "--out", out)
    assert ran.code == 0 and "no AU is present in half of the 5 frames" in ran.out
    assert not read_track(out).values.any()


@pytest.mark.parametrize(
    ("table", "options", "says"),
    [
        ("typed.csv", "--strength 3 --mode linear", "at most 2.083"),
        ("typed.csv", "--apex 5", "from 0 to 4, got 5"),
        ("typed.csv", "--apex 1 --apex-time 0.04", "got both"),
        ("typed.csv", "--portrait-au AU4=1", "--portrait-au needs --mode apex"),
        ("typed.csv", "--mode apex --portrait-au AU4", "such as AU12=1"),
        ("typed.csv", "--mode apex --portrait-au AU9=1", "got AU9"),
        ("typed.csv", "--fps 100", "expected no --fps with a Mien table"),
        ("typed.csv", "--aus-face 1", "expected no --aus-face with a Mien table"),
        ("typed.csv", "--mode recode", "expected one of none, linear, apex, smooth"),
        ("openface.csv", "", "frame rate"),
        ("missing.csv", "", "cannot read"),
    ],
)
def test_what_makes_no_sense_writes_nothing(run, tables, table, options, says):
    out = tables / "out.csv"
    ran = run("recode", tables / table, *options.split(), "--out", out)
    assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1
    assert not out.exists()


def test_nan_is_refused_and_the_table_is_not_overwritten(run, tables):
    table = tables / "typed.csv"
    assert "itself" in run("recode", table, "--out", table).err
    assert table.read_text() == TYPED
    table.write_text(TYPED.replace("2.4", "nan"))
    assert "line 4, column AU12" in run("recode", table, "--out", tables / "out.csv").err
    assert run("recode", tables / "openface.csv", "--fps", 9, "--out", tables / "a.txt").code == 2
