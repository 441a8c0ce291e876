"""The studies for Gorilla and Qualtrics: clips with what the page shows, and tables that name them."""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mien.experiment.build import build_study
from mien.experiment.design import Design
from mien.experiment.paper import methods
from mien.experiment.results import read_results
from mien.io.clips import open_clip
from mien.io.images import read_image
from mien.io.sidecar import read_sidecar
from tests.experiment.test_build import design, page, people, rows  # noqa: F401 - a fixture

ONLINE = ("jspsych", "gorilla", "qualtrics")


@pytest.fixture(scope="module")
def study(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("online") / "study"
    masked = design(people, mask="noise", neutral_ms=50.0, blocks=2, programs=ONLINE)
    build_study(masked, folder)
    return folder


@pytest.fixture(scope="module")
def mett(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    folder = tmp_path_factory.mktemp("online") / "mett"
    still = design(
        people,
        form="mett",
        neutral_ms=50.0,
        durations_ms=(50.0, 100.0),
        disclosure="after",
        programs=ONLINE,
    )
    build_study(still, folder)
    return folder


def table(place: Path) -> list[dict[str, str]]:
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_clip_is_what_the_page_shows(study: Path) -> None:
    """Three neutral frames, six that move, and six of the mask, at the screen's rate."""
    trial = next(t for t in page(study)["trials"] if t["data"]["correct_answer"] == "surprise")
    clip = study / "clips" / f"{Path(trial['data']['stimulus_file']).name}.mp4"
    places = [trial["pictures"][number] for number, count in trial["steps"] for _ in range(count)]
    video = open_clip(clip)
    assert video.fps == Fraction(60)
    seen = [np.asarray(image).astype(float) for _, image in video]
    assert len(seen) == len(places) == 15
    wanted = [np.asarray(read_image(study / place))[..., :3].astype(float) for place in places]
    for image, frame in zip(seen, wanted, strict=True):
        # 4:2:0 loses colour; another frame would be further away than that.
        assert np.abs(image.mean(2) - frame.mean(2)).mean() < 2.5
    moved = np.abs(wanted[6] - wanted[0]).mean(2) > 15
    away = [np.abs(seen[6] - wanted[n])[moved].mean() for n in (6, 0)]
    assert moved.any() and away[0] < away[1]
    record = read_sidecar(Path(f"{clip}.json"))
    assert record.facts["codec"].startswith("h264 yuv420p")
    assert record.settings["steps"] == [[0, 3], *([n, 1] for n in range(1, 7)), [7, 6]]


def test_clips_that_are_there_are_kept_and_altered_ones_are_made_again(
    study: Path,
    people: Path,  # noqa: F811
) -> None:
    clips = sorted((study / "clips").glob("*.mp4"))
    before = {clip: (clip.read_bytes(), clip.stat().st_mtime_ns) for clip in clips}
    clips[0].write_bytes(before[clips[0]][0][:-50])
    build_study(design(people, mask="noise", neutral_ms=50.0, blocks=2, programs=ONLINE), study)
    after = {clip: (clip.read_bytes(), clip.stat().st_mtime_ns) for clip in clips}
    assert {clip: data for clip, (data, _) in after.items()} == {
        clip: data for clip, (data, _) in before.items()
    }
    assert [after[clip][1] == before[clip][1] for clip in clips] == [False, True, True, True]


def test_a_program_can_be_added_later(people: Path, tmp_path: Path) -> None:  # noqa: F811
    build_study(design(people, programs=("psychopy",)), tmp_path / "study")
    before = {
        path: path.stat().st_mtime_ns
        for path in (tmp_path / "study").rglob("*")
        if path.is_file() and path.name not in ("manifest.csv", "study.json")
    }
    both = design(people, programs=("psychopy", "qualtrics"))
    build_study(both, tmp_path / "study")
    assert len(list((tmp_path / "study" / "clips").glob("*.mp4"))) == 4
    tables = ("batch.csv", "conditions.csv", "methods.md")
    kept = {p: t for p, t in before.items() if p.name not in tables}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert "except in Qualtrics" in (tmp_path / "study" / "methods.md").read_text()


def test_gorillas_sheets_are_the_orders(study: Path, mett: Path) -> None:
    for number in (1, 2, 3):
        sheet = table(study / "gorilla" / f"order_{number}.csv")
        first = ["display", "randomise_blocks", "randomise_trials", "text", "clip"]
        assert list(sheet[0])[:5] == first
        shown = " ".join(row["display"] for row in sheet)
        assert shown == "Text Trial Trial Text Trial Trial Text"
        own = [row for row in sheet if row["display"] == "Trial"]
        wanted = [row for row in rows(study) if row["order"] == str(number)]
        for row, trial in zip(own, wanted, strict=True):
            assert {name: row[name] for name in trial} == trial
            assert row["clip"] == f"{Path(trial['stimulus_file']).name}.mp4"
            assert (study / "clips" / row["clip"]).is_file()
            assert (row["choice_1"], row["choice_2"]) == ("anger", "surprise")
    trained = [r for r in table(mett / "gorilla" / "order_1.csv") if r["display"] == "Training"]
    assert [(r["feedback"], r["correct_answer"]) for r in trained] == [
        ("It was anger.", ""),
        ("It was surprise.", ""),
    ]
    texts = [r["text"] for r in table(mett / "gorilla" / "order_1.csv") if r["display"] == "Text"]
    assert "synthetic" in texts[-1] and "synthetic" not in texts[0]


def test_the_analysis_reads_gorillas_results(study: Path, tmp_path: Path) -> None:
    sheet = table(study / "gorilla" / "order_1.csv")
    with (tmp_path / "results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        spread = list(sheet[0])
        named = [f"Spreadsheet: {name}" for name in spread]
        writer.writerow(["Participant Private ID", "Display", "Response", *named])
        for row in sheet:
            answer = "anger" if row["display"] == "Trial" else "Next"
            writer.writerow([77, row["display"], answer, *(row[name] for name in spread)])
    found = read_results([tmp_path / "results.csv"])
    assert (len(found), found.left_out, found.people) == (4, 3, ("77",))
    assert Counter(found.correct) == {"anger": 2, "surprise": 2}


def test_qualtrics_has_a_loop_for_each_trial(study: Path, mett: Path) -> None:
    loops = table(study / "qualtrics" / "loop_merge.csv")
    assert [row["Loop"] for row in loops] == ["1", "2", "3", "4"]
    assert list(loops[0])[:3] == ["Loop", "Field 1 clip", "Field 2 correct_answer"]
    for row in loops:
        assert (study / "clips" / row["Field 1 clip"]).is_file()
        assert f"_{row['Field 2 correct_answer']}_" in row["Field 1 clip"]
    still = table(mett / "qualtrics" / "loop_merge.csv")
    # One stimulus at two durations is two clips.
    assert len({row["Field 1 clip"] for row in still}) == 8
    for row in still:
        duration = row["Field 8 duration_ms"].removesuffix(".0")
        assert row["Field 1 clip"].endswith(f"_both_{duration}ms.mp4")
        frames = read_sidecar(mett / "clips" / f"{row['Field 1 clip']}.json").frames
        assert frames == 3 + 3 + round(float(duration) * 0.06)
    steps = (mett / "qualtrics" / "STEPS.md").read_text(encoding="utf-8")
    assert "{" not in steps.replace("${", "") and "   - surprise" in steps
    assert len(table(mett / "qualtrics" / "training.csv")) == 2


def test_all_tables_name_what_an_analysis_needs(study: Path) -> None:
    needed = {
        *("correct_answer", "aus", "aus_left", "aus_right", "side", "level", "background"),
        *(f"{p}_{unit}" for p in ("onset", "apex_start", "apex_end", "offset") for unit in ("ms", "frames")),
    }  # fmt: skip
    assert needed <= set(rows(study)[0])
    assert needed <= set(table(study / "gorilla" / "order_1.csv")[0])
    assert needed <= set(page(study)["trials"][0]["data"])


def test_the_methods_say_where_late_frames_are_unknown(tmp_path: Path) -> None:
    said = {
        programs: methods(
            Design(portraits=tmp_path, expressions=("anger", "fear"), programs=programs), (), 4, 0
        )
        for programs in (("jspsych",), ("jspsych", "gorilla"), ("qualtrics",))
    }
    assert "late frames were counted in each trial." in said["jspsych",]
    assert "except in Gorilla, where they are unknown" in said["jspsych", "gorilla"]
    assert "Qualtrics cannot count late frames" in said["qualtrics",]
