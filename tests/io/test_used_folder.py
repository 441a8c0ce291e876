from __future__ import annotations

import pytest

from mien.errors import OutputError
from mien.io.used_folder import used_folder


def test_one_process_at_a_time(tmp_path):
    with used_folder(tmp_path / "set"):
        with pytest.raises(OutputError, match=r"another process is writing to .*set"):
            used_folder(tmp_path / "set").__enter__()
        (tmp_path / "set" / "a").touch()
    with used_folder(tmp_path / "set"):
        pass
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["a"]


def test_what_killed_processes_left_goes(tmp_path):
    for place in (tmp_path, tmp_path / "clips", tmp_path / "theirs"):
        place.mkdir(exist_ok=True)
        (place / ".a.mkv.0123abcd.part").touch()
    with used_folder(tmp_path, "clips", "missing"):
        left = [path.parent.name for path in tmp_path.rglob(".*")]
    assert left == ["theirs"]


def test_a_folder_that_stays_empty_is_not_left(tmp_path):
    with pytest.raises(ValueError), used_folder(tmp_path / "deep" / "set"):
        raise ValueError
    assert not (tmp_path / "deep" / "set").exists()


def test_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="expected a folder to write to, got the file"):
        used_folder(tmp_path / "file").__enter__()
