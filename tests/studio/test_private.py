"""The studio's folder is closed to other users, and no link leads out of it."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from mien.errors import OutputError
from mien.studio import private
from mien.studio.app import create_app
from mien.studio.folder import PARTS, Folder
from tests.studio.visitor import visitor

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


def modes(root: Path) -> dict[str, str]:
    """The mode of everything in a folder that other users have a right to."""
    found = [root, *root.rglob("*")]
    return {
        str(path.relative_to(root.parent)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in found
        if path.lstat().st_mode & 0o077
    }


def test_all_that_the_studio_makes_is_private(client, design, finish, tmp_path):
    client.put("/api/projects/mine", json={"design": design})
    for kind in ("csv", "png", "gif"):
        job = finish(client.post("/api/exports", json={"design": design, "kind": kind}))
        assert job["state"] == "done", job
    sheet = {
        **{"name": "s", "portraits": [design["portrait"]], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1], "durations_seconds": [0.1], "fps": "50"},
    }
    assert finish(client.post("/api/stimuli", json=sheet))["state"] == "done"
    root = tmp_path / "studio"
    assert len([path for path in root.rglob("*") if path.is_file()]) > 10
    assert modes(root) == {}


def test_the_mask_of_the_process_comes_back(tmp_path):
    before = os.umask(0o022)
    try:
        with visitor(create_app(tmp_path / "studio")):
            pass
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_what_was_open_is_closed_at_the_start(tmp_path):
    root = tmp_path / "studio"
    sheet = root / "stimuli" / "study"
    sheet.mkdir(parents=True)
    (sheet / "a.mp4").write_bytes(b"x")
    for path in (root, root / "stimuli", sheet):
        path.chmod(0o775)
    (sheet / "a.mp4").chmod(0o644)
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (sheet / "link").symlink_to(outside)
    Folder(root).lock.release()
    assert modes(root).keys() <= {"studio/stimuli/study/link"}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644  # not through the link
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_a_link_in_place_of_the_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(OutputError, match="got the link"):
        Folder(tmp_path / "link")
    assert list((tmp_path / "real").iterdir()) == []


@pytest.mark.parametrize("part", PARTS)
def test_a_link_in_place_of_a_part(tmp_path, part):
    (tmp_path / "real").mkdir()
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / part).symlink_to(tmp_path / "real")
    with pytest.raises(OutputError, match=f"got the link .*{part}"):
        Folder(tmp_path / "studio")


def test_a_folder_of_another_user(tmp_path, monkeypatch):
    (tmp_path / "studio").mkdir()
    if os.geteuid() == 0:
        os.chown(tmp_path / "studio", 12345, -1)
        belongs = "12345"
    else:
        belongs = str(os.geteuid())
        monkeypatch.setattr(private.os, "geteuid", lambda: 12345)
    with pytest.raises(OutputError, match=f"belongs to user {belongs}"):
        Folder(tmp_path / "studio")
    assert list((tmp_path / "studio").iterdir()) == []


def test_links_in_the_folder_are_not_followed(client, portrait, design, face_file, tmp_path):
    """To files outside: neither listed, nor read, nor written, nor deleted."""
    studio, outside = tmp_path / "studio", tmp_path / "outside"
    outside.mkdir()
    content = face_file.read_bytes()
    secret = outside / "secret.png"
    secret.write_bytes(content)
    kept = next((studio / "portraits").iterdir())
    (outside / "frames").mkdir()
    (outside / "frames" / "000.png").write_bytes(content)
    fake = "0123456789abcdef"
    (studio / "portraits" / f"{fake}_a.png").symlink_to(secret)
    (studio / "clips" / f"{fake}_a.mp4").symlink_to(secret)
    (studio / "projects" / "p.json").symlink_to(secret)
    (studio / "exports" / "e.png").symlink_to(secret)
    (studio / "exports" / "frames").symlink_to(outside / "frames")
    (studio / "stimuli" / "s").symlink_to(outside / "frames")
    for part in ("portraits", "clips", "projects", "exports", "stimuli"):
        (listed,) = client.get(f"/api/{'stimuli' if part == 'stimuli' else part}").json().values()
        assert [each.get("id") for each in listed] == (
            [kept.name[:16]] if part == "portraits" else []
        )
    for method, path in (
        ("GET", f"/api/portraits/{fake}"),
        ("GET", f"/api/portraits/{fake}/picture"),
        ("DELETE", f"/api/portraits/{fake}"),
        ("GET", f"/api/clips/{fake}"),
        ("GET", f"/api/clips/{fake}/frames"),
        ("GET", "/api/projects/p"),
        ("DELETE", "/api/projects/p"),
        ("GET", "/api/exports/e.png"),
        ("GET", "/api/exports/frames"),
        ("DELETE", "/api/exports/frames"),
        ("GET", "/api/stimuli/s/conditions.csv"),
    ):
        assert client.request(method, path).status_code == 404, f"{method} {path}"
    sheet = {
        **{"name": "s", "portraits": [portrait["id"]], "expressions": [{"preset": "fear"}]},
        **{"intensities": [1], "durations_seconds": [0.1]},
    }
    answer = client.post("/api/stimuli", json=sheet)
    assert answer.status_code == 422 and "the link s" in answer.json()["error"]["message"]
    assert client.put("/api/projects/p", json={"design": design}).status_code == 200
    assert not (studio / "projects" / "p.json").is_symlink()  # the link gave way to the file
    assert secret.read_bytes() == content
    assert [path.name for path in (outside / "frames").iterdir()] == ["000.png"]


def test_remains_behind_a_link_are_not_deleted(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ".mine.part").write_text("x")
    Folder(tmp_path / "studio").lock.release()
    (tmp_path / "studio" / "exports" / "link").symlink_to(outside)
    Folder(tmp_path / "studio").lock.release()
    assert (outside / ".mine.part").exists()


def test_a_picture_among_exported_frames_that_is_a_link(client, design, finish, tmp_path):
    made = finish(client.post("/api/exports", json={"design": design, "kind": "png"}))["result"]
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "studio" / "exports" / made["name"] / "x.png").symlink_to(tmp_path / "secret")
    with zipfile.ZipFile(io.BytesIO(client.get(made["url"]).content)) as packed:
        assert packed.namelist() and not [n for n in packed.namelist() if n.endswith("/x.png")]
