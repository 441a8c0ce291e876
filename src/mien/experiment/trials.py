"""The order of trials: random, without long runs, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

Trial = TypeVar("Trial")

MOST_ALIKE = 2
"""Trials in a row that may have the same correct answer."""

MOST_DRAWS = 60
"""How often an order is drawn to find one without repeats."""


def random_order(
    trials: Sequence[Trial],
    answer_of: Callable[[Trial], str],
    face_of: Callable[[Trial], str],
    rng: np.random.Generator,
) -> list[Trial]:
    """Return trials in a random order.

    No face comes twice in a row, and no answer three times, if one of `MOST_DRAWS` draws is so; else the best of them
    is returned.

    Args:
        trials: The trials.
        answer_of: Returns a trial's correct answer.
        face_of: Returns whose face it shows.
        rng: What draws.
    """
    best, least = list(trials), len(trials) ** 2
    for _ in range(MOST_DRAWS):
        order = _one_order(trials, answer_of, face_of, rng)
        answers = [answer_of(each) for each in order]
        repeats = sum(face_of(a) == face_of(b) for a, b in pairwise(order))
        repeats += sum(
            len(set(answers[i : i + MOST_ALIKE + 1])) == 1 for i in range(len(order) - MOST_ALIKE)
        )
        if repeats < least:
            best, least = order, repeats
        if not least:
            break
    return best


def _one_order(
    trials: Sequence[Trial],
    answer_of: Callable[[Trial], str],
    face_of: Callable[[Trial], str],
    rng: np.random.Generator,
) -> list[Trial]:
    left = [trials[place] for place in rng.permutation(len(trials))]
    order: list[Trial] = []
    while left:
        recent = {answer_of(each) for each in order[-MOST_ALIKE:]}
        worn = recent if len(order) >= MOST_ALIKE and len(recent) == 1 else set()
        face = face_of(order[-1]) if order else None
        # A face or an answer of which too much is left comes now, or else it would come in a row at the end.
        faces, answers = Counter(map(face_of, left)), Counter(map(answer_of, left))
        chosen = min(
            range(len(left)),
            key=lambda place: (
                answer_of(left[place]) in worn,
                face_of(left[place]) == face,
                2 * faces[face_of(left[place])] <= len(left),
                (MOST_ALIKE + 1) * answers[answer_of(left[place])] <= MOST_ALIKE * len(left),
                place,
            ),
        )
        order.append(left.pop(chosen))
    return order
