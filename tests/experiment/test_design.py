from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.errors import MienError, UsageError
from mien.experiment.design import Design
from mien.experiment.design_file import read_design
from mien.experiment.screen import whole_frames

SMALLEST: dict[str, Any] = {"portraits": "people", "expressions": ["anger", "fear"]}


@pytest.mark.parametrize(
    ("milliseconds", "hz", "frames"),
    [
        (200, 60, 12),
        (33.3, 60, 2),
        (33, 60, 2),
        (50, 60, 3),
        (0, 60, 0),
        (41.7, 144, 6),
        (5, 200, 1),
    ],
)
def test_durations_are_whole_frames(milliseconds: float, hz: int, frames: int) -> None:
    assert whole_frames(milliseconds, hz, "a duration") == frames


@pytest.mark.parametrize(
    ("milliseconds", "hz", "offered"),
    [(40, 60, "2.4 frames at 60 Hz: choose 33.33 or 50 ms"), (5, 60, "choose 16.67 ms")],
)
def test_other_durations_are_refused_with_an_offer(
    milliseconds: float, hz: int, offered: str
) -> None:
    with pytest.raises(UsageError, match=offered):
        whole_frames(milliseconds, hz, "a duration")


def test_the_smallest_design_has_defaults(tmp_path: Path) -> None:
    (tmp_path / "design.toml").write_text('portraits = "people"\nexpressions = ["anger", "fear"]\n')
    design = read_design(tmp_path / "design.toml")
    assert design == Design(portraits=tmp_path / "people", expressions=("anger", "fear"))
    assert (design.held_frames, design.choices) == (30, ("anger", "fear"))
    assert Design.from_values(SMALLEST | {"catch_trials": 2}).choices == (
        "anger",
        "fear",
        "neutral",
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"durations_ms": [40]}, "2.4 frames at 60 Hz"),
        ({"durations_ms": [33.3]}, "too few to rise and fall"),
        ({"form": "jacbart", "mask": "noise"}, 'form = "jacbart" masks by the neutral face'),
        ({"form": "mett", "neutral_ms": 0}, "shows a neutral face before and after"),
        ({"form": "flash"}, "expected form as one of clip, jacbart, bart, mett, got 'flash'"),
        (
            {"expressions": ["hapiness"]},
            r"unknown expression 'hapiness' \(did you mean happiness\?\)",
        ),
        ({"expressions": ["anger"]}, "expected two answers or more"),
        ({"answers": ["anger", "joy"]}, "the correct answers among answers, got none for fear"),
        ({"catch_trials": 1, "answers": ["anger", "fear"]}, "got none for neutral"),
        ({"sides": ["up"]}, "expected sides among"),
        ({"intensities": ["F"]}, "F"),
        ({"durations_ms": [200, 200]}, "expected durations_ms, each once"),
        ({"refresh_hz": 61}, "expected refresh_hz of a screen"),
        ({"refresh_hz": True}, "expected refresh_hz as a whole number"),
        ({"durations_ms": "long"}, "expected durations_ms as a list of numbers"),
        ({"oval": 1}, "expected oval as true or false"),
        ({"photodiode": "yes"}, "expected photodiode as true or false"),
        ({"backgrounds": ["boredom"]}, "expected backgrounds among neutral, .*, got 'boredom'"),
        ({"backgrounds": ["fear", "fear"]}, "expected backgrounds, each once"),
        ({"background_intensity": 0}, "expected background_intensity above 0"),
        ({"background_intensity": [1, 2]}, "expected background_intensity as a level A to E"),
        ({"programs": ["e-prime"]}, "expected programs among jspsych, .*, got 'e-prime'"),
        ({"size": 511}, "expected size as an even number"),
        ({"programs": []}, "expected programs, each once, got none"),
        (
            {"answers": ["anger", "fear", *(f"other {n}" for n in range(34))]},
            "psychopy asks by the keyboard, with keys for 35 answers, got 36",
        ),
        ({"consent": 3}, "expected consent as text"),
        (
            {"duration_ms": 3},
            r"unknown key duration_ms \(did you mean durations_ms\?\): expected portraits",
        ),
        ({"intensities": [0]}, "expected intensities above 0"),
        ({"neutral_ms": float("inf")}, "expected neutral_ms as a number of milliseconds"),
        ({"orders": 0}, "expected orders from 1 to 1000"),
        ({"mask": "noise", "mask_ms": 40, "form": "bart"}, "mask_ms of 40 ms is 2.4 frames"),
    ],
)
def test_contradictions_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(MienError, match=said):
        Design.from_values(SMALLEST | values)


def test_a_design_without_portraits_and_one_that_is_no_toml(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected the key portraits, got none"):
        Design.from_values({"expressions": ["anger"]})
    (tmp_path / "d.toml").write_text("portraits = \n")
    with pytest.raises(UsageError, match="it is not TOML"):
        read_design(tmp_path / "d.toml")
