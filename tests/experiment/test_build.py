from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import skimage.data

from mien.cli.main import main
from mien.errors import OutputError, UsageError
from mien.experiment.build import build_study
from mien.experiment.design import Design
from mien.io.images import read_image, write_png
from mien.verify import verify


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    head = cv2.resize(skimage.data.astronaut()[0:300, 100:350], (160, 192))
    write_png(folder / "ann.png", head)
    write_png(folder / "bob.png", np.ascontiguousarray(head[:, ::-1]))
    return folder


def design(people: Path, **values: Any) -> Design:
    given = {
        "expressions": ("anger", "surprise"),
        "size": 96,
        "orders": 3,
        "durations_ms": (100.0,),
    }
    return Design(portraits=people, **(given | values))


@pytest.fixture(scope="module")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies") / "study"
    made = build_study(design(people, catch_trials=2, repetitions=2, blocks=2), folder)
    assert (made.stimuli, made.trials, made.training) == (6, 16, 0)
    return folder


def rows(study: Path) -> list[dict[str, str]]:
    with (study / "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page(study: Path) -> dict[str, Any]:
    text = (study / "jspsych" / "trials.js").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix("const study = ").removesuffix(";\n"))
    return found


def test_every_order_has_every_trial(study: Path) -> None:
    orders: dict[str, list[str]] = {}
    for row in rows(study):
        orders.setdefault(row["order"], []).append(row["correct_answer"])
    assert [Counter(each) for each in orders.values()] == [
        {"anger": 4, "surprise": 4, "neutral": 8}
    ] * 3
    assert len({tuple(each) for each in orders.values()}) == 3
    assert Counter(row["block"] for row in rows(study)) == {"1": 24, "2": 24}


def test_times_of_a_trial(study: Path) -> None:
    row = next(row for row in rows(study) if row["correct_answer"] == "surprise")
    assert (row["duration_ms"], row["duration_frames"], row["trial_frames"]) == ("100.0", "6", "66")
    assert (row["onset_frames"], row["offset_frames"], row["offset_ms"]) == ("0", "6", "100.0")
    assert 0 < int(row["apex_start_frames"]) <= int(row["apex_end_frames"]) < 6
    assert (row["level"], row["side"], float(row["AU1_left"])) == ("C", "both", 3.0)
    neutral = next(row for row in rows(study) if row["correct_answer"] == "neutral")
    assert neutral["apex_start_ms"] == "" and neutral["duration_frames"] == "6"
    assert (neutral["level"], neutral["intensity"]) == ("", "0.0")  # 0 is no FACS level


def test_the_page_has_all_that_it_needs(study: Path) -> None:
    text = (study / "index.html").read_text(encoding="utf-8")
    for name in ("jspsych.js", "html-button-response.js", "frames.js", "study.js", "style.css"):
        assert f"jspsych/{name}" in text and (study / "jspsych" / name).stat().st_size > 500
    assert "http" not in text
    shown = page(study)
    assert [len(order) for order in shown["orders"]] == [16] * 3
    for trial in shown["trials"]:
        assert all((study / picture).is_file() for picture in trial["pictures"])
        assert sum(count for _, count in trial["steps"]) == trial["data"]["trial_frames"]


def test_the_page_leaves_unknown_times_empty_as_the_table_does(study: Path) -> None:
    """jsPsych writes None into its results as the word null."""
    data = [trial["data"] for trial in page(study)["trials"]]
    catch = next(each for each in data if each["correct_answer"] == "neutral")
    row = next(row for row in rows(study) if row["stimulus_file"] == catch["stimulus_file"])
    assert {name: str(value) for name, value in catch.items()} == {
        name: row[name] for name in catch
    }
    assert catch["onset_frames"] == catch["apex_end_ms"] == ""


def test_the_first_and_last_pictures_of_a_trial_are_neutral_and_the_middle_is_not(
    study: Path,
) -> None:
    trial = next(t for t in page(study)["trials"] if t["data"]["correct_answer"] == "surprise")
    pictures = [
        np.asarray(read_image(study / trial["pictures"][number])).astype(int)[..., :3]
        for number, _ in trial["steps"]
    ]
    apex = trial["first"] - 1 + trial["data"]["apex_start_frames"]
    assert np.abs(pictures[0] - pictures[-1]).max() <= 1
    assert np.abs(pictures[apex] - pictures[0]).max() > 20


