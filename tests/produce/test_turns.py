"""No person shows one class more often than another."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mien.produce.frozen import FrozenPlan, FrozenPortrait
from mien.produce.plan import ProducePlan
from mien.produce.turns import Turns


def turns_of(run: int, people: int) -> Turns:
    """Return the turns of a plan; runs of 16 are those of flow maps."""
    kind: dict[str, Any] = {"kind": "flows"} if run == 16 else {"kind": "pairs", "turn": run}
    plan = ProducePlan(portraits=Path("people"), count=10, **kind)
    one = FrozenPortrait("ann", "train", "ann.png", "0" * 64, (), {})
    return Turns(FrozenPlan(plan, (one,) * people, {}, {}))


@pytest.mark.parametrize("run", [1, 2, 3, 4, 16, 24])
@pytest.mark.parametrize("people", [1, 2, 3, 5, 6, 12])
@pytest.mark.parametrize("classes", [1, 2, 3])
def test_each_person_shows_each_class_equally_often(run: int, people: int, classes: int) -> None:
    turns = turns_of(run, people)
    of_person = {person: Counter[int]() for person in range(people)}
    everything = Counter[int]({label: 0 for label in range(classes)})
    for index in range(run * people * classes * 2):
        label = turns.label(index, classes)
        everything[label] += 1
        of_person[turns.subject(index)][label] += 1
        assert max(everything.values()) - min(everything.values()) <= 1  # of any first samples
        counted = [of_person[turns.subject(index)][each] for each in range(classes)]
        assert max(counted) - min(counted) <= 2  # what verify allows
    for counts in of_person.values():
        assert counts == dict.fromkeys(range(classes), 2 * run)
