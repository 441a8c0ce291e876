from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mien.au.catalog import Side
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.presets import preset
from mien.io.sinks import OutputKind
from mien.stimuli.stimulus_sheet import COLUMNS, condition, plan_stimuli


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
    row = condition(made[0], "a.mp4", 10, Fraction(100), lead_seconds=0.0, kind="mp4")
    assert row["side"] == moves


@pytest.mark.parametrize(
    ("kind", "fps", "slower"), [("gif", 200, 4), ("gif", 50, 1), ("mp4", 200, 1), ("png", 200, 1)]
)
def test_the_table_says_how_much_slower_a_gif_plays(
    kind: OutputKind, fps: int, slower: int
) -> None:
    made = plan_stimuli(
        {"a": Path("a.png")}, {"happiness": preset("happiness")}, [2.0], [0.3], ["both"]
    )
    row = condition(made[0], "a", 10, Fraction(fps), lead_seconds=0.5, kind=kind)
    assert (row["slowdown"], row["fps"], tuple(row)) == (slower, str(fps), COLUMNS)
    # True times, the lead included, however slowly the file plays.
    assert (row["onset_seconds"], row["offset_seconds"]) == (0.5, 0.8)
    assert row["duration_seconds"] == 0.3
