from __future__ import annotations

import hashlib

import pytest

from mien.errors import UsageError
from mien.io.clip_hash import frame_files, sha256_clip, sha256_file


def test_frames_count_in_the_order_of_their_numbers(tmp_path):
    # By name, the last one would be second.
    names = ("999998.png", "999999.png", "1000000.png")
    for name in (*names, "mien.json", "note.png", ".000001.png"):
        (tmp_path / name).write_text(name)
    assert [path.name for path in frame_files(tmp_path)] == list(names)
    assert sha256_clip(tmp_path) == hashlib.sha256("".join(names).encode()).hexdigest()


def test_a_file(tmp_path):
    data = bytes(range(256)) * 10_000
    (tmp_path / "a.mp4").write_bytes(data)
    expected = hashlib.sha256(data).hexdigest()
    assert sha256_clip(tmp_path / "a.mp4") == sha256_file(tmp_path / "a.mp4") == expected
    for read in (sha256_clip, sha256_file):
        with pytest.raises(UsageError, match="cannot read"):
            read(tmp_path / "missing")
    with pytest.raises(UsageError, match="cannot read"):
        frame_files(tmp_path / "missing")
