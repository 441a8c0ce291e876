"""What a pool holds: every combination once, and none twice under two names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.presets import preset
from mien.errors import UsageError
from mien.pool.choice import balanced
from mien.pool.recipe import PoolRecipe, check_different, plan_pool, sides_of
from mien.pool.screening import Screened
from mien.stimuli.conditions import moving_side
from mien.stimuli.neutral import is_neutral
from mien.stimuli.stimulus import plan_stimuli

PORTRAITS = {"ann": Path("ann.png"), "bob": Path("bob.png")}


def test_every_combination_is_there_once() -> None:
    stimuli = plan_pool(PoolRecipe(), PORTRAITS)
    assert len(stimuli) == 2 * (6 * 3 * 3 * 3 + 1 * 3 * 3 * 2 + 3)
    keys = Counter(
        (
            *(each.portrait_name, each.expression.name, each.intensity, moving_side(each)),
            round(each.expression.duration_seconds, 3),
        )
        for each in stimuli
    )
    assert set(keys.values()) == {1}
    assert sum(is_neutral(each.expression) for each in stimuli) == 6
    # The side in the name is the one that moves.
    assert all(is_neutral(e.expression) or e.name.endswith(moving_side(e)) for e in stimuli)
    assert {round(60 * each.expression.duration_seconds, 6) for each in stimuli} == {6, 12, 30}


def test_no_two_stimuli_have_the_same_movement() -> None:
    """Contempt moves on one side alone, so "both" would be the left one again."""
    assert sides_of(preset("contempt")) == ("left", "right")
    stimuli = plan_pool(PoolRecipe(), {"ann": Path("ann.png")})
    moved = {tuple(sorted(e.format() for e in each.expression.envelopes)) for each in stimuli}
    assert len(moved) == len(stimuli)
    twice = plan_stimuli(
        {"ann": Path("a.png")}, {"contempt": preset("contempt")}, [2.0], [0.2], ["left", "both"]
    )
    with pytest.raises(UsageError, match="contempt_2_200ms_left and ann_contempt_2_200ms_both"):
        check_different(twice)


def test_an_expression_of_the_midline_has_one_side() -> None:
    """Pressed lips are the same on the left, on the right and on both sides."""
    pressed = Expression((Envelope.parse("AU24=3@0-0.1-0.1-0.2"),), "pressed")
    assert sides_of(pressed) == ("both",)
    both = Expression(tuple(Envelope.parse(f"AU12{s}=3@0-0.1-0.1-0.2") for s in "LR"), "smile")
    assert sides_of(both) == ("left", "right", "both")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"fps": 50}, "expected --fps of a usual screen"),
        ({"durations_ms": (40.0,)}, "a duration of 40 ms is 2.4 frames at 60 Hz"),
        ({"durations_ms": (100 / 3,)}, "durations of 3 frames or more"),
        ({"durations_ms": (100.0, 100.0)}, "expected one or more --durations, each once"),
        ({"intensities": ("B", "2")}, "expected one or more --intensities, each once"),
        ({"intensities": ("0", "B")}, "above 0"),
        ({"expressions": ("anger", "ANGER")}, "expected one or more --expressions, each once"),
        ({"size": 10}, "expected --size"),
    ],
)
def test_recipes_that_cannot_be(values: dict[str, object], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        PoolRecipe(**values)  # type: ignore[arg-type]


def screened(**groups: int) -> list[Screened]:
    return [
        Screened(Path(f"{name}{n}.png"), f"{name}{n}", None, (), name)
        for name, count in groups.items()
        for n in range(count)
    ]


def test_groups_are_as_equal_as_they_can_be() -> None:
    people = screened(a=30, b=3, c=30)
    chosen = balanced(people, 15, 0)
    assert Counter(each.group for each in chosen) == {"a": 6, "b": 3, "c": 6}
    assert list(chosen) == sorted(chosen, key=lambda each: each.path.name)
    assert balanced(list(reversed(people)), 15, 0) == chosen
    assert balanced(people, 15, 1) != chosen
    refused = [Screened(Path("x.png"), "x", None, ("small",), "d")]
    assert balanced(people + refused, 63, 0) == tuple(sorted(people, key=lambda e: e.path.name))
    with pytest.raises(
        UsageError, match="expected 64 portraits or more that pass the screening, got 63 of 64"
    ):
        balanced(people + refused, 64, 0)
