"""A study whose building is killed (SIGKILL) is finished by the same command, byte for byte."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mien.cli.main import main
from tests.experiment.test_build import people  # noqa: F401 - a fixture
from tests.kills import hidden_files, killed_in_command

TEXT = """
portraits = "{people}"
expressions = ["anger", "surprise"]
durations_ms = [50]
neutral_ms = 50
size = 64
orders = 2
programs = ["jspsych", "psychopy", "opensesame", "gorilla", "qualtrics"]
"""


def contents(study: Path) -> dict[str, bytes]:
    """Return all files but the log of stimuli, which says what this run made and what it kept."""
    found = {
        str(path.relative_to(study)): path.read_bytes()
        for path in study.rglob("*")
        if path.is_file() and path.name != "manifest.csv"
    }
    with (study / "stimuli" / "manifest.csv").open(encoding="utf-8") as file:
        assert {row["status"] for row in csv.DictReader(file)} <= {"made", "kept"}
    return found


@pytest.fixture(scope="module")
def plan(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    place = tmp_path_factory.mktemp("killed") / "design.toml"
    place.write_text(TEXT.format(people=people), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def whole(plan: Path) -> dict[str, bytes]:
    assert main(["experiment", "build", str(plan), "--out", str(plan.parent / "whole")]) == 0
    found = contents(plan.parent / "whole")
    assert len([name for name in found if name.endswith(".mp4")]) == 4
    return found


@pytest.mark.subprocess
@pytest.mark.parametrize("change", [3, 30, 79, 81, 120, 190, 266])
def test_a_killed_build_is_finished_byte_for_byte(
    plan: Path, whole: dict[str, bytes], tmp_path: Path, change: int
) -> None:
    study = tmp_path / "study"
    command = ("experiment", "build", str(plan), "--out", str(study))
    assert killed_in_command(change, study, *command), "it ended before: kill it earlier"
    assert main(list(command)) == 0
    assert contents(study) == whole
    assert not hidden_files(study)
