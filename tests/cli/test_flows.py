from __future__ import annotations

import json
from pathlib import Path

from mien.io.flow_sets import FlowSet

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
    assert ran.code == 2 and "no such folder" in ran.err and ran.err.count("\n") == 1
