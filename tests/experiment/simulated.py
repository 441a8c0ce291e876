"""People whose accuracy and bias are known."""

from __future__ import annotations

import numpy as np

from mien.experiment.answers import Answers

EMOTIONS = ("anger", "disgust", "fear", "happiness")


def simulated(
    people: int, trials: int, accuracy: float, bias: float = 0.0, seed: int = 0
) -> Answers:
    """Return answers of people who recognise a share of the stimuli, and guess the rest.

    Args:
        people: Number of people.
        trials: Stimuli of each emotion for each person; all see the same ones.
        accuracy: Share of the stimuli that are recognised.
        bias: Share of the guesses that are ``happiness`` whatever was shown; the others are drawn evenly.
        seed: Of the draw.
    """
    rng = np.random.default_rng(seed)
    rows = [
        (f"p{person}", emotion, f"{emotion}{number}")
        for person in range(people)
        for emotion in EMOTIONS
        for number in range(trials)
    ]
    given = []
    for _, emotion, _ in rows:
        if rng.random() < accuracy:
            given.append(emotion)
        else:
            given.append("happiness" if rng.random() < bias else str(rng.choice(EMOTIONS)))
    who, correct, stimuli = zip(*rows, strict=True)
    return Answers(who, correct, given, stimuli)
