from __future__ import annotations

import numpy as np
import pytest

from mien.io.images import read_image


@pytest.fixture
def clip(run, face_file, tmp_path):
    path = tmp_path / "clip.mkv"
    assert run("generate", face_file, "--out", path, "--expression", "fear", "--fps", 50).code == 0
    return path


def test_a_sheet_is_a_picture(run, clip, tmp_path):
    ran = run("sheet", clip, "--out", tmp_path / "sheet.png")
    assert (ran.code, ran.err, ran.out) == (0, "", f"{tmp_path}/sheet.png\n")
    image = read_image(tmp_path / "sheet.png")
    assert image.shape[1] == 1800 and image[:, :, :3].std() > 20


def test_more_columns_make_smaller_frames(run, clip, tmp_path):
    heights = []
    for columns in (3, 9):
        run("sheet", clip, "--out", tmp_path / "s.png", "--columns", columns)
        heights.append(read_image(tmp_path / "s.png").shape[0])
    assert heights[0] > heights[1] + 500


def test_magnification_shows(run, clip, tmp_path):
    ink = []
    for magnify in (1, 32):
        run("sheet", clip, "--out", tmp_path / "s.png", "--magnify", magnify)
        ink.append(np.mean(read_image(tmp_path / "s.png")[..., :3].std(axis=2) > 30))
    assert ink[1] > ink[0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--columns", 2), "3 to 12 columns"),
        (("--magnify", 0), "magnification above 0"),
        (("--out", "sheet.jpg"), "ending in .png"),
    ],
)
def test_bad_options(run, clip, tmp_path, options, expected):
    ran = run("sheet", clip, "--out", tmp_path / "s.png", *options)
    assert ran.code == 2 and expected in ran.err and ran.err.count("\n") == 1
    assert not (tmp_path / "s.png").exists()


def test_a_clip_without_sidecar(run, clip, tmp_path):
    (tmp_path / "clip.mkv.json").unlink()
    ran = run("sheet", clip, "--out", tmp_path / "s.png")
    assert ran.code == 2 and "sidecar clip.mkv.json" in ran.err and ran.err.count("\n") == 1
    assert not (tmp_path / "s.png").exists()


def test_a_portrait_instead_of_a_clip(run, face_file, tmp_path):
    ran = run("sheet", face_file, "--out", tmp_path / "s.png")
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert "mien generate face.png --expression happiness --out face.mp4" in ran.err


def test_no_clip(run, tmp_path):
    ran = run("sheet", tmp_path / "no.mp4", "--out", tmp_path / "s.png")
    assert ran.code == 2 and "no video or folder of this name" in ran.err
