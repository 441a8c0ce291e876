from __future__ import annotations

import json
import shlex
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mien.cli.main import main
from mien.io.clips import open_clip
from mien.io.openface import read_openface


def frames_of(path) -> list[np.ndarray]:
    return [frame for _, frame in open_clip(path)]


@pytest.fixture
def exported(client, design, finish):
    job = finish(client.post("/api/exports", json={"design": design, "kind": "mkv"}))
    assert job["state"] == "done", job
    assert (job["done"], job["total"]) == (11, 11)
    return frames_of(job["result"]["path"])


def test_project_command_and_python_give_the_same_frames(
    client, design, exported, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert client.put("/api/projects/smile", json={"design": design}).status_code == 200
    opened = client.get("/api/projects/smile").json()
    assert opened["design"]["envelopes"] == design["envelopes"]
    project = tmp_path / "studio" / "projects" / "smile.json"
    assert main(["render", str(project), "--out", "rendered.mkv"]) == 0

    said = client.post("/api/code", json={"design": opened["design"], "file_name": "again"}).json()
    words = shlex.split(said["command"])
    assert words[0] == "mien" and main(words[1:]) == 0
    (tmp_path / "again.mkv").rename(tmp_path / "command.mkv")
    exec(said["python"], {})
    for name in ("rendered.mkv", "command.mkv", "again.mkv"):
        assert np.array_equal(frames_of(tmp_path / name), exported), name


def test_kinds(client, design, finish):
    def export(kind: str) -> dict:
        job = finish(
            client.post("/api/exports", json={"design": design, "kind": kind, "file_name": "x"})
        )
        assert job["state"] == "done", job
        return job["result"]

    for kind, name in (("mp4", "x.mp4"), ("mp4", "x 2.mp4"), ("gif", "x.gif"), ("png", "x")):
        assert export(kind)["name"] == name
    table = export("csv")
    track = read_openface(table["path"]).track
    assert "AU12L" in track.names and len(track) == 11
    assert json.loads(client.get(export("project")["url"]).content)["mien_project"] == 1
    packed = zipfile.ZipFile(BytesIO(client.get("/api/exports/x").content))
    assert sum(name.endswith(".png") for name in packed.namelist()) == 11
    part = client.get("/api/exports/x.mp4?inline=true", headers={"range": "bytes=0-9"})
    assert part.status_code == 206 and len(part.content) == 10
    names = {export["name"] for export in client.get("/api/exports").json()["exports"]}
    assert names == {"x.mp4", "x 2.mp4", "x.gif", "x", "x.csv", "x.json"}
    assert client.delete("/api/exports/x.mp4").status_code == 204
    assert client.get("/api/exports/x.mp4").status_code == 404
    assert client.get("/api/exports/..%2fprojects").status_code == 404


def test_cancelled(client, design, finish, tmp_path):
    long = design | {"duration_seconds": 50, "fps": "200"}
    job = client.post("/api/exports", json={"design": long, "kind": "mkv"}).json()
    client.delete(f"/api/jobs/{job['id']}")
    again = client.post("/api/exports", json={"design": design, "kind": "mp4", "file_name": "ok"})
    assert finish(again)["state"] == "done"
    for _ in range(100):
        state = client.get(f"/api/jobs/{job['id']}").json()["state"]
        if state == "cancelled":
            break
    assert state == "cancelled"
    left = {path.name for path in (tmp_path / "studio" / "exports").iterdir()}
    assert left == {"ok.mp4", "ok.mp4.json"}


def test_nothing_to_export(client, design):
    answer = client.post("/api/exports", json={"design": design | {"envelopes": []}})
    assert answer.status_code == 422 and "at least one action unit" in answer.text


def test_a_project_of_another_picture(client, design, tmp_path):
    client.put("/api/projects/a", json={"design": design})
    place = tmp_path / "studio" / "projects" / "a.json"
    record = json.loads(place.read_text())
    record["portrait"]["sha256"] = "0" * 64
    answer = client.post("/api/projects/open", content=json.dumps(record))
    assert answer.status_code == 422 and "drop it in first" in answer.text
    record["mien_project"] = 2
    answer = client.post("/api/projects/open", content=json.dumps(record))
    assert "newer Mien" in answer.text


def test_stimuli(client, design, portrait, finish, tmp_path):
    asked = {
        "name": "study 1",
        "portraits": [portrait["id"]],
        "expressions": [{"name": "smirk", "envelopes": design["envelopes"]}],
        "intensities": [1, 2],
        "durations_seconds": [0.1],
        "sides": ["left", "right"],
        "fps": "50",
        "lead_seconds": 0.1,
    }
    assert client.post("/api/stimuli/plan", json=asked).json()["clips"] == 4
    made = finish(client.post("/api/stimuli", json=asked))["result"]
    assert (made["made"], made["kept"], made["failed"]) == (4, 0, [])
    again = finish(client.post("/api/stimuli", json=asked))["result"]
    assert (again["made"], again["kept"]) == (0, 4)
    rows = client.get("/api/stimuli/study 1/conditions.csv").text.splitlines()
    assert rows[0].split(",")[:4] == ["stimulus", "portrait", "expression", "correct_answer"]
    assert all(name.isidentifier() for name in rows[0].split(","))
    assert len(rows) == 5
    folder = tmp_path / "studio" / "stimuli" / "study 1"
    assert all((folder / row.split(",")[0]).is_file() for row in rows[1:])


def pictures(stream: bytes) -> list[np.ndarray]:
    """The pictures of a FrameStream, float."""
    made = []
    while stream:
        size = 4 + int.from_bytes(stream[:4], "little")
        made.append(np.asarray(Image.open(BytesIO(stream[4:size])).convert("RGB"), float))
        stream = stream[size:]
    return made


def check_changes(client, address: str, frames: list[np.ndarray]) -> None:
    """The view of differences is what the frames say, to JPEG's noise."""
    for magnify in (2, 8):
        look = {"view": "difference", "magnify": magnify}
        changes = pictures(client.get(address, params=look).content)
        assert len(changes) == len(frames)
        assert np.ptp(changes[0]) <= 4 and np.ptp(changes[5]) > 30  # still, then moved
        wanted = (frames[5] - frames[0]) * magnify + 128
        seen = (wanted > 30) & (wanted < 225)
        assert np.abs(changes[5] - wanted)[seen].mean() < 2 * magnify
    assert client.get(address, params=look | {"magnify": 1}).status_code == 422


def test_transfer(client, design, portrait, finish):
    smile = finish(client.post("/api/exports", json={"design": design, "kind": "mkv"}))["result"]
    content = client.get(smile["url"]).content
    clip = client.post("/api/clips?name=driver.mkv", content=content).json()
    assert clip["frames"] == 11
    job = finish(client.post(f"/api/clips/{clip['id']}/measure", json={}))
    assert job["state"] == "done", job
    measured = job["result"]
    assert max(measured["raw"].get("AU12L", [0])) > 1 and measured["lanes"]
    asked = {"mode": "smooth", "threshold": 0}
    recoded = client.post(f"/api/measurements/{measured['id']}/recode", json=asked).json()
    assert set(recoded["after"]) == set(recoded["before"]) and recoded["lanes"]
    transfer = {"portrait": portrait["id"], "clip": clip["id"], "engine": "mesh"}
    made = finish(client.post("/api/transfers", json={"design": transfer, "size_px": 128}))
    assert made["state"] == "done" and made["result"]["frames"] == 11
    frames = client.get(f"/api/transfers/{made['result']['id']}/frames").content
    assert len(frames) > 1000
    check_changes(client, f"/api/transfers/{made['result']['id']}/frames", pictures(frames))
    arrows = client.get(f"/api/transfers/{made['result']['id']}/motion").json()
    points, moves = np.array(arrows["points_px"]), np.array(arrows["displacement_px"])
    assert moves.shape == (11, *points.shape) and not moves[0].any()
    # The corners of a smile's mouth go apart, each to its side of the nose.
    apex = moves[np.linalg.norm(moves, axis=-1).sum(1).argmax()]
    nose = np.median(points[:, 0])
    farthest = np.abs(apex[:, 0]).argsort()[-4:]
    assert (np.sign(apex[farthest, 0]) == np.sign(points[farthest, 0] - nose)).all()
    assert arrows["magnification"] >= 1
    tables = {"design": transfer, "kind": "csv"}
    refused = finish(client.post("/api/exports", json=tables))
    assert "without action units" in refused["error"]["message"]
    bad = client.post("/api/clips?name=a.mp4", content=b"nothing")
    assert bad.status_code == 422 and bad.json()["error"]["kind"] == "UnreadableVideoError"


def test_a_transfer_through_a_motion_network(client, design, portrait, finish):
    pytest.importorskip("torch")
    short = design | {"duration_seconds": 0.18, "fps": "20"}
    smile = finish(client.post("/api/exports", json={"design": short, "kind": "mkv"}))["result"]
    content = client.get(smile["url"]).content
    clip = client.post("/api/clips?name=driver.mkv", content=content).json()
    asked = {"portrait": portrait["id"], "clip": clip["id"], "engine": "fomm"}
    job = finish(client.post("/api/transfers", json={"design": asked, "size_px": 128}))
    assert job["state"] == "done", job["error"]
    assert job["result"]["frames"] == clip["frames"] == 4
    assert job["result"]["intensities"] is None
