"""What the comparison of two records says, and what a record leaves out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("skimage", reason="needs the extra demo")
pytest.importorskip("openpyxl", reason="needs the extra datasets")

from tools.golden.compare import differences
from tools.golden.hashing import folder_record
from tools.golden.normal import plain_json_or_text
from tools.golden.place import Place
from tools.golden.steps import all_steps, chosen


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "work", tmp_path / "src", {"TMPDIR": "/tmp"}, {})


def record(**steps: dict[str, Any]) -> dict[str, Any]:
    plain = {"command": "", "exit": 0, "stdout": [], "stderr": [], "files": {}}
    return {"only": "", "versions": {}, "steps": {n: plain | step for n, step in steps.items()}}


def test_what_is_equal_says_nothing():
    assert not list(differences(record(a={"exit": 2}), record(a={"exit": 2})))


def test_frames_are_told_from_the_file_around_them():
    clip = {"kind": "video", "frames": ["1", "2"], "container": "x"}
    wrapped = record(a={"files": {"c.mp4": clip | {"container": "y"}}})
    moved = record(a={"files": {"c.mp4": clip | {"frames": ["1", "3"], "container": "y"}}})
    before = record(a={"files": {"c.mp4": clip}})
    (line,) = differences(before, wrapped)
    assert line == "a  c.mp4: content equal, the file's bytes differ (video)"
    (line,) = differences(before, moved)
    assert line == "a  c.mp4: 1 of 2 frames differ, the first is frame 1"


def test_json_that_differs_is_named_by_its_keys():
    first = {"kind": "json", "value": {"settings": {"fps": "50", "au": ["AU1"]}}}
    other = {"kind": "json", "value": {"settings": {"fps": "25", "au": ["AU1", "AU2"]}}}
    (line,) = differences(
        record(a={"files": {"c.json": first}}), record(a={"files": {"c.json": other}})
    )
    assert (
        'value.settings.fps "50" -> "25"' in line and "length of value.settings.au 1 -> 2" in line
    )


def test_steps_and_files_that_one_side_lacks():
    files = {f"{n}.csv": {"kind": "text", "text": []} for n in range(9)}
    lines = list(differences(record(a={"files": files}), record(a={}, b={})))
    assert lines == [
        "a  9 files, such as 0.csv: only in the first record",
        "b: only in the second record",
    ]
    assert list(differences(record(a={}) | {"only": "a"}, record(a={}, b={}))) == []


def test_texts_without_what_differs_from_run_to_run(place):
    text = f"{place.work}/clip.mp4 at http://127.0.0.1:8765/ by Mien 0.1.0"
    assert plain_json_or_text(text, place) == [
        "<work>/clip.mp4 at http://127.0.0.1:<port>/ by Mien <version>"
    ]
    said = json.dumps({"total_seconds": 1.5, "duration_seconds": 0.4})
    assert plain_json_or_text(said, place) == {
        "total_seconds": "<wall clock>",
        "duration_seconds": 0.4,
    }


def test_a_folder_of_frames_is_one_entry(place, tmp_path):
    folder = tmp_path / "clip"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.full((4, 4, 3), number, np.uint8)).save(folder / f"{number:06d}.png")
    (folder / "mien.json").write_text('{"mien_version": "1"}')
    found = folder_record(folder, place)
    assert list(found) == ["*.png", "mien.json"] and len(set(found["*.png"]["frames"])) == 3
    assert found["mien.json"]["value"] == {"mien_version": "<names the checkout>"}


def test_chosen_steps_bring_what_they_need():
    steps = all_steps()
    names = [step.name for step in chosen(steps, "^generate-net-weights$")]
    assert names == ["faces-rig", "train-ulme-gan", "export-ulme-gan", "generate-net-weights"]


def test_each_step_comes_after_what_it_needs():
    steps = all_steps()
    names = [step.name for step in steps]
    for number, step in enumerate(steps):
        assert step.needs(names) <= set(names[:number]), step.name
