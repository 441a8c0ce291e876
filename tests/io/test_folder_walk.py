from __future__ import annotations

from pathlib import Path

from mien.io.folder_walk import walk_once


def test_each_folder_comes_once_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "root" / "a" / "deep").mkdir(parents=True)
    (tmp_path / "root" / "a" / "x.png").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "y.png").touch()
    (tmp_path / "root" / "a" / "deep" / "back").symlink_to(tmp_path / "root")
    (tmp_path / "root" / "linked").symlink_to(tmp_path / "elsewhere")
    found = {
        folder.relative_to(tmp_path / "root").as_posix(): files
        for folder, _, files in walk_once(tmp_path / "root")
    }
    assert found == {".": [], "a": ["x.png"], "a/deep": [], "linked": ["y.png"]}


def test_the_caller_chooses_where_the_walk_goes(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name / "below").mkdir(parents=True)
    seen = []
    for folder, folders, _ in walk_once(tmp_path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen.append(folder.relative_to(tmp_path).as_posix())
    assert seen == [".", "a", "a/below", "b", "b/below"]
