"""The study as a page for the browser: jsPsych and all its files in the folder, no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from mien.experiment.design import Design
from mien.experiment.trial_table import Trial
from mien.io.atomic import atomic_file

PAGE = "index.html"
PLACE = "jspsych"
LIBRARY = ("jspsych.js", "html-button-response.js", "LICENSE.txt")
OWN = ("frames.js", "study.js", "style.css")
TRIALS = "trials.js"


def write_page(
    out: Path,
    design: Design,
    trials: Sequence[Trial],
    orders: Sequence[Sequence[int]],
    training: Sequence[int],
) -> None:
    """Write the page and its scripts.

    Args:
        out: The study's folder.
        design: The design.
        trials: All trials.
        orders: Random orders, as numbers of trials.
        training: Training trials, as numbers of trials.

    Raises:
        OutputError: The place cannot be written.
    """
    (out / PLACE).mkdir(exist_ok=True)
    package = files("mien")
    for name in LIBRARY:
        _write(out / PLACE / name, package.joinpath("assets", "jspsych", name).read_text("utf-8"))
    for name in OWN:
        _write(out / PLACE / name, package.joinpath("experiment", "page", name).read_text("utf-8"))
    study = _study(design, trials, orders, training)
    # A script, not JSON: a page that was opened by a double click may not read other files.
    _write(out / PLACE / TRIALS, f"const study = {json.dumps(study, ensure_ascii=True)};\n")
    page = package.joinpath("experiment", "page", PAGE).read_text("utf-8")
    _write(out / PAGE, page)


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
        "pictures": [f"{trial.file}/{number:06d}.png" for number in numbers],
        "steps": [[place[number], count] for number, count in showing.steps],
        "first": showing.first,
        "last": showing.last,
        "data": trial.values(refresh_hz),
    }


def _write(path: Path, text: str) -> None:
    with atomic_file(path, is_own=lambda each: True) as temporary:
        temporary.write_text(text, encoding="utf-8")
