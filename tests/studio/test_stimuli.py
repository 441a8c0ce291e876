"""A stimulus sheet's faces: whose face moves, and what is said before and after."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest

from mien.io.clips import open_clip
from mien.io.images import write_png
from mien.io.unfinished import name_beside


@pytest.fixture
def pair(client, small_face, tmp_path) -> dict[str, Any]:
    """A portrait of two faces."""
    write_png(tmp_path / "two.png", np.hstack([small_face, small_face]))
    content = (tmp_path / "two.png").read_bytes()
    return client.post("/api/portraits?name=two.png", content=content).json()


def sheet_of(*portraits: Any) -> dict[str, Any]:
    return {
        "name": "study 2",
        "portraits": portraits,
        "expressions": [{"preset": "happiness"}],
        "intensities": [3],
        "durations_seconds": [0.1],
        "fps": "50",
        "format": "mkv",
    }


def test_a_sheet_moves_the_face_that_is_chosen(client, pair, portrait, finish, tmp_path):
    chosen = [{"id": pair["id"], "face": face} for face in (2, 1)]
    made = finish(client.post("/api/stimuli", json=sheet_of(*chosen, portrait["id"])))["result"]
    assert (made["made"], made["failed"]) == (3, [])
    folder = tmp_path / "studio" / "stimuli" / "study 2"
    with (folder / "conditions.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["portrait"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["two-face2", "two-face1", "face"]
    for name, left, right in (("two-face2", False, True), ("two-face1", True, False)):
        frames = np.stack([f for _, f in open_clip(folder / rows[name]["stimulus"])]).astype(int)
        moved = np.abs(frames - frames[0]).max(axis=(0, 1, 3)) > 0
        assert (moved[:160].any(), moved[160:].any()) == (left, right)


def test_faces_are_looked_at_before_a_sheet_is_begun(client, pair, portrait):
    for route in ("/api/stimuli/plan", "/api/stimuli"):
        answer = client.post(route, json=sheet_of(portrait["id"], pair["id"]))
        error = answer.json()["error"]
        assert (answer.status_code, error["kind"]) == (422, "SeveralFacesError")
        assert (
            error["message"].startswith("two.png: found 2 faces") and "--" not in error["message"]
        )
        answer = client.post(route, json=sheet_of({"id": pair["id"], "face": 3}))
        assert "there is no face 3, expected 1 to 2" in answer.json()["error"]["message"]


def test_what_a_row_says_has_no_options(client, pair, finish, monkeypatch):
    # As where a picture is changed after it was looked at.
    monkeypatch.setattr("mien.studio.sheet.check_face", lambda *_: None)
    made = finish(client.post("/api/stimuli", json=sheet_of(pair["id"])))["result"]
    (failed,) = made["failed"]
    assert "found 2 faces" in failed["error"] and "--" not in failed["error"]


def test_the_rows_before_and_after_say_the_same_times(client, portrait, finish, tmp_path):
    asked = sheet_of(portrait["id"]) | {"lead_seconds": 0.4, "fps": "100", "format": "gif"}
    (before,) = client.post("/api/stimuli/plan", json=asked).json()["first_rows"]
    assert (before["onset_seconds"], before["offset_seconds"]) == (0.4, 0.5)
    assert before["slowdown"] == 2
    finish(client.post("/api/stimuli", json=asked))
    table = tmp_path / "studio" / "stimuli" / "study 2" / "conditions.csv"
    with table.open(encoding="utf-8", newline="") as file:
        (after,) = csv.DictReader(file)
    as_text = {name: "" if value is None else str(value) for name, value in before.items()}
    assert after == as_text | {"frames": after["frames"]}


def test_a_rate_that_gif_cannot_have_is_refused_before_a_sheet_is_begun(client, portrait):
    asked = sheet_of(portrait["id"]) | {"fps": "30000/1001", "format": "gif"}
    for route in ("/api/stimuli/plan", "/api/stimuli"):
        answer = client.post(route, json=asked)
        assert answer.status_code == 422
        assert "GIF's clock ticks 10 ms, so 30000/1001" in answer.json()["error"]["message"]
    assert client.get("/api/stimuli").json() == {"sheets": []}
    assert client.post("/api/stimuli/plan", json=asked | {"format": "mp4"}).status_code == 200


def test_a_sheet_that_was_cancelled_is_there(client, portrait, finish, tmp_path):
    finish(client.post("/api/stimuli", json=sheet_of(portrait["id"])))
    (whole,) = client.get("/api/stimuli").json()["sheets"]
    assert (whole["name"], whole["rows"]) == ("study 2", 1)
    stimuli = tmp_path / "studio" / "stimuli"
    (stimuli / "study 2" / "conditions.csv").unlink()  # which is written last
    (stimuli / "notes").mkdir()
    (begun,) = client.get("/api/stimuli").json()["sheets"]
    assert begun == whole | {"rows": 0}


def test_a_sheet_of_pngs_goes_on_after_a_kill(client, portrait, finish, tmp_path):
    """As a process that was killed while it wrote a sidecar, or a frame, leaves them."""
    asked = sheet_of(portrait["id"]) | {"format": "png"}
    finish(client.post("/api/stimuli", json=asked))
    (clip,) = (tmp_path / "studio" / "stimuli").glob("*/*/mien.json")
    whole = sorted(path.name for path in clip.parent.iterdir())
    clip.rename(clip.with_name(".mien.json.0123abcd.part"))
    name_beside(clip.parent, "part").mkdir()
    job = finish(client.post("/api/stimuli", json=asked))
    assert job["result"]["failed"] == []
    assert sorted(path.name for path in clip.parent.iterdir()) == whole
    assert not name_beside(clip.parent, "part").exists()
