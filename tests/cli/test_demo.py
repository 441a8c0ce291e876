from __future__ import annotations

import sys

from mien.install import install_command
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar


def test_demo_makes_a_video_and_its_sheet(run, tmp_path):
    ran = run("demo", "--out", tmp_path / "demo")
    assert (ran.code, ran.err) == (0, "")
    names = ["happiness.mp4", "happiness.mp4.json", "happiness.png", "portrait.png"]
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == names
    assert all(str(tmp_path / "demo" / name) in ran.out for name in names if "json" not in name)
    assert open_clip(tmp_path / "demo" / "happiness.mp4").size == (512, 512)
    assert "generate" in ran.out.splitlines()[-1]  # what to do next
    facts = read_sidecar(tmp_path / "demo" / "happiness.mp4.json").facts
    assert facts["codec"].startswith("h264 yuv420p")  # plays in every program


def test_without_scikit_image_it_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage.data", None)
    ran = run("demo", "--out", tmp_path / "demo")
    assert ran.code == 2 and install_command("demo") in ran.err
    assert not (tmp_path / "demo").exists()
