from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from mien.io.images import read_image, write_png


def test_a_set_that_evaluation_reads(run, face_file: Path, tmp_path: Path) -> None:
    people = tmp_path / "people"
    people.mkdir()
    shutil.copy(face_file, people / "ann.png")
    write_png(people / "bob.png", np.ascontiguousarray(read_image(face_file)[:, ::-1]))
    (tmp_path / "list.txt").write_text("people/bob.png\npeople/ann.png\n")
    out = tmp_path / "set"
    words = ("--portraits", tmp_path / "list.txt", "--out", out, "--count", 4, "--frames", "two")
    quick = ("--flow", "dis", "--size", 96, "--validation", 0.5)
    ran = run("augment", *words, *quick, "--json")
    assert (ran.code, ran.err) == (0, "")
    said = json.loads(ran.out)
    assert (said["clips"], said["made"], said["train"] + said["val"]) == (4, 4, 4)
    assert "4 clips (0 new)" in run("augment", *words, *quick).out
    report = json.loads(run("dataset", "check", "folder", out, "--json").out)
    assert report["clips"] == report["clips_with_frames"] == 4 and not report["inconsistent"]
    ran = run("augment", *words, *quick, "--strength", 1.5)
    assert ran.code == 2 and "another strength" in ran.err and ran.err.count("\n") == 1


def test_refusals(run, tmp_path: Path) -> None:
    words = ("--out", tmp_path / "o", "--count", 3)
    for more, says in (
        (("--portraits", tmp_path / "no"), "a folder of portraits"),
        (("--portraits", tmp_path), "got none"),
        (("--portraits", tmp_path, "--engine", "rig", "--drivers", tmp_path), "--drivers needs"),
    ):
        ran = run("augment", *words, *more)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1
    assert not (tmp_path / "o").exists()
