from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.au.presets import preset
from mien.errors import UsageError
from mien.experiment.backgrounds import held, on_backgrounds
from mien.experiment.build import build_study
from mien.experiment.design import Design
from mien.io.images import read_image
from mien.stimuli.conditions import moving_peaks
from mien.stimuli.stimulus import Stimulus
from tests.experiment.test_build import design, page, people, rows  # noqa: F401 - a fixture


def stimulus(name: str = "anger", level: str = "C") -> Stimulus:
    moved = preset(name, level).with_duration(0.2)
    return Stimulus(f"ann_{name}", Path("ann.png"), "ann", moved, 3.0, "both")


def wanted(**values: Any) -> Design:
    return Design(portraits=Path("people"), expressions=("anger", "fear"), **values)


def test_a_background_is_held_in_every_frame() -> None:
    made = held(preset("sadness", "B"), 0.2, 60).track(60)
    assert len(made) == 13
    peaks = {each.au: each.peak_intensity for each in preset("sadness", "B").envelopes}
    np.testing.assert_allclose(made.values, [[peaks[name] for name in made.names]] * 13, atol=1e-5)


def test_of_one_au_the_larger_intensity_counts() -> None:
    """Anger has AU4 at 3; sadness holds it at 1.4 and has AU1, AU15 and AU17, which anger leaves alone."""
    (made,) = on_backgrounds(wanted(backgrounds=("sadness",)), [stimulus()])
    assert made.name == "ann_anger_on_sadness"
    track = type(made.expression)(made.envelopes).track(60)
    brow = track.values[:, track.names.index("AU4")]
    assert (brow[0], brow[-1], brow.max()) == pytest.approx((1.4, 1.4, 3.0), abs=1e-4)
    lips = track.values[:, track.names.index("AU15")]
    assert lips.min() == lips.max() == pytest.approx(2.0)


def test_an_au_that_is_held_as_strongly_does_not_move() -> None:
    strong = wanted(backgrounds=("sadness",), background_intensity="5")
    (made,) = on_backgrounds(strong, [stimulus("anger", "C")])
    assert "AU4L" not in moving_peaks(made) and moving_peaks(made)["AU23"] == pytest.approx(1.5)
    with pytest.raises(UsageError, match="sadness at 3 does not move a face that holds sadness"):
        list(on_backgrounds(strong, [stimulus("sadness", "C")]))


def test_the_study_shows_and_names_the_background(people: Path, tmp_path: Path) -> None:  # noqa: F811
    made = build_study(
        design(
            people,
            expressions=("surprise", "disgust"),
            backgrounds=("neutral", "happiness"),
            background_intensity="D",
            catch_trials=1,
            programs=("jspsych",),
        ),
        tmp_path / "study",
    )
    assert (made.stimuli, made.trials) == (12, 12)
    found = [row for row in rows(tmp_path / "study") if row["order"] == "1"]
    assert {row["background"] for row in found} == {"neutral", "happiness"}
    smiling = [row for row in found if row["background"] == "happiness"]
    assert {row["background_aus"] for row in smiling} == {"AU12=4 AU6=2.8"}
    assert sorted(row["correct_answer"] for row in smiling) == sorted(
        ["surprise", "disgust", "neutral"] * 2
    )
    assert {row["aus"] for row in smiling if row["correct_answer"] == "surprise"} == {"AU1 AU2 AU5"}

    shown = page(tmp_path / "study")
    assert shown["question"] == "What did the face show for a moment?"

    def pictures(background: str, answer: str) -> list[np.ndarray]:
        (trial,) = (
            t
            for t in shown["trials"]
            if (t["data"]["background"], t["data"]["correct_answer"]) == (background, answer)
            and t["data"]["portrait"] == "ann"
        )
        places = [trial["pictures"][number] for number, _ in trial["steps"]]
        return [
            np.asarray(read_image(tmp_path / "study" / place)).astype(int)[..., :3]
            for place in places
        ]

    smile, rest = pictures("happiness", "neutral"), pictures("neutral", "neutral")
    assert all(np.array_equal(smile[0], each) for each in smile)
    assert np.abs(smile[0] - rest[0]).max() > 20
    surprised = pictures("happiness", "surprise")
    assert np.array_equal(surprised[0], smile[0])  # before, the background alone
    assert np.abs(surprised[-1] - smile[0]).max() <= 1  # and after
    assert np.abs(surprised[4] - smile[0]).max() > 20
    place = next((tmp_path / "study" / "stimuli").glob("ann_surprise*_on_happiness"))
    track = json.loads((place / "mien.json").read_text(encoding="utf-8"))["track"]
    held_at = np.array(track["values"])[:, track["names"].index("AU12")]
    np.testing.assert_allclose(held_at, 4.0, atol=1e-5)


def test_the_table_of_stimuli_has_the_background(people: Path, tmp_path: Path) -> None:  # noqa: F811
    with_one = design(people, backgrounds=("sadness",), programs=("jspsych",))
    build_study(with_one, tmp_path / "study")
    with (tmp_path / "study" / "stimuli" / "conditions.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert {row["background"] for row in found} == {"sadness"}
    assert "face held sadness" in (tmp_path / "study" / "methods.md").read_text(encoding="utf-8")


def test_the_sides_that_move_are_told(people: Path, tmp_path: Path) -> None:  # noqa: F811
    """AU23 and AU24 of anger have no side: they move both halves of the mouth."""
    build_study(design(people, sides=("left",), programs=("jspsych",)), tmp_path / "study")
    anger = next(r for r in rows(tmp_path / "study") if r["correct_answer"] == "anger")
    assert (anger["aus_left"], anger["aus_right"]) == ("AU4 AU7 AU23 AU24", "AU23 AU24")
    assert (anger["AU4_left"], anger["AU4_right"], anger["AU23"]) == ("3.0", "0.0", "1.5")
    surprise = next(r for r in rows(tmp_path / "study") if r["correct_answer"] == "surprise")
    assert (surprise["aus_left"], surprise["aus_right"]) == ("AU1 AU2 AU5", "")
