from __future__ import annotations

import json

import pytest

import mien
from tests.engines.motion_net.nets import motion_weights


@pytest.fixture(scope="module")
def clip(small_face, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    au = ["AU1=4@0-0.12-0.12-0.24", "AU2=4@0-0.12-0.12-0.24"]
    return mien.generate(small_face, folder / "brows.mkv", au=au, fps=25).path


def test_json(run, clip):
    ran = run("evaluate", "reconstruction", clip, "--no-lpips", "--every", 3, "--json")
    figures = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert list(figures) == [
        *("clip", "engine", "frames", "fps", "squared_error_ratio", "mean", "still", "motion"),
        *("by_frame", "notes"),
    ]
    assert (figures["engine"], figures["frames"]) == ("mesh", 7)
    assert [frame["frame"] for frame in figures["by_frame"]] == [0, 3, 6]
    assert figures["squared_error_ratio"] < 0.3 and figures["motion"]["cosine"] > 0.9
    assert figures["mean"]["l1"] < figures["still"]["l1"]


def test_a_network_with_its_settings(run, clip, tmp_path):
    weights = motion_weights(tmp_path / "net", prior="awp")
    options = ("--engine", "fomm", "--weights", weights, "--no-painted", "--no-calibrate")
    ran = run("evaluate", "reconstruction", clip, "--no-lpips", "--every", 6, *options)
    assert ran.code == 0 and "fomm, 7 frames; 2 of them judged" in ran.out and "squared error ratio" in ran.out


def test_bad_input_is_one_line(run, clip, tmp_path):
    for words, says in (
        ((tmp_path / "none.mkv",), "none.mkv"),
        ((clip, "--engine", "nobody"), "nobody"),
        ((clip, "--engine", "rig", "--gaze"), "--gaze needs --engine mesh"),
        ((clip, "--engine", "fomm", "--weights", tmp_path), "weights"),
        ((clip, "--recode", "smooth"), "--recode re-encodes"),
    ):
        ran = run("evaluate", "reconstruction", *words)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err
