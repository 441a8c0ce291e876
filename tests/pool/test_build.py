"""A pool from portraits to the data card, made twice, and killed in the middle."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mien.cli.main import main
from mien.io.images import write_png
from tests.kills import killed_in_command

ALL_PASS = (
    *(
        "--most-intensity",
        "5",
        "--most-smile",
        "1",
        "--most-lips-apart",
        "1",
        "--least-eyes-px",
        "20",
    ),
    *("--most-yaw", "40", "--most-pitch", "40", "--most-roll", "40", "--least-sharpness", "0"),
)
SMALL = (
    *("--expressions", "contempt", "surprise", "--intensities", "C", "--durations", "100"),
    *("--size", "96", "--count", "1", "--cc0", "--source", "drawn for a test"),
)


@pytest.fixture(scope="module")
def portraits(small_face: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    write_png(folder / "ann.png", small_face)
    write_png(folder / "blurred.png", cv2.GaussianBlur(small_face, (0, 0), 3))
    write_png(folder / "grey.png", np.full((64, 64, 3), 128, np.uint8))
    write_png(folder / "twin.png", small_face)
    return folder


def command(portraits: Path, out: Path) -> list[str]:
    return ["experiment", "pool", str(portraits), "--out", str(out), *SMALL, *ALL_PASS]


def hashes(folder: Path) -> dict[str, str]:
    return {
        each.relative_to(folder).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


@pytest.fixture(scope="module")
def pool(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pools") / "pool"
    assert main(command(portraits, out)) == 0
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_a_pool_holds(pool: Path) -> None:
    stimuli = rows(pool / "stimuli" / "conditions.csv")
    sides = [(row["expression"], row["side"]) for row in stimuli]
    assert sides == [
        ("contempt", "left"),
        ("contempt", "right"),
        ("surprise", "left"),
        ("surprise", "right"),
        ("surprise", "both"),
        ("neutral", ""),
    ]
    clips = {
        hashlib.sha256((pool / "stimuli" / r["stimulus"]).read_bytes()).hexdigest() for r in stimuli
    }
    assert len(clips) == 6
    assert {row["frames"] for row in stimuli} == {
        "67"
    }  # 30 + 6 + 30 at 60 Hz, from the first to the last
    card = (pool / "datacard.md").read_text(encoding="utf-8")
    assert "**Not yet validated by human raters.**" in card and "drawn for a test" in card
    assert "CC0-1.0" in (pool / "LICENSE").read_text(encoding="utf-8")
    described = json.loads((pool / "dataset_description.json").read_text(encoding="utf-8"))
    assert described["synthetic"] is True and described["validated_by_human_raters"] is False
    assert described["license"].endswith("/publicdomain/zero/1.0/")
    name = stimuli[0]["portrait"]
    assert b"Made with Mien" in (pool / "contact_sheets" / f"{name}.png").read_bytes()


def test_the_table_of_screening_says_why(pool: Path) -> None:
    found = {row["portrait"]: row for row in rows(pool / "screening.csv")}
    assert found["ann.png"]["accepted"] == "True" and found["ann.png"]["strongest_au"] == "AU12"
    assert "found no face" in found["grey.png"]["reasons"] and found["grey.png"]["eyes_px"] == ""
    assert found["twin.png"]["reasons"] == "the same file as ann.png"
    assert float(found["blurred.png"]["sharpness"]) < float(found["ann.png"]["sharpness"])


def test_a_pool_that_was_killed_becomes_the_same(
    pool: Path, portraits: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pool"
    for number in (2, 6, 25):
        assert killed_in_command(number, out, *command(portraits, out))
    assert main(command(portraits, out)) == 0
    made, again = hashes(pool), hashes(out)
    for each in (made, again):
        each.pop("stimuli/manifest.csv")  # says which clips a run made and which it kept
    assert made == again
    first = out / "stimuli" / rows(out / "stimuli" / "conditions.csv")[0]["stimulus"]
    stamp = first.stat().st_mtime_ns
    assert main(command(portraits, out)) == 0
    assert hashes(out)["datacard.md"] == again["datacard.md"]
    assert first.stat().st_mtime_ns == stamp


def test_what_is_refused(
    pool: Path, portraits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*more: str, out: Path = tmp_path / "new") -> str:
        assert main(["experiment", "pool", str(portraits), "--out", str(out), *more]) == 2
        return capsys.readouterr().err

    assert "expected --cc0" in said("--source", "x")
    assert not (tmp_path / "new").exists()
    assert "got 0 of 4: see screening.csv" in said(*SMALL)
    changed = [*SMALL, *ALL_PASS, "--seed", "3"]
    assert "a pool with another recipe" in said(*changed, out=pool)
    groups = tmp_path / "groups.csv"
    groups.write_text("portrait,group\nann.png,a\n")
    assert main([*command(portraits, tmp_path / "g"), "--groups", str(groups)]) == 0
    found = {row["portrait"]: row for row in rows(tmp_path / "g" / "screening.csv")}
    assert found["ann.png"]["group"] == "a" and "no group" in found["blurred.png"]["reasons"]
