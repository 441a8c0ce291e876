"""Whose face a sample shows, and of which class it is: people and classes take turns by the sample's number alone.

The turns of both must not coincide. If the number of samples in a round of all people were a multiple of the number of
classes, and the class were the sample's number modulo that number alone, each person would show the same classes in
each round, and a network could tell the class by the face.
"""

from __future__ import annotations

import numpy as np

from mien.errors import UsageError
from mien.produce.frozen import FrozenPlan


class Turns:
    """The turns of people and classes.

    Over as many rounds of all people as there are classes, each person shows each class equally often. Over any first
    samples, the sizes of the classes differ by one at most.

    Args:
        frozen: The plan.
    """

    def __init__(self, frozen: FrozenPlan) -> None:
        self._run = frozen.plan.run
        order = np.random.default_rng([frozen.seed, 1]).permutation(len(frozen.portraits))
        self._order: tuple[int, ...] = tuple(order.tolist())

    def subject(self, index: int) -> int:
        """Return the portrait of a sample: portraits take turns of `ProducePlan.run` samples."""
        return self._order[index // self._run % len(self._order)]

    def label(self, index: int, classes: int) -> int:
        """Return the class of a sample, from 0.

        Args:
            index: The sample's number.
            classes: Number of classes, 1 to 3.
        """
        in_round = self._run * len(self._order)
        # In other rounds the first class of a person changes by itself: 2 and 3 are primes.
        shift = index // in_round if in_round % classes == 0 else 0
        return (index + shift) % classes


def samples_of_people(frozen: FrozenPlan) -> list[int]:
    """Return the number of samples of each portrait, by the turns that the plan gives."""
    run, people = frozen.plan.run, len(frozen.portraits)
    rounds, rest = divmod(frozen.plan.count, run * people)
    turns, counts = Turns(frozen), [rounds * run] * people
    for place in range(people):
        counts[turns.subject(place * run)] += min(max(rest - place * run, 0), run)
    return counts


def refuse_empty_splits(frozen: FrozenPlan) -> None:
    """Refuse a set in which a whole split has no samples.

    Raises:
        UsageError: It has.
    """
    counts = samples_of_people(frozen)
    for split, people in frozen.shares.items():
        if not any(counts[number] for number in people):
            raise UsageError(
                f"the split {split} gets no samples: {len(frozen.portraits)} people take turns of {frozen.plan.run} "
                f"samples, and count is {frozen.plan.count}; raise count to "
                f"{frozen.plan.run * len(frozen.portraits)}, or lower turn"
            )
