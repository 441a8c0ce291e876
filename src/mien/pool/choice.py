"""Choose portraits so that groups are as equal as the accepted ones allow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mien.errors import UsageError
from mien.pool.screening import Screened


def balanced(screened: Sequence[Screened], count: int, seed: int) -> tuple[Screened, ...]:
    """Return as many accepted portraits as are wanted, sorted by name.

    The groups give one portrait each in turn until there are enough, so two groups differ by one at most unless one of
    them has no more. Which portraits of a group is random.

    Args:
        screened: The portraits.
        count: How many are wanted.
        seed: Of the choice.

    Raises:
        UsageError: Fewer are accepted.
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
    # Where the count is no multiple of the groups, chance decides which ones have one more.
    order = rng.permutation(len(queues))
    chosen: list[Screened] = []
    while len(chosen) < count:
        for place in order:
            if queues[place] and len(chosen) < count:
                chosen.append(queues[place].pop())
    return tuple(sorted(chosen, key=lambda one: one.path.name))
