from __future__ import annotations

import socket
import time

import pytest

from mien.au.track import AUTrack
from mien.errors import BadTrackError, MienError, UsageError
from mien.io.clips import open_clip
from mien.io.flow_sets import FlowSet
from mien.io.images import read_picture
from mien.io.plain_file import read_file, why_unreadable
from mien.io.sidecar import read_sidecar, sha256_file
from mien.io.tracks import read_track, write_track
from mien.project.file import read_project

READERS = (
    *(read_picture, open_clip, read_track, read_sidecar, read_project, sha256_file),
    FlowSet.from_npz,
)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Paths that are no file, by what they are."""
    import os

    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "circle.json").symlink_to(tmp_path / "circle.json")
    (tmp_path / "folder.json").mkdir()
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.json")
        yield {
            "a pipe": tmp_path / "pipe.json",
            "a device": tmp_path / "zero.json",
            "a socket": tmp_path / "socket.json",
            "a folder": tmp_path / "folder.json",
            "does not exist": tmp_path / "nowhere.json",
            "symbolic links": tmp_path / "circle.json",
            "no file can have this name": tmp_path / "a\0b.json",
            "File name too long": tmp_path / ("x" * 5000 + ".json"),
        }


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__qualname__)
def test_no_reader_hangs_on_what_is_no_file(places, read):
    for place in places.values():
        begun = time.monotonic()
        with pytest.raises(MienError) as caught:
            read(place)
        assert "\n" not in str(caught.value).replace("\0", "")
        assert time.monotonic() - begun < 5


def test_the_reason_is_named(places):
    for reason, place in places.items():
        assert reason in str(why_unreadable(place))


def test_a_file_that_is_too_large(tmp_path):
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(10**12)  # sparse: it takes no disk
    with pytest.raises(BadTrackError, match="expected at most 512 MB"):
        read_track(tmp_path / "a.csv")


def test_a_plain_file_and_a_link_to_it(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").symlink_to("a")
    assert read_file(tmp_path / "b", UsageError) == b"abc"
    assert why_unreadable(tmp_path / "a") is None
    write_track(tmp_path / "t.csv", AUTrack(("AU12",), [[1.0]], [0.0]))
    assert read_track(tmp_path / "t.csv").peak == 1.0
