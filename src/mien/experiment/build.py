"""Build a study that is ready to run: stimuli, trials, files for each program, and what a paper needs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import UsageError
from mien.experiment.design import WITHOUT_CLIPS, Design
from mien.experiment.paper import paper_files
from mien.experiment.programs import PROGRAMS
from mien.experiment.showing import Showing, showing_of
from mien.experiment.stimuli import check_faces, portraits_in, study_stimuli
from mien.experiment.study_files import StudyFiles
from mien.experiment.trial_clips import write_clips
from mien.experiment.trial_table import Trial, trials_csv
from mien.experiment.trials import random_order
from mien.generate.options import RenderOptions
from mien.io.clip_hash import sha256_file
from mien.io.used_folder import used_folder
from mien.stimuli.condition_files import CONDITIONS
from mien.stimuli.neutral import is_neutral
from mien.stimuli.stimulus import Stimulus
from mien.stimuli.stimulus_sheet import make_stimuli
from mien.version import __version__

STIMULI = "stimuli"
TRIALS = "trials.csv"

OnClip = Callable[[int, int], None]


@dataclass(frozen=True)
class Study:
    """A study that was built.

    Attributes:
        folder: The study's folder.
        stimuli: Number of stimuli.
        trials: Number of trials of a participant, without training.
        training: Number of training trials.
        notes: What the user must know, one line each.
    """

    folder: Path
    stimuli: int
    trials: int
    training: int
    notes: tuple[str, ...] = ()


def build_study(
    design: Design,
    out: Path,
    on_clip: OnClip | None = None,
    *,
    portraits: Mapping[str, Path] | None = None,
) -> Study:
    """Build a study. A second run of the same design makes only what is missing.

    Args:
        design: The design.
        out: The study's folder.
        on_clip: Called after each stimulus with the number of stimuli done and the number of all.
        portraits: A picture of each person by name; None for those in the design's folder.

    Raises:
        UsageError: There are no portraits, or a stimulus cannot be made.
        OutputError: The folder cannot be written, or contains other files or another study.
    """
    stimuli = study_stimuli(
        design, portraits_in(design.portraits) if portraits is None else portraits
    )
    notes = check_faces(design, stimuli)
    files = StudyFiles(out, _facts(design, stimuli))
    with used_folder(out):
        files.begin()
        common = RenderOptions(fps=str(design.refresh_hz), **_look(design))
        made = make_stimuli(stimuli, out / STIMULI, common=common, kind="png", on_row=on_clip)
        failed = [row for row in made.rows if row.status == "failed"]
        if failed:
            raise UsageError(
                f"{len(failed)} of {len(stimuli)} stimuli cannot be made, such as {failed[0].name}: {failed[0].error}"
            )
        trials = _trials(design, stimuli, out)
        orders, training = _orders(design, trials)
        files.write(TRIALS, trials_csv(design, trials, orders))
        if set(design.programs) - set(WITHOUT_CLIPS):
            write_clips(design, trials, out)
        for program in design.programs:
            for name, text in PROGRAMS[program](design, trials, orders, training).items():
                files.write(name, text)
        described = paper_files(design, stimuli, trials, len(orders[0]), len(training))
        for name, text in described.items():
            files.write(name, text)
        files.end()
    return Study(out, len(stimuli), len(orders[0]), len(training), notes)


def _look(design: Design) -> dict[str, Any]:
    look = design.look
    return {
        "size": look.size,
        "oval": look.oval,
        "mask": look.mask,
        "mask_seconds": look.mask_seconds,
    }


def _trials(design: Design, stimuli: tuple[Stimulus, ...], out: Path) -> list[Trial]:
    """Return each stimulus at each of its durations, with what the screen shows."""
    with (out / STIMULI / CONDITIONS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    trials = []
    for stimulus, row in zip(stimuli, rows, strict=True):
        durations = (
            design.durations_ms
            if design.is_still
            else (1000 * stimulus.expression.duration_seconds,)
        )
        middle = (stimulus.expression.apex_seconds + stimulus.expression.apex_end_seconds) / 2
        apex = int(middle * design.refresh_hz + 1e-6)
        for duration_ms in durations:
            showing = showing_of(design, duration_ms, apex, int(row["frames"]))
            phases = _phases(design, stimulus, showing)
            place = f"{STIMULI}/{stimulus.name}"
            trials.append(Trial(place, row, duration_ms, showing, phases))
    return trials


def _phases(design: Design, stimulus: Stimulus, showing: Showing) -> dict[str, int | None]:
    """Return the frames at which the expression reaches its phases, counted from its onset; None for a neutral face."""
    if is_neutral(stimulus.expression):
        return dict.fromkeys(("onset", "apex_start", "apex_end", "offset"))
    if design.is_still:
        shown = showing.expression_frames
        return {"onset": 0, "apex_start": 0, "apex_end": shown, "offset": shown}
    moved, rate = stimulus.expression, design.refresh_hz
    seconds = (
        moved.onset_seconds,
        moved.apex_seconds,
        moved.apex_end_seconds,
        moved.duration_seconds,
    )
    names = ("onset", "apex_start", "apex_end", "offset")
    return {name: round(each * rate) for name, each in zip(names, seconds, strict=True)}


def _orders(design: Design, trials: list[Trial]) -> tuple[list[list[int]], list[int]]:
    """Return the orders of the task, and the training trials, as indices into the trials."""
    rng = np.random.default_rng([design.seed, 23])
    each = [
        number
        for number, trial in enumerate(trials)
        for _ in range(design.repetitions * (design.catch_trials if trial.neutral else 1))
    ]
    if design.blocks > len(each):
        raise UsageError(
            f"expected no more blocks than trials, got {design.blocks} for {len(each)}"
        )
    orders = [
        random_order(each, lambda n: trials[n].answer, lambda n: trials[n].face, rng)
        for _ in range(design.orders)
    ]
    if design.form != "mett":
        return orders, []
    longest = max(trial.duration_ms for trial in trials)
    shown = [n for n, trial in enumerate(trials) if trial.duration_ms == longest]
    training = []
    for answer in sorted({trials[n].answer for n in shown}):
        own = [n for n in shown if trials[n].answer == answer]
        training.append(own[int(rng.integers(len(own)))])
    return orders, [training[place] for place in rng.permutation(len(training))]


def _facts(design: Design, stimuli: tuple[Stimulus, ...]) -> dict[str, Any]:
    """Return what a study is built from, as JSON values: the version, the design, and each portrait's hash."""
    values = {each.name: getattr(design, each.name) for each in fields(design)}
    del values["programs"]  # another program shows the same study, and can be added to it
    portraits = {each.portrait.name: each.portrait for each in stimuli}
    return {
        "made_by": f"Mien {__version__}",
        "design": json.loads(json.dumps(values | {"portraits": design.portraits.name})),
        "portraits": {name: sha256_file(path) for name, path in sorted(portraits.items())},
    }
