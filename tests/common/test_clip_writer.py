from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.common.clip_writer import ClipWriter, check_output
from mien.errors import OutputError, UsageError
from mien.io.clip_hash import sha256_clip
from mien.io.clips import open_clip
from mien.io.sidecar import Sidecar, read_sidecar, sidecar_path
from tests.io.frames import write_clip
from tests.kills import hidden_files, killed_in_fork

FRAMES = [np.full((32, 32, 3), level, np.uint8) for level in (0, 90, 180)]


def test_an_output_that_would_replace_an_input(tmp_path: Path) -> None:
    """A folder of frames is replaced as a whole, so a shorter clip would delete the picture in it."""
    folder = tmp_path / "seq"
    write_clip(folder, FRAMES)
    check_output(folder, None, tmp_path / "missing.png")
    with pytest.raises(OutputError, match=r"seq with 000002\.png in it, which would be deleted"):
        check_output(folder, None, folder / "000002.png")
    with pytest.raises(OutputError, match="got the input itself"):
        check_output(folder, folder)
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    with pytest.raises(OutputError, match="would be deleted"):
        check_output(folder, tmp_path / "link" / "000002.png")
    picture = tmp_path / "face.png"
    (folder / "000001.png").rename(picture)
    (folder / "000001.png").symlink_to(picture)
    with pytest.raises(OutputError, match="would be deleted"):
        check_output(folder, folder / "000001.png")
    check_output(folder, picture)
    check_output(folder / "clip.mkv", folder / "000002.png")


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.gif", "frames"])
def test_a_new_clip_never_stands_beside_the_old_sidecar(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    fps = Fraction(50)

    def write(frames: list[np.ndarray], seed: int, total: int) -> None:
        def record() -> Sidecar:
            # Only the pair as it was may be here.
            assert out.exists() == sidecar_path(out).exists() == (seed > 1)
            return Sidecar("rig", seed, fps, frames=1, width=1, height=1)

        ClipWriter(out, fps, frames[0].shape).write(frames, total, record)

    write(FRAMES, 1, 3)
    with pytest.raises(UsageError, match="expected 3 frames"):
        write(FRAMES[:2], 2, 3)
    assert read_sidecar(sidecar_path(out)).seed == 1 and len(list(open_clip(out, fps))) == 3
    write(FRAMES[:2], 3, 2)
    assert {path.name for path in tmp_path.iterdir()} == {name, sidecar_path(out).name} - {
        "mien.json"
    }
    assert read_sidecar(sidecar_path(out)).seed == 3 and len(list(open_clip(out, fps))) == 2


@pytest.mark.parametrize("name", ["a.mkv", "frames"])
def test_the_sidecar_holds_the_hash_of_its_clip(tmp_path: Path, name: str) -> None:
    out, fps = tmp_path / name, Fraction(50)
    sidecar = ClipWriter(out, fps, FRAMES[0].shape).write(
        FRAMES, 3, lambda: Sidecar("rig", 1, fps, frames=1, width=1, height=1)
    )
    files = sorted(out.glob("*.png")) if out.is_dir() else [out]
    content = b"".join(file.read_bytes() for file in files)
    assert read_sidecar(sidecar).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.gif", "frames"])
def test_a_clip_replaces_only_what_mien_wrote(tmp_path: Path, name: str) -> None:
    out, fps = tmp_path / name, Fraction(50)
    write_clip(out, FRAMES)
    check_output(out)  # it has the mark, though a killed process left no sidecar
    if not out.is_dir():  # beside a file it may be another program's
        sidecar_path(out).write_text('{"their": "notes"}')
        with pytest.raises(OutputError, match="Mien did not write"):
            check_output(out)
        sidecar_path(out).unlink()
    theirs = out / "photo.png" if out.is_dir() else out
    theirs.write_bytes(b"their film")
    writer = ClipWriter(out, fps, FRAMES[0].shape)
    for attempt in (
        lambda: check_output(out),
        lambda: writer.write(FRAMES, 3, lambda: pytest.fail("after the work")),
    ):
        with pytest.raises(OutputError, match=r"Mien did not write|other files"):
            attempt()
    assert theirs.read_bytes() == b"their film"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
@pytest.mark.parametrize("name", ["a.mkv", "frames"])
def test_permissions_stay(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    write_levels(out, 1)
    places = [out] if out.is_dir() else [out, sidecar_path(out)]
    for place in places:
        place.chmod(0o750)
    write_levels(out, 2)
    assert [oct(place.stat().st_mode & 0o777) for place in places] == ["0o750"] * len(places)


def test_a_name_that_has_no_room_for_its_sidecar(tmp_path: Path) -> None:
    check_output(tmp_path / f"{'x' * 246}.mkv")
    with pytest.raises(OutputError, match="at most 255 bytes, got 256"):
        check_output(tmp_path / f"{'x' * 247}.mkv")


def write_levels(out: Path, seed: int) -> None:
    """Write three frames that differ by seed, and a sidecar that holds the seed."""
    fps, frames = Fraction(50), [frame + np.uint8(seed) for frame in FRAMES]
    ClipWriter(out, fps, frames[0].shape).write(
        frames, 3, lambda: Sidecar("rig", seed, fps, frames=1, width=1, height=1)
    )


def check_and_write_again(out: Path) -> None:
    """Check what a killed process left, and that the next run is not refused and leaves nothing behind."""
    sidecar = sidecar_path(out)
    if sidecar.exists():
        assert read_sidecar(sidecar).sha256 == sha256_clip(out)
    check_output(out)
    write_levels(out, 3)
    assert read_sidecar(sidecar).seed == 3 and not hidden_files(out.parent)


def kill_everywhere(place: Path, name: str) -> None:
    """Write a clip in processes that are killed before their first, second, ... change of files."""
    for old in (False, True):
        for number in range(1, 60):
            out = place / f"{old}{number}" / name
            out.parent.mkdir()
            if old:
                assert not killed_in_fork(0, out.parent, lambda out=out: write_levels(out, 1))
            killed = killed_in_fork(number, out.parent, lambda out=out: write_levels(out, 2))
            assert not killed_in_fork(0, out.parent, lambda out=out: check_and_write_again(out))
            if not killed:
                break
        assert not killed and number > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "frames"])
def test_killed_at_every_change_of_files(tmp_path: Path, name: str) -> None:
    """No clip stands beside another's sidecar, and no killed process is in the way of the next."""
    # A process without threads, so that it may fork; it imports all that its children need.
    code = (
        "import av, cv2, sys, mien.io.mkv_sink, mien.io.mp4_sink, mien.io.png_folder; "
        "from pathlib import Path; from tests.common import test_clip_writer as t; "
        "t.kill_everywhere(Path(sys.argv[1]), sys.argv[2])"
    )
    place = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), name], cwd=place, check=True, timeout=100
    )
