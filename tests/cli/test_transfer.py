from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from mien.engines.registry import engine_specs
from mien.io.clip_hash import sha256_file
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar, sidecar_path
from tests.engines.motion_net.nets import motion_weights


@pytest.fixture(scope="module")
def driver(tmp_path_factory) -> Path:
    """A clip in which brows go up, 11 frames at 25 a second."""
    from mien.generate import generate

    folder = tmp_path_factory.mktemp("driver")
    face = cv2.resize(skimage.data.astronaut()[0:256, 96:352], (192, 192))
    au = ["AU1=4@0-0.2-0.2-0.4", "AU2=4@0-0.2-0.2-0.4"]
    return generate(face, folder / "driver.mkv", au=au, fps=25).path


def test_a_transfer_moves_as_its_driver_and_says_so(run, driver, face_file, tmp_path):
    out = tmp_path / "moved.mkv"
    ran = run("transfer", driver, face_file, "--out", out, "--json")
    record = json.loads(ran.out)
    assert (ran.code, ran.err, record["frames"], record["fps"]) == (0, "", 11, "25")
    clip = open_clip(out)
    assert clip.size == (160, 192) and clip.fps == 25
    sidecar = read_sidecar(sidecar_path(out))
    assert (sidecar.engine, sidecar.track) == ("mesh", None)
    assert [file.sha256 for file in sidecar.inputs] == [sha256_file(driver), sha256_file(face_file)]
    assert sidecar.settings["strength"] == 1.0
    scores = json.loads(run("evaluate", "motion", driver, out, "--json").out)
    assert scores["cosine"] > 0.9 and 0.75 < scores["amplitude"] < 1.25 and scores["frames"] == 11


def test_the_rig_has_a_track_and_less_of_the_motion(run, driver, face_file, tmp_path):
    out = tmp_path / "moved.mkv"
    options = ("--engine", "rig", "--recode", "linear", "--threshold", 0.2, "--strength", 0.5)
    assert run("transfer", driver, face_file, "--out", out, *options).code == 0
    track = read_sidecar(sidecar_path(out)).track
    assert track is not None and {"AU1L", "AU1R", "AU2L"} & set(track.names)
    apex = track.apex_index
    moved = track.values[:, track.values[apex] > 0.1]
    steps = np.diff(moved[: apex + 1], axis=0)
    np.testing.assert_allclose(steps, np.broadcast_to(steps[:1], steps.shape), atol=1e-4)


@pytest.mark.parametrize("looks", [True, False])
def test_a_network_follows_points(run, driver, face_file, tmp_path, looks):
    weights = motion_weights(tmp_path / "net", prior="awp", jacobians=looks)
    out = tmp_path / "moved.mkv"
    options = ("--engine", "fomm", "--prior", "awp", "--weights", weights, "--baseline", "median")
    ran = run("transfer", driver, face_file, "--out", out, *options, "--json")
    assert (ran.code, json.loads(ran.out)["frames"]) == (0, 11)
    sidecar = read_sidecar(sidecar_path(out))
    assert (sidecar.engine, sidecar.track, sidecar.settings["prior"]) == ("fomm", None, "awp")
    assert sidecar.settings["weights"] == "net"
    network = sidecar.settings["network"]
    shards = {file.name: sha256_file(file) for file in weights.glob("*.safetensors")}
    assert network["sha256"] == shards and (network["prior"], network["points"]) == ("awp", None)
    # An untrained network may move less than its driver, however much is asked of it: then it says so.
    limit = network["gain"] in (2.5, 0.4)
    assert ("than the driver, even" in ran.err) == limit and ran.err.count("\n") == limit
    frames = [frame for _, frame in open_clip(out)]
    assert (frames[5] != frames[0]).any()


def test_weights_that_are_not_there_are_told_before_the_driver_is_read(run, face_file, tmp_path):
    # A file that is not a driver would be refused first, if it were read first.
    (tmp_path / "driver.mp4").write_bytes(b"no film")
    out = tmp_path / "moved.mkv"
    for options, says in (
        (("--engine", "fomm", "--weights", tmp_path / "none"), "expected a folder with weights"),
        (("--engine", "fomm", "--points", 64), "--prior awp --points 128"),
        (("--engine", "fomm", "--prior", "none", "--points", 10), "only for --prior awp"),
        (("--engine", "mraa", "--prior", "none"), "only for --prior awp:"),
    ):
        ran = run("transfer", tmp_path / "driver.mp4", face_file, "--out", out, *options)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err


