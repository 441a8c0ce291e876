from __future__ import annotations

import json
from pathlib import Path

import pytest

from mien.io.flow_sets import FlowSet
from tests.datasets import copies

HEADER = "file,subject,onset,apex,offset,fps,aus,emotion\n"


def test_a_folder_of_clips(run, face_file: Path, tmp_path: Path) -> None:
    clip = ("--au", "AU12=3@0-0.1-0.1-0.2", "--fps", 50)
    assert run("generate", face_file, *clip, "--out", tmp_path / "mine" / "a").code == 0
    manifest = tmp_path / "mine" / "manifest.csv"
    manifest.write_text(f"{HEADER}a,ann,0,5,10,50,12,happiness\na,bob,0,,10,50,12,happiness\n")
    out = tmp_path / "flows.npz"
    words = ("flows", "folder", tmp_path / "mine", "--out", out, "--flow", "dis")
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "") and not out.exists()
    assert "folder/bob/a: expected an apex" in ran.err and ran.err.count("\n") == 1
    ran = run(*words, "--skip-bad", "--json")
    assert ran.code == 0 and "left out: folder/bob/a" in ran.err
    said = json.loads(ran.out)
    assert (said["clips"], said["positive"], said["negative"]) == (1, 1, 0)
    assert FlowSet.from_npz(out).subject.tolist() == ["folder_ann"]
    first = out.read_bytes()
    assert run(*words, "--find-apex").code == 0
    assert len(FlowSet.from_npz(out)) == 2
    assert run(*words, "--skip-bad").code == 0 and out.read_bytes() == first


def test_refusals(run, tmp_path: Path) -> None:
    assert "FILE.npz" in run("flows", "folder", tmp_path, "--out", tmp_path / "x.csv").err
    ran = run("flows", "folder", tmp_path / "no", "--out", tmp_path / "x.npz")
    assert ran.code == 2 and "it is not a folder" in ran.err and ran.err.count("\n") == 1


CLIP = (1, "EP02_01f", None, 46, 59, 86, None, "12", "happiness")


@pytest.mark.parametrize(
    ("row", "numbers", "says"),
    [
        (CLIP, (), "casme2/sub01/EP02_01f: expected its frames"),
        (CLIP, range(47, 87), "casme2/sub01/EP02_01f: expected frame 46"),
        ((*CLIP[:4], "/", *CLIP[5:]), range(46, 87), "casme2/sub01/EP02_01f: expected an apex"),
        ((*CLIP[:3], "soon", *CLIP[4:]), range(46, 87), "got 'soon'"),
    ],
)
def test_what_a_copy_lacks_is_named(run, tmp_path: Path, row, numbers, says: str) -> None:
    copies.casme2_table(tmp_path / "CASME2-coding-20140508.xlsx", [row])
    if numbers:
        copies.frames(tmp_path / "raw" / "sub01" / "EP02_01f", "img{}.jpg", numbers)
    ran = run("flows", "casme2", tmp_path, "--out", tmp_path / "x.npz")
    assert (ran.code, ran.out) == (2, "") and not (tmp_path / "x.npz").exists()
    assert says in ran.err and ran.err.count("\n") == 1


def test_a_missing_column_is_named(run, tmp_path: Path) -> None:
    header = [name for name in copies.CASME2_HEADER if name != "ApexFrame"]
    copies.workbook(tmp_path / "CASME2-coding-20140508.xlsx", {"Sheet1": [header, CLIP[1:]]})
    for words in (
        ("flows", "casme2", tmp_path, "--out", tmp_path / "x.npz"),
        ("dataset", "check", "casme2", tmp_path),
    ):
        ran = run(*words)
        assert ran.code == 2 and "ApexFrame" in ran.err and ran.err.count("\n") == 1
