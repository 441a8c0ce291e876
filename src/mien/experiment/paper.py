"""What a paper and a repository need: a methods paragraph, and a description of the data set."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mien.au.catalog import is_midline
from mien.experiment.design import WITHOUT_CLIPS, Design
from mien.experiment.methods_times import intensity_words, times_table
from mien.experiment.stimuli import trial_count
from mien.experiment.trial_table import Trial
from mien.stimuli.neutral import NEUTRAL, is_neutral
from mien.stimuli.stimulus import Stimulus
from mien.version import __version__

DESCRIPTION = "dataset_description.json"
METHODS = "methods.md"


def paper_files(
    design: Design,
    stimuli: Sequence[Stimulus],
    trials: Sequence[Trial],
    count: int,
    training: int,
) -> dict[str, str]:
    """Return the methods and the description in Psych-DS format, by file name.

    Args:
        design: The design.
        stimuli: The stimuli.
        trials: All trials, each once.
        count: Number of trials of a participant.
        training: Number of training trials.
    """
    described = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": design.name,
        "description": f"A recognition task with {len(stimuli)} synthetic stimuli, made by Mien {__version__}.",
        "variableMeasured": ["correct_answer", "answer", "rt_ms", "shown_ms", "dropped_frames"],
    }
    return {
        METHODS: f"{methods(design, stimuli, count, training)}\n{times_table(design, trials)}",
        DESCRIPTION: json.dumps(described, indent=2) + "\n",
    }


def methods(design: Design, stimuli: Sequence[Stimulus], trials: int, training: int) -> str:
    """Return a paragraph for the methods section."""
    faces = len({each.portrait_name for each in stimuli})
    catch = [each for each in stimuli if is_neutral(each.expression)]
    kind = "pictures of facial expressions" if design.is_still else "facial movements"
    parts = [
        f"Stimuli were {len(stimuli) - len(catch)} synthetic {kind} of {faces} {'face' if faces == 1 else 'faces'} "
        f"({', '.join(design.expressions)}; peak intensities of the strongest action unit "
        f"{', '.join(map(intensity_words, design.intensities))}; sides: "
        f"{', '.join(design.sides)}; {design.size} x {design.size} pixels), made from still portraits with Mien "
        f"{__version__}.",
        f"In each trial the expression {_shown(design)}.",
    ]
    if midline := _midline_aus(design, stimuli):
        parts.append(
            f"FACS does not divide {' '.join(midline)} into sides: in one-sided stimuli, too, they moved on both sides."
        )
    if design.backgrounds != (NEUTRAL,):
        parts.append(f"The face held {_or(design)} throughout.")
    if design.mask != "none":
        parts.append(_masked(design))
    if catch:
        count = trial_count(design, catch)
        parts.append(
            f"Each participant saw {count} catch {'trial' if count == 1 else 'trials'} with the face without a "
            "movement."
        )
    if training:
        parts.append(f"{training} training trials with feedback came first.")
    blocks = f"{design.blocks} {'block' if design.blocks == 1 else 'blocks'}"
    parts.append(
        f"Participants chose among {', '.join(design.choices)}. They saw {trials} trials in {blocks}, in one of "
        f"{design.orders} random orders (seed {design.seed}). Durations were whole frames of a screen at "
        f"{design.refresh_hz} Hz{_late(design)}."
    )
    parts.append(
        f"Participants were told {design.disclosure} the task that the faces are synthetic."
    )
    return " ".join(parts) + "\n"


def _midline_aus(design: Design, stimuli: Sequence[Stimulus]) -> list[str]:
    """Return the AUs of one-sided stimuli that FACS does not divide into sides, in the order of their numbers."""
    if set(design.sides) <= {"both"}:
        return []
    moving = (each.expression for each in stimuli if not is_neutral(each.expression))
    names = {name for expression in moving for name in expression.au_names}
    return sorted(filter(is_midline, names), key=lambda name: int(name[2:]))


def _late(design: Design) -> str:
    """Return words on which of the study's programs count late frames."""
    counting = [name for name in design.programs if name in WITHOUT_CLIPS]
    if len(counting) == len(design.programs):
        return "; late frames were counted in each trial"
    others = " and ".join(name.capitalize() for name in design.programs if name not in counting)
    if not counting:
        return f"; {others} cannot count late frames"
    return f"; late frames were counted in each trial, except in {others}, where they are unknown"


def _masked(design: Design) -> str:
    """Return a sentence on what the mask follows: the apex, or the face after the movement."""
    if design.is_still:
        return f"A {design.mask} mask followed at once for {design.mask_ms:g} ms."
    face = (
        "the neutral face"
        if design.backgrounds == (NEUTRAL,)
        else "the face without the expression"
    )
    return (
        f"The last frame of the movement showed {face} again, with the expression at 0; after this frame, a "
        f"{design.mask} mask followed at once for {design.mask_ms:g} ms."
    )


def _or(design: Design) -> str:
    """Return the backgrounds, such as "a neutral expression or sadness at peak intensity B"."""
    others = [
        f"{name} at peak intensity {intensity_words(design.background_intensity)}"
        for name in design.backgrounds
        if name != NEUTRAL
    ]
    return " or ".join(
        [*(("a neutral expression",) if NEUTRAL in design.backgrounds else ()), *others]
    )


def _shown(design: Design) -> str:
    """Return words on what a trial shows; they follow "the expression"."""
    durations = " or ".join(f"{each:g}" for each in design.durations_ms)
    how = (
        f"stood still for {durations} ms"
        if design.is_still
        else f"rose and fell within {durations} ms"
    )
    if not design.held_frames:
        return f"{how}, without a neutral face"
    neutral = f"{1000 * design.held_frames / design.refresh_hz:g} ms"
    if design.mask != "none":
        return f"{how} after the neutral face, which stayed for {neutral}"
    return f"{how} between the same neutral face, which stayed for {neutral} before and after"
