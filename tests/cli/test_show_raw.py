"""``--show raw`` in ``mien generate`` and ``mien transfer``."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar, sidecar_path
from tests.engines.motion_net.nets import motion_weights
from tests.engines.ulme_gan.test_engine import weights


def test_generate_writes_the_network_s_square(run, face_file, tmp_path):
    net = weights(tmp_path / "w")
    out = tmp_path / "raw.mkv"
    options = ("--engine", "ulme-gan", "--weights", net, "--show", "raw")
    ran = run(
        "generate", face_file, "--au", "AU12=3@0-0.1-0.1-0.2", "--fps", 25, *options, "--out", out
    )
    assert ran.code == 0, ran.err
    assert open_clip(out).size == (32, 32)
    sidecar = read_sidecar(sidecar_path(out))
    assert (sidecar.width, sidecar.height, sidecar.settings["show"]) == (32, 32, "raw")


def test_transfer_writes_the_network_s_square(run, face_file, tmp_path):
    driver = tmp_path / "driver"
    driver.mkdir()
    face = np.array(Image.open(face_file))
    for number, shift in enumerate((0, 1, 2)):
        Image.fromarray(np.roll(face, shift, axis=0)).save(driver / f"{number}.png")
    net = motion_weights(tmp_path / "w", prior="awp", conventions="published", square_cm=15.0)
    out = tmp_path / "raw.mkv"
    options = ("--engine", "fomm", "--weights", net, "--show", "raw", "--fps", 25)
    ran = run("transfer", driver, face_file, *options, "--out", out)
    assert ran.code == 0, ran.err
    clip = open_clip(out)
    assert clip.size == (32, 32) and len(list(clip)) == 3
    judged = run("evaluate", "reconstruction", driver, *options)
    assert judged.code == 2 and judged.err.count("\n") == 1
    assert "expected frames of the portrait for a reconstruction, got --show raw" in judged.err


@pytest.mark.parametrize(
    ("command", "engine"), [("generate", "rig"), ("transfer", "mesh"), ("transfer", "rig")]
)
def test_an_engine_without_a_network_refuses_it_in_one_line(
    run, face_file, tmp_path, command, engine
):
    words = (face_file, "--au", "AU12=3")
    if command == "transfer":
        words = (tmp_path / "driver.mp4", face_file)
    options = ("--engine", engine, "--show", "raw", "--out", tmp_path / "raw.mkv")
    ran = run(command, *words, *options)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("mien: error: --show needs --engine ")
