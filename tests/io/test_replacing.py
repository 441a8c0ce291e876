from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OutputError
from mien.io.atomic import atomic_file
from mien.io.images import write_png
from mien.io.mark import SyntheticMark
from mien.io.replacing import begins_with, check_replaceable, has_mark, overwriting


def test_a_file_of_others_is_replaced_only_if_the_user_says_so(tmp_path):
    target = tmp_path / "notes.txt"
    target.write_text("theirs")
    with pytest.raises(OutputError, match=r"notes\.txt is there already .* add --overwrite"):
        check_replaceable(target)
    with overwriting():
        check_replaceable(target)
        with overwriting(False), pytest.raises(OutputError, match="did not write"):
            check_replaceable(target)
    with pytest.raises(OutputError, match="did not write"), atomic_file(target):
        pytest.fail("the block must not run")
    with overwriting(), atomic_file(target) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "new"


def test_what_may_always_be_replaced(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "record.json").write_text('{"mien_version": "0.1"}')
    write_png(tmp_path / "marked.png", np.zeros((32, 32, 3), np.uint8), SyntheticMark().as_text())
    for name in ("empty", "dangling", "record.json", "marked.png", "missing"):
        check_replaceable(tmp_path / name)


def test_tables_are_known_by_their_first_line(tmp_path):
    table = tmp_path / "manifest.csv"
    table.write_text("line,name\n1,a\n")
    check_replaceable(table, begins_with("other", "line,name\n"))
    table.write_text("line,name,theirs\n1,a,b\n")
    with pytest.raises(OutputError, match="did not write"):
        check_replaceable(table, begins_with("line,name\n"))
    assert not has_mark(table) and not has_mark(tmp_path / "missing")


def test_devices_and_folders_are_never_replaced(tmp_path):
    for place in (tmp_path, "/dev/null"):
        with overwriting(), pytest.raises(OutputError, match="expected a file to write"):
            check_replaceable(type(tmp_path)(place))
