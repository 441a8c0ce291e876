"""What a paper and a repository need: a methods paragraph, and a description of the data set."""

from __future__ import annotations

import json
from pathlib import Path

from mien.experiment.design import Design
from mien.io.atomic import atomic_file
from mien.version import __version__

DESCRIPTION = "dataset_description.json"
METHODS = "methods.md"

_BETWEEN = "between the same neutral face, which stayed for {neutral:g} ms before and after"
_FORMS = {
    "clip": f"rose and fell {_BETWEEN}",
    "jacbart": f"stood still for its duration {_BETWEEN}",
    "bart": "stood still for its duration, without a neutral face",
    "mett": f"stood still for its duration {_BETWEEN}",
}


def write_papers(out: Path, design: Design, stimuli: int, trials: int, training: int) -> None:
    """Write the methods paragraph and the description after Psych-DS.

    Args:
        out: The study's folder.
        design: The design.
        stimuli: Number of stimuli.
        trials: Number of trials of a participant.
        training: Number of training trials.
    """
    _write(out / METHODS, methods(design, stimuli, trials, training))
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": design.name,
        "description": f"A recognition task with {stimuli} synthetic stimuli, made by Mien {__version__}.",
        "variableMeasured": ["correct_answer", "answer", "rt_ms", "shown_ms", "dropped_frames"],
    }
    _write(out / DESCRIPTION, json.dumps(described, indent=2) + "\n")


def methods(design: Design, stimuli: int, trials: int, training: int) -> str:
    """Return a paragraph for the methods section."""
    neutral = 1000 * design.held_frames / design.refresh_hz
    durations = " or ".join(f"{each:g}" for each in design.durations_ms)
    parts = [
        f"Stimuli were {stimuli} synthetic facial movements ({', '.join(design.expressions)}; peak intensities "
        f"{', '.join(design.intensities)}; sides: {', '.join(design.sides)}), made from still portraits with Mien "
        f"{__version__}.",
        f"In each trial the expression was shown for {durations} ms; it {_FORMS[design.form].format(neutral=neutral)}.",
    ]
    if design.mask != "none":
        parts.append(f"A {design.mask} mask followed for {design.mask_ms:g} ms.")
    if design.catch_trials:
        parts.append("Catch trials showed the neutral face alone.")
    if training:
        parts.append(f"{training} training trials with feedback came first.")
    parts.append(
        f"Participants chose among {', '.join(design.choices)}. They saw {trials} trials in {design.blocks} "
        f"{'block' if design.blocks == 1 else 'blocks'}, in one of {design.orders} random orders (seed {design.seed}). "
        f"Durations were whole frames of a screen at {design.refresh_hz} Hz; late frames were counted in each trial."
    )
    told = "before" if design.disclosure == "before" else "after"
    parts.append(f"Participants were told {told} the task that the faces are synthetic.")
    return " ".join(parts) + "\n"


def _write(path: Path, text: str) -> None:
    with atomic_file(path, is_own=lambda each: each.name in (DESCRIPTION, METHODS)) as temporary:
        temporary.write_text(text, encoding="utf-8")
