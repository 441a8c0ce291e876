from __future__ import annotations

from pathlib import Path

import pytest

from mien.api.stimuli import condition, plan_stimuli
from mien.au.catalog import Side
from mien.au.envelope import Envelope
from mien.au.expression import Expression


@pytest.mark.parametrize(
    ("aus", "asked", "moves"),
    [
        (("AU9", "AU10"), "both", "both"),
        (("AU9", "AU17"), "left", "left"),
        (("AU9L", "AU17"), "both", "left"),
        (("AU9R",), "both", "right"),
        (("AU9L", "AU12"), "both", "mixed"),
        (("AU17",), "right", "right"),
    ],
)
def test_the_table_says_which_side_moves(aus: tuple[str, ...], asked: Side, moves: str) -> None:
    """A psychologist groups trials by it: a left-sided design is left, whatever side was asked for."""
    envelopes = tuple(Envelope(au, 0.0, 0.1, 0.2, 0.3, 2.0) for au in aus)
    made = plan_stimuli(
        {"a": Path("a.png")}, {"own": Expression(envelopes, "own")}, [2.0], [0.3], [asked]
    )
    assert condition(made[0], "a.mp4", 10, "100")["side"] == moves