def test_a_driver_without_a_face_is_no_driver(run, face_file, tmp_path):
    from mien.io.images import write_png

    folder = tmp_path / "frames"
    folder.mkdir()
    for index in range(3):
        write_png(folder / f"{index}.png", np.full((128, 128, 3), 90 + index, np.uint8))
    weights = motion_weights(tmp_path / "net", prior="awp")
    out = tmp_path / "moved.mkv"
    options = ("--fps", 25, "--engine", "fomm", "--weights", weights, "--out", out)
    ran = run("transfer", folder, face_file, *options)
    assert ran.code == 2 and "face" in ran.err and ran.err.count("\n") == 1
    assert not out.exists()


def test_evaluate_prints_a_table_and_draws(run, driver, tmp_path):
    plot, video = tmp_path / "page.png", tmp_path / "side.mkv"
    ran = run("evaluate", "motion", driver, driver, "--plot", plot, "--video", video)
    assert ran.code == 0 and "motion cosine" in ran.out and "1.000" in ran.out
    with Image.open(plot) as drawn:
        assert drawn.width == 1800
    shown = open_clip(video)
    assert shown.fps == 25 / 8 and shown.height == 968 and sum(1 for _ in shown) == 11


def test_a_folder_is_hashed_over_its_frames(run, driver, face_file, tmp_path):
    from mien.io.images import write_png

    folder = tmp_path / "frames"
    folder.mkdir()
    for index, (_, frame) in enumerate(open_clip(driver)):
        write_png(folder / f"{index}.png", frame)
    hashes = []
    for name in ("a.mkv", "b.mkv"):
        assert run("transfer", folder, face_file, "--fps", 25, "--out", tmp_path / name).code == 0
        hashes.append(read_sidecar(tmp_path / f"{name}.json").inputs[0].sha256)
        (folder / "10.png").write_bytes((folder / "9.png").read_bytes())
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--recode smooth", "add --engine rig"),
        ("--head-motion --engine rig", "--head-motion needs --engine mesh"),
        ("--threshold 0.2 --engine rig", "--threshold needs --recode"),
        ("--engine rig --recode linear --threshold 5", "reaches the threshold 5"),
        ("--engine rig --strength 50", "strength"),
        ("--strength -1", "expected --strength of 0 or more"),
        ("--driver-face 2", "no face 2"),
        ("--start 3", "from --start 3 s on"),
        ("--engine flow", f"expected --engine to be one of {', '.join(engine_specs('transfer'))}"),
        ("--prior awp", "--prior needs --engine fomm or mraa, got --engine mesh"),
        ("--engine rig --points 64", "--points needs --engine fomm or mraa"),
        ("--jacobians measured", "--jacobians needs --engine fomm or mraa"),
        ("--engine fomm --prior none --jacobians measured", "--jacobians measured with a prior"),
        ("--engine rig --no-calibrate", "--calibrate needs --engine mesh, fomm or mraa"),
        ("--engine mraa --prior ewp", "expected --prior none or awp"),
        ("--engine fomm --prior none", "no weights for --engine fomm --prior none come with Mien"),
        ("--engine fomm --prior none --no-blinks", "expected --no-blinks with a prior"),
        ("--engine fomm --weights nowhere", "expected a folder with weights"),
        ("--engine mraa --recode linear", "add --engine rig"),
        ("--engine fomm --gaze", "--gaze needs --engine mesh"),
    ],
)
def test_what_makes_no_sense_writes_nothing(run, driver, face_file, tmp_path, options, says):
    ran = run("transfer", driver, face_file, "--out", tmp_path / "a.mp4", *options.split())
    assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_driver_is_not_overwritten(run, driver, face_file):
    before = driver.read_bytes()
    assert "the input itself" in run("transfer", driver, face_file, "--out", driver).err
    assert driver.read_bytes() == before


def test_clips_of_different_lengths_are_not_compared(run, driver, tmp_path):
    ran = run("evaluate", "motion", driver, driver, "--end", 0.2)
    assert ran.code == 2 and "two clips of one length" in ran.err
    assert "expected one of motion, " in run("evaluate").err
    assert "'beauty'" in run("evaluate", "beauty", driver, driver).err
    assert "--magnify" in run("evaluate", "motion", driver, driver, "--magnify", 0).err
