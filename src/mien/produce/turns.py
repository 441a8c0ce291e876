"""Whose face a sample shows, and of which class it is: people and classes take turns by the sample's number alone.

The turns of both must not coincide. If the number of samples in a round of all people were a multiple of the number of
classes, and the class were the sample's number modulo that number alone, each person would show the same classes in
each round, and a network could tell the class by the face.
"""

from __future__ import annotations

import numpy as np

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
