from __future__ import annotations

import json
from fractions import Fraction

from mien.au.envelope import Envelope
from mien.project.file import write_project
from mien.project.projects import DesignProject
from mien.project.reference import FileReference


def project(face_file, path, **options):
    return write_project(
        path,
        DesignProject(
            portrait=FileReference.of(face_file, path),
            envelopes=(Envelope("AU12", 0.0, 0.04, 0.06, 0.1, 3.0),),
            duration_seconds=0.2,
            fps=Fraction(50),
            engine="rig",
            options=options,
        ),
    )


def test_render(run, face_file, tmp_path):
    ran = run(
        *("render", project(face_file, tmp_path / "p.json", shading=False)),
        *("--out", tmp_path / "a.mkv", "--json"),
    )
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert (said["frames"], said["fps"], said["aus"]) == (11, "50", ["AU12"])
    sidecar = json.loads((tmp_path / "a.mkv.json").read_text())
    assert sidecar["settings"]["shading"] is False


def test_refusals(run, face_file, tmp_path):
    out = tmp_path / "a.mkv"
    wrong = project(face_file, tmp_path / "wrong.json", speed=3)
    (tmp_path / "text.json").write_text("hello")
    for path, says in (
        (wrong, "unknown option 'speed'"),
        (tmp_path / "none.json", "cannot read"),
        (tmp_path / "text.json", "not JSON"),
    ):
        ran = run("render", path, "--out", out)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err
    assert not out.exists()
