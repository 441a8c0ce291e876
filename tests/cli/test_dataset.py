from __future__ import annotations

import json
import sys

from mien.datasets.registry import DATASETS
from mien.install import install_command
from tests.datasets import copies


def test_list(run):
    ran = run("dataset", "list")
    assert ran.code == 0 and all(f"{name}: " in ran.out for name in DATASETS)
    rows = json.loads(run("dataset", "list", "--json").out)
    assert [row["name"] for row in rows] == list(DATASETS) and rows[1]["fps"] == "200"


def test_check(run, tmp_path):
    root = copies.casme2(tmp_path)
    ran = run("dataset", "check", "casme2", root)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("casme2: 3 micro-expressions of 2 subjects in ")
    assert lines[1] == "frames: 3 of 3 clips, 86 files"
    assert (
        "missing: 1" in lines and "  missing apex: 1" in lines and "inconsistent: nothing" in lines
    )
    report = json.loads(run("dataset", "check", "casme2", root, "--json").out)
    assert (report["clips"], report["frames"], report["subjects"]) == (3, 86, 2)
    assert report["missing"][0]["where"] == "casme2/sub01/EP03_02"


def test_long_lists_are_cut(run, tmp_path):
    rows = [(1, f"EP{n:02d}", None, 1, 2, 3, None, "4", "disgust") for n in range(25)]
    copies.casme2_table(tmp_path / "CASME2-coding.xlsx", rows)
    short = run("dataset", "check", "casme2", tmp_path).out
    assert "EP19" in short and "EP20" not in short and "... and 5 more (--all shows them)" in short
    whole = run("dataset", "check", "casme2", tmp_path, "--all").out
    assert "EP24" in whole and "more" not in whole


def test_choosing_a_copy(run, tmp_path):
    root = copies.casme2(tmp_path)
    copies.frames(root / "Cropped" / "sub01" / "EP02_01f", "reg_img{}.jpg", range(46, 87))
    ran = run("dataset", "check", "casme2", root)
    assert ran.code == 2 and "--frames FOLDER" in ran.err and ran.err.count("\n") == 1
    report = run("dataset", "check", "casme2", root, "--frames", root / "Cropped", "--json").out
    assert json.loads(report)["clips_with_frames"] == 1


def test_refusals(run, tmp_path, monkeypatch):
    samm = copies.samm(tmp_path / "samm")
    for words, says in (
        (("check", "casme2", tmp_path / "no"), "it is not a folder"),
        (("check", "casme2", samm), "expected the annotations of CASME II"),
        (("check", "casm2", samm), "did you mean casme2?"),
        (("check", "samm"), "expected NAME and ROOT"),
        (("check", "samm", samm, "--annotations", tmp_path / "a.xlsx"), "got no file"),
        (("list", "samm"), "expected nothing after dataset list, got 'samm'"),
    ):
        ran = run("dataset", *words)
        assert ran.code == 2 and ran.out == "", words
        assert ran.err.startswith("mien: error: ") and ran.err.count("\n") == 1 and says in ran.err
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    ran = run("dataset", "check", "samm", samm)
    assert ran.code == 2 and install_command("datasets") in ran.err
