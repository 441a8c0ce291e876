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
from mien.io.gif import gif_timing
from mien.io.sinks import OutputKind
from mien.stimuli.batch import BatchResult, run_batch

CONDITIONS = "conditions.csv"
"""The table for the experiment: one row a clip that is there. PsychoPy's loops read it; its columns
are names that Python takes."""

FaceNumber: TypeAlias = int | Literal["largest"] | None
"""Which of a picture's faces, from the left; None where there is one."""

BATCH = "batch.csv"
"""What a sheet was asked for: there as soon as it is begun, the table only when it is through."""

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
        portrait_name: How the table calls it.
        expression: What moves, ready.
        intensity: Strongest peak that was asked for.
        side: Side of the face.
        face: Which of the picture's faces.
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
    """Work out every clip of a sheet, in the order of the arguments.

    Args:
        portraits: Pictures by the names that the table gives them.
        expressions: By the names that the table gives them.
        intensities: Intensities of the strongest AU.
        durations_seconds: Onset to offset; times are stretched.
        sides: Left, right or both.
        faces: Which face of a portrait, by its name; those that are not named show one.

    Raises:
        MienError: Nothing to make, or an expression that cannot be so.
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
    """Which side moves: ``left``, ``right``, ``both``, or ``mixed`` if some AUs are one-sided and some not.

    Said of what is made: an expression that is one-sided itself stays so when both sides are asked for.
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
    """Return how many times slower than ``fps`` a sheet's files play: 1 but for GIF.

    Raises:
        OutputError: A frame rate that GIF's clock cannot have.
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
    """One row of the table; its times count from the clip's start, the lead included."""
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
) -> BatchResult:
    """Make a sheet's clips, and then its table; run again, it makes what is missing or has changed.

    Raises:
        MienError: The folder cannot be written; what is wrong with one clip is in its result.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("portrait", "face", "name", "aus"))
    for stimulus in stimuli:
        envelopes = ";".join(envelope.format() for envelope in stimulus.expression.envelopes)
        # The csv module writes None as an empty cell.
        writer.writerow((stimulus.portrait.resolve(), stimulus.face, stimulus.name, envelopes))
    with atomic_file(out / BATCH) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
    result = run_batch(out / BATCH, out, common=common, kind=kind, on_row=on_row)
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
    with atomic_file(out / CONDITIONS) as temporary:
        temporary.write_text(table.getvalue(), encoding="utf-8", newline="")
    return result
