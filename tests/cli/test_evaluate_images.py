from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.io.images import write_png


@pytest.fixture(scope="module")
def clips(small_face, tmp_path_factory) -> Path:
    """Clips of 3 frames in two folders, and pictures."""
    folder = tmp_path_factory.mktemp("clips")
    for name, level in (("real", 4), ("made", 2)):
        for fps in (25, 50):
            au = f"AU4={level}@0-{1 / fps}-{1 / fps}-{2 / fps}"
            mien.generate(small_face, folder / name / f"at{fps}.mkv", au=au, fps=fps)
    write_png(folder / "face.png", small_face)
    (folder / "none").mkdir()
    return folder


def test_json_of_a_clip_and_of_a_set(run, clips):
    made, real = clips / "made", clips / "real"
    clip = made / "at25.mkv"
    ran = run("evaluate", "images", clip, "--reference", real / "at25.mkv", "--no-lpips", "--json")
    figures = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert list(figures) == [
        *("result", "reference", "portrait", "frames", "mean", "by_frame", "notes")
    ]
    names = ["l1", "ssim", "gmsd", "lpips", "identity", "sharpness", "ghosting"]
    assert list(figures["mean"]) == names and list(figures["by_frame"][1]) == ["frame", *names]
    assert figures["mean"]["l1"] == pytest.approx(figures["by_frame"][1]["l1"] / 3, abs=1e-6)
    options = ("--no-lpips", "--every", 2, "--portrait", clips / "face.png")
    whole = json.loads(run("evaluate", "images", made, "--reference", real, *options, "--json").out)
    assert [clip["name"] for clip in whole["clips"]] == ["at25.mkv", "at50.mkv"]
    assert whole["frechet_vgg_relu3_3"] is None and whole["frechet_sface"] is not None
    assert whole["frames"] == 6 and whole["portrait"] == str(clips / "face.png")


def test_a_person_reads_a_table(run, clips):
    ran = run(
        *("evaluate", "images", clips / "made" / "at25.mkv", "--portrait", clips / "face.png")
    )
    assert ran.code == 0 and "3 frames" in ran.out
    rows = {
        line.split("│")[1].strip(): line.split("│")[2].strip()
        for line in ran.out.splitlines()
        if line.count("│") > 2
    }
    assert rows["l1"] == "-" and float(rows["ghosting"]) < 0.5 and float(rows["identity"]) > 0.8


def test_the_table_counts_the_frames_that_were_judged(run, clips):
    own = ("--portrait", clips / "face.png", "--every", 2)
    ran = run("evaluate", "images", clips / "made", *own)
    assert ran.code == 0 and "2 clips, 4 of 6 frames" in ran.out


def test_bad_input_is_one_line(run, clips, small_face, tmp_path):
    made, face = clips / "made", clips / "face.png"
    write_png(tmp_path / "grey.png", np.full_like(small_face, 128))
    for words, says in (
        ((made,), "expected --reference or --portrait"),
        ((tmp_path / "none.png", "--reference", face), "none.png"),
        (
            (made / "at25.mkv", "--reference", made / "at50.mkv"),
            "one frame rate, got 25 a second in",
        ),
        ((made, "--reference", clips / "none"), "expected clips (videos, GIFs or folders"),
        ((face, "--reference", tmp_path / "grey.png"), "grey.png: found no face"),
        ((face, "--portrait", face, "--flow", "farneback"), "--flow"),
        ((face, "--portrait", face, "--every", 0), "--every of 1 or more"),
        (
            (face, "--portrait", face, "--region", "face"),
            "--region face needs --reference, got none",
        ),
    ):
        ran = run("evaluate", "images", *words)
        assert ran.code == 2 and says in ran.err and ran.err.count("\n") == 1, ran.err
