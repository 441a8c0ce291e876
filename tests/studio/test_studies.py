"""Studies that the studio builds: planned, built, tried, and closed to everything else."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from mien.experiment.design import Design
from mien.experiment.stimuli import study_stimuli, trial_count


@pytest.fixture
def asked(portrait: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "study #1, 50%",
        "portraits": [portrait["id"]],
        "expressions": ["anger", "happiness"],
        "intensities": [2],
        "durations_ms": [200],
        "catch_trials": 2,
        "repetitions": 3,
        "size": 64,
    }


def test_a_study_is_what_the_command_line_builds(client, asked, finish, tmp_path):
    plan = client.post("/api/studies/plan", json=asked).json()
    assert (plan["stimuli"], plan["trials"]) == (3, 3 * (2 + 2))
    made = finish(client.post("/api/studies", json=asked))["result"]
    folder = tmp_path / "studio" / "studies" / "study #1, 50%"
    assert (made["folder"], made["stimuli"], made["trials"]) == (str(folder), 3, 12)
    with (folder / "trials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = [row for row in rows if row["order"] == rows[0]["order"]]
    assert len(first) == 12
    assert {row["correct_answer"] for row in first} == {"anger", "happiness", "neutral"}
    assert made["page"].endswith("index.html?any_screen")
    assert (
        "jsPsych" in client.get("/api/studies/study%20%231,%2050%25/files/jspsych/jspsych.js").text
    )
    assert client.get(made["page"]).headers["content-type"].startswith("text/html")
    listed = client.get("/api/studies").json()["studies"]
    assert [each["name"] for each in listed] == ["study #1, 50%"]
    # The same again keeps what is there; another design under the same name is refused.
    again = finish(client.post("/api/studies", json=asked))
    assert again["state"] == "done"
    other = finish(client.post("/api/studies", json=asked | {"repetitions": 2}))
    assert "name another folder" in other["error"]["message"]


def test_what_cannot_be_shown_is_refused_before_it_begins(client, asked):
    for route in ("/api/studies/plan", "/api/studies"):
        answer = client.post(route, json=asked | {"durations_ms": [40], "form": "jacbart"})
        assert "40 ms is 2.4 frames at 60 Hz" in answer.json()["error"]["message"]
        answer = client.post(route, json=asked | {"name": "../elsewhere"})
        assert answer.status_code == 422


def test_only_files_of_a_study_are_sent(client, asked, finish, tmp_path):
    finish(client.post("/api/studies", json=asked))
    (tmp_path / "studio" / "secret.txt").write_text("mine")
    (tmp_path / "studio" / "studies" / "study #1, 50%" / "link").symlink_to(tmp_path / "studio")
    for place in ("../../secret.txt", "%2e%2e/%2e%2e/secret.txt", "link/secret.txt", "", "stimuli"):
        assert client.get(f"/api/studies/study%20%231,%2050%25/files/{place}").status_code in (
            403,
            404,
            422,
        )


def test_a_plan_counts_what_is_built(tmp_path):
    design = Design(
        portraits=tmp_path,
        expressions=("anger", "fear"),
        form="jacbart",
        durations_ms=(100, 200),
        catch_trials=1,
        repetitions=2,
        backgrounds=("neutral", "sadness"),
    )
    stimuli = study_stimuli(design, {"ann": tmp_path / "ann.png"})
    assert len(stimuli) == 2 * (2 + 1)
    assert trial_count(design, stimuli) == 2 * 2 * 2 * (2 + 1)
    # Portraits that are called like a duration keep their names.
    two = {name: tmp_path / f"{name}.png" for name in ("ann", "ann_500ms")}
    names = {each.name for each in study_stimuli(design, two)}
    assert len(names) == 2 * len(stimuli)
    assert {"ann_fear_3_both", "ann_500ms_fear_3_both"} <= names