def test_a_second_run_keeps_what_is_there_and_another_design_is_refused(
    study: Path, people: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "study"
    shutil.copytree(study, copy)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    same = design(people, catch_trials=2, repetitions=2, blocks=2)
    shutil.rmtree(next((copy / "stimuli").glob("ann_anger*")))
    (copy / "trials.csv").unlink()
    build_study(same, copy)
    assert {path: path.read_bytes() for path in before if path.name not in ("manifest.csv",)} == {
        path: data for path, data in before.items() if path.name not in ("manifest.csv",)
    }
    with pytest.raises(OutputError, match="a study with another design"):
        build_study(design(people, seed=1), copy)
    page = copy / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- mine -->", encoding="utf-8")
    with pytest.raises(
        OutputError, match=r"expected .*index\.html as it was made, got a changed one"
    ):
        build_study(same, copy)
    assert page.read_text(encoding="utf-8").endswith("<!-- mine -->")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "a.txt").touch()
    with pytest.raises(OutputError, match="with other files in it"):
        build_study(same, tmp_path / "theirs")
    assert [path.name for path in (tmp_path / "theirs").iterdir()] == ["a.txt"]


def test_a_still_apex_has_full_intensity_at_every_duration(people: Path, tmp_path: Path) -> None:
    """The clip is made once; each duration shows the same picture."""
    still = design(people, form="mett", durations_ms=(50.0, 200.0), neutral_ms=100.0)
    made = build_study(still, tmp_path / "study")
    assert (made.stimuli, made.trials, made.training) == (4, 8, 2)
    shown = page(tmp_path / "study")
    trials = [
        t
        for t in shown["trials"]
        if t["data"]["portrait"] == "ann" and t["data"]["expression"] == "anger"
    ]
    assert [t["data"]["duration_frames"] for t in trials] == [3, 12]
    assert trials[0]["pictures"] == trials[1]["pictures"] and len(trials[0]["pictures"]) == 2
    stimulus = tmp_path / "study" / trials[0]["data"]["stimulus_file"]
    number = int(Path(trials[0]["pictures"][1]).stem)
    track = json.loads((stimulus / "mien.json").read_text(encoding="utf-8"))["track"]
    peaks = np.array(track["values"]).max(0)
    np.testing.assert_allclose(np.array(track["values"])[number], peaks, atol=1e-4)
    assert [shown["trials"][n]["data"]["correct_answer"] for n in shown["training"]] == [
        "anger",
        "surprise",
    ]


