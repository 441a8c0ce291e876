"""A small sheet as files: clips with a mask, and its tables in three forms."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mien.au.presets import preset
from mien.errors import OutputError, UsageError
from mien.generate.options import RenderOptions
from mien.io.clips import open_clip
from mien.io.sidecar import read_sidecar, sidecar_path
from mien.stimuli.batch import run_batch
from mien.stimuli.conditions import TableOptions
from mien.stimuli.stimulus import plan_stimuli
from mien.stimuli.stimulus_sheet import BATCH, make_stimuli
from mien.verify import verify

LOOK = RenderOptions(
    fps=50, lead_seconds=0.04, size="96x128", oval=True, mask="scramble", mask_seconds=0.06
)


@pytest.fixture(scope="module")
def sheet(face_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An expression called like a formula, and a neutral clip."""
    out = tmp_path_factory.mktemp("sheet") / "out"
    expressions = {"=joy": preset("happiness")}
    stimuli = plan_stimuli({"ann": face_file}, expressions, [3.0], [0.2], ["both"], neutral=True)
    # The name of a file may not begin so, but that of an answer may.
    table = TableOptions(prefix="clips/", answers={"happiness": "=1+1"})
    stimuli = tuple(each for each in stimuli)
    made = make_stimuli(
        stimuli, out, common=LOOK, kind="mkv", table=table, tables=("csv", "xlsx", "js")
    )
    assert made.count("made") == 2, [row.error for row in made.rows]
    return out


def rows(sheet: Path) -> list[dict[str, str]]:
    with (sheet / "conditions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def frames(sheet: Path, row: dict[str, str]) -> list[np.ndarray]:
    return [frame for _, frame in open_clip(sheet / Path(row["stimulus"]).name)]


def test_clips_have_size_oval_and_mask(sheet: Path) -> None:
    moving, neutral = rows(sheet)
    for row in (moving, neutral):
        seen = frames(sheet, row)
        assert len(seen) == int(row["frames"]) == 13 + 3 and seen[0].shape == (128, 96, 3)
        assert all((frame[0, 0] == 128).all() for frame in seen)
        begins = round(float(row["mask_onset_seconds"]) * 50)
        assert begins == 13
        assert np.array_equal(seen[0], seen[12])  # at rest before and after
        assert not np.array_equal(seen[12], seen[13])
        assert np.array_equal(seen[13], seen[15])
    apex = round(float(moving["apex_seconds"]) * 50)
    still, moved = frames(sheet, moving)[0], frames(sheet, moving)[apex]
    assert np.abs(moved.astype(int) - still).max() > 30
    assert all(np.array_equal(frame, still) for frame in frames(sheet, neutral)[:13])
    sidecar = read_sidecar(sidecar_path(sheet / Path(moving["stimulus"]).name))
    assert sidecar.frames == len(sidecar.track) == 16 and sidecar.settings["mask"] == "scramble"
    assert not sidecar.track.values[13:].any()


def test_the_three_tables_say_the_same(sheet: Path) -> None:
    from openpyxl import load_workbook

    listed = rows(sheet)
    script = (sheet / "conditions.js").read_text()
    parsed = json.loads(script[script.index("[\n") : script.rindex("]") + 1])
    book = load_workbook(sheet / "conditions.xlsx").active
    header, *cells = [list(row) for row in book.iter_rows(values_only=True)]
    assert header == list(listed[0]) == list(parsed[0])
    for text, typed, cell in zip(listed, parsed, cells, strict=True):
        as_text = ["" if value is None else str(value) for value in typed.values()]
        assert as_text == list(text.values())
        assert ["" if value is None else value for value in cell] == [
            "" if value is None else value for value in typed.values()
        ]
    assert parsed[0]["neutral"] is False and parsed[1]["onset_seconds"] is None
    assert parsed[0]["AU12_left"] == 3.0 and listed[0]["stimulus"].startswith("clips/")
    answer = book.cell(2, header.index("correct_answer") + 1)
    assert (answer.value, answer.data_type) == ("=1+1", "s")


def test_a_second_run_keeps_all_and_the_set_is_whole(sheet: Path, face_file: Path) -> None:
    stimuli = plan_stimuli(
        {"ann": face_file},
        {"=joy": preset("happiness")},
        [3.0],
        [0.2],
        ["both"],
        neutral=True,
    )
    again = make_stimuli(stimuli, sheet, common=LOOK, kind="mkv", tables=("csv", "xlsx", "js"))
    assert again.count("kept") == 2
    assert verify(sheet).problems == []


def test_tables_of_others_stay(sheet: Path, tmp_path: Path, face_file: Path) -> None:
    stimuli = plan_stimuli({"ann": face_file}, {"fear": preset("fear")}, [3.0], [0.1], ["both"])
    common = RenderOptions(fps=25)
    with pytest.raises(UsageError, match="expected csv among the tables"):
        make_stimuli(stimuli, tmp_path, common=common, tables=("js",))
    (tmp_path / "conditions.js").write_text("mine")
    with pytest.raises(OutputError, match="Mien did not write it"):
        make_stimuli(stimuli, tmp_path, common=common, tables=("csv", "js"))
    assert (tmp_path / "conditions.js").read_text() == "mine"


def test_a_study_can_be_moved_with_its_portraits(face_file: Path, tmp_path: Path) -> None:
    """Portraits in or near the study have relative paths in the batch table, all others absolute ones."""
    work, far = tmp_path / "work" / "first", tmp_path / "far.png"
    people = {
        "ann": work / "study" / "stimuli" / "ann.png",
        "bob": work / "study" / "people" / "bob.png",
        "eve": work / "portraits" / "eve.png",
        "far": far,
    }
    for portrait in people.values():
        portrait.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(face_file, portrait)
    stimuli = plan_stimuli(people, {"fear": preset("fear")}, [3.0], [0.1], ["both"])
    look = RenderOptions(fps=25, size="96x128")
    assert make_stimuli(stimuli, work / "study" / "stimuli", common=look).count("made") == 4

    moved = tmp_path / "elsewhere" / "deeper" / "second"
    moved.parent.mkdir(parents=True)
    work.rename(moved)
    sheet = moved / "study" / "stimuli"
    with (sheet / BATCH).open(encoding="utf-8", newline="") as file:
        portraits = [row["portrait"] for row in csv.DictReader(file)]
    near = ["ann.png", "../people/bob.png", "../../portraits/eve.png"]
    assert portraits == [*near, str(far.resolve())]
    for clip in sorted(sheet.glob("*.mp4"))[2:]:
        clip.unlink()
    again = run_batch(sheet / BATCH, sheet, common=look)
    assert (again.count("kept"), again.count("made")) == (2, 2)
