from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from mien.errors import OutputError
from mien.io import atomic
from mien.io.atomic import (
    atomic_file,
    atomic_folder,
    check_folder_free,
    check_folder_writable,
    check_writable,
    replace_folder,
)
from mien.io.unfinished import name_beside


def test_file_appears_only_at_the_end(tmp_path):
    target = tmp_path / "new" / "deep" / "a.txt"
    with atomic_file(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
        assert temporary.parent == target.parent
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_failure_leaves_nothing_and_removes_made_parents(tmp_path, error):
    with pytest.raises(error), atomic_file(tmp_path / "new" / "deep" / "a.txt") as temporary:
        temporary.write_text("half")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(ValueError), atomic_file(target, is_own=lambda _: True) as temporary:
        temporary.write_text("half")
        raise ValueError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_permissions_of_what_is_replaced_stay(tmp_path):
    target, folder = tmp_path / "a.txt", tmp_path / "frames"
    target.touch()
    folder.mkdir()
    for place, mode in ((target, 0o640), (folder, 0o750)):
        place.chmod(mode)
    with atomic_file(target) as temporary:
        temporary.write_text("new")
    with atomic_folder(folder, lambda _: True) as temporary:
        (temporary / "0.png").touch()
    assert target.read_text() == "new" and [p.name for p in folder.iterdir()] == ["0.png"]
    assert [oct(place.stat().st_mode & 0o777) for place in (target, folder)] == ["0o640", "0o750"]


def test_a_name_that_is_too_long_is_refused_before_the_work(tmp_path):
    for target in (tmp_path / ("é" * 128), tmp_path / ("x" * 256) / "a.mp4", tmp_path / "a\0b"):
        for context in (atomic_file(target), atomic_folder(target, lambda _: True)):
            with pytest.raises(OutputError, match=r"expected a (file )?name"), context:
                pytest.fail("the block must not run")
        with pytest.raises(OutputError, match=r"expected a (file )?name"):
            check_writable(target)
    with pytest.raises(OutputError, match="File name too long"):
        check_writable(tmp_path.joinpath(*["x" * 250] * 17))
    longest = tmp_path / ("é" * 127)
    with atomic_file(longest) as temporary:
        temporary.write_text("fits")
    assert list(tmp_path.iterdir()) == [longest]


def test_the_folder_that_one_is_in(tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    check_writable(".", folder=True)
    with atomic_folder(".", lambda _: False) as temporary:
        (temporary / "0.png").touch()
    assert [path.name for path in here.iterdir()] == ["0.png"]
    assert list(tmp_path.iterdir()) == [here]


@pytest.mark.skipif(sys.platform == "win32", reason="drives have names there")
def test_a_drive_is_refused_before_the_work():
    with pytest.raises(OutputError, match="the drive /: name a folder in it"):
        check_folder_free(Path("/"), lambda _: True)


def test_a_folder_that_stepped_aside_comes_back(tmp_path):
    """As a kill between the two renames leaves it: the old frames must stay until the new ones are complete."""
    target = tmp_path / "frames"
    aside = name_beside(target, "old")
    aside.mkdir()
    (aside / "old.png").touch()
    with pytest.raises(ValueError), atomic_folder(target, lambda _: True):
        raise ValueError
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == [
        "frames",
        "frames/old.png",
    ]


def test_made_parent_stays_if_someone_else_uses_it(tmp_path):
    with pytest.raises(ValueError), atomic_file(tmp_path / "new" / "a.txt"):
        (tmp_path / "new" / "theirs").touch()
        raise ValueError
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["theirs"]


def test_parent_is_a_file(tmp_path):
    (tmp_path / "file").touch()
    for target in (tmp_path / "file" / "a.mp4", tmp_path / "file" / "deep" / "a.mp4"):
        with pytest.raises(OutputError, match="cannot write"), atomic_file(target):
            pytest.fail("the block must not run")
        with pytest.raises(OutputError, match="cannot write"):
            check_writable(target)


def test_target_is_a_folder(tmp_path):
    with pytest.raises(OutputError, match="got the folder"), atomic_file(tmp_path):
        pytest.fail("the block must not run")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a read-only file system")
def test_read_only_place():
    # /proc refuses new files even to the superuser.
    with pytest.raises(OutputError, match="cannot write"):
        check_writable("/proc/mien/a.mp4")
    with pytest.raises(OutputError, match="cannot write"), atomic_file("/proc/mien.mp4"):
        pytest.fail("the block must not run")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_no_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        check_writable(tmp_path / "a.mp4")


def test_check_writable_leaves_nothing(tmp_path):
    check_writable(tmp_path / "new" / "deep" / "a.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="the system has no unnamed files")
def test_a_process_killed_while_it_tries_a_folder_leaves_nothing(tmp_path, monkeypatch):
    seen = []

    @contextmanager
    def watched(**options):
        with TemporaryFile(**options):
            seen.append(list(tmp_path.iterdir()))
            yield

    monkeypatch.setattr(atomic, "TemporaryFile", watched)
    check_writable(tmp_path / "new" / "a.mp4")
    check_folder_writable(tmp_path / "new" / "deep")
    assert seen == [[], []]


def test_folder_appears_whole(tmp_path):
    target = tmp_path / "new" / "frames"
    with atomic_folder(target, lambda _: False) as temporary:
        (temporary / "0.png").touch()
        assert not target.exists()
    assert [p.name for p in target.iterdir()] == ["0.png"]
    assert list(target.parent.iterdir()) == [target]


def test_folder_failure_leaves_nothing(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        atomic_folder(tmp_path / "new" / "frames", lambda _: True) as temporary,
    ):
        (temporary / "0.png").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_finished_folder_takes_the_place_of_what_may_go(tmp_path):
    target, made = tmp_path / "set", tmp_path / "made"
    for number in range(2):
        made.mkdir()
        (made / f"{number}.npy").touch()
        replace_folder(made, target, lambda _: True)
        assert [path.name for path in target.iterdir()] == [f"{number}.npy"]
        assert list(tmp_path.iterdir()) == [target]
    made.mkdir()
    with pytest.raises(OutputError, match="with other files"):
        replace_folder(made, target, lambda _: False)
    assert made.exists() and (target / "1.npy").exists()


def test_folder_with_other_files_is_refused_before_the_work(tmp_path):
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "thesis.doc").touch()
    with (
        pytest.raises(OutputError, match="with other files"),
        atomic_folder(tmp_path / "frames", lambda _: False),
    ):
        pytest.fail("the block must not run")
    assert (tmp_path / "frames" / "thesis.doc").exists()


def test_folder_that_fills_during_the_work_is_not_replaced(tmp_path):
    target = tmp_path / "frames"
    with (
        pytest.raises(OutputError, match="with other files"),
        atomic_folder(target, lambda folder: not (folder / "theirs").exists()) as temporary,
    ):
        (temporary / "0.png").touch()
        target.mkdir()
        (target / "theirs").touch()
    assert [p.name for p in target.iterdir()] == ["theirs"]
    assert list(tmp_path.iterdir()) == [target]


def test_folder_replaces_what_may_go_and_empty_ones(tmp_path):
    for old in ([], ["old.png"]):
        target = tmp_path / "frames"
        target.mkdir(exist_ok=True)
        for name in old:
            (target / name).touch()
        with atomic_folder(target, lambda _: True) as temporary:
            (temporary / "new.png").touch()
        assert [p.name for p in target.iterdir()] == ["new.png"]
        assert list(tmp_path.iterdir()) == [target]