def test_other_portraits_are_another_study(people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    shutil.copytree(people, folder)
    (folder / "bob.png").rename(folder / "bob #1 50%.png")
    build_study(design(folder, intensities=("B",)), tmp_path / "study")
    names = {Path(p).parent.name for t in page(tmp_path / "study")["trials"] for p in t["pictures"]}
    assert any("bob%20%231%2050%25_anger" in name for name in names)
    shutil.copy(folder / "ann.png", folder / "zoe.png")
    with pytest.raises(OutputError, match="a study with another portraits"):
        build_study(design(folder, intensities=("B",)), tmp_path / "study")


def test_the_methods_paragraph_says_what_is_shown(people: Path, tmp_path: Path) -> None:
    made = {}
    for name, values in {
        "clip": {"catch_trials": 1},
        "bart": {"form": "bart", "neutral_ms": 100.0, "mask": "noise"},
        "alone": {"form": "bart"},
        "masked": {
            "mask": "noise",
            "catch_trials": 2,
            "repetitions": 3,
            "intensities": ("B", "2.5"),
        },
    }.items():
        build_study(design(people, **values), tmp_path / name)
        made[name] = (tmp_path / name / "methods.md").read_text(encoding="utf-8")
    assert "4 synthetic facial movements of 2 faces" in made["clip"]
    assert (
        "rose and fell within 100 ms between the same neutral face, which stayed for 500 ms"
        in made["clip"]
    )
    assert "stood still for 100 ms after the neutral face, which stayed for 100 ms." in made["bart"]
    assert "A noise mask followed at once for 100 ms." in made["bart"]
    assert "stood still for 100 ms, without a neutral face." in made["alone"]
    assert "peak intensities of the strongest action unit 3 (C); " in made["clip"]
    assert "peak intensities of the strongest action unit 2 (B), 2.5; " in made["masked"]
    assert "saw 2 catch trials with the face without a movement." in made["clip"]
    assert "saw 12 catch trials with" in made["masked"]  # 2 faces, 2 catch trials, 3 repetitions
    assert (
        "The last frame of the movement showed the neutral face again, with the expression at 0; after this frame, "
        "a noise mask followed at once for 100 ms." in made["masked"]
    )
    assert "neutral face again" not in made["bart"]


def test_the_methods_have_the_aus_and_times_of_each_expression(
    people: Path, tmp_path: Path
) -> None:
    build_study(design(people, durations_ms=(100.0, 200.0), catch_trials=1), tmp_path / "s")
    lines = (tmp_path / "s" / "methods.md").read_text(encoding="utf-8").splitlines()
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    assert table[0] == ["Expression", "AUs", "Duration", "Onset", "Apex", "Offset"]
    assert [(row[0], row[2]) for row in table[2:]] == [
        (name, duration) for name in ("anger", "surprise") for duration in ("100", "200")
    ]
    for name, aus, duration, onset, apex, offset in table[2:]:
        row = next(
            row
            for row in rows(tmp_path / "s")
            if row["expression"] == name and float(row["duration_ms"]) == float(duration)
        )
        assert aus == row["aus"] and aus.startswith("AU")
        start, _, end = apex.partition(" to ")
        times = [onset, start, end or start, offset]
        columns = ("onset_ms", "apex_start_ms", "apex_end_ms", "offset_ms")
        assert [float(each) for each in times] == [
            pytest.approx(float(row[column]), abs=0.1) for column in columns
        ]


def test_the_last_frame_before_a_mask_is_neutral_again(people: Path, tmp_path: Path) -> None:
    build_study(design(people, mask="noise"), tmp_path / "s")
    trial = page(tmp_path / "s")["trials"][0]
    first, last, mask = (
        np.asarray(read_image(tmp_path / "s" / trial["pictures"][trial["steps"][step][0]]))
        for step in (0, trial["last"], trial["last"] + 1)
    )
    assert np.abs(first.astype(int) - last).max() <= 1
    assert np.abs(first.astype(int) - mask).max() > 50


def test_more_blocks_than_trials(people: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no more blocks than trials, got 5 for 4"):
        build_study(design(people, blocks=5), tmp_path / "study")


def test_a_portrait_without_a_face_stops_the_study(people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    shutil.copytree(people, folder)
    write_png(folder / "wall.png", np.full((120, 120, 3), 90, np.uint8))
    with pytest.raises(UsageError, match=r"wall\.png: "):
        build_study(design(folder), tmp_path / "study")
    both = np.concatenate(
        [read_image(people / f"{name}.png")[..., :3] for name in ("ann", "bob")], 1
    )
    write_png(folder / "wall.png", np.ascontiguousarray(both))
    with pytest.raises(UsageError, match=r"wall\.png: expected one face, got several: crop"):
        build_study(design(folder), tmp_path / "study")
    assert not (tmp_path / "study").exists()
    with pytest.raises(UsageError, match="expected pictures in"):
        (tmp_path / "empty").mkdir()
        build_study(design(tmp_path / "empty"), tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_command(people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "design.toml"
    file.write_text(
        f'portraits = "{people}"\nexpressions = ["anger", "fear"]\nsize = 64\ndurations_ms = 50\n',
        encoding="utf-8",
    )
    assert main(["experiment", "build", str(file), "--out", str(tmp_path / "s"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["trials"] == 4
    described = json.loads((tmp_path / "s" / "dataset_description.json").read_text())
    assert described["name"] == "study" and "synthetic" in described["description"]
    assert "4 trials in 1 block," in (tmp_path / "s" / "methods.md").read_text()


def test_one_sided_stimuli_name_what_moves_on_both_sides(people: Path, tmp_path: Path) -> None:
    build_study(design(people, sides=("left",)), tmp_path / "s")
    said = (tmp_path / "s" / "methods.md").read_text(encoding="utf-8")
    # Of anger; all AUs of surprise have sides.
    assert "FACS does not divide AU23 AU24 into sides: in one-sided stimuli" in said


def test_verify_sees_a_changed_or_missing_file_of_a_study(study: Path, tmp_path: Path) -> None:
    assert verify(study).kind == "study" and not verify(study).problems
    changed = Path(shutil.copytree(study, tmp_path / "study"))
    table = changed / "trials.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("surprise", "fear", 1), "utf-8")
    (changed / "methods.md").unlink()
    said = sorted(str(problem) for problem in verify(changed).problems)
    assert len(said) == 2
    assert "methods.md: missing, but study.json names it" in said[0]
    assert "trials.csv: was changed since study.json was written" in said[1]
