"""Raters and FACS coders whose truth is known."""

from __future__ import annotations

import numpy as np

from mien.experiment.answers import Answers
from mien.experiment.facs_table import LEVELS, SeenAU

STIMULUS_SD, RATER_SD, ERROR_SD = 1.0, 0.5, 0.7
NATURAL_MEAN, NATURAL_SLOPE = 5.0, -0.4
EMOTIONS = ("anger", "disgust", "fear", "happiness")


def rating_people(people: int, stimuli: int, noise: float = 1.0, seed: int = 0) -> Answers:
    """Return ratings of people: intensity follows what was asked, naturalness falls with it.

    Args:
        people: Number of people.
        stimuli: Stimuli of each of five intensities; all people see the same ones.
        noise: Standard deviation of a rating of intensity.
        seed: Of the draw.
    """
    rng = np.random.default_rng(seed)
    asked = np.repeat(np.arange(1.0, 6.0), stimuli)
    count = len(asked)
    own = rng.normal(0, STIMULUS_SD, count)
    who, names, intensity, natural = [], [], [], []
    for person in range(people):
        bias = rng.normal(0, RATER_SD)
        who += [f"p{person}"] * count
        names += [f"s{number}" for number in range(count)]
        intensity.append(asked + bias + rng.normal(0, noise, count))
        natural.append(
            NATURAL_MEAN + NATURAL_SLOPE * asked + own + bias + rng.normal(0, ERROR_SD, count)
        )
    correct = [EMOTIONS[number % 4] for number in range(count)] * people
    levels = [LEVELS[int(each) - 1] for each in asked] * people
    return Answers(
        who,
        correct,
        correct,
        names,
        {"level": levels},
        {"rated_intensity": np.concatenate(intensity), "naturalness": np.concatenate(natural)},
        np.tile(asked, people),
    )


def coding_people(
    clips: int, seen_rate: float, hit: float, false: float, seed: int = 0
) -> dict[str, dict[str, tuple[SeenAU, ...]]]:
    """Return sheets of two coders of AU12, whose frames are off by -1, 0 or 1, each as likely.

    Args:
        clips: Number of clips.
        seen_rate: Share of the clips in which AU12 moves.
        hit: Probability that a coder sees it where it moves.
        false: Probability that a coder sees it where it does not move.
        seed: Of the draw.
    """
    rng = np.random.default_rng(seed)
    moves = rng.random(clips) < seen_rate
    sheets: dict[str, dict[str, tuple[SeenAU, ...]]] = {}
    for coder in ("eve", "tom"):
        sees = rng.random(clips) < np.where(moves, hit, false)
        off = rng.integers(-1, 2, (clips, 3))
        sheets[coder] = {
            f"c{n}": (SeenAU("AU12", "both", "C", *(np.array([10, 20, 30]) + off[n]).tolist()),)
            if sees[n]
            else ()
            for n in range(clips)
        }
    return sheets
