"""A command that is run again replaces what it wrote itself, without being asked to overwrite."""

from __future__ import annotations

import numpy as np
import skimage.data

from mien.io.images import write_png

LOOKS = ("--expression", "fear", "--fps", "25")
COMMANDS = {
    "generate mkv": ("generate", "face.png", *LOOKS, "--out", "made.mkv"),
    "generate mp4": ("generate", "face.png", *LOOKS, "--out", "out.mp4"),
    "generate gif": ("generate", "face.png", *LOOKS, "--out", "out.gif"),
    "generate png": ("generate", "face.png", *LOOKS, "--out", "out"),
    "transfer": ("transfer", "made.mkv", "face.png", "--out", "moved.mkv"),
    "measure": (
        *("measure", "made.mkv", "--out", "out.csv", "--plot", "plot.png"),
        *("--overlay", "overlay.mkv"),
    ),
    "recode csv": ("recode", "out.csv", "--out", "recoded.csv"),
    "recode json": ("recode", "out.csv", "--out", "recoded.json"),
    "sheet": ("sheet", "made.mkv", "--out", "sheet.png"),
}
"""Each uses what those before it wrote."""


def test_every_command_twice(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_png(tmp_path / "face.png", np.ascontiguousarray(skimage.data.astronaut()[0:256, 96:352]))
    for name, words in COMMANDS.items():
        for time in ("first", "second"):
            ran = run(*words)
            assert ran.code == 0, f"{name}, {time} time: {ran.err}"
