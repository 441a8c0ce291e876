from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mien
from mien.errors import FaceError, OutputError
from mien.flow_pairs.pairs import make_flow_pairs
from mien.io.flo import read_flo
from mien.io.images import read_image, write_png
from mien.verify import verify
from tests.augment.sets import files_of
from tests.flow_pairs.conftest import QUICK
from tests.flow_pairs.sintel import pairs_of
from tests.flow_pairs.test_pair import brought


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "samples.jsonl").read_text().splitlines()]


def test_a_loader_of_sintel_finds_pairs_whose_flow_fits(people: Path, tmp_path: Path) -> None:
    plain = replace(QUICK, noise=False, light=False)
    make_flow_pairs(people, tmp_path / "set", plain)
    both = [pairs_of(tmp_path / "set", split) for split in ("training", "validation")]
    assert [len(pairs) for pairs in both] == [2, 2]
    for pair in [each for pairs in both for each in pairs]:
        assert pair["first"].shape == pair["second"].shape == (128, 128, 3)
        assert pair["flow"].shape == (128, 128, 2) and pair["occluded"].shape == (128, 128)
        assert set(np.unique(pair["occluded"])) <= {0, 255}
        flow = pair["flow"].astype(np.float32)
        seen = (pair["occluded"] == 0) & (np.hypot(*np.moveaxis(flow, -1, 0)) > 0.3)
        seen[:4] = seen[-4:] = False
        first = pair["first"].astype(float)
        error = np.abs(brought(pair["second"], flow) - first)[seen].mean()
        assert error < 3.5
        assert error < 0.7 * np.abs(pair["second"] - first)[seen].mean()


def test_lines_name_the_files_and_the_aus_that_move(made: Path) -> None:
    lines = lines_of(made)
    assert [line["name"] for line in lines] == [f"{number:06d}" for number in range(4)]
    assert [line["subject"] for line in lines] == ["bob", "cid"] * 2
    splits = {line["subject"]: line["split"] for line in lines}
    assert splits == SPLITS
    for line in lines:
        for file in line["files"].values():
            data = (made / file["path"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
        flow = read_flo(made / line["files"]["flow"]["path"])
        assert np.hypot(*np.moveaxis(flow, -1, 0)).max() == pytest.approx(
            line["largest_motion_px"], abs=1e-3
        )
        assert line["intensities"] and all(0 < v <= 5 for v in line["intensities"].values())
    record = json.loads((made / "flow_pairs.json").read_text())
    assert record["synthetic"] and record["options"]["size"] == 128
    assert [name for name, _ in record["portraits"]] == ["bob.png", "cid.png"]
    onset = (made / lines[0]["files"]["onset"]["path"]).read_bytes()
    assert b"Synthetic" in onset and b"compositeSynthetic" in onset


SPLITS = {"bob": "training", "cid": "validation"}
"""By the hashes of the names."""


def test_sides_of_aus_are_where_the_flow_is(people: Path, tmp_path: Path) -> None:
    """Of pairs with a brow or a mouth's corner that moves on one side, that side of the picture moves more."""
    make_flow_pairs(people, tmp_path / "set", replace(QUICK, count=24, head=False, noise=False))
    checked = 0
    for line in lines_of(tmp_path / "set"):
        sides = {name[-1] for name in line["intensities"] if name[-1] in "LR"}
        middle = [name for name in line["intensities"] if name[-1] not in "LR"]
        if len(sides) == 1 and not middle:
            moved = np.abs(read_flo(tmp_path / "set" / line["files"]["flow"]["path"])).sum(-1)
            left, right = moved[:, :64].sum(), moved[:, 64:].sum()
            assert (right > left) == (sides == {"L"}), line["intensities"]
            checked += 1
    assert checked > 2


def test_the_same_seed_gives_the_same_files(people: Path, made: Path, tmp_path: Path) -> None:
    again = mien.flow_pairs(people, tmp_path / "set", count=4, size=128, validation=0.5)
    assert files_of(tmp_path / "set") == files_of(made)
    assert (again.training, again.validation, again.people) == (2, 2, 2)
    fewer = tmp_path / "fewer"
    make_flow_pairs(people, fewer, replace(QUICK, count=2))
    assert lines_of(fewer) == lines_of(made)[:2]
    make_flow_pairs(people, fewer, replace(QUICK, count=2, seed=1))  # replaces the earlier set
    assert lines_of(fewer) != lines_of(made)[:2]


def test_nothing_half_made_stays(people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "bob.png").write_bytes((people / "bob.png").read_bytes())
    write_png(folder / "wall.png", np.full((160, 160, 3), 90, np.uint8))
    with pytest.raises(FaceError, match=r"wall\.png.*--skip-bad leaves it out"):
        make_flow_pairs(folder, tmp_path / "set", QUICK)
    assert not (tmp_path / "set").exists()
    made = make_flow_pairs(folder, tmp_path / "set", replace(QUICK, count=1, skip_bad=True))
    assert made.people == 1 and len(made.skipped) == 1 and "wall.png" in made.skipped[0]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="other files in it"):
        make_flow_pairs(people, tmp_path / "mine", QUICK)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_verify_finds_what_was_altered(people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    make_flow_pairs(people, folder, QUICK)
    report = verify(folder)
    assert (report.kind, report.checked, report.problems) == ("flow pairs", 4, [])
    line = lines_of(folder)[1]
    apex = folder / line["files"]["apex"]["path"]
    image = read_image(apex)
    image[0, 0] = 255 - image[0, 0]
    write_png(apex, image)
    (folder / line["files"]["flow"]["path"]).unlink()
    assert {problem.path.suffix for problem in verify(folder).problems} == {".png", ".flo"}
    text = (folder / "samples.jsonl").read_text()
    (folder / "samples.jsonl").write_text("\n".join(text.splitlines()[:1]) + "\n")
    assert "expected 4 lines, got 1" in str(verify(folder).problems[0])
