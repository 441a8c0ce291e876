from __future__ import annotations

import errno
import logging

import pytest

from mien.errors import OutputError
from mien.io import path_lock
from mien.io.path_lock import PathLock


def test_a_second_lock_is_refused_until_the_first_is_released(tmp_path):
    first = PathLock(tmp_path, "taken")
    with pytest.raises(OutputError, match=r"^taken$"):
        PathLock(tmp_path, "taken")
    first.release()
    first.release()
    PathLock(tmp_path, "taken").release()


def test_a_drive_without_locks_is_told(tmp_path, monkeypatch, caplog):
    def cannot(handle):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(path_lock, "_lock", cannot)
    monkeypatch.setattr(path_lock, "_warned", set())
    with caplog.at_level(logging.WARNING, "mien"):
        for _ in range(2):
            PathLock(tmp_path, "taken").release()
    assert caplog.text.count("cannot be locked") == 1
    assert "cannot be locked (No locks available)" in caplog.text
