"""The table of a stimulus sheet for the experiment: one row per clip, with all columns that an analysis may need.

Its columns are valid names in Python and JavaScript, because PsychoPy and jsPsych turn them into variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mien.au.catalog import CATALOG, names_on_side, parse_au, sided_names
from mien.au.expression import Expression
from mien.au.frame_rate import frame_times
from mien.au.intensity import level_from_intensity
from mien.generate.look_options import LookOptions
from mien.io.gif_sink import gif_timing
from mien.io.sinks import OutputKind
from mien.stimuli.neutral import NEUTRAL, is_neutral
from mien.stimuli.stimulus import Stimulus

COLUMNS = (
    *("stimulus", "portrait", "expression", "correct_answer", "neutral", "intensity", "level"),
    *("side", "duration_seconds", "onset_seconds", "apex_seconds", "apex_end_seconds"),
    *("offset_seconds", "mask", "mask_onset_seconds", "mask_duration_seconds"),
    *("frames", "fps", "slowdown", "aus", "synthetic"),
)
"""Columns that every table has. The intensities of the AUs follow them; see `au_columns`."""

BACKGROUND_COLUMNS = ("background", "background_aus")
"""Further columns of a table if some clips hold another expression throughout."""


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """Content of a sheet's table besides the facts of its clips.

    Attributes:
        prefix: Path or address before each file's name, such as ``stimuli/``; a slash is added if it has none.
        answers: The correct answer by expression; an expression without one is its own answer.
    """

    prefix: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    def place(self, file: str) -> str:
        """Return a file's name with the prefix, as the table has it."""
        between = "" if not self.prefix or self.prefix.endswith(("/", "\\")) else "/"
        return f"{self.prefix}{between}{file}"


def moving_side(stimulus: Stimulus) -> str:
    """Return the side that moves: ``left``, ``right``, ``both``, or ``mixed`` if only some AUs are one-sided.

    An expression with one-sided AUs keeps them even if both sides are requested, so the AUs decide. Empty if nothing
    moves.
    """
    if is_neutral(stimulus.expression):
        return ""
    names = stimulus.expression.au_names
    left, right = (
        names_on_side(names, side) == {name: name for name in names} for side in ("left", "right")
    )
    if left != right:
        return "left" if left else "right"
    if left:  # only AUs of the midline, which have no side
        return stimulus.side
    return "mixed" if any(name[-1] in "LR" for name in names) else "both"


def slowdown(kind: OutputKind, fps: Fraction) -> int:
    """Return how many times slower than ``fps`` the files of a sheet play: 1 for all formats but GIF.

    Raises:
        OutputError: GIF's clock cannot represent the frame rate.
    """
    return gif_timing(fps)[0] if kind == "gif" else 1


def au_columns(stimuli: Iterable[Stimulus]) -> tuple[str, ...]:
    """Return the columns of all AUs that move in a sheet, in the catalogue's order.

    An AU with two sides has a column for each, ``AU12_left`` and ``AU12_right``; an AU of the midline has one.
    """
    moving = {name for stimulus in stimuli for name in moving_peaks(stimulus)}
    found: list[str] = []
    for name in CATALOG:
        if moving & set(sided_names(name)):
            found += [_column(each) for each in sided_names(name)]
    return tuple(found)


def condition(
    stimulus: Stimulus,
    file: str,
    frames: int | str,
    fps: Fraction,
    *,
    lead_seconds: float,
    kind: OutputKind,
    tail_seconds: float = 0.0,
    look: LookOptions | None = None,
    table: TableOptions | None = None,
    aus: tuple[str, ...] = (),
    backgrounds: bool = False,
) -> dict[str, Any]:
    """Return a row of the table for the experiment; None where a neutral clip or one without a mask has no value.

    Args:
        stimulus: The clip.
        file: Its name in the folder.
        frames: Number of its frames.
        fps: Frames a second.
        lead_seconds: Neutral time before the onset. Times in the table count from the clip's start.
        kind: Format of the clip.
        tail_seconds: Neutral time after the offset.
        look: How the clip is shown; None for the defaults.
        table: Further content of the table; None for the defaults.
        aus: The columns of AUs, as `au_columns` returns them for the whole sheet.
        backgrounds: Whether the row has `BACKGROUND_COLUMNS`.
    """
    moved, neutral = stimulus.expression, is_neutral(stimulus.expression)
    look, table = look or LookOptions(), table or TableOptions()
    count = look.mask_frames(float(fps))
    shown = None if not count else _shown_seconds(moved, lead_seconds, tail_seconds, fps)

    def time(seconds: float) -> float | None:
        return None if neutral else round(lead_seconds + seconds, 6)

    moving = moving_peaks(stimulus)
    peaks = {_column(name): peak for name, peak in moving.items()}
    held = {"background": _name(stimulus.background), "background_aus": _held(stimulus.background)}
    return {
        "stimulus": table.place(file),
        "portrait": stimulus.portrait_name,
        "expression": moved.name,
        "correct_answer": table.answers.get(moved.name, moved.name),
        "neutral": neutral,
        "intensity": stimulus.intensity,
        "level": None if neutral else level_from_intensity(stimulus.intensity),
        "side": moving_side(stimulus),
        "duration_seconds": round(moved.duration_seconds, 6),
        "onset_seconds": time(moved.onset_seconds),
        "apex_seconds": time(moved.apex_seconds),
        "apex_end_seconds": time(moved.apex_end_seconds),
        "offset_seconds": time(moved.duration_seconds),
        "mask": look.mask,
        "mask_onset_seconds": shown,
        "mask_duration_seconds": round(float(count / fps), 6) if count else None,
        "frames": frames,
        "fps": str(fps),
        "slowdown": slowdown(kind, fps),
        "aus": " ".join(n for n in moved.au_names if not moving.keys().isdisjoint(sided_names(n))),
        "synthetic": True,
        **(held if backgrounds else {}),
        **{column: peaks.get(column, 0.0) for column in aus},
    }


def _shown_seconds(
    moved: Expression, lead_seconds: float, tail_seconds: float, fps: Fraction
) -> float:
    """Return how long the face is shown, which is when the mask begins: whole frames, as the clip has them."""
    times = frame_times(lead_seconds + moved.duration_seconds + tail_seconds, fps)
    return round(float(len(times) / fps), 6)


def _peaks(expression: Expression) -> dict[str, float]:
    """Return the peak of each AU and side that moves, by sided name."""
    peaks: dict[str, float] = {}
    for envelope in expression.envelopes:
        for name in sided_names(envelope.au):
            if envelope.peak_intensity > 0:
                peaks[name] = max(peaks.get(name, 0.0), round(envelope.peak_intensity, 6))
    return peaks


def moving_peaks(stimulus: Stimulus) -> dict[str, float]:
    """Return the peak of each AU and side that moves, by sided name.

    An AU that the background holds at the same intensity or a higher one does not move, and is left out.
    """
    held = {} if stimulus.background is None else _peaks(stimulus.background)
    return {
        name: peak
        for name, peak in _peaks(stimulus.expression).items()
        if peak > held.get(name, 0.0)
    }


def _name(background: Expression | None) -> str:
    return NEUTRAL if background is None else background.name


def _held(background: Expression | None) -> str:
    """Return what a background holds, such as ``AU1=1.8 AU15=2``."""
    envelopes = () if background is None else background.envelopes
    return " ".join(f"{each.au}={each.peak_intensity:g}" for each in envelopes)


def _column(sided: str) -> str:
    unit, side = parse_au(sided)
    return unit.name if side is None else f"{unit.name}_{side}"
