"""Choose portraits so that the groups are as equal in size as the accepted portraits allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.errors import UsageError
from mien.pool.screening import Screened


def balanced(screened: Sequence[Screened], count: int, seed: int) -> tuple[Screened, ...]:
    """Return ``count`` accepted portraits, sorted by name.

    The groups give one portrait each in turn until there are enough. So the sizes of two groups differ by at most one,
    unless a group has no more portraits. The portraits of a group are drawn at random.

    Args:
        screened: The portraits.
        count: How many to choose.
        seed: Seed of the choice.

    Raises:
        UsageError: Fewer portraits are accepted.
    """
    groups: dict[str, list[Screened]] = {}
    for each in sorted(screened, key=lambda one: one.path.name):
        if each.accepted:
            groups.setdefault(each.group, []).append(each)
    accepted = sum(map(len, groups.values()))
    if count < 1 or accepted < count:
        raise UsageError(
            f"expected {max(count, 1)} portraits or more that pass the screening, got {accepted} of {len(screened)}: "
            "see screening.csv for the reasons, give more portraits, or ask for fewer with --count"
        )
    rng = np.random.default_rng([seed, 41])
    queues = [
        [groups[name][place] for place in rng.permutation(len(groups[name]))]
        for name in sorted(groups)
    ]
    # If the count is not a multiple of the number of groups, chance decides which groups give one more.
    order = rng.permutation(len(queues))
    chosen: list[Screened] = []
    while len(chosen) < count:
        for place in order:
            if queues[place] and len(chosen) < count:
                chosen.append(queues[place].pop())
    return tuple(sorted(chosen, key=lambda one: one.path.name))
