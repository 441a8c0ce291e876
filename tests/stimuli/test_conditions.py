from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mien.au.catalog import Side
from mien.au.envelope import Envelope
from mien.au.expression import Expression
from mien.au.presets import preset
from mien.errors import UsageError
from mien.generate.look_options import LookOptions
from mien.io.sinks import OutputKind
from mien.stimuli.conditions import COLUMNS, TableOptions, au_columns, condition
from mien.stimuli.stimulus import plan_stimuli


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


def planned(*, neutral: bool = False, mask: str = "none") -> list[dict[str, object]]:
    envelopes = (
        Envelope("AU12L", 0.0, 0.1, 0.2, 0.4, 2.0),
        Envelope("AU12R", 0.0, 0.1, 0.2, 0.4, 1.0),
        Envelope("AU26", 0.1, 0.1, 0.3, 0.4, 1.0),
    )
    stimuli = plan_stimuli(
        {"ann": Path("a.png")},
        {"grin": Expression(envelopes, "grin")},
        [3.0],
        [0.2],
        ["both"],
        neutral=neutral,
    )
    aus = au_columns(stimuli)
    assert aus == ("AU12_left", "AU12_right", "AU26")
    return [
        condition(
            each,
            "x.mp4",
            33,
            Fraction(100),
            lead_seconds=0.1,
            tail_seconds=0.05,
            kind="mp4",
            look=LookOptions(mask=mask, mask_seconds=0.1),
            table=TableOptions(prefix="stimuli", answers={"grin": "joy"}),
            aus=aus,
        )
        for each in stimuli
    ]


def test_a_row_has_what_an_analysis_needs() -> None:
    (row,) = planned(mask="noise")
    assert tuple(row)[: len(COLUMNS)] == COLUMNS
    assert (row["stimulus"], row["correct_answer"]) == ("stimuli/x.mp4", "joy")
    assert (row["AU12_left"], row["AU12_right"], row["AU26"]) == (3.0, 1.5, 1.5)
    # All three are at their peak from 0.05 to 0.1 s of the 0.2 s, which begin after 0.1 s.
    assert (row["apex_seconds"], row["apex_end_seconds"]) == (0.15, 0.2)
    # The last frame of the face is at 0.35 s, the 36th; then the mask begins.
    assert (row["mask_onset_seconds"], row["mask_duration_seconds"]) == (0.36, 0.1)


def test_neutral_rows_move_nothing() -> None:
    _, row = planned(neutral=True)
    assert (row["expression"], row["correct_answer"], row["neutral"]) == (
        "neutral",
        "neutral",
        True,
    )
    assert row["side"] == row["aus"] == "" and row["intensity"] == 0.0
    assert row["level"] is None  # 0 is no FACS level
    assert row["onset_seconds"] is row["apex_seconds"] is row["apex_end_seconds"] is None
    assert row["AU12_left"] == row["AU26"] == 0.0 and row["duration_seconds"] == 0.2


def test_a_neutral_clip_for_each_portrait_and_duration() -> None:
    files = {"ann": Path("a.png"), "bob": Path("b.png")}
    stimuli = plan_stimuli(
        files,
        {"happiness": preset("happiness")},
        [1.0, 2.0],
        [0.2, 0.3],
        ["left", "right"],
        neutral=True,
    )
    assert len(stimuli) == 2 * (2 * 2 * 2 + 2)
    names = [each.name for each in stimuli if each.expression.name == "neutral"]
    assert names == [
        "ann_neutral_200ms",
        "ann_neutral_300ms",
        "bob_neutral_200ms",
        "bob_neutral_300ms",
    ]
    with pytest.raises(UsageError, match="another name than neutral"):
        plan_stimuli(files, {"neutral": preset("fear")}, [1.0], [0.2], ["both"], neutral=True)
