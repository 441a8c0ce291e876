"""The study as a page for the browser: jsPsych and all other files are in the folder, so it needs no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from mien.experiment.design import Design
from mien.experiment.program_texts import question
from mien.experiment.trial_table import Trial

PAGE = "index.html"
PLACE = "jspsych"
LIBRARY = ("jspsych.js", "html-button-response.js", "LICENSE.txt")
OWN = ("frames.js", "study.js", "style.css")
TRIALS = "trials.js"


def page_files(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, str]:
    """Return the texts of the page and its scripts, by their paths in the study's folder.

    Args:
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials.
        training: Training trials, as numbers of trials.
    """
    package = files("mien")
    library = package.joinpath("assets", "jspsych")
    own = package.joinpath("experiment", "page")
    study = _study(design, trials, orders, training)
    made = {f"{PLACE}/{name}": library.joinpath(name).read_text("utf-8") for name in LIBRARY}
    made |= {f"{PLACE}/{name}": own.joinpath(name).read_text("utf-8") for name in OWN}
    # A script, not JSON: a browser does not let a page opened by a double click read other files.
    made[f"{PLACE}/{TRIALS}"] = f"const study = {json.dumps(study, ensure_ascii=True)};\n"
    made[PAGE] = own.joinpath(PAGE).read_text("utf-8")
    return made


def _study(
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> dict[str, Any]:
    return {
        "name": design.name,
        "refresh_hz": design.refresh_hz,
        "size_px": design.size,
        "consent": design.consent,
        "disclosure": design.disclosure,
        "question": question(design),
        "choices": list(design.choices),
        "blocks": design.blocks,
        "orders": [list(order) for order in orders],
        "training": list(training),
        "trials": [_trial(trial, design.refresh_hz) for trial in trials],
    }


def _trial(trial: Trial, refresh_hz: int) -> dict[str, Any]:
    showing = trial.showing
    numbers = sorted({number for number, _ in showing.steps})
    place = {number: index for index, number in enumerate(numbers)}
    return {
        "pictures": [quote(f"{trial.file}/{number:06d}.png") for number in numbers],
        "steps": [[place[number], count] for number, count in showing.steps],
        "first": showing.first,
        "last": showing.last,
        # jsPsych would write None into the results as the word null.
        "data": {
            name: "" if value is None else value for name, value in trial.values(refresh_hz).items()
        },
    }
