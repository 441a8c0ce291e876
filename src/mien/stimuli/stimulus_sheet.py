"""A stimulus sheet: portraits x expressions x intensities x durations x sides, and its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Literal, TypeAlias

from mien.au.catalog import Side, names_on_side
from mien.au.expression import Expression
from mien.au.intensity import level_from_intensity
from mien.errors import UsageError
from mien.generate.options import RenderOptions
from mien.io.atomic import atomic_file
from mien.io.credentials import Credentials
from mien.io.gif_sink import gif_timing
from mien.io.replacing import begins_with
from mien.io.sinks import OutputKind
from mien.stimuli.batch import BatchResult, run_batch

CONDITIONS = "conditions.csv"
"""The table for the experiment, with one row for each clip that was made. Loops of PsychoPy can read it,
because its columns are valid names in Python."""

FaceNumber: TypeAlias = int | Literal["largest"] | None
"""Which of several faces of a picture: its number from the left, from 1; None if there is one face."""

BATCH = "batch.csv"
"""The batch table of a sheet's clips. It is written first; the table for the experiment is written last."""

BATCH_COLUMNS = ("portrait", "face", "name", "aus")

COLUMNS = (
    *("stimulus", "portrait", "expression", "intensity", "level", "side", "duration_seconds"),
    *("onset_seconds", "apex_seconds", "offset_seconds", "frames", "fps", "slowdown"),
    *("aus", "synthetic"),
)


@dataclass(frozen=True)
class Stimulus:
    """One clip of a sheet.

    Attributes:
        name: File stem, unique in the sheet.
        portrait: The picture.
        portrait_name: The portrait's name in the table.
        expression: The expression with its final intensity, duration and side.
        intensity: The requested peak of its strongest AU.
        side: The requested side of the face.
        face: Which of several faces of the picture.
    """

    name: str
    portrait: Path
    portrait_name: str
    expression: Expression
    intensity: float
    side: Side
    face: FaceNumber = None


def plan_stimuli(
    portraits: dict[str, Path],
    expressions: dict[str, Expression],
    intensities: list[float],
    durations_seconds: list[float],
    sides: list[Side],
    faces: Mapping[str, FaceNumber] | None = None,
) -> tuple[Stimulus, ...]:
    """Plan every clip of a sheet, in the order of the arguments.

    Args:
        portraits: Pictures by their names in the table.
        expressions: Expressions by their names in the table.
        intensities: Peaks of the strongest AU.
        durations_seconds: Durations from onset to offset; all times are stretched to fit.
        sides: Sides of the face: left, right or both.
        faces: Which of several faces, by the portrait's name; None or no entry if there is one face.

    Raises:
        MienError: One of the lists is empty, or an expression cannot have an intensity, duration or side.
    """
    if not all((portraits, expressions, intensities, durations_seconds, sides)):
        raise UsageError(
            "expected at least one portrait, expression, intensity, duration and side each"
        )
    every = product(portraits.items(), expressions.items(), intensities, durations_seconds, sides)
    return tuple(
        Stimulus(
            name=f"{who}_{what}_{intensity:g}_{round(1000 * seconds)}ms_{side}".replace(".", "p"),
            portrait=portrait,
            portrait_name=who,
            expression=expression.with_peak(intensity).with_duration(seconds).side(side),
            intensity=intensity,
            side=side,
            face=(faces or {}).get(who),
        )
        for (who, portrait), (what, expression), intensity, seconds, side in every
    )


def moving_side(stimulus: Stimulus) -> str:
    """Return the side that moves: ``left``, ``right``, ``both``, or ``mixed`` if only some AUs are one-sided.

    An expression with one-sided AUs keeps them even if both sides are requested, so the AUs decide.
    """
    names = stimulus.expression.au_names
    left, right = (
        names_on_side(names, side) == {name: name for name in names} for side in ("left", "right")
    )
    if left != right:
        return "left" if left else "right"
    if left:  # nothing but AUs of the middle, which have no side
        return stimulus.side
    return "mixed" if any(name[-1] in "LR" for name in names) else "both"


def slowdown(kind: OutputKind, fps: Fraction) -> int:
    """Return how many times slower than ``fps`` the files of a sheet play: 1 for all formats but GIF.

    Raises:
        OutputError: GIF's clock cannot represent the frame rate.
    """
    return gif_timing(fps)[0] if kind == "gif" else 1


def condition(
    stimulus: Stimulus,
    file: str,
    frames: int | str,
    fps: Fraction,
    *,
    lead_seconds: float,
    kind: OutputKind,
) -> dict[str, Any]:
    """Return a row of the table for the experiment.

    Args:
        stimulus: The clip.
        file: Its name in the folder.
        frames: Number of its frames.
        fps: Frames a second.
        lead_seconds: Neutral time before the onset. Times in the table count from the clip's start.
        kind: Format of the clip.
    """
    moved = stimulus.expression
    return {
        "stimulus": file,
        "portrait": stimulus.portrait_name,
        "expression": moved.name,
        "intensity": stimulus.intensity,
        "level": level_from_intensity(stimulus.intensity),
        "side": moving_side(stimulus),
        "duration_seconds": round(moved.duration_seconds, 6),
        "onset_seconds": round(lead_seconds + moved.onset_seconds, 6),
        "apex_seconds": round(lead_seconds + moved.apex_seconds, 6),
        "offset_seconds": round(lead_seconds + moved.duration_seconds, 6),
        "frames": frames,
        "fps": str(fps),
        "slowdown": slowdown(kind, fps),
        "aus": " ".join(moved.au_names),
        "synthetic": True,
    }


def make_stimuli(
    stimuli: tuple[Stimulus, ...],
    out: Path,
    *,
    common: RenderOptions,
    kind: OutputKind = "mp4",
    on_row: Callable[[int, int], None] | None = None,
    credentials: Credentials | None = None,
) -> BatchResult:
    """Make the clips of a sheet, and then its table. A second run makes only clips that are missing or have changed.

    Args:
        stimuli: The clips, as planned by `plan_stimuli`.
        out: The sheet's folder.
        common: Options of all clips.
        kind: Format of the clips.
        on_row: Called after each clip with the number of clips done and of all.
        credentials: What signs the clips; None to leave them unsigned.

    Raises:
        MienError: The folder cannot be written. An error in one clip is in the result of that clip.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(BATCH_COLUMNS)
    for stimulus in stimuli:
        envelopes = ";".join(envelope.format() for envelope in stimulus.expression.envelopes)
        # The csv module writes None as an empty cell.
        writer.writerow((stimulus.portrait.resolve(), stimulus.face, stimulus.name, envelopes))
    with atomic_file(out / BATCH, is_own=begins_with(",".join(BATCH_COLUMNS))) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
    result = run_batch(
        out / BATCH, out, common=common, kind=kind, on_row=on_row, credentials=credentials
    )
    lead = common.lead_seconds
    rows = [
        condition(stimulus, row.file, row.frames, Fraction(row.fps), lead_seconds=lead, kind=kind)
        for stimulus, row in zip(stimuli, result.rows, strict=True)
        if row.status != "failed"
    ]
    table = io.StringIO(newline="")
    conditions = csv.DictWriter(table, COLUMNS)
    conditions.writeheader()
    conditions.writerows(rows)
    with atomic_file(out / CONDITIONS, is_own=begins_with(",".join(COLUMNS))) as temporary:
        temporary.write_text(table.getvalue(), encoding="utf-8", newline="")
    return result
