"""What a sheet will be, cell by cell, before it is made; and files that browsers play."""

from __future__ import annotations

import json
import shlex
import struct
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from mien.cli.main import main
from mien.io.clip_hash import sha256_clip
from mien.io.clips import open_clip
from tests.studio.test_stimuli import sheet_of

LOOK = {"size": "96x128", "oval": True, "mask": "noise", "mask_seconds": 0.1}


@pytest.fixture
def asked(portrait) -> dict[str, Any]:
    return sheet_of(portrait["id"]) | {
        "look": LOOK,
        "neutral": True,
        "prefix": "stimuli/",
        "answers": {"happiness": "joy"},
        "tables": ["csv", "xlsx", "js"],
    }


def frames_of(answer: Any) -> list[np.ndarray]:
    """The pictures of a frame stream."""
    content, found = answer.content, []
    while content:
        (length,) = struct.unpack("<I", content[:4])
        found.append(np.asarray(Image.open(BytesIO(content[4 : 4 + length])), int))
        content = content[4 + length :]
    return found


def test_cells_are_what_the_sheet_makes(client, asked, finish, tmp_path):
    plan = client.post("/api/stimuli/plan", json=asked).json()
    assert plan["clips"] == len(plan["names"]) == 2 and "neutral" in plan["names"][1]
    made = finish(client.post("/api/stimuli", json=asked))["result"]
    assert made["tables"] == ["conditions.csv", "conditions.xlsx", "conditions.js"]
    folder = tmp_path / "studio" / "stimuli" / "study 2"
    for number, name in enumerate(plan["names"]):
        clip = [frame.astype(int) for _, frame in open_clip(folder / f"{name}.mkv")]
        shown = frames_of(client.get(f"/api/stimuli/plans/{plan['id']}/{number}/frames"))
        assert len(shown) == len(clip) == 6 + 5
        for one, other in zip(shown, clip, strict=True):
            assert one.shape == other.shape == (128, 96, 3)
            assert np.abs(one - other).mean() < 6  # the preview is a JPEG
        apex = client.get(f"/api/stimuli/plans/{plan['id']}/{number}/picture").content
        moved = np.asarray(Image.open(BytesIO(apex)), int)
        largest = max(clip[:6], key=lambda frame: np.abs(frame - clip[0]).sum())
        assert np.abs(moved - largest).mean() < 4
    header, first = (folder / "conditions.csv").read_text().splitlines()[:2]
    row = dict(zip(header.split(","), first.split(","), strict=True))
    assert row["stimulus"].startswith("stimuli/") and row["correct_answer"] == "joy"
    for kind, begins in (("xlsx", b"PK"), ("js", b"// Made with Mien")):
        answer = client.get(f"/api/stimuli/study 2/conditions.{kind}")
        assert answer.content.startswith(begins)
    assert client.get("/api/stimuli/study 2/conditions.exe").status_code == 422


def test_many_frames_a_second_are_thinned_for_the_screen(client, asked):
    plan = client.post("/api/stimuli/plan", json=asked | {"fps": "200"}).json()["id"]
    answer = client.get(f"/api/stimuli/plans/{plan}/0/frames")
    assert answer.headers["x-fps"] == "50.0"
    assert len(frames_of(answer)) == int(answer.headers["x-frames"]) == 11  # of 41


def test_cells_that_are_not_there(client, asked):
    plan = client.post("/api/stimuli/plan", json=asked).json()["id"]
    for path in (f"{plan}/2/picture", f"{plan}/2/frames", f"{'0' * 16}/0/picture"):
        assert client.get(f"/api/stimuli/plans/{path}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"look": {"size": "97"}}, "even numbers"),
        ({"look": {"eye_distance_px": 50}}, "eye-distance needs size"),
        ({"tables": ["js"]}, "expected csv among the tables"),
        ({"expressions": [{"name": "neutral", "envelopes": []}]}, "at least one AU"),
    ],
)
def test_looks_and_tables_that_are_refused(client, asked, wrong, says):
    for route in ("/api/stimuli/plan", "/api/stimuli"):
        answer = client.post(route, json=asked | wrong)
        assert answer.status_code == 422 and says in answer.json()["error"]["message"], answer.text


def pixels(file) -> str:
    with av.open(str(file)) as container:
        return container.streams.video[0].codec_context.pix_fmt


def test_what_a_browser_may_show_is_420(client, asked, portrait, design, finish, tmp_path):
    plain = sheet_of(portrait["id"]) | {"format": "mp4"}
    finish(client.post("/api/stimuli", json=plain))
    (clip,) = (tmp_path / "studio" / "stimuli" / "study 2").glob("*.mp4")
    assert pixels(clip) == "yuvj420p"  # the whole range of values
    for chroma, wanted in ((None, "yuvj420p"), ("444", "yuvj444p")):
        body = {"design": design, "kind": "mp4", "file_name": f"c{chroma}", "chroma": chroma}
        made = finish(client.post("/api/exports", json=body))["result"]
        assert pixels(made["path"]) == wanted


def test_the_copied_command_makes_the_same_stimulus(client, design, finish, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    body = {"design": design, "kind": "mp4", "file_name": "shown", "look": LOOK}
    made = finish(client.post("/api/exports", json=body))["result"]
    assert made["frames"] == 11 + 5
    code = client.post("/api/code", json=body).json()
    words = shlex.split(code["command"])
    assert {"--oval", "--mask", "--chroma"} <= set(words)
    assert main(words[1:]) == 0
    exec(code["python"].replace("'shown.mp4'", "'python.mp4'"), {})
    hashes = {sha256_clip(path) for path in (made["path"], "shown.mp4", "python.mp4")}
    assert len(hashes) == 1
    sidecars = [
        json.loads((tmp_path / f"{name}.mp4.json").read_text()) for name in ("shown", "python")
    ]
    assert sidecars[0]["settings"] == sidecars[1]["settings"]
