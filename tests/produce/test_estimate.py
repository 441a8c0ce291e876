"""What a plan will cost is measured all over the set; who is in it is exact."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mien.errors import UsageError
from mien.produce.estimate import estimate, exact_balance, spread
from mien.produce.frozen import FrozenPlan, FrozenPortrait
from mien.produce.plan import ProducePlan
from mien.produce.turns import Turns, refuse_empty_splits, samples_of_people
from tests.produce.sets import plan_of


def frozen_of(count: int, people: int = 6, turn: int = 4) -> FrozenPlan:
    plan = ProducePlan(
        portraits=Path("people"),
        kind="pairs",
        count=count,
        turn=turn,
        splits={"train": 0.5, "test": 0.5},
    )
    portraits = tuple(
        FrozenPortrait(f"p{i}", "train" if i < 3 else "test", f"{i}.png", "0" * 64, (), {})
        for i in range(people)
    )
    return FrozenPlan(plan, portraits, {}, {})


@pytest.mark.parametrize("count", [10, 24, 25, 53, 100])
def test_people_and_splits_are_exact(count: int) -> None:
    frozen = frozen_of(count)
    turns = Turns(frozen)
    drawn = Counter(turns.subject(index) for index in range(count))
    assert samples_of_people(frozen) == [drawn[person] for person in range(6)]
    shares = exact_balance(frozen)
    assert shares["subject"]["p2"] == round(drawn[2] / count, 4)
    assert shares["split"]["test"] == round((drawn[3] + drawn[4] + drawn[5]) / count, 4)


def test_a_split_without_samples_is_refused() -> None:
    refuse_empty_splits(frozen_of(24))
    with pytest.raises(UsageError, match=r"for the split t.*, got none: 6 people take turns of 4"):
        refuse_empty_splits(frozen_of(4))


def test_measured_samples_are_spread() -> None:
    plan = ProducePlan(portraits=Path("people"), kind="pairs", count=1_000_000)
    indices = spread(plan, 240)
    assert len(set(indices)) == 240 and indices == sorted(indices)
    assert indices[23] == indices[0] + 23 and indices[0] % 24 == 0  # whole turns
    assert [index * 10 // 1_000_000 for index in indices[::24]] == list(range(10))
    assert spread(ProducePlan(portraits=Path("x"), kind="pairs", count=60), 60) == list(range(60))


def test_an_estimate(people: Path) -> None:
    cost = estimate(plan_of(people, count=4))
    assert (cost.measured, cost.without_samples) == (4, 1)
    assert list(cost.balance["subject"].values()).count(1.0) == 1
