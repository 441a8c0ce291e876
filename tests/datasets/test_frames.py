from __future__ import annotations

import pytest

from mien.datasets.folder_tree import FolderTree, folder_key
from mien.datasets.frames import FrameFiles, list_frames
from mien.errors import DatasetError


def touch(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_folder_key():
    assert folder_key("spNO.1") == folder_key("spNo.01")
    assert folder_key("s3_po_05") == folder_key("S03_po_5")
    assert folder_key("EP02_01f") != folder_key("EP02_01")


def test_frames_in_the_order_of_their_numbers(tmp_path):
    names = ("img10.jpg", "img9.JPG", "img100.jpg", "notes.txt", ".hidden1.jpg")
    frames = list_frames(touch(tmp_path, *names))
    assert frames.numbers == (9, 10, 100) and len(frames) == 3
    assert [file.name for file in frames.files] == ["img9.JPG", "img10.jpg", "img100.jpg"]
    assert frames.file(10).name == "img10.jpg" and frames.gaps(8, 11) == ((8, 8), (11, 11))
    assert [file.name for file in frames.between(9, 10)] == ["img9.JPG", "img10.jpg"]
    assert frames.gaps(9, 10) == frames.gaps(10, 9) == ()
    assert frames.gaps(10, 10**12) == ((11, 99), (101, 10**12)) and frames.gaps(1, 2) == ((1, 2),)
    with pytest.raises(DatasetError, match=r"expected frame 11 in .*, got 9 to 100"):
        frames.between(9, 11)
    assert "img9" not in repr(frames)


def test_frames_that_cannot_be_listed(tmp_path):
    with pytest.raises(DatasetError, match=r"one sequence of frames .*img46.jpg and reg_img46.jpg"):
        list_frames(touch(tmp_path / "two", "img46.jpg", "reg_img46.jpg"))
    with pytest.raises(DatasetError, match=r"whole numbers in .*, got 0.5.jpg"):
        list_frames(touch(tmp_path / "decimal", "0.jpg", "0.5.jpg"))
    with pytest.raises(DatasetError, match="expected frames"):
        list_frames(touch(tmp_path / "none", "notes.txt"))
    with pytest.raises(DatasetError, match="cannot read the folder"):
        list_frames(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="2 files with 1 numbers"):
        FrameFiles(tmp_path, (1,), (tmp_path / "1.jpg", tmp_path / "2.jpg"))


def test_tree(tmp_path):
    deep = touch(tmp_path / "x" / "Sub01" / "EP02_01f", "img1.jpg")
    touch(tmp_path / "x" / "sub02" / "EP02_01f", "img1.jpg")
    touch(tmp_path / "x" / "sub01" / "notes", "readme.txt", "table.XLSX", "~$table.xlsx")
    tree = FolderTree(tmp_path)
    assert tree.find("sub1", "ep02_01F") == [deep]
    assert len(tree.find("EP02_01f")) == 2 and tree.find("sub03", "EP02_01f") == []
    assert tree.find("sub01", "notes") == []  # holds no frames
    assert tree.find("sub01", "EP02_01[!0-9]") == [] and tree.find("sub01", "EP02_01[!0-9]*") == [
        deep
    ]
    assert tree.find_one([("sub09", "a"), ("sub01", "EP02_01f")]) == deep
    assert tree.find_one([("sub09", "a")]) is None
    with pytest.raises(DatasetError, match="expected one folder of frames for EP02_01f"):
        tree.find_one([("EP02_01f",)])
    assert [path.name for path in tree.tables] == ["table.XLSX"]
    assert tree.frames(deep) is tree.frames(deep)


def test_a_link_in_a_circle(tmp_path):
    folder = touch(tmp_path / "a" / "b", "1.jpg")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    assert FolderTree(tmp_path).find("b") == [folder]
