from __future__ import annotations

import errno
import logging

import pytest

from mien.errors import OutputError
from mien.io import folder_lock
from mien.io.folder_lock import FolderLock


def test_a_second_lock_is_refused_until_the_first_is_released(tmp_path):
    first = FolderLock(tmp_path, "taken")
    with pytest.raises(OutputError, match=r"^taken$"):
        FolderLock(tmp_path, "taken")
    first.release()
    first.release()
    FolderLock(tmp_path, "taken").release()


def test_a_drive_without_locks_is_told(tmp_path, monkeypatch, caplog):
    def cannot(handle):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(folder_lock, "_lock", cannot)
    with caplog.at_level(logging.WARNING, "mien"):
        FolderLock(tmp_path, "taken").release()
    assert "cannot be locked (No locks available)" in caplog.text
