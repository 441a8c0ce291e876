from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from mien.au.envelope import Envelope
from mien.au.frame_rate import frame_times
from mien.errors import MienError, OutputError, UsageError
from mien.project.file import project_from_json, project_to_json, read_project, write_project
from mien.project.projects import DesignProject, TransferProject
from mien.project.reference import FileReference


@pytest.fixture
def project(tmp_path) -> DesignProject:
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "a.png").write_bytes(b"abc")
    return DesignProject(
        portrait=FileReference.of(tmp_path / "faces" / "a.png", tmp_path / "p" / "x.json"),
        envelopes=(Envelope("AU12L", 0.1, 1 / 3, 0.35, 0.4, 2.5, "linear"),),
        duration_seconds=0.5,
        fps=Fraction(30000, 1001),
        engine="rig",
        seed=7,
        emotion="happiness",
        options={"shading": False},
        face=2,
        name="smile 微笑",
    )


def test_round_trip_is_exact(tmp_path, project):
    path = write_project(tmp_path / "p" / "x.json", project)
    assert read_project(path) == project
    assert json.loads(path.read_text(encoding="utf-8"))["portrait"]["path"] == "../faces/a.png"
    assert project.portrait.locate(path).read_bytes() == b"abc"
    transfer = TransferProject(
        portrait=project.portrait, driver=project.portrait, engine="mesh", options={"strength": 2.0}
    )
    assert project_from_json(project_to_json(transfer)) == transfer


def test_the_old_name_of_a_mode_is_still_read(project):
    transfer = TransferProject(
        portrait=project.portrait,
        driver=project.portrait,
        engine="mesh",
        options={"recode": "recode"},
    )
    assert project_from_json(project_to_json(transfer)).options == {"recode": "none"}
    smooth = replace(transfer, options={"recode": "smooth", "threshold": 0.2})
    assert project_from_json(project_to_json(smooth)).options == smooth.options


def test_another_picture_is_refused(tmp_path, project):
    path = write_project(tmp_path / "p" / "x.json", project)
    (tmp_path / "faces" / "a.png").write_bytes(b"abd")
    with pytest.raises(UsageError, match="content differs"):
        project.portrait.locate(path)
    (tmp_path / "faces" / "a.png").unlink()
    with pytest.raises(UsageError, match="beside it, and it is missing"):
        project.portrait.locate(path)


@pytest.mark.parametrize(
    "change",
    [
        {"mien_project": 2},
        {"mien_project": None},
        {"motion": None},
        {"motion": {"kind": "dance"}},
        {"portrait": {"path": "a.png", "sha256": "x"}},
        {"engine": 3},
        {"face": 0},
        {"options": 5},
    ],
)
def test_what_is_no_project(tmp_path, project, change):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(project_to_json(project) | change))
    with pytest.raises(MienError) as raised:
        read_project(path)
    assert "bad.json" in str(raised.value) and "\n" not in str(raised.value)


def test_other_refusals(tmp_path, project):
    path = tmp_path / "x.json"
    path.write_text("[" * 100_000)
    with pytest.raises(UsageError, match="not JSON"):
        read_project(path)
    with pytest.raises(OutputError, match=r"\.json"):
        write_project(tmp_path / "x.txt", project)
    with pytest.raises(UsageError, match="make the clip longer"):
        DesignProject(
            portrait=project.portrait,
            envelopes=project.envelopes,
            duration_seconds=0.3,
            fps=Fraction(50),
            engine="rig",
        )


@pytest.mark.parametrize("fps", [25, 200, 10_000, Fraction(30000, 1001)])
def test_the_tail_can_be_read_and_leaves_the_frames_as_they_are(project, fps):
    for end_ms in range(10, 490, 7):
        end = end_ms / 1000
        shown = Envelope("AU12", 0.0, end / 2, end / 2, end, 2.0, "linear")
        made = replace(project, envelopes=(shown,), fps=fps)
        assert len(repr(made.tail_seconds)) <= len("0.123")
        assert len(frame_times(end + made.tail_seconds, fps)) == len(frame_times(0.5, fps))
