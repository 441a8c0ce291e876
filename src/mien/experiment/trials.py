"""The order of trials: random, without long runs, deterministic per seed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

Trial = TypeVar("Trial")

MOST_ALIKE = 2
"""Largest number of trials in a row with the same correct answer."""

MOST_DRAWS = 60
"""Largest number of orders that are drawn to find one without repeats."""


def random_order(
    trials: Sequence[Trial],
    answer_of: Callable[[Trial], str],
    face_of: Callable[[Trial], str],
    rng: np.random.Generator,
) -> list[Trial]:
    """Return trials in a random order.

    Up to `MOST_DRAWS` orders are drawn, until in one of them no face comes twice in a row and no answer three times. If
    there is none, the order with the fewest repeats is returned.

    Args:
        trials: The trials.
        answer_of: Returns a trial's correct answer.
        face_of: Returns the name of the face that a trial shows.
        rng: The random generator.
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
    shuffled = [trials[place] for place in rng.permutation(len(trials))]
    # Trials with the same face and answer are equivalent, so only the first of each kind can come next.
    kinds: dict[tuple[str, str], deque[int]] = {}
    for place, each in enumerate(shuffled):
        kinds.setdefault((answer_of(each), face_of(each)), deque()).append(place)
    answers, faces = Counter(map(answer_of, shuffled)), Counter(map(face_of, shuffled))
    order: list[Trial] = []
    recent: deque[str] = deque(maxlen=MOST_ALIKE)
    last_face: str | None = None
    for left in range(len(shuffled), 0, -1):
        worn = recent[0] if len(recent) == MOST_ALIKE and len(set(recent)) == 1 else None
        # A face or an answer with many trials left comes now; otherwise they would come in a row at the end.
        answer, face = min(
            kinds,
            key=lambda kind: (
                kind[0] == worn,
                kind[1] == last_face,
                2 * faces[kind[1]] <= left,
                (MOST_ALIKE + 1) * answers[kind[0]] <= MOST_ALIKE * left,
                kinds[kind][0],
            ),
        )
        order.append(shuffled[kinds[answer, face].popleft()])
        if not kinds[answer, face]:
            del kinds[answer, face]
        answers[answer] -= 1
        faces[face] -= 1
        recent.append(answer)
        last_face = face
    return order
