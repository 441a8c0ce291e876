from __future__ import annotations

import json
from pathlib import Path


def test_pairs_of_a_portrait(run, face_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "ann.png").write_bytes(face_file.read_bytes())
    words = ("flow-pairs", folder, "--out", tmp_path / "set", "--count", 2, "--size", 96)
    ran = run(*words, "--validation", 0, "--no-light", "--json")
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert (said["training"], said["validation"], said["people"]) == (2, 0, 1)
    assert len(list((tmp_path / "set").rglob("*.flo"))) == 2
    ran = run(*words, "--validation", 0)
    assert ran.code == 0 and "2 pairs to train on and 0 to validate on, of 1 person" in ran.out


def test_refusals(run, tmp_path: Path) -> None:
    ran = run("flow-pairs", tmp_path, "--out", tmp_path / "set", "--count", 0)
    assert ran.code == 2 and "expected --count of 1 or more (a whole number), got 0" in ran.err
    ran = run("flow-pairs", tmp_path / "no", "--out", tmp_path / "set", "--count", 1)
    assert ran.code == 2 and "expected a folder of portraits" in ran.err
    assert ran.err.count("\n") == 1 and not (tmp_path / "set").exists()
