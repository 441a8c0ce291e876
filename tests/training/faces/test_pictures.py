from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.errors import UsageError
from mien.io.images import PICTURE_SUFFIXES, write_png
from mien.training.faces.pictures import picture_files, pictures_digest, read_rgb


def test_all_pictures_below_a_folder_by_name(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    names = [f"{suffix[1:]}{suffix}" for suffix in PICTURE_SUFFIXES] + ["sub/B.JPG"]
    for name in (*names, "notes.txt", "clip.mp4"):
        (tmp_path / name).write_bytes(b"x")
    assert picture_files(tmp_path) == sorted(tmp_path / name for name in names)


def test_no_folder_and_no_pictures(tmp_path: Path):
    with pytest.raises(UsageError, match="which is not a folder"):
        picture_files(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="got none: PNG, JPEG, WebP, BMP or TIFF"):
        picture_files(tmp_path)


def test_frames_of_clips_are_no_portraits(tmp_path: Path):
    for name in ("ann/smile/000001.png", "bob/frown/000001.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        write_png(tmp_path / name, np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(UsageError, match=r"got two '000001' .* --clips"):
        picture_files(tmp_path)


def test_the_digest_is_of_names_and_sizes(tmp_path: Path):
    file = tmp_path / "a.png"
    file.write_bytes(b"12")
    first = pictures_digest([file])
    file.write_bytes(b"34")
    assert pictures_digest([file]) == first
    file.write_bytes(b"345")
    assert pictures_digest([file]) != first
    other = file.rename(tmp_path / "b.png")
    other.write_bytes(b"12")
    assert pictures_digest([other]) != first


def test_transparency_is_dropped(tmp_path: Path):
    image = np.random.default_rng(0).integers(0, 255, (40, 40, 4), np.uint8)
    write_png(tmp_path / "a.png", image)
    assert np.array_equal(read_rgb(tmp_path / "a.png"), image[..., :3])
