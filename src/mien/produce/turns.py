"""Choose the face and the class of a sample: people and classes take turns, by the sample's number alone.

The two kinds of turns must not coincide. A round is one turn of every person. If its number of samples were a multiple
of the number of classes, and the class were the sample's number modulo the number of classes, each person could show
the same classes in every round, and a network could learn the class from the face.
"""

from __future__ import annotations

import numpy as np

from mien.errors import UsageError
from mien.produce.frozen import FrozenPlan


class Turns:
    """The turns of people and classes.

    Over as many rounds as there are classes, each person shows each class equally often. Among the first N samples, for
    any N, the sizes of the classes differ by at most one.

    Args:
        frozen: The plan.
    """

    def __init__(self, frozen: FrozenPlan) -> None:
        self._run = frozen.plan.run
        order = np.random.default_rng([frozen.seed, 1]).permutation(len(frozen.portraits))
        self._order: tuple[int, ...] = tuple(order.tolist())

    def subject(self, index: int) -> int:
        """Return the number of a sample's portrait: portraits take turns of `ProducePlan.run` samples."""
        return self._order[index // self._run % len(self._order)]

    def label(self, index: int, classes: int) -> int:
        """Return the class of a sample, from 0.

        Args:
            index: The sample's number.
            classes: Number of classes, 1 to 3.
        """
        in_round = self._run * len(self._order)
        # If a round is not a multiple of the classes, a person's first class changes anyway: 2 and 3 are primes.
        shift = index // in_round if in_round % classes == 0 else 0
        return (index + shift) % classes


def samples_of_people(frozen: FrozenPlan) -> list[int]:
    """Return the number of samples of each portrait."""
    run, people = frozen.plan.run, len(frozen.portraits)
    rounds, rest = divmod(frozen.plan.count, run * people)
    turns, counts = Turns(frozen), [rounds * run] * people
    for place in range(people):
        counts[turns.subject(place * run)] += min(max(rest - place * run, 0), run)
    return counts


def refuse_empty_splits(frozen: FrozenPlan) -> None:
    """Check that every split of a set has samples.

    Raises:
        UsageError: A split has none.
    """
    counts = samples_of_people(frozen)
    for split, people in frozen.shares.items():
        if not any(counts[number] for number in people):
            raise UsageError(
                f"expected samples for the split {split}, got none: {len(frozen.portraits)} people take turns "
                f"of {frozen.plan.run} samples, and count is {frozen.plan.count}; raise count to "
                f"{frozen.plan.run * len(frozen.portraits)}, or lower turn"
            )
